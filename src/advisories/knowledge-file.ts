import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PortcullisError } from '../errors.ts';
import { readEpss } from './epss.ts';
import { readKev } from './kev.ts';
import type { KnowledgeFile, KnowledgeSource } from './knowledge.ts';
import { readNvdSeverities } from './nvd-severity.ts';
import type { KnowledgeKind } from './store-file.ts';

/** Bytes, packed and unpacked: a year of NVD's is about 150 MB. */
const maxBytes = 480 * 1024 * 1024;

const words: Readonly<Record<KnowledgeKind, string>> = {
  kev: "CISA's catalogue of known exploited vulnerabilities (JSON)",
  epss: 'EPSS scores (CSV, plain or gzip)',
  severity: 'severities in the form of NVD’s CVE API 2.0 (JSON, plain or gzip)',
};

/** Which kind of knowledge a file's name promises; undefined for others. */
export function knowledgeKindOf(fileName: string): 'kev' | 'epss' | undefined {
  if (/^(?:kev|known_exploited_vulnerabilities)\.json$/i.test(fileName)) return 'kev';
  return /^epss_scores-.*\.csv(?:\.gz)?$/i.test(fileName) ? 'epss' : undefined;
}

/**
 * Reads a file of knowledge about CVEs. `origin`: how it is named to the user, where that isn't `path`.
 * @throws {PortcullisError} FEED_NOT_FOUND, FEED_INVALID
 */
export async function readKnowledge(path: string, kind: KnowledgeKind, origin = path): Promise<KnowledgeSource> {
  const bytes = await readWhole(path, origin, kind);
  const read = contentOf(bytes, kind);
  if (read === undefined) {
    throw new PortcullisError('FEED_INVALID', `${origin} doesn't hold ${words[kind]}, or not all of it.`, { hint: 'Fetch it again; nothing was changed.' });
  }
  return { ...read, name: kind === 'severity' ? fileName(origin) : kind, origin };
}

function fileName(origin: string): string {
  return basename(origin).slice(0, 200);
}

async function readWhole(path: string, origin: string, kind: KnowledgeKind): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new PortcullisError('FEED_NOT_FOUND', `${origin} can't be read: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      hint: `Give a file with ${words[kind]}.`,
      cause,
    });
  }
}

function contentOf(bytes: Buffer, kind: KnowledgeKind): KnowledgeFile | undefined {
  let text: string;
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes;
    text = plain.toString('utf8');
    if (kind === 'epss') return readEpss(text);
    const json: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    return kind === 'kev' ? readKev(json) : readNvdSeverities(json);
  } catch {
    return undefined;
  }
}
