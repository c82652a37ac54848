import { exitCodes, PortcullisError } from '../../errors.ts';
import { evidenceOfImages } from '../../evidence-of-images.ts';
import { evidenceJson } from '../../reports/index.ts';
import { layerCache } from '../cache.ts';
import type { CommandCall } from '../command.ts';
import { readTextFile } from '../files.ts';
import { imageChoiceOf } from '../image-choice.ts';
import { malwareChoiceOf } from '../malware-choice.ts';
import { openMatching } from '../matching-choice.ts';
import { outputsOf, writeOutput } from '../outputs.ts';
import { parseNow } from '../time.ts';

/** Writes everything known about an image as one file, which `gate evidence:FILE` judges again. */
export async function run(call: CommandCall): Promise<number> {
  const { args, options, io, messages } = call;
  const reference = args[0] as string;
  const outputs = outputsOf(options, 'json');
  for (const { format } of outputs) {
    if (format !== 'json') throw new PortcullisError('USAGE', `evidence has no output format '${format}'.`, { hint: 'Known formats: json.' });
  }
  const now = parseNow(options.now as string | undefined);
  const path = options.dockerfile as string | undefined;
  const dockerfile = path === undefined ? null : { path, text: await readTextFile(path, 'The Dockerfile', 'USAGE_FILE') };
  const { choice, session } = await openMatching(call);
  try {
    const document = await evidenceOfImages({
      reference,
      dockerfile,
      ...(await imageChoiceOf(call, [reference])),
      ...choice,
      ...malwareChoiceOf(call),
      now,
      cache: await layerCache(call),
      progress: (message) => messages.progress(message),
    });
    await messages.clear();
    const render = { color: false, width: 120, verbose: false, showExcepted: false, showIds: false };
    for (const output of outputs) await writeOutput(output, evidenceJson.render(document, render), io);
    return exitCodes.go;
  } finally {
    session.close();
  }
}
