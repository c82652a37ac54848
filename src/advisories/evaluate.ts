import { orderOf, type VersionOrder } from '../versions/index.ts';
import type { OsvEvent, OsvRange } from './osv.ts';
import type { VersionList } from './version-list.ts';

/** What a record says of one version. */
export type Evaluation =
  | {
      readonly state: 'affected';
      /** What matched, in words: `>= 0, < 1.2.3`, `listed`. */
      readonly range: string;
      /** `fixed`: the version that fixes; `open`: no end is known; `unstated`: there is an end, but no version that fixes. */
      readonly end: { readonly kind: 'fixed'; readonly version: string } | { readonly kind: 'open' | 'unstated' };
    }
  | { readonly state: 'unaffected' }
  | { readonly state: 'incomparable'; readonly what: 'package' | 'record'; readonly version: string };

/** The part of an `affected` entry that decides. */
export interface Affectedness {
  readonly ranges: readonly OsvRange[];
  readonly versions: VersionList;
}

/**
 * OSV's evaluation algorithm (ossf.github.io/osv-schema, "Evaluation"): affected when the version is listed or lies in a range.
 * Events are sorted first, `introduced` before others of the same version; `0` is before everything; `limit` bounds what is
 * looked at. A version that has no place in the order makes the answer `incomparable`, unless the list or another range decides.
 * Listed means letter by letter; where no range decides, also equal in the order (`1.0` and `1.0.0` of PyPI).
 * Cost: n log n in the events.
 */
export function evaluate(version: string, entry: Affectedness, order: VersionOrder): Evaluation {
  let doubt: Evaluation | undefined;
  for (const range of entry.ranges) {
    const result = within(version, range, order);
    if (result.state === 'affected') return result;
    if (result.state === 'incomparable') doubt ??= result;
  }
  if (entry.versions.has(version)) return listed;
  if (entry.versions.size === 'none' || (entry.ranges.length > 0 && doubt === undefined)) return doubt ?? { state: 'unaffected' };
  if (!order.valid(version)) return doubt ?? { state: 'incomparable', what: 'package', version };
  return entry.versions.all().some((other) => order.compare(version, other) === 0) ? listed : (doubt ?? { state: 'unaffected' });
}

const listed: Evaluation = { state: 'affected', range: 'listed', end: { kind: 'unstated' } };

/** `SEMVER` ranges of an ecosystem with another order are read as Semantic Versioning where all versions allow it. */
function orderOfRange(version: string, range: OsvRange, order: VersionOrder): VersionOrder {
  if (range.type !== 'SEMVER') return order;
  const semver = orderOf('semver');
  return semver?.valid(version) && range.events.every((event) => event.version === '0' || semver.valid(event.version)) ? semver : order;
}

function within(version: string, range: OsvRange, ecosystemOrder: VersionOrder): Evaluation {
  const order = orderOfRange(version, range, ecosystemOrder);
  // "0" introduces everything, and as a fix it says "never affected": both need no order.
  const unbounded = range.events.every((event) => event.version === '0');
  if (!unbounded && !order.valid(version)) return { state: 'incomparable', what: 'package', version };
  for (const event of range.events) {
    if (!isOrigin(event) && !(event.kind === 'limit' && event.version === '*') && !order.valid(event.version)) {
      return { state: 'incomparable', what: 'record', version: event.version };
    }
  }
  const limits = range.events.filter((event) => event.kind === 'limit');
  if (limits.length > 0 && !limits.some((limit) => limit.version === '*' || order.compare(version, limit.version) === -1)) return { state: 'unaffected' };

  const events = range.events.filter((event) => event.kind !== 'limit').sort((a, b) => compareEvents(a, b, order));
  let start: OsvEvent | undefined;
  let end: OsvEvent | undefined;
  for (const event of events) {
    const position = isOrigin(event) ? 1 : (order.compare(version, event.version) ?? -1);
    if (event.kind === 'introduced' && position >= 0) {
      if (start === undefined) [start, end] = [event, undefined];
    } else if (event.kind !== 'introduced' && (event.kind === 'fixed' ? position >= 0 : position > 0)) {
      start = undefined;
    } else if (event.kind !== 'introduced' && start !== undefined && end === undefined) {
      end = event;
    }
  }
  if (start === undefined) return { state: 'unaffected' };
  return { state: 'affected', range: describe(start, end, limits), end: endOf(end, limits) };
}

const isOrigin = (event: OsvEvent): boolean => event.version === '0';
const rank = (event: OsvEvent): number => (event.kind === 'introduced' ? 0 : 1);

function compareEvents(a: OsvEvent, b: OsvEvent, order: VersionOrder): number {
  if (isOrigin(a) || isOrigin(b)) return Number(isOrigin(b)) - Number(isOrigin(a)) || rank(a) - rank(b);
  return (order.compare(a.version, b.version) ?? 0) || rank(a) - rank(b);
}

function endOf(end: OsvEvent | undefined, limits: readonly OsvEvent[]): { kind: 'fixed'; version: string } | { kind: 'open' | 'unstated' } {
  if (end?.kind === 'fixed') return { kind: 'fixed', version: end.version };
  return { kind: end === undefined && limits.length === 0 ? 'open' : 'unstated' };
}

function describe(start: OsvEvent, end: OsvEvent | undefined, limits: readonly OsvEvent[]): string {
  const bounds = [`>= ${start.version}`];
  if (end !== undefined) bounds.push(`${end.kind === 'fixed' ? '<' : '<='} ${end.version}`);
  for (const limit of limits) if (limit.version !== '*') bounds.push(`limit ${limit.version}`);
  return bounds.join(', ');
}
