import {
  defaultLimits,
  defaultZipLimits,
  GzipError,
  gunzip,
  openZip,
  salvageZip,
  type TarEntry,
  TarReader,
  unpackWhole,
  type Zip,
  type ZipEntry,
  ZipError,
  type ZipLimits,
} from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import { type Hit, MAX_HITS, SecretScanner } from '../secrets/index.ts';

const MiB = 1024 * 1024;
/** Archives, and members of archives, that are held in memory. */
export const MAX_ARCHIVE = 256 * MiB;
/** Archives within one another. */
const MAX_NESTING = 4;
const zipLimits: ZipLimits = { ...defaultZipLimits, entries: 500_000, entryBytes: MAX_ARCHIVE };
const tarLimits = { ...defaultLimits, entries: 500_000 };
/** Bytes that one file may be unpacked to, by its size. */
const budgetOf = (size: number): number => Math.min(1024 * MiB, 8 * MiB + 100 * size);

/** What the beginning tells an archive by: as many bytes as a tar header has. */
export const HEAD_BYTES = 512;

/** Pictures, sounds and fonts: nobody writes into them. */
const passedOver = /\.(?:png|jpe?g|gif|ico|webp|avif|woff2?|ttf|otf|eot|mp[34]|ogg|webm|flac)$/i;

/** Archives that may begin with something else: a script that runs them. */
const zipName = /\.(?:jar|war|ear|hpi|jpi|zip|whl|egg|pyz|pex|nupkg|aar|phar)$/i;

export type ArchiveKind = 'zip' | 'gzip' | 'zstd' | 'tar';

/**
 * What kind of archive a file is, by its first bytes: the header of a zip archive's first entry, of gzip or zstd data, or of a tar archive; or
 * by a name that zip archives have. Null: none that is unpacked.
 */
export function archiveKind(head: Buffer, name: string): ArchiveKind | null {
  const [a, b, c, d] = head;
  if (a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))) return 'zip';
  if (a === 0x1f && b === 0x8b && c === 8) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (head.length >= HEAD_BYTES && isTarHeader(head)) return 'tar';
  return zipName.test(name) ? 'zip' : null;
}

/** Whether it has the checksum of a tar header (POSIX.1-1988, 10.1.1): the sum of its bytes, those of the sum itself taken for blanks. */
function isTarHeader(head: Buffer): boolean {
  const told = /^ *([0-7]{1,6})[\0 ]/.exec(head.toString('latin1', 148, 156))?.[1];
  if (told === undefined || head[0] === 0) return false;
  let sum = 8 * 0x20;
  for (let at = 0; at < HEAD_BYTES; at++) if (at < 148 || at >= 156) sum += head[at] as number;
  return sum === Number.parseInt(told, 8);
}

/** A secret in a member of an archive, or what could not be searched. */
export type ArchiveFinding =
  | { readonly hit: Hit; readonly member: string }
  | { readonly problem: { readonly kind: 'unreadable' | 'limit'; readonly why: string; readonly member: string } };

/** Searches the members of an archive, also those of archives among them, within a budget for the whole. */
export class SecretArchive {
  readonly #path: string;
  readonly #left: { bytes: number; hits: number };
  /** From here on the file's own bytes have all been searched as members; Infinity: no more than what is found says. */
  coveredFrom = Number.POSITIVE_INFINITY;

  /** @param path of the file that is searched, without a leading slash; @param size its bytes */
  constructor(path: string, size: number) {
    this.#path = path;
    this.#left = { bytes: budgetOf(size), hits: MAX_HITS };
  }

  /**
   * @param name of the archive
   * @param members the way to it: names of archives within one another
   */
  *search(bytes: Buffer, kind: ArchiveKind, name: string, members: readonly string[] = []): Generator<ArchiveFinding> {
    if (members.length > MAX_NESTING) yield problem('limit', `it lies in more than ${MAX_NESTING} archives`, members);
    else if (kind === 'zip') yield* this.#zip(bytes, members);
    else if (kind !== 'tar') yield* this.#compressed(bytes, kind, name, members);
    else yield* this.#tar(bytes, name, members);
  }

  *#zip(bytes: Buffer, members: readonly string[]): Generator<ArchiveFinding> {
    let zip: Zip;
    try {
      zip = openZip(bytes, zipLimits);
    } catch (error) {
      // A text that has the name of an archive has been searched as the text that it is.
      if (archiveKind(bytes.subarray(0, 4), '') === null && members.length === 0) return;
      if (error instanceof ZipError && error.reason === 'limit') yield problem('limit', error.message, members);
      else yield* this.#salvage(bytes, members, (error as Error).message);
      return;
    }
    // What stands in front of the archive is none of its members.
    if (members.length === 0) this.coveredFrom = zip.entries.reduce((least, { offset }) => Math.min(least, offset), bytes.length);
    for (const entry of zip.entries) {
      if (entry.directory || entry.size === 0 || passedOver.test(entry.name)) continue;
      if (this.#isSpent(entry.size)) {
        yield problem('limit', 'the archive unpacks to more than is searched', [...members, entry.name]);
        return;
      }
      const content = unpacked(zip, entry);
      if (typeof content === 'string') yield problem('unreadable', content, [...members, entry.name]);
      else yield* this.#member(content, entry.name, members);
      if (this.#left.hits <= 0) return;
    }
  }

  /** An archive without its directory: cut off, or damaged. What there is of it is searched; bytes that nobody can read are a problem. */
  *#salvage(bytes: Buffer, members: readonly string[], why: string): Generator<ArchiveFinding> {
    let isRead = false;
    let isLost = false;
    for (const entry of salvageZip(bytes, zipLimits, this.#left.bytes)) {
      if (entry.why !== null && entry.name !== '') yield problem('unreadable', `${why}; ${entry.why}`, [...members, entry.name]);
      isLost ||= entry.name === '';
      if (entry.content === null) continue;
      isRead = true;
      this.#isSpent(entry.content.length);
      if (!passedOver.test(entry.name)) yield* this.#member(Buffer.from(entry.content), entry.name, members);
      if (this.#left.hits <= 0) return;
    }
    if (!isRead || isLost) yield problem('unreadable', why, members);
  }

  *#compressed(bytes: Buffer, kind: 'gzip' | 'zstd', name: string, members: readonly string[]): Generator<ArchiveFinding> {
    let content: Buffer;
    try {
      const most = Math.min(this.#left.bytes, MAX_ARCHIVE);
      content = kind === 'gzip' ? gunzip(bytes, most) : unpackWhole(bytes, most);
    } catch (error) {
      const isLarge = error instanceof GzipError ? error.reason === 'limit' : error instanceof PortcullisError && error.code === 'IMAGE_LIMIT';
      yield problem(isLarge ? 'limit' : 'unreadable', (error as Error).message, members);
      return;
    }
    this.#isSpent(content.length);
    const inner = innerName(name);
    const within = archiveKind(content.subarray(0, HEAD_BYTES), '');
    // `a.tar.gz` is one archive, not an archive in another.
    if (within === 'tar') yield* this.#tar(content, inner, members);
    else if (within !== null) yield* this.search(content, within, inner, [...members, inner]);
    else yield* this.#text(content, [...members, inner]);
  }

  *#tar(bytes: Buffer, name: string, members: readonly string[]): Generator<ArchiveFinding> {
    const found: [TarEntry, Buffer][] = [];
    let why = '';
    const reader = new TarReader((entry) => {
      if (entry.type !== 'file' || entry.size === 0 || passedOver.test(entry.path)) return null;
      if (entry.size > MAX_ARCHIVE || this.#isSpent(entry.size)) {
        why ||= 'the archive unpacks to more than is searched';
        return null;
      }
      return (content) => found.push([entry, content]);
    }, tarLimits);
    let isWhole = true;
    try {
      reader.write(bytes);
      reader.end();
      if (members.length === 0) this.coveredFrom = 0;
    } catch (error) {
      isWhole = false;
      if (!(error as Error).message.includes('ends in the middle')) why ||= (error as Error).message;
    }
    const seen = new Set<string>();
    for (const [entry, content] of found) {
      for (const finding of this.#member(content, entry.path, members)) {
        if ('hit' in finding) seen.add(finding.hit.secret);
        yield finding;
      }
      if (this.#left.hits <= 0) return;
    }
    // Cut off or damaged: what isn't told apart is searched as one text.
    if (!isWhole) for (const finding of this.#text(bytes, [...members, name])) if ('problem' in finding || !seen.has(finding.hit.secret)) yield finding;
    if (why !== '') yield problem(why.startsWith('the archive unpacks') ? 'limit' : 'unreadable', why, members);
  }

  *#member(content: Buffer, name: string, members: readonly string[]): Generator<ArchiveFinding> {
    const kind = archiveKind(content.subarray(0, HEAD_BYTES), '');
    if (kind === null) yield* this.#text(content, [...members, name]);
    else yield* this.search(content, kind, name, [...members, name]);
  }

  *#text(content: Buffer, members: readonly string[]): Generator<ArchiveFinding> {
    const scanner = new SecretScanner([this.#path, ...members].join('!/'));
    scanner.write(content);
    for (const hit of scanner.end()) {
      if (--this.#left.hits < 0) {
        yield problem('limit', `it holds more than ${MAX_HITS} secrets, of which these are listed`, []);
        return;
      }
      yield { hit, member: members.join('!/') };
    }
  }

  /** Takes so many bytes from the budget; true when that is more than is left. */
  #isSpent(bytes: number): boolean {
    this.#left.bytes -= bytes;
    return this.#left.bytes < 0;
  }
}

function problem(kind: 'unreadable' | 'limit', why: string, members: readonly string[]): ArchiveFinding {
  return { problem: { kind, why, member: members.join('!/') } };
}

/** The content of an entry, or why it can't be had. */
function unpacked(zip: Zip, entry: ZipEntry): Buffer | string {
  try {
    const content = zip.read(entry);
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  } catch (error) {
    return (error as Error).message;
  }
}

/** What compressed data unpacks to: `a.env.gz` → `a.env`, `a.tgz` → `a.tar`. */
function innerName(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return base.replace(/\.tgz$/i, '.tar').replace(/\.(?:gz|gzip|z|zst|zstd)$/i, '');
}
