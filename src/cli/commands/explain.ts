import { type ErrorCode, errorCodes, exitCodes, PortcullisError } from '../../errors.ts';
import { explanationOfImages } from '../../explanation-of-images.ts';
import { explanationText, jsonPieces } from '../../reports/index.ts';
import { layerCache } from '../cache.ts';
import type { CommandCall } from '../command.ts';
import { imageChoiceOf } from '../image-choice.ts';
import { openMatching } from '../matching-choice.ts';
import { outputsOf, writeOutput } from '../outputs.ts';
import { parseNow } from '../time.ts';

/** Explains a finding of an image. */
export async function run(call: CommandCall): Promise<number> {
  const { args, options, io, messages } = call;
  const [reference, finding] = args as readonly [string, string];
  const outputs = outputsOf(options, 'table');
  for (const { format } of outputs) {
    if (format !== 'table' && format !== 'json')
      throw new PortcullisError('USAGE', `explain has no output format '${format}'.`, { hint: 'Known formats: table, json.' });
  }
  const now = parseNow(options.now as string | undefined);
  const { choice, session } = await openMatching(call);
  try {
    const document = await explanationOfImages(reference, finding, {
      ...(await imageChoiceOf(call, [reference])),
      ...choice,
      now,
      cache: await layerCache(call),
      progress: (message) => messages.progress(message),
    });
    await messages.clear();
    const failed = document.images.find((image) => 'error' in image);
    if (failed === undefined && document.images.every((image) => 'packages' in image && image.packages.length === 0)) {
      throw new PortcullisError('FINDING_NOT_FOUND', `No advisory that is loaded names ${finding} for a package of ${reference}.`, {
        hint: session.current === null ? 'No advisories are loaded: portcullis feeds sync' : `portcullis vulnerabilities ${reference} lists what was found.`,
      });
    }
    for (const output of outputs) {
      const color = output.file === null && options.color !== false && io.stdout.isTerminal && !io.env.NO_COLOR;
      const width = output.file === null ? io.stdout.width : 120;
      const text = explanationText.render(document, { color, width, verbose: Number(options.verbose ?? 0) > 0, showExcepted: true, showIds: false });
      await writeOutput(output, output.format === 'json' ? jsonText(document) : text, io);
    }
    return failed !== undefined && 'error' in failed ? errorCodes[failed.error.code as ErrorCode].exit : exitCodes.go;
  } finally {
    session.close();
  }
}

function* jsonText(document: unknown): Iterable<string> {
  yield* jsonPieces(document, 4);
  yield '\n';
}
