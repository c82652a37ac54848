import { isCveId } from './cve-id.ts';
import type { KnowledgeFile } from './knowledge.ts';

/** An entry as it is stored: added, due, known to be used by ransomware. */
export type StoredKev = readonly [dateAdded: string, dueDate: string, ransomware: boolean];

const isDate = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);

/**
 * Reads CISA's catalogue of known exploited vulnerabilities in its JSON form (cisa.gov/known-exploited-vulnerabilities-catalog).
 * Takes the parsed JSON; undefined when it is something else. Its state is `dateReleased`.
 */
export function readKev(json: unknown): KnowledgeFile | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { vulnerabilities, catalogVersion, dateReleased, count } = json as Readonly<Record<string, unknown>>;
  if (!Array.isArray(vulnerabilities) || typeof catalogVersion !== 'string') return undefined;
  const entries: [string, StoredKev][] = [];
  let rejected = 0;
  for (const item of vulnerabilities as readonly unknown[]) {
    const { cveID, dateAdded, dueDate, knownRansomwareCampaignUse } = (item ?? {}) as Readonly<Record<string, unknown>>;
    if (!isCveId(cveID) || !isDate(dateAdded)) rejected += 1;
    else entries.push([cveID, [dateAdded, isDate(dueDate) ? dueDate : dateAdded, knownRansomwareCampaignUse === 'Known']]);
  }
  // A catalogue that lost its end says fewer than it announces.
  if (typeof count === 'number' && count !== vulnerabilities.length) return undefined;
  const released = typeof dateReleased === 'string' ? Date.parse(dateReleased) : Number.NaN;
  return {
    kind: 'kev',
    version: catalogVersion.slice(0, 64),
    asOf: Number.isNaN(released) ? null : new Date(released).toISOString(),
    entries,
    rejected,
  };
}
