import { randomBytes } from 'node:crypto';
import type { Secret } from '../model/index.ts';
import { fingerprintOf, type Hit, isPublishedPath, MAX_HITS, masked, SecretScanner } from '../secrets/index.ts';
import { type CatalogContext, type CatalogProblem, defineCataloger, type Fact, type PieceReader } from './cataloger.ts';
import { type ArchiveKind, archiveKind, HEAD_BYTES, MAX_ARCHIVE, SecretArchive } from './secret-archive.ts';

/** What of a secret may leave its reader. */
export function secretOf(hit: Hit, key: Uint8Array, place: Pick<Secret, 'source' | 'name' | 'location'>): Secret {
  const { name, what } = hit.rule;
  return { rule: name, what, confidence: hit.confidence, ...place, masked: masked(hit), fingerprint: fingerprintOf(hit.secret, key), deleted: false };
}

/** Searches a file as the text that it is, and its members where it is an archive. */
class FileSearch implements PieceReader<'secrets'> {
  readonly #path: string;
  readonly #key: Uint8Array;
  readonly #scanner: SecretScanner;
  /** The bytes of what may be an archive; null: it is none, or too large to be held. */
  #held: Buffer[] | null = [];
  #size = 0;
  #kind: ArchiveKind | null = null;

  constructor(path: string, context: CatalogContext) {
    this.#path = path;
    this.#key = context.fingerprintKey ?? randomBytes(32);
    this.#scanner = new SecretScanner(path);
  }

  write(piece: Buffer): void {
    this.#scanner.write(piece);
    const isHead = this.#size < HEAD_BYTES;
    this.#size += piece.length;
    if (this.#held === null) return;
    this.#held.push(Buffer.from(piece));
    if (isHead && this.#size >= HEAD_BYTES) {
      this.#kind = this.#kindOf(Buffer.concat(this.#held));
      if (this.#kind === null) this.#held = null;
    }
    if (this.#size > MAX_ARCHIVE) this.#held = null;
  }

  skip(zeros: number): void {
    this.#scanner.skip(zeros);
    this.#size += zeros;
    if (this.#size > 0) this.#held = null; // an archive has no holes
  }

  /** The whole content at once. */
  *read(content: Buffer): Generator<Fact<'secrets'> | CatalogProblem> {
    this.#scanner.write(content);
    this.#size = content.length;
    this.#kind = this.#kindOf(content);
    this.#held = this.#kind === null ? null : [content];
    yield* this.end();
  }

  *end(): Generator<Fact<'secrets'> | CatalogProblem> {
    if (this.#held !== null && this.#size < HEAD_BYTES) this.#kind = this.#kindOf(Buffer.concat(this.#held));
    const own = this.#scanner.end();
    const seen = new Set<string>();
    const archive = new SecretArchive(this.#path, this.#size);
    if (this.#kind !== null && this.#held !== null) yield* this.#members(archive, Buffer.concat(this.#held), this.#kind, seen);
    for (const hit of own) {
      if (hit.start >= archive.coveredFrom) continue;
      const fact = secretOf(hit, this.#key, { source: 'file', name: null, location: { path: `/${this.#path}`, line: hit.line } });
      // What a damaged archive stores uncompressed has been found as its member.
      if (!seen.has(`${fact.rule} ${fact.fingerprint}`)) yield { kind: 'secrets', fact };
    }
    if (this.#kind !== null && this.#size > MAX_ARCHIVE)
      yield* this.#problem('limit', `it is an archive of ${this.#size} bytes, more than the ${MAX_ARCHIVE} that are unpacked`, '');
    if (this.#scanner.overflowed) yield* this.#problem('limit', `it holds more than ${MAX_HITS} secrets, of which these are listed`, '');
  }

  *#members(archive: SecretArchive, bytes: Buffer, kind: ArchiveKind, seen: Set<string>): Generator<Fact<'secrets'> | CatalogProblem> {
    for (const finding of archive.search(bytes, kind, this.#path)) {
      if ('problem' in finding) yield* this.#problem(finding.problem.kind, finding.problem.why, finding.problem.member);
      else {
        const location = { path: `/${this.#path}`, line: finding.hit.line, member: finding.member };
        const fact = secretOf(finding.hit, this.#key, { source: 'file', name: null, location });
        seen.add(`${fact.rule} ${fact.fingerprint}`);
        yield { kind: 'secrets', fact };
      }
    }
  }

  /** Test data of an installed package is damaged on purpose, and open to everyone. */
  *#problem(kind: 'unreadable' | 'limit', why: string, member: string): Generator<CatalogProblem> {
    const path = `${this.#path}${member === '' ? '' : `!/${member}`}`;
    if (this.#kind !== null && isPublishedPath(path)) return;
    yield { problem: { kind, what: `/${path}`, why, ...(member === '' ? {} : { member }) } };
  }

  #kindOf(bytes: Buffer): ArchiveKind | null {
    return archiveKind(bytes.subarray(0, HEAD_BYTES), this.#path);
  }
}

export default defineCataloger({
  name: 'secrets',
  version: 2,
  summary: 'Keys, tokens and passwords that lie open in files and in the members of archives (zip, tar, gzip, zstd), deleted ones too; none is kept',
  provides: ['secrets'],
  evidence: 'secrets',
  findsDeleted: true,
  selects: ({ type, size }) => type === 'file' && size > 0,
  pieces: ({ path }, _, context) => new FileSearch(path, context),
  *read(file, _, context) {
    yield* new FileSearch(file.path, context).read(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength));
  },
});
