import { feedsStatus } from '../../advisories/index.ts';
import { exitCodes } from '../../errors.ts';
import type { CommandCall } from '../command.ts';

function age(asOf: string | null, now: number): string {
  if (asOf === null) return 'age unknown';
  const days = Math.floor((now - Date.parse(asOf)) / 86_400_000);
  return days <= 0 ? 'today' : days === 1 ? '1 day old' : `${days} days old`;
}

/** Shows what the advisory store holds and how old each source's state is. */
export async function run({ io, options, messages }: CommandCall): Promise<number> {
  const status = await feedsStatus();
  if (options.json === true) {
    await io.stdout.write(`${JSON.stringify({ path: status.path, ...(status.state ?? { digest: null, size: 0, sets: [], sources: [] }) }, null, 2)}\n`);
    return exitCodes.go;
  }
  if (status.state === null) {
    await io.stdout.write('No advisories are loaded.\n');
    await messages.info('Load them with: portcullis feeds sync, or feeds import');
    return exitCodes.go;
  }
  const { sets, digest, size } = status.state;
  const width = Math.max(...sets.map((set) => set.name.length), 'ecosystem'.length);
  await io.stdout.write(`${'ecosystem'.padEnd(width)}  records  withdrawn  state of the source\n`);
  for (const set of sets) {
    const state = set.asOf === null ? 'unknown' : `${set.asOf} (${age(set.asOf, Date.now())})`;
    await io.stdout.write(`${set.name.padEnd(width)}  ${String(set.records).padStart(7)}  ${String(set.withdrawn).padStart(9)}  ${state}\n`);
  }
  await io.stdout.write(`\n${status.path}, ${(size / 1_048_576).toFixed(1)} MiB\nState: ${digest}\n`);
  return exitCodes.go;
}
