import { checkFeeds } from '../../advisories/index.ts';
import { exitCodes, PortcullisError } from '../../errors.ts';
import type { CommandCall } from '../command.ts';
import { parseNow } from '../time.ts';

/** Compares what is loaded with its digests, and its age with what is allowed. */
export async function run({ io, options }: CommandCall): Promise<number> {
  const maxFeedAge = options.maxFeedAge as number | undefined;
  const { digest, stale } = await checkFeeds({ now: parseNow(options.now as string | undefined), ...(maxFeedAge === undefined ? {} : { maxFeedAge }) });
  if (digest === null) throw new PortcullisError('STORE_UNREADABLE', 'No feeds are loaded.', { hint: 'Load them with: portcullis feeds sync' });
  for (const { name, why } of stale) await io.stdout.write(`${name}: ${why}\n`);
  if (stale.length > 0) {
    throw new PortcullisError('FEED_STALE', `${stale.length === 1 ? '1 source is' : `${stale.length} sources are`} older than --max-feed-age allows.`, {
      hint: 'Bring them up to date with: portcullis feeds sync',
    });
  }
  await io.stdout.write(`Whole and as its digests say. State: ${digest}\n`);
  return exitCodes.go;
}
