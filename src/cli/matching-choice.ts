import { AdvisorySession, VexSet } from '../advisories/index.ts';
import type { MatchingChoice } from '../matching.ts';
import type { VexDocument } from '../model/index.ts';
import type { CommandCall } from './command.ts';

/** What packages are matched with, opened; close it after use. */
export interface OpenMatching {
  readonly choice: Omit<MatchingChoice, 'now'>;
  readonly session: AdvisorySession;
}

/**
 * Opens the advisories that the options mean, and reads the VEX documents. Without `--offline` what was never loaded is fetched when
 * an image needs it.
 * @throws PortcullisError STORE_UNREADABLE, STORE_DAMAGED, FEED_NOT_FOUND, VEX_INVALID
 */
export async function openMatching(call: CommandCall): Promise<OpenMatching> {
  const { options, io, messages } = call;
  const file = options.feeds as string | undefined;
  const source = options.feedsSource as string | undefined;
  const vex = await VexSet.load((options.vex as readonly string[] | undefined) ?? []);
  const session = await AdvisorySession.open({
    ...(file === undefined ? {} : { file }),
    ...(source === undefined ? {} : { source }),
    fetch:
      isOffline(call) || file !== undefined
        ? null
        : {
            env: io.env,
            caFile: (options.caFile as string | undefined) ?? null,
            // A judgement waits for the network, but not long: what is missing is said.
            limits: { attempts: 2, connectTime: 10_000, headersTime: 30_000, idleTime: 30_000 },
            wait: 300_000,
            onProgress: ({ source: name, done, total, unit }) => messages.progress(`Fetching advisories for ${name}: ${amount(done, total, unit)}`),
          },
    warn: (message) => messages.warn(message),
  });
  const maxFeedAge = options.maxFeedAge as number | undefined;
  return {
    session,
    choice: {
      advisories: session.current,
      prepare: (packages, distribution) => session.prepare(packages, distribution),
      ...(vex.isEmpty ? {} : { vex }),
      ...(maxFeedAge === undefined ? {} : { maxFeedAge }),
    },
  };
}

/** Whether nothing may be fetched; a variable that says 0 or false says no. */
export function isOffline({ options, originOf, io }: Pick<CommandCall, 'options' | 'originOf' | 'io'>): boolean {
  if (originOf('offline') === 'env') return !/^(?:|0|false|no|off)$/i.test(io.env.PORTCULLIS_OFFLINE ?? '');
  return options.offline === true;
}

/** How far something is, in words. */
export function amount(done: number, total: number, unit: 'bytes' | undefined): string {
  const shown = (count: number): string => (unit === 'bytes' ? `${(count / 1_048_576).toFixed(1)} MiB` : String(count));
  return `${shown(done)} of ${shown(total)}`;
}

/** Says which statements of VEX documents named nothing: mostly an error in writing a package URL. */
export async function tellUnmatched(documents: readonly VexDocument[] | undefined, { messages }: CommandCall): Promise<void> {
  for (const { source, statements, matched, unmatched } of documents ?? []) {
    const count = statements - matched;
    if (count === 0) continue;
    await messages.warn(`${source}: ${count} of ${statements} statements matched nothing in these images.`);
    for (const { vulnerability, product } of unmatched.slice(0, 5)) await messages.warn(`${source}: matched nothing: ${vulnerability} in ${product}`);
  }
}
