import { exitCodes } from '../../errors.ts';
import { cacheStatus, defaultCacheDir } from '../../layer/index.ts';
import { cacheLimit } from '../cache.ts';
import type { CommandCall } from '../command.ts';

/** Shows where the layer cache is and what it holds. */
export async function run({ io, options }: CommandCall): Promise<number> {
  const status = { ...(await cacheStatus(defaultCacheDir(io.env))), limit: cacheLimit(io.env) };
  const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(1);
  await io.stdout.write(
    options.json === true
      ? `${JSON.stringify(status, null, 2)}\n`
      : `${status.directory}: ${status.records} layers, ${mib(status.bytes)} of at most ${mib(status.limit)} MiB\n`,
  );
  return exitCodes.go;
}
