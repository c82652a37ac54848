import { availableEcosystems, defaultDataDir, feedsStatus, rememberedEcosystems } from '../../advisories/index.ts';
import { exitCodes } from '../../errors.ts';
import { neutralizeForTerminal, neutralizeJson } from '../../reports/index.ts';
import type { CommandCall } from '../command.ts';

/** Lists what the source has, what is loaded and what is needed. */
export async function run({ io, options }: CommandCall): Promise<number> {
  const available = await availableEcosystems(options.source as string | undefined, { env: io.env, caFile: (options.caFile as string | undefined) ?? null });
  const { state } = await feedsStatus();
  const needed = new Set(await rememberedEcosystems(defaultDataDir(io.env)));
  const loaded = new Map((state?.sets ?? []).filter(({ kind }) => kind === 'ecosystem').map((set) => [set.name, set]));
  const names = [...new Set([...available, ...loaded.keys(), ...needed])].sort();
  const rows = names.map((name) => ({
    ecosystem: name,
    available: available.includes(name),
    needed: needed.has(name),
    records: loaded.get(name)?.records ?? null,
    asOf: loaded.get(name)?.asOf ?? null,
  }));
  if (options.json === true) {
    await io.stdout.write(`${neutralizeJson(JSON.stringify(rows, null, 2))}\n`);
    return exitCodes.go;
  }
  const width = Math.max('ecosystem'.length, ...names.map((name) => name.length));
  await io.stdout.write(`${'ecosystem'.padEnd(width)}  needed  loaded\n`);
  for (const { ecosystem, available: isThere, needed: isNeeded, records, asOf } of rows) {
    const what = records === null ? (isThere ? '-' : '- (the source does not have it)') : `${records} records${asOf === null ? '' : `, state of ${asOf}`}`;
    await io.stdout.write(`${neutralizeForTerminal(ecosystem).padEnd(width)}  ${isNeeded ? 'yes' : '   '}     ${what}\n`);
  }
  return exitCodes.go;
}
