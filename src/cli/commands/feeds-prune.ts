import { pruneFeeds } from '../../advisories/index.ts';
import { exitCodes } from '../../errors.ts';
import { neutralizeForTerminal } from '../../reports/index.ts';
import type { CommandCall } from '../command.ts';

/** Takes away what is not needed. */
export async function run({ io, options }: CommandCall): Promise<number> {
  const { removed, downloads, digest } = await pruneFeeds((options.ecosystem as readonly string[] | undefined) ?? null);
  for (const { name, records } of removed) await io.stdout.write(`${neutralizeForTerminal(name)}: ${records} records taken away\n`);
  if (downloads > 0) await io.stdout.write(`${downloads} unfinished downloads taken away\n`);
  if (removed.length === 0 && downloads === 0) await io.stdout.write('Nothing was to be taken away.\n');
  if (digest !== null) await io.stdout.write(`State: ${digest}\n`);
  return exitCodes.go;
}
