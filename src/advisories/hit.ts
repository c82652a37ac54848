import { orderForEcosystem, type VersionOrder } from '../versions/index.ts';
import { evaluate } from './evaluate.ts';
import { sameStream } from './module-stream.ts';
import { type OsvAffected, type OsvRecord, recordClass } from './osv.ts';
import type { Candidate, Store } from './store.ts';
import type { LookupName, Subject } from './subject.ts';

/** One record that applies to a package. */
export interface Hit {
  readonly record: OsvRecord;
  /** The entry that matched first. */
  readonly affected: OsvAffected | undefined;
  readonly ecosystem: string;
  readonly looked: LookupName;
  readonly range: string;
  readonly class: 'malware' | 'informational' | null;
  readonly fixState: 'fixed' | 'not-fixed' | 'wont-fix' | 'unknown';
  readonly fixedIn: string | null;
}

/** Why a record could not be judged for a package. */
export interface Doubt {
  /** `image`: the package's version has no place in the order; `outside`: the record's hasn't, or it can't be compared. */
  readonly cause: 'image' | 'outside';
  readonly record: string;
  readonly why: string;
}

interface Offer {
  readonly candidate: Candidate;
  readonly looked: LookupName;
  readonly ecosystem: string;
}

/** Every record of the store that applies to a package, and every one that could not be judged; `considered`: how many there were. */
export function findHits(subject: Subject, store: Store): { readonly hits: readonly Hit[]; readonly doubts: readonly Doubt[]; readonly considered: number } {
  const hits: Hit[] = [];
  const doubts: Doubt[] = [];
  const order = orderForEcosystem(subject.base);
  const all = offersByRecord(subject, store);
  for (const offers of all) {
    const result = judge(subject, offers, store, order);
    if ('hit' in result) hits.push(result.hit);
    else if (result.doubt !== undefined) doubts.push(result.doubt);
  }
  return { hits, doubts, considered: all.length };
}

/** The entries of each record about the package, under the first of its names that the record has. */
function offersByRecord(subject: Subject, store: Store): Offer[][] {
  const byRecord = new Map<number, Offer[]>();
  const add = (ecosystem: string, looked: LookupName, only: (candidate: Candidate) => boolean): void => {
    for (const candidate of store.candidates(ecosystem, looked.key)) {
      const offers = byRecord.get(candidate.record);
      if (offers === undefined) {
        if (only(candidate)) byRecord.set(candidate.record, [{ candidate, looked, ecosystem }]);
      } else if (offers[0]?.looked === looked && only(candidate)) {
        offers.push({ candidate, looked, ecosystem });
      }
    }
  };
  for (const looked of subject.names) for (const ecosystem of subject.ecosystems) add(ecosystem, looked, () => true);
  const standard = new Set(byRecord.keys());
  // What only subscribers get fixed is still broken for others; a record that judges the plain release as well is followed there.
  if (subject.subscription !== null) {
    for (const looked of subject.names) add(subject.subscription, looked, (candidate) => !standard.has(candidate.record));
  }
  return preferredSets([...byRecord.values()], subject.base, store);
}

/** A record that several sets hold counts once: the user's own loose copy first, then the one of its ecosystem's set. */
function preferredSets(all: Offer[][], base: string, store: Store): Offer[][] {
  const sets = new Set(all.map((offers) => offers[0]?.candidate.set));
  if (sets.size <= 1) return all;
  const best = new Map<string, Offer[]>();
  const rank = (offers: Offer[]): number => {
    const set = offers[0]?.candidate.set;
    return set?.kind === 'records' ? 0 : set?.name === base ? 1 : 2;
  };
  for (const offers of all) {
    const first = offers[0];
    if (first === undefined) continue;
    const { id } = store.recordOf(first.candidate);
    const other = best.get(id);
    if (other === undefined || rank(offers) < rank(other)) best.set(id, offers);
  }
  return [...best.values()];
}

type Judgement = { readonly hit: Hit } | { readonly doubt: Doubt | undefined };

function judge(subject: Subject, offers: readonly Offer[], store: Store, order: VersionOrder | undefined): Judgement {
  const first = offers[0];
  if (first === undefined || first.candidate.flag === 'withdrawn') return { doubt: undefined };
  const doubt = (why: string, cause: Doubt['cause']): Doubt => ({ cause, record: store.recordOf(first.candidate).id, why });
  if (order === undefined) return { doubt: doubt(`there is no order for the versions of ${subject.base}`, 'outside') };
  let pending: Doubt | undefined;
  for (const offer of offers) {
    const { candidate, looked } = offer;
    const checked = mayCompare(subject, offer, store);
    if (checked === 'other') continue;
    if (typeof checked === 'object') {
      pending ??= checked;
      continue;
    }
    const result = evaluate(looked.version, candidate, order);
    if (result.state === 'affected') return { hit: toHit(subject, offers, offer, result, store, order) };
    if (result.state === 'incomparable') {
      pending ??=
        result.what === 'package'
          ? doubt(`the version ${looked.version} has no place in the order of ${subject.base}`, 'image')
          : doubt(`the advisory's version ${result.version} has no place in the order of ${subject.base}`, 'outside');
    } else if (candidate.flag === 'unusable') {
      pending ??= doubt('the advisory says of no version whether it is affected', 'outside');
    }
  }
  return { doubt: pending };
}

/** rpm alone: module streams, and source packages whose epoch nobody states. */
function mayCompare(subject: Subject, offer: Offer, store: Store): 'comparable' | 'other' | Doubt {
  if (subject.package.type !== 'rpm') return 'comparable';
  const { candidate, looked } = offer;
  const versions = candidate.ranges.flatMap((range) => range.events.filter((event) => event.version !== '0').map((event) => event.version));
  const stream = sameStream(subject.package, versions, () => store.recordOf(candidate).summary ?? '');
  if (stream === 'other') return 'other';
  const doubt = (why: string): Doubt => ({ cause: 'outside', record: store.recordOf(candidate).id, why });
  if (stream === 'unknown') return doubt('it is about a module, and the stream of one of the two is not known');
  if (looked.epochUnknown && versions.some((version) => /^0*[1-9]\d*:/.test(version)))
    return doubt(`the epoch of the source package ${looked.name} is not known`);
  return 'comparable';
}

/** What a vendor says about a fix that will not come. */
function willNotFix(affected: OsvAffected | undefined): boolean {
  const specific = affected?.specific ?? {};
  return specific.urgency === 'end-of-life' || specific.state === 'end-of-life' || specific.status === 'ignored';
}

type Affected = Extract<ReturnType<typeof evaluate>, { state: 'affected' }>;

function toHit(subject: Subject, offers: readonly Offer[], offer: Offer, result: Affected, store: Store, order: VersionOrder): Hit {
  const record = store.recordOf(offer.candidate);
  const affected = record.affected[offer.candidate.index];
  const end = lastEnd(result.end, offers, order);
  const forSubscribers =
    end.kind === 'fixed' && (offer.ecosystem === subject.subscription || isSubscriberBuild(end.version)) && !isSubscriberBuild(offer.looked.version);
  const base = {
    record,
    affected,
    ecosystem: offer.ecosystem,
    looked: offer.looked,
    range: result.range,
    class: affected === undefined ? null : recordClass(record, affected),
  };
  if (end.kind === 'fixed' && !forSubscribers) return { ...base, fixState: 'fixed', fixedIn: end.version };
  const fixState = willNotFix(affected) ? 'wont-fix' : end.kind === 'unstated' ? 'unknown' : 'not-fixed';
  return { ...base, fixState, fixedIn: null };
}

/** A build from Ubuntu's Expanded Security Maintenance: `1.0-1ubuntu0.2+esm1`, `…~esm2`. */
function isSubscriberBuild(version: string): boolean {
  return /[+~.]esm\d*(?:\.\d+)*$/.test(version);
}

/** Ranges that are followed to a record's last fix; real records have a handful. */
const longestChain = 64;

/** The version that really leaves the record's reach: a fix that lies in another affected range leads on to that range's fix. */
function lastEnd(end: Affected['end'], offers: readonly Offer[], order: VersionOrder): Affected['end'] {
  let current = end;
  for (let step = 0; step < longestChain && current.kind === 'fixed'; step++) {
    const { version } = current;
    const next = offers.map((offer) => evaluate(version, offer.candidate, order)).find((result) => result.state === 'affected');
    if (next === undefined || next.state !== 'affected') return current;
    // A list that names the fix contradicts it; the range is the more exact statement.
    if (next.range === 'listed' || (next.end.kind === 'fixed' && order.compare(next.end.version, version) !== 1)) return current;
    current = next.end;
  }
  return current;
}
