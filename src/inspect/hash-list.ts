import { createHash, type Hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PortcullisError } from '../errors.ts';
import type { MalwareScanner, ScanResult } from './scanner.ts';

/** Algorithms by the letters of a digest. */
const algorithms: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };
const MAX_BYTES = 500 * 1024 * 1024;
/** Holes larger than this in all are not hashed: a sparse file can claim any size. */
const MAX_ZEROS = 16 * 1024 * 1024 * 1024;
const ZEROS = Buffer.alloc(64 * 1024);

/** Digests of contents that are known to be bad, each with its name; `''`: it has none. */
type Known = ReadonlyMap<string, string>;

function invalid(path: string, line: number, text: string): PortcullisError {
  return new PortcullisError('USAGE_FILE', `Line ${line} of ${path} is no digest: ${JSON.stringify(text.slice(0, 80))}.`, {
    hint: 'Write one a line: DIGEST or DIGEST NAME (MD5, SHA-1 or SHA-256, hexadecimal), as sha256sum prints it, or ClamAV’s DIGEST:SIZE:NAME; # begins a comment. Of a table (CSV) take the column of digests.',
  });
}

/** `SHA256 (NAME) = DIGEST`, as `sha256sum --tag` and the BSDs write it. */
const tagged = /^\\?(?:MD5|SHA1|SHA256) \((.*)\) = ([0-9a-f]+)$/i;
/**
 * `DIGEST`, `DIGEST  NAME` as sha256sum(1) writes it (with a backslash in front where the name has escapes), with `sha256:` in front or
 * not, and ClamAV's `DIGEST:SIZE:NAME` (.hdb, .hsb).
 */
const line = /^\\?(?:(?:md5|sha1|sha256):)?([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?::(?:\d+|\*):([^:]+)(?::\d*){0,2}|[\s,;]+\*?(\S.*))?$/i;

/** @throws PortcullisError USAGE_FILE */
export function parseHashList(text: string, path: string): Known {
  const known = new Map<string, string>();
  let number = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const entry = text
      .slice(at, end)
      .replace(/^\uFEFF/, '')
      .trim();
    at = end + 1;
    number++;
    if (entry === '' || entry.startsWith('#')) continue;
    const match = line.exec(entry.replace(tagged, '$2  $1').trimEnd());
    if (match === null) throw invalid(path, number, entry);
    known.set((match[1] as string).toLowerCase(), (match[2] ?? match[3] ?? '').slice(0, 500));
  }
  return known;
}

/**
 * A list of digests as a scanner: a content is bad when its digest stands in the list.
 * @throws PortcullisError USAGE_FILE when the list can't be read, holds nothing, or has a line that is no digest
 */
export async function openHashList(path: string): Promise<MalwareScanner> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new PortcullisError('USAGE_FILE', `The list of digests ${path} cannot be read: ${error.code ?? error.message}.`, { cause: error });
  });
  if (bytes.length > MAX_BYTES) throw new PortcullisError('USAGE_FILE', `The list of digests ${path} has more than ${MAX_BYTES} bytes.`);
  const known = parseHashList(bytes.toString('utf8'), path);
  if (known.size === 0) throw new PortcullisError('USAGE_FILE', `The list of digests ${path} holds none.`, { hint: 'Write one a line.' });
  const lengths = new Set<number>();
  for (const digest of known.keys()) lengths.add(digest.length);
  const used = [...lengths].map((length) => algorithms[length] as string);
  return {
    about: { kind: 'hashes', name: basename(path), signatures: { version: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, asOf: null } },
    maxBytes: null,
    scan: (report) => {
      const hashes = used.map((algorithm) => createHash(algorithm));
      const update = (piece: Buffer): void => hashes.forEach((hash) => void hash.update(piece));
      let holes = 0;
      return {
        write: update,
        skip: (zeros) => {
          holes += zeros;
          if (holes > MAX_ZEROS) return;
          for (let left = zeros; left > 0; left -= ZEROS.length) update(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
        },
        end: () => report(holes > MAX_ZEROS ? { state: 'unscanned', why: `it has ${holes} bytes of holes, more than are hashed` } : resultOf(hashes, known)),
        abandon: () => {},
      };
    },
    ready: async () => {},
    finish: async () => {},
    close: async () => {},
  };
}

function resultOf(hashes: readonly Hash[], known: Known): ScanResult {
  for (const hash of hashes) {
    const digest = hash.digest('hex');
    const name = known.get(digest);
    if (name !== undefined) return { state: 'infected', signature: name === '' ? digest : name };
  }
  return { state: 'clean' };
}
