import { importAdvisories } from '../../advisories/index.ts';
import { exitCodes } from '../../errors.ts';
import type { CommandCall } from '../command.ts';

/** Loads advisories into the store. */
export async function run({ io, args, messages }: CommandCall): Promise<number> {
  const result = await importAdvisories(args[0] as string, {
    onProgress: ({ source, done, total }) => messages.progress(`${source}: ${done} of ${total}`),
  });
  await messages.clear();
  let records = 0;
  let rejected = 0;
  for (const set of result.imported) {
    records += set.records;
    rejected += set.rejected;
    await messages.detail(`${set.name}: ${set.records} records${set.asOf === null ? '' : `, state of ${set.asOf}`}`);
  }
  for (const file of result.rejected.slice(0, 10)) await messages.warn(`${file.source}: ${file.file} was left out: ${file.why}`);
  if (rejected > Math.min(result.rejected.length, 10)) await messages.warn(`${rejected} records were left out in all.`);
  await io.stdout.write(
    `Loaded ${records} records of ${result.imported.length} ecosystems${rejected === 0 ? '' : `, left out ${rejected}`}. State: ${result.digest}\n`,
  );
  return exitCodes.go;
}
