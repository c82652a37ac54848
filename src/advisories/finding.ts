import type { CvssScore, Match } from '../model/index.ts';
import { orderForEcosystem } from '../versions/index.ts';
import { cvesOf, exploitationOf } from './exploitation.ts';
import type { Hit } from './hit.ts';
import { statedSeverity } from './nvd-severity.ts';
import type { OsvRecord } from './osv.ts';
import { aliasRank, cvssOf, type Rating, rate, unrated } from './severity.ts';
import type { Store } from './store.ts';

/** A match without the package that has it: several packages of one source share it. */
export type Finding = Omit<Match, 'package' | 'location'>;

const isCve = (name: string): boolean => name.startsWith('CVE-');
const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** What a record is about: one vulnerability under several names, or several vulnerabilities that it announces together. */
interface Topic {
  readonly kind: 'one' | 'several';
  readonly names: readonly string[];
}

/**
 * Aliases are names of the same vulnerability. `upstream` names what the record is about (one: the same vulnerability;
 * several: an announcement such as a DSA). Older distribution records have several CVEs in `aliases`, or all in `related`.
 */
function topicOf(record: OsvRecord): Topic {
  const own = [record.id, ...record.aliases];
  const direct = unique(own.filter(isCve));
  if (direct.length > 1) return { kind: 'several', names: direct };
  if (direct.length === 1) return { kind: 'one', names: unique(own) };
  const upstream = unique(upstreamOf(record));
  const cves = upstream.filter(isCve);
  if (cves.length > 1 || upstream.length - cves.length > 1) return { kind: 'several', names: upstream };
  return { kind: 'one', names: unique([...own, ...(cves.length === 1 ? cves : upstream)]) };
}

function upstreamOf(record: OsvRecord): readonly string[] {
  if (record.upstream.length > 0 || record.aliases.length > 0) return record.upstream;
  return record.related.filter(isCve);
}

interface Group {
  readonly hits: Hit[];
  readonly names: Set<string>;
  /** Announcements of several vulnerabilities, each of which has a group of its own here. */
  readonly announcements: Hit[];
  readonly several: boolean;
}

/**
 * One finding for each vulnerability, from all records that apply to one package: a DSA, a DEBIAN-CVE and a CVE record of the
 * same vulnerability are one. An announcement of several is told with each of them; when one of them has no record of its
 * own, it stays a finding of its own.
 */
export function toFindings(hits: readonly Hit[], store: Store): readonly Finding[] {
  const groups: Group[] = [];
  const byName = new Map<string, Group>();
  const topics = hits.map((hit) => ({ hit, topic: topicOf(hit.record) }));
  for (const { hit, topic } of topics) {
    if (topic.kind === 'one') join(groups, byName, hit, topic.names);
  }
  const announced = new Map<string, Group>();
  for (const { hit, topic } of topics) {
    if (topic.kind === 'one') continue;
    const known = topic.names.map((name) => byName.get(name));
    if (known.every((group) => group !== undefined)) {
      for (const group of new Set(known)) group?.announcements.push(hit);
      continue;
    }
    const key = [...topic.names].sort().join(' ');
    const present = announced.get(key);
    if (present !== undefined) {
      present.hits.push(hit);
      continue;
    }
    const group: Group = { hits: [hit], names: new Set(topic.names), announcements: [], several: true };
    announced.set(key, group);
    groups.push(group);
  }
  return groups.filter((group) => group.hits.length > 0).map((group) => toFinding(group, store));
}

/** Puts a hit into the group of any of its names; groups that it connects become one. */
function join(groups: Group[], byName: Map<string, Group>, hit: Hit, names: readonly string[]): void {
  const touched = [...new Set(names.flatMap((name) => byName.get(name) ?? []))].sort((a, b) => b.names.size - a.names.size);
  let target = touched[0];
  if (target === undefined) {
    target = { hits: [], names: new Set(), announcements: [], several: false };
    groups.push(target);
  }
  for (const other of touched.slice(1)) {
    target.hits.push(...other.hits.splice(0));
    for (const name of other.names) {
      target.names.add(name);
      byName.set(name, target);
    }
  }
  target.hits.push(hit);
  for (const name of names) {
    target.names.add(name);
    byName.set(name, target);
  }
}

/** Which record speaks for the group: malware, the vendor's own for the CVE, GitHub's, the CVE's, others. */
function rank({ record }: Hit): number {
  if (record.id.startsWith('MAL-')) return 0;
  if (/.-CVE-\d{4}-/.test(record.id)) return 1;
  return 2 + aliasRank(record.id);
}

function toFinding(group: Group, store: Store): Finding {
  const hits = [...group.hits].sort((a, b) => rank(a) - rank(b) || (a.record.id < b.record.id ? -1 : 1));
  const primary = hits[0] as Hit;
  const { rating, cvss } = rateGroup(group, hits, store);
  const fix = fixOf(hits, group.announcements);
  const names = new Set<string>();
  for (const { record } of hits) for (const name of [record.id, ...record.aliases, ...upstreamOf(record)]) names.add(name);
  for (const { record } of group.announcements) names.add(record.id);
  names.delete(primary.record.id);
  const first = <T>(read: (record: OsvRecord) => T | null): T | null => hits.map((hit) => read(hit.record)).find((value) => value !== null) ?? null;
  const klass = hits.some((hit) => hit.class === 'malware') ? 'malware' : hits.every((hit) => hit.class === 'informational') ? 'informational' : null;
  return {
    id: primary.record.id,
    aliases: [...names].sort(),
    severity: klass === 'malware' ? 'critical' : klass === 'informational' ? 'negligible' : rating.severity,
    severitySource: klass === null ? rating.source : `${primary.record.id}: ${klass}`,
    cvss,
    ...exploitationOf(cvesOf([primary.record.id, ...names], store), store),
    ...fix,
    published: first((record) => record.published),
    modified: first((record) => record.modified),
    summary: first((record) => record.summary),
    source: primary.ecosystem,
    matchedBy: { name: primary.looked.name, version: primary.looked.version, range: primary.range, through: primary.looked.through },
    ...(klass === null ? {} : { class: klass }),
  };
}

/** The records' own ratings first, in their rank; then those of other records of the same vulnerability; then imported severities. */
function rateGroup(group: Group, hits: readonly Hit[], store: Store): { rating: Rating; cvss: readonly CvssScore[] } {
  let rating = unrated;
  const cvss: CvssScore[] = [];
  for (const hit of [...hits, ...group.announcements]) {
    if (rating.severity === 'unknown') rating = rate(hit.record, hit.affected);
  }
  for (const hit of hits) addScores(cvss, cvssOf(hit.record, hit.affected));
  if (rating.severity !== 'unknown' && cvss.length > 0) return { rating, cvss };

  const own = new Set(hits.map((hit) => hit.record.id));
  const names = unique([...group.names, ...hits.flatMap((hit) => hit.record.aliases)]).sort((a, b) => aliasRank(a) - aliasRank(b) || (a < b ? -1 : 1));
  const others = names
    .filter((name) => !own.has(name))
    .flatMap((name) => store.named(name))
    .filter((record) => !own.has(record.id) && !record.withdrawn);
  let borrowed = unrated;
  for (const record of new Set(others)) {
    const other = rate(record, undefined);
    // Of one vulnerability the first that speaks is heard; of several the worst counts.
    if (borrowed.severity === 'unknown' || (group.several && order.indexOf(other.severity) > order.indexOf(borrowed.severity))) borrowed = other;
    if (cvss.length === 0 || group.several) addScores(cvss, cvssOf(record, undefined));
  }
  if (rating.severity !== 'unknown' || borrowed.severity !== 'unknown') return { rating: rating.severity === 'unknown' ? borrowed : rating, cvss };
  for (const name of names.filter(isCve)) {
    const stated = statedSeverity(name, store);
    if (stated === undefined) continue;
    if (borrowed.severity === 'unknown' || (group.several && order.indexOf(stated.rating.severity) > order.indexOf(borrowed.severity)))
      borrowed = stated.rating;
    addScores(cvss, stated.cvss);
    if (!group.several) break;
  }
  return { rating: borrowed, cvss };
}

const order = ['unknown', 'negligible', 'low', 'medium', 'high', 'critical'];

function addScores(scores: CvssScore[], more: readonly CvssScore[]): void {
  for (const score of more) if (!scores.some((other) => other.vector === score.vector)) scores.push(score);
}

/** A fix that satisfies every record: the highest; an announcement's only where the vulnerability's own records have none. */
function fixOf(hits: readonly Hit[], announcements: readonly Hit[]): Pick<Match, 'fixState' | 'fixedIn'> {
  for (const some of [hits, announcements]) {
    let best: string | null = null;
    for (const { fixedIn, ecosystem } of some) {
      if (fixedIn !== null && (best === null || orderForEcosystem(ecosystem)?.compare(fixedIn, best) === 1)) best = fixedIn;
    }
    if (best !== null) return { fixState: 'fixed', fixedIn: best };
  }
  for (const state of ['wont-fix', 'not-fixed'] as const) if (hits.some((hit) => hit.fixState === state)) return { fixState: state, fixedIn: null };
  return { fixState: 'unknown', fixedIn: null };
}
