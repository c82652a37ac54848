import { PortcullisError } from '../errors.ts';
import type { Limits } from './limits.ts';
import { decodeName, invalidTar, isZeroBlock, normalizePath, parsePax, parseTarHeader, type TarHeader, type TarType, tarNumber, typeOf } from './tar-header.ts';
import { expandSparse, oldSparseSegments, paxSparse, type SparseSegment, streamSparse } from './tar-sparse.ts';

/** One entry of a tar stream, extended headers applied. */
export interface TarEntry {
  /** Normalised: no leading slash, no `.` or `..`; `''` is the root. */
  readonly path: string;
  readonly type: TarType;
  /** Permission bits with set-id and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of the file's content (of a sparse file: expanded). */
  readonly size: number;
  /** Of symbolic and hard links, as written; `''` elsewhere. */
  readonly linkName: string;
  /** Extended attributes by name (`security.capability`), bytes as latin1. */
  readonly xattrs: ReadonlyMap<string, string> | null;
}

/** Takes an entry's content piece by piece. The pieces must not be kept: they are parts of larger buffers. */
export interface TarSink {
  write(piece: Buffer): void;
  /** So many zeros follow: a hole of a sparse file. */
  skip(zeros: number): void;
  /** The content could not be had; nothing more is called. */
  fail(why: string): void;
  end(): void;
}

/** What is wanted of an entry: nothing, its content as a whole when it has ended, or piece by piece. Neither must be kept. */
export type TarVisitor = (entry: TarEntry) => ((content: Buffer) => void) | TarSink | null;

interface Pending {
  readonly done: ((content: Buffer) => void) | TarSink;
  /** Bytes that are stored of it. */
  readonly stored: number;
  /** What has come of a content that is given as a whole. */
  content: Buffer;
  readonly sparse: { readonly realSize: number; readonly segments: readonly SparseSegment[] | null } | null;
}

const NOTHING = Buffer.alloc(0);

/** Contents up to this size that come in parts are put together in the same memory. */
const MAX_ASSEMBLED = 4 * 1024 * 1024;

const NO_PAX: ReadonlyMap<string, string> = new Map();

/**
 * Walks a tar stream that is pushed in chunks (POSIX.1-2001 pax, ustar, GNU long names, GNU sparse files in all
 * four forms). Where readers differ it sees what container runtimes see, which use Go's archive/tar: a GNU long name
 * wins over a pax path, global headers are ignored. Only what the visitor wants is held.
 */
export class TarReader {
  readonly #visit: TarVisitor;
  readonly #limits: Limits;
  /** Offset in the stream of the next byte. */
  #offset = 0;
  #entries = 0;
  readonly #block = Buffer.alloc(512);
  #blockFill = 0;
  #state: 'header' | 'data' | 'padding' | 'sparse-block' | 'end' = 'header';
  #remaining = 0;
  #padding = 0;
  #zeroBlocks = 0;
  #pending: Pending | null = null;
  #assembly: Buffer = NOTHING;
  /** Collects a pax header or GNU long name. */
  #meta: { readonly typeflag: string; readonly chunks: Buffer[] } | null = null;
  #pax: ReadonlyMap<string, string> = NO_PAX;
  #longName: string | null = null;
  #longLink: string | null = null;
  #oldSparse: { readonly header: TarHeader; readonly realSize: number; readonly segments: SparseSegment[]; readonly at: number } | null = null;

  constructor(visit: TarVisitor, limits: Limits) {
    this.#visit = visit;
    this.#limits = limits;
  }

  /** Entries seen so far. */
  get entries(): number {
    return this.#entries;
  }

  /** @throws PortcullisError IMAGE_INVALID, IMAGE_LIMIT, and whatever the visitor throws */
  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      switch (this.#state) {
        case 'header':
        case 'sparse-block': {
          let block: Buffer;
          if (this.#blockFill === 0 && chunk.length - at >= 512) {
            block = chunk.subarray(at, at + 512);
            at += 512;
          } else {
            const take = Math.min(512 - this.#blockFill, chunk.length - at);
            chunk.copy(this.#block, this.#blockFill, at, at + take);
            this.#blockFill += take;
            at += take;
            if (this.#blockFill < 512) return;
            this.#blockFill = 0;
            block = this.#block;
          }
          const blockAt = this.#offset;
          this.#offset += 512;
          if (this.#state === 'header') this.#header(block, blockAt);
          else this.#sparseBlock(block, blockAt);
          break;
        }
        case 'data': {
          const take = Math.min(this.#remaining, chunk.length - at);
          const pending = this.#pending;
          if (pending !== null) {
            const piece = chunk.subarray(at, at + take);
            if (typeof pending.done === 'function' || pending.sparse !== null) this.#gather(pending, piece);
            else if (take > 0) pending.done.write(piece);
          }
          if (pending === null && this.#meta !== null) this.#meta.chunks.push(Buffer.from(chunk.subarray(at, at + take)));
          at += take;
          this.#remaining -= take;
          this.#offset += take;
          if (this.#remaining === 0) this.#endData();
          break;
        }
        case 'padding': {
          const take = Math.min(this.#padding, chunk.length - at);
          at += take;
          this.#padding -= take;
          this.#offset += take;
          if (this.#padding === 0) this.#state = 'header';
          break;
        }
        case 'end':
          return; // what follows the end of the archive is hashed by the caller, and read by nobody
      }
    }
  }

  /** Adds a part of a content; one that comes whole is not copied. */
  #gather(pending: Pending, piece: Buffer): void {
    if (piece.length === pending.stored) {
      pending.content = piece;
      return;
    }
    const filled = pending.stored - this.#remaining;
    if (filled === 0) {
      if (this.#assembly.length < pending.stored && pending.stored <= MAX_ASSEMBLED) this.#assembly = Buffer.allocUnsafeSlow(MAX_ASSEMBLED);
      pending.content = pending.stored <= MAX_ASSEMBLED ? this.#assembly.subarray(0, pending.stored) : Buffer.allocUnsafeSlow(pending.stored);
    }
    piece.copy(pending.content, filled);
  }

  /** To be called when the stream has ended. @throws PortcullisError IMAGE_INVALID when it ended too early */
  end(): void {
    if (this.#state === 'end') return;
    if (this.#state !== 'header' || this.#blockFill !== 0 || this.#pax !== NO_PAX || this.#longName !== null || this.#longLink !== null) {
      throw invalidTar('the stream ends in the middle of an entry', this.#offset);
    }
  }

  #header(block: Buffer, at: number): void {
    if (isZeroBlock(block)) {
      this.#zeroBlocks++;
      if (this.#zeroBlocks === 2) this.#state = 'end';
      return;
    }
    if (this.#zeroBlocks > 0) throw invalidTar('an entry follows a lone zero block', at);
    const header = parseTarHeader(block, at);
    if (header.typeflag === 'x' || header.typeflag === 'g' || header.typeflag === 'L' || header.typeflag === 'K') {
      if (header.size > this.#limits.headerBytes) {
        throw new PortcullisError('IMAGE_LIMIT', `An extended header of ${header.size} bytes is over the limit of ${this.#limits.headerBytes}.`);
      }
      this.#meta = { typeflag: header.typeflag, chunks: [] };
      this.#startData(header.size);
      return;
    }
    if (header.typeflag === 'S') {
      if (!header.gnu) throw invalidTar('a sparse file has a header of another format', at);
      const extended = block[482] !== 0;
      const segments = oldSparseSegments(block, 386, 4, at);
      const realSize = tarNumber(block, 483, 12);
      if (Number.isNaN(realSize)) throw invalidTar('a sparse file has no size', at);
      this.#oldSparse = { header, realSize, segments, at };
      if (extended) this.#state = 'sparse-block';
      else this.#startEntry(header, at, { realSize, segments });
      return;
    }
    this.#startEntry(header, at, null);
  }

  #sparseBlock(block: Buffer, at: number): void {
    const sparse = this.#oldSparse;
    if (sparse === null) throw invalidTar('a sparse map stands where none was announced', at);
    sparse.segments.push(...oldSparseSegments(block, 0, 21, at));
    if (sparse.segments.length > 100_000) throw new PortcullisError('IMAGE_LIMIT', 'A sparse file has more than 100000 segments.');
    if (block[504] === 0) this.#startEntry(sparse.header, sparse.at, { realSize: sparse.realSize, segments: sparse.segments });
  }

  #startEntry(header: TarHeader, at: number, oldSparse: Pending['sparse']): void {
    this.#entries++;
    if (this.#entries > this.#limits.entries) {
      throw new PortcullisError('IMAGE_LIMIT', `A layer has more than ${this.#limits.entries} entries.`);
    }
    const pax = this.#pax;
    const paxNumber = (key: string, otherwise: number): number => {
      const text = pax.get(key);
      if (text === undefined || text === '') return otherwise;
      const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
      if (Number.isNaN(value) || value > Number.MAX_SAFE_INTEGER) throw invalidTar(`an extended header has a ${key} that is not a number`, at);
      return value;
    };
    const fromPax = oldSparse === null && pax.size > 0 ? paxSparse(pax, at) : null;
    const rawName = fromPax?.name ?? (this.#longName || pax.get('path') || header.name);
    const linkName = this.#longLink || pax.get('linkpath') || header.linkName;
    const type = typeOf(header.typeflag, rawName);
    const isData = type === 'file' || type === 'other';
    const stored = isData ? paxNumber('size', header.size) : 0; // the other kinds carry no data, whatever the header says
    if (fromPax !== null && !isData) throw invalidTar('a sparse file is of a kind that has no content', at);
    const sparse = fromPax === null ? oldSparse : { realSize: fromPax.realSize ?? stored, segments: fromPax.segments };
    if (sparse !== null && stored > sparse.realSize + this.#limits.headerBytes) throw invalidTar('a sparse file stores more than it holds', at);
    this.#checkName(rawName, at);
    this.#checkName(linkName, at);
    let xattrs: Map<string, string> | null = null;
    for (const [key, value] of pax.size === 0 ? [] : pax) {
      if (key.startsWith('SCHILY.xattr.')) {
        xattrs ??= new Map();
        xattrs.set(key.slice('SCHILY.xattr.'.length), value);
      }
    }
    const entry: TarEntry = {
      path: normalizePath(rawName),
      type,
      mode: header.mode & 0o7777,
      uid: paxNumber('uid', header.uid),
      gid: paxNumber('gid', header.gid),
      size: type === 'file' ? (sparse?.realSize ?? stored) : 0,
      linkName: type === 'hardlink' || type === 'symlink' ? linkName : '',
      xattrs,
    };
    this.#forget();
    const done = this.#visit(entry);
    if (done !== null && type === 'file') {
      // The parts of a sparse file are held until all of them are there: of one that stores too much nothing is given.
      if (sparse !== null && typeof done !== 'function' && stored > this.#limits.fileBytes) done.fail(`it is a sparse file that stores ${stored} bytes`);
      else this.#pending = { done, stored, content: NOTHING, sparse };
    }
    this.#startData(stored);
  }

  #checkName(name: string, at: number): void {
    if (name.length > this.#limits.pathBytes) {
      throw new PortcullisError('IMAGE_LIMIT', `A name of ${name.length} characters at byte ${at} is over the limit of ${this.#limits.pathBytes}.`);
    }
    let depth = 0;
    for (let index = name.indexOf('/'); index >= 0; index = name.indexOf('/', index + 1)) depth++;
    if (depth > this.#limits.depth)
      throw new PortcullisError('IMAGE_LIMIT', `A path at byte ${at} is ${depth} directories deep, over the limit of ${this.#limits.depth}.`);
  }

  #startData(size: number): void {
    this.#remaining = size;
    this.#padding = (512 - (size % 512)) % 512;
    this.#state = 'data';
    if (size === 0) this.#endData();
  }

  #endData(): void {
    if (this.#pending !== null) {
      const { done, content, sparse } = this.#pending;
      this.#pending = null;
      if (typeof done === 'function') done(sparse === null ? content : expandSparse(content, sparse.realSize, sparse.segments, this.#offset));
      else {
        if (sparse !== null) streamSparse(content, sparse.realSize, sparse.segments, this.#offset, done);
        done.end();
      }
    } else if (this.#meta !== null) {
      const { typeflag, chunks } = this.#meta;
      this.#meta = null;
      const bytes = Buffer.concat(chunks);
      if (typeflag === 'x') {
        this.#pax = parsePax(bytes, this.#offset);
      } else if (typeflag === 'g') {
        parsePax(bytes, this.#offset);
        this.#forget(); // it stands for an entry of its own: what came before it was meant for it
      } else {
        const nul = bytes.indexOf(0);
        const name = decodeName(nul < 0 ? bytes : bytes.subarray(0, nul));
        if (typeflag === 'L') this.#longName = name;
        else this.#longLink = name;
      }
    }
    this.#state = this.#padding === 0 ? 'header' : 'padding';
  }

  #forget(): void {
    this.#pax = NO_PAX;
    this.#longName = null;
    this.#longLink = null;
    this.#oldSparse = null;
  }
}
