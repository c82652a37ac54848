import { isCveId } from './cve-id.ts';
import type { KnowledgeFile } from './knowledge.ts';

/** An entry as it is stored: score and percentile, both 0 to 1. */
export type StoredEpss = readonly [score: number, percentile: number];

function fraction(text: string | undefined): number | undefined {
  const value = text !== undefined && /^\d*\.?\d+(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value >= 0 && value <= 1 ? value : undefined;
}

/**
 * Reads FIRST's EPSS scores (first.org/epss/data_stats): a comment with model and day, a header, then `cve,epss,percentile`.
 * Takes the unpacked CSV; undefined when it is something else. Its state is the day of the scores.
 */
export function readEpss(csv: string): KnowledgeFile | undefined {
  let start = 0;
  let model = 'unstated';
  let asOf: string | null = null;
  if (csv.startsWith('#')) {
    const end = csv.indexOf('\n');
    const comment = csv.slice(1, end === -1 ? undefined : end);
    model = /(?:^|,)\s*model_version:([^,\s]{1,64})/.exec(comment)?.[1] ?? model;
    const day = Date.parse(/(?:^|,)\s*score_date:([^,\s]+)/.exec(comment)?.[1]?.replace(/\+0000$/, 'Z') ?? '');
    asOf = Number.isNaN(day) ? null : new Date(day).toISOString();
    start = end + 1;
    if (end === -1) return undefined;
  }
  const headerEnd = csv.indexOf('\n', start);
  if (headerEnd === -1 || !/^cve,epss,percentile\s*$/.test(csv.slice(start, headerEnd))) return undefined;
  const entries: [string, StoredEpss][] = [];
  let rejected = 0;
  for (let at = headerEnd + 1; at < csv.length; ) {
    const newline = csv.indexOf('\n', at);
    const end = newline === -1 ? csv.length : newline;
    const line = csv.slice(at, end).trimEnd();
    at = end + 1;
    if (line === '') continue;
    const [cve, score, percentile, ...rest] = line.split(',');
    const [likelihood, place] = [fraction(score), fraction(percentile)];
    if (!isCveId(cve) || likelihood === undefined || place === undefined || rest.length > 0) rejected += 1;
    else entries.push([cve, [likelihood, place]]);
  }
  return entries.length === 0 ? undefined : { kind: 'epss', version: model, asOf, entries, rejected };
}
