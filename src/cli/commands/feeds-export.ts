import { exportFeeds } from '../../advisories/index.ts';
import { exitCodes } from '../../errors.ts';
import type { CommandCall } from '../command.ts';

/** Writes everything that is loaded into one file. */
export async function run({ io, args }: CommandCall): Promise<number> {
  const { path, digest, size } = await exportFeeds(args[0] as string);
  await io.stdout.write(`Wrote ${path}, ${(size / 1_048_576).toFixed(1)} MiB. State: ${digest}\n`);
  return exitCodes.go;
}
