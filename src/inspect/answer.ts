import type { ScannerFacts } from '../model/index.ts';
import type { ScanResult } from './scanner.ts';

/** Bytes of a content that ClamAV takes: nothing above. */
export const CLAMAV_MAX_BYTES = 2000 * 1024 * 1024;

/** What ClamAV calls a content of which it looked at a part only (AlertExceedsMax, --alert-exceeds-max). */
export const LIMIT_ALERT = 'Heuristics.Limits.Exceeded';

/**
 * What ClamAV says of one content, without the name in front: `OK`, `Eicar-Signature FOUND`, `… ERROR` (clamd(8)). The digest that
 * ExtendedDetectionInfo adds is left away.
 */
export function resultOf(answer: string): ScanResult {
  if (answer === 'OK') return { state: 'clean' };
  if (answer.startsWith('INSTREAM size limit exceeded')) return { state: 'unscanned', why: 'it is larger than clamd takes (StreamMaxLength of clamd.conf)' };
  const signature = /^(.+?)(?:\([0-9a-f]{32,64}:\d+\))? FOUND$/.exec(answer)?.[1];
  if (signature === undefined) return { state: 'unscanned', why: `ClamAV says: ${answer.slice(0, 200)}` };
  if (signature.startsWith(LIMIT_ALERT))
    return { state: 'unscanned', why: `it exceeds a limit of ClamAV, which looked at a part of it (${signature.slice(0, 200)})` };
  return { state: 'infected', signature: signature.slice(0, 500) };
}

/**
 * The answer to clamd's VERSION and of `clamscan --version`: `ClamAV 1.4.6`, with signatures of its makers
 * `ClamAV 1.4.6/27834/Thu Nov 26 09:22:31 2026`. The time has no zone there and counts as UTC. undefined: no such answer.
 */
export function scannerFactsOf(answer: string): ScannerFacts | undefined {
  const [program = '', revision, time] = answer.trim().split('/');
  if (!/^ClamAV \S+/.test(program)) return undefined;
  const milliseconds = Date.parse(`${time ?? ''} UTC`);
  const signatures =
    revision === undefined || !/^\d+$/.test(revision)
      ? null
      : { version: revision, asOf: Number.isNaN(milliseconds) ? null : new Date(milliseconds).toISOString() };
  return { kind: 'clamav', name: program.slice(0, 100), signatures };
}
