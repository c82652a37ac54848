import { syncFeeds } from '../../advisories/index.ts';
import { exitCodes, PortcullisError } from '../../errors.ts';
import type { CommandCall } from '../command.ts';
import { amount } from '../matching-choice.ts';

const words = {
  whole: 'fetched',
  changes: 'changes fetched',
  unchanged: 'unchanged',
  absent: 'the source does not have it',
  failed: 'failed',
} as const;

/** Brings advisories up to date. */
export async function run({ io, options, messages }: CommandCall): Promise<number> {
  const named = options.ecosystem as readonly string[] | undefined;
  const source = options.source as string | undefined;
  const { sources, state } = await syncFeeds(
    { ecosystems: options.all === true ? 'all' : (named ?? 'needed'), ...(source === undefined ? {} : { source }) },
    {
      env: io.env,
      caFile: (options.caFile as string | undefined) ?? null,
      onProgress: ({ source: name, done, total, unit }) => messages.progress(`${name}: ${amount(done, total, unit)}`),
    },
  );
  await messages.clear();
  const ecosystems = sources.filter(({ name }) => name !== 'kev' && name !== 'epss');
  if (ecosystems.length === 0)
    await messages.info('No image has been seen yet, so no ecosystem is known to be needed. Name some with --ecosystem, or take --all.');
  for (const { name, how, fetched } of sources) await io.stdout.write(`${name}: ${words[how]}${how === 'changes' ? ` (${fetched} records)` : ''}\n`);
  for (const { file, source: from, why } of (state?.rejected ?? []).slice(0, 10)) await messages.warn(`${from}: ${file} was left out: ${why}`);
  await io.stdout.write(state === null ? 'Nothing was changed.\n' : `State: ${state.digest}\n`);
  const failed = sources.filter(({ error }) => error !== null);
  for (const { name, error } of failed)
    await messages.error(new PortcullisError('FEED_NOT_FOUND', `${name}: ${error?.message}`, error?.hint == null ? {} : { hint: error.hint }), false);
  const missing = named === undefined ? [] : ecosystems.filter(({ how }) => how === 'absent');
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    await messages.error(
      new PortcullisError('FEED_NOT_FOUND', `The source does not have ${names}.`, { hint: 'portcullis feeds list shows what it has.' }),
      false,
    );
  }
  return failed.length > 0 || missing.length > 0 ? exitCodes.advisories : exitCodes.go;
}
