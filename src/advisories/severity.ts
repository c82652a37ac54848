import type { CvssScore, Severity } from '../model/index.ts';
import { scoreVector } from './cvss.ts';
import type { OsvAffected, OsvRecord, OsvSeverity } from './osv.ts';

export interface Rating {
  readonly severity: Severity;
  /** Which record and field said so: `UBUNTU-CVE-2024-1: Ubuntu`; null when nobody did. */
  readonly source: string | null;
}

export const unrated: Rating = { severity: 'unknown', source: null };

/** The words that databases use (OSV's `Ubuntu` type, Debian's urgency, GHSA, Red Hat and its rebuilds). */
const words: Readonly<Record<string, Severity>> = {
  negligible: 'negligible',
  unimportant: 'negligible',
  none: 'negligible',
  low: 'low',
  medium: 'medium',
  moderate: 'medium',
  high: 'high',
  important: 'high',
  critical: 'critical',
};

/** The severity that a word stands for; undefined when it stands for none (`not yet assigned`, `end-of-life`). */
function severityOfWord(word: string | null | undefined): Severity | undefined {
  const key = word?.trim().toLowerCase() ?? '';
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

/** Qualitative rating of a score: CVSS 3 and 4 specification, section 5; CVSS 2 as NVD rates it. A score of 0 has no impact. */
export function severityOfScore(score: number, version: CvssScore['version']): Severity {
  if (version === '2.0') return score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
  if (score === 0) return 'negligible';
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
}

/** The valid CVSS vectors of a record for one of its entries, newest version first; what isn't a vector is left out. */
export function cvssOf(record: OsvRecord, affected: OsvAffected | undefined): readonly CvssScore[] {
  const scores: CvssScore[] = [];
  for (const { type, score } of [...(affected?.severity ?? []), ...record.severity]) {
    if (!type.startsWith('CVSS')) continue;
    const scored = scoreVector(score);
    if (scored !== undefined && !scores.some((other) => other.vector === scored.vector)) scores.push({ ...scored, source: record.id });
  }
  return scores.sort((a, b) => (a.version < b.version ? 1 : a.version > b.version ? -1 : 0));
}

/** A vendor's own word comes before any vector; among vectors the newest version decides. */
function rateList(id: string, severities: readonly OsvSeverity[]): Rating | undefined {
  for (const { type, score } of severities) {
    const severity = type.startsWith('CVSS') ? undefined : severityOfWord(score);
    if (severity !== undefined) return { severity, source: `${id}: ${type}` };
  }
  let best: Omit<CvssScore, 'source'> | undefined;
  for (const { type, score } of severities) {
    const scored = type.startsWith('CVSS') ? scoreVector(score) : undefined;
    if (scored !== undefined && (best === undefined || scored.version > best.version)) best = scored;
  }
  return best === undefined ? undefined : { severity: severityOfScore(best.score, best.version), source: `${id}: CVSS ${best.version}` };
}

/**
 * How severe a record says it is, the most specific statement first: for this very package and release (its severity list,
 * Debian's urgency, Ubuntu's priority), the record's own list, the advisory's word (`database_specific.severity`, the first
 * word of a Red Hat style title). `unknown` when it says nothing that can be understood.
 */
export function rate(record: OsvRecord, affected: OsvAffected | undefined): Rating {
  if (affected !== undefined) {
    const listed = rateList(record.id, affected.severity);
    if (listed !== undefined) return listed;
    for (const field of ['urgency', 'ubuntu_priority', 'severity']) {
      const severity = severityOfWord(Object.hasOwn(affected.specific, field) ? affected.specific[field] : undefined);
      if (severity !== undefined) return { severity, source: `${record.id}: ${field}` };
    }
  }
  const own = rateList(record.id, record.severity);
  if (own !== undefined) return own;
  const word = severityOfWord(record.severityWord);
  if (word !== undefined) return { severity: word, source: `${record.id}: severity` };
  const title = /^(Critical|Important|Moderate|Low): /.exec(record.summary ?? '')?.[1];
  const titled = severityOfWord(title);
  return titled === undefined ? unrated : { severity: titled, source: `${record.id}: title` };
}

/** Order in which the records of a vulnerability's other names are asked: GitHub's, then the CVE's, then the rest. */
export function aliasRank(name: string): number {
  return name.startsWith('GHSA-') ? 0 : name.startsWith('CVE-') ? 1 : 2;
}
