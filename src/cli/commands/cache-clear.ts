import { exitCodes } from '../../errors.ts';
import { defaultCacheDir, pruneCache } from '../../layer/index.ts';
import type { CommandCall } from '../command.ts';

/** Empties the layer cache. */
export async function run({ io }: CommandCall): Promise<number> {
  const { records } = await pruneCache(defaultCacheDir(io.env), 0);
  await io.stdout.write(`Removed ${records} layers.\n`);
  return exitCodes.go;
}
