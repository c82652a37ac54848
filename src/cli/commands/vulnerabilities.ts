import { type ErrorCode, errorCodes, exitCodes, PortcullisError } from '../../errors.ts';
import { jsonPieces, vulnerabilitiesTable } from '../../reports/index.ts';
import { vulnerabilitiesOfImages } from '../../vulnerabilities-of-images.ts';
import { layerCache } from '../cache.ts';
import type { CommandCall } from '../command.ts';
import { imageChoiceOf } from '../image-choice.ts';
import { openMatching, tellUnmatched } from '../matching-choice.ts';
import { outputsOf, writeOutput } from '../outputs.ts';
import { parseNow } from '../time.ts';

/** Lists the vulnerabilities of an image. */
export async function run(call: CommandCall): Promise<number> {
  const { args, options, io, messages } = call;
  const reference = args[0] as string;
  const outputs = outputsOf(options, 'table');
  for (const { format } of outputs) {
    if (format !== 'table' && format !== 'json')
      throw new PortcullisError('USAGE', `vulnerabilities has no output format '${format}'.`, { hint: 'Known formats: table, json.' });
  }
  const now = parseNow(options.now as string | undefined);
  const { choice, session } = await openMatching(call);
  try {
    const document = await vulnerabilitiesOfImages([reference], {
      ...(await imageChoiceOf(call, [reference])),
      ...choice,
      now,
      cache: await layerCache(call),
      progress: (message) => messages.progress(message),
    });
    await messages.clear();
    for (const output of outputs) {
      const color = output.file === null && options.color !== false && io.stdout.isTerminal && !io.env.NO_COLOR;
      const table = vulnerabilitiesTable.render(document, {
        color,
        width: output.file === null ? io.stdout.width : 120,
        verbose: Number(options.verbose ?? 0) > 0,
        showExcepted: true,
        showIds: false,
      });
      await writeOutput(output, output.format === 'json' ? jsonText(document) : table, io);
    }
    await tellUnmatched(document.vex, call);
    const failed = document.images.find((image) => 'error' in image);
    return failed !== undefined && 'error' in failed ? errorCodes[failed.error.code as ErrorCode].exit : exitCodes.go;
  } finally {
    session.close();
  }
}

function* jsonText(document: unknown): Iterable<string> {
  // document, images, image, vulnerabilities
  yield* jsonPieces(document, 4);
  yield '\n';
}
