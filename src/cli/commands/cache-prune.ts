import { exitCodes } from '../../errors.ts';
import { defaultCacheDir, pruneCache } from '../../layer/index.ts';
import { cacheLimit, parseMebibytes } from '../cache.ts';
import type { CommandCall } from '../command.ts';

/** Shrinks the layer cache: what was used longest ago goes first. */
export async function run({ io, args }: CommandCall): Promise<number> {
  const given = args[0] as string | undefined;
  const limit = given === undefined ? cacheLimit(io.env) : parseMebibytes(given, 'The size');
  const { records, bytes } = await pruneCache(defaultCacheDir(io.env), limit);
  await io.stdout.write(`Removed ${records} layers, ${(bytes / 1_048_576).toFixed(1)} MiB.\n`);
  return exitCodes.go;
}
