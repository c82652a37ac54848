import type { CvssScore } from '../model/index.ts';
import { isCveId } from './cve-id.ts';
import { scoreVector } from './cvss.ts';
import type { KnowledgeFile } from './knowledge.ts';
import { type Rating, severityOfScore } from './severity.ts';
import type { Store } from './store.ts';

/** An entry as it is stored: who said it, and the vector. The newest version of CVSS first, NVD's own before others'. */
export type StoredSeverity = readonly (readonly [source: string, vector: string])[];

const lists = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'];
type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/**
 * Reads severities in the form of NVD's CVE API 2.0 (nvd.nist.gov/developers/vulnerabilities), of one answer or of a yearly
 * file. Takes the parsed JSON; undefined when it is something else. CVEs that are rejected or have no valid vector are left out.
 */
export function readNvdSeverities(json: unknown): KnowledgeFile | undefined {
  const { vulnerabilities, format, version, timestamp } = fields(json);
  if (!Array.isArray(vulnerabilities) || (format !== undefined && format !== 'NVD_CVE') || (version !== undefined && version !== '2.0')) return undefined;
  const entries: [string, StoredSeverity][] = [];
  let rejected = 0;
  for (const item of vulnerabilities as readonly unknown[]) {
    const { id, metrics, vulnStatus } = fields(fields(item).cve);
    if (!isCveId(id)) {
      rejected += 1;
      continue;
    }
    const vectors = vectorsOf(fields(metrics));
    if (vulnStatus !== 'Rejected' && vectors.length > 0) entries.push([id, vectors]);
  }
  if (entries.length === 0 && vulnerabilities.length > 0 && rejected === vulnerabilities.length) return undefined;
  const time = typeof timestamp === 'string' ? Date.parse(/[Z+]/.test(timestamp) ? timestamp : `${timestamp}Z`) : Number.NaN;
  return { kind: 'severity', version: 'NVD 2.0', asOf: Number.isNaN(time) ? null : new Date(time).toISOString(), entries, rejected };
}

function vectorsOf(metrics: Fields): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  for (const name of lists) {
    const list = Array.isArray(metrics[name]) ? (metrics[name] as readonly unknown[]) : [];
    const ranked = [...list].sort((a, b) => Number(fields(a).type !== 'Primary') - Number(fields(b).type !== 'Primary'));
    for (const metric of ranked) {
      const { source, cvssData } = fields(metric);
      const scored = scoreVector(String(fields(cvssData).vectorString ?? ''));
      if (scored !== undefined && !found.some(([, vector]) => vector === scored.vector)) {
        found.push([typeof source === 'string' ? source.slice(0, 100) : 'NVD', scored.vector]);
      }
    }
  }
  return found.slice(0, 16);
}

/** The severity that was imported for a CVE, by the newest version of CVSS; undefined when there is none. */
export function statedSeverity(cve: string, store: Store): { readonly rating: Rating; readonly cvss: readonly CvssScore[] } | undefined {
  for (const { value } of store.knowledge('severity', cve)) {
    const cvss = (value as StoredSeverity).flatMap(([source, vector]) => {
      const scored = scoreVector(vector);
      return scored === undefined ? [] : [{ ...scored, source: `${cve} by ${source}` }];
    });
    const [first] = cvss;
    if (first !== undefined)
      return { rating: { severity: severityOfScore(first.score, first.version), source: `${first.source}: CVSS ${first.version}` }, cvss };
  }
  return undefined;
}
