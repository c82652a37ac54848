import { type ErrorCode, errorCodes, exitCodes, PortcullisError } from '../../errors.ts';
import { neutralizeJson, servicesTable } from '../../reports/index.ts';
import { servicesOfImages } from '../../services-of-images.ts';
import { layerCache } from '../cache.ts';
import type { CommandCall } from '../command.ts';
import { imageChoiceOf } from '../image-choice.ts';
import { outputsOf, writeOutput } from '../outputs.ts';

/** Lists the services of an image with their effective configuration. */
export async function run(call: CommandCall): Promise<number> {
  const { args, options, io, messages } = call;
  const outputs = outputsOf(options, 'table');
  for (const { format } of outputs) {
    if (format !== 'table' && format !== 'json')
      throw new PortcullisError('USAGE', `services has no output format '${format}'.`, { hint: 'Known formats: table, json.' });
  }
  messages.progress(`Reading ${args[0]}`);
  const document = await servicesOfImages([args[0] as string], await imageChoiceOf(call, [args[0] as string]), await layerCache(call));
  await messages.clear();
  for (const output of outputs) {
    const color = output.file === null && options.color !== false && io.stdout.isTerminal && !io.env.NO_COLOR;
    const table = servicesTable.render(document, {
      color,
      width: output.file === null ? io.stdout.width : 120,
      verbose: Number(options.verbose ?? 0) > 0,
      showExcepted: false,
      showIds: false,
    });
    await writeOutput(output, output.format === 'json' ? [`${neutralizeJson(JSON.stringify(document, null, 2))}\n`] : table, io);
  }
  const failed = document.images.find((image) => 'error' in image);
  return failed !== undefined && 'error' in failed ? errorCodes[failed.error.code as ErrorCode].exit : exitCodes.go;
}
