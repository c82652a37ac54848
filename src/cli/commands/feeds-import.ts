import { importFeeds } from '../../advisories/index.ts';
import { exitCodes, PortcullisError } from '../../errors.ts';
import type { CommandCall } from '../command.ts';

/** Loads advisories, and what is known of CVEs beside them, into the store. */
export async function run({ io, args, options, messages }: CommandCall): Promise<number> {
  const source = args[0] as string | undefined;
  const kev = options.kev as string | undefined;
  const epss = options.epss as string | undefined;
  const severities = (options.severity as readonly string[] | undefined) ?? [];
  if (source === undefined && kev === undefined && epss === undefined && severities.length === 0) {
    throw new PortcullisError('USAGE', 'Nothing is named to be imported.', {
      hint: 'Give a directory, a zip, an exported file or a URL, or --kev, --epss, --severity.',
    });
  }
  const result = await importFeeds(
    { sources: source === undefined ? [] : [source], severities, ...(kev === undefined ? {} : { kev }), ...(epss === undefined ? {} : { epss }) },
    { onProgress: ({ source: name, done, total }) => messages.progress(`${name}: ${done} of ${total}`) },
  );
  await messages.clear();
  let records = 0;
  let ecosystems = 0;
  let rejected = 0;
  for (const set of result.imported) {
    const isKnowledge = set.kind === 'kev' || set.kind === 'epss' || set.kind === 'severity';
    if (!isKnowledge) {
      records += set.records;
      ecosystems += 1;
    }
    rejected += set.rejected;
    const what = isKnowledge ? `${set.records} CVEs, ${set.version}` : `${set.records} records`;
    await messages.detail(`${set.name}: ${what}${set.asOf === null ? '' : `, state of ${set.asOf}`}`);
    if (isKnowledge && set.rejected > 0) await messages.warn(`${set.name}: ${set.rejected} entries were left out: they name no CVE, or no usable value`);
  }
  for (const file of result.rejected.slice(0, 10)) await messages.warn(`${file.source}: ${file.file} was left out: ${file.why}`);
  if (rejected > Math.min(result.rejected.length, 10)) await messages.warn(`${rejected} records were left out in all.`);
  const others = result.imported.flatMap(({ kind, records: count }) =>
    kind === 'kev' || kind === 'epss' || kind === 'severity' ? [`${kind} of ${count} CVEs`] : [],
  );
  const what = [...(ecosystems === 0 ? [] : [`${records} records of ${ecosystems} ecosystems`]), ...others].join(', ');
  await io.stdout.write(`Loaded ${what}${rejected === 0 ? '' : `, left out ${rejected}`}. State: ${result.digest}\n`);
  return exitCodes.go;
}
