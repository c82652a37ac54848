import { randomBytes } from 'node:crypto';
import { defaultZipLimits, openZip, type Zip, type ZipEntry, type ZipLimits } from '../archive/index.ts';
import { type Hit, MAX_HITS, SecretScanner } from '../secrets/index.ts';
import { type CatalogProblem, defineCataloger, type Fact } from './cataloger.ts';
import { secretOf } from './secrets.ts';

const MiB = 1024 * 1024;
const MAX_ARCHIVE = 256 * MiB;
/** Archives within one another. */
const MAX_NESTING = 4;
const limits: ZipLimits = { ...defaultZipLimits, entries: 500_000, entryBytes: MAX_ARCHIVE };
/** Of one file, unpacked, by its size. */
const budgetOf = (size: number): number => Math.min(1024 * MiB, 128 * MiB + 3 * size);

const archive = /\.(?:jar|war|ear|hpi|jpi|zip|whl|egg|nupkg|aar|apk)$/i;
/** Compiled or compressed: what is written there by people are constants at most. */
const passedOver = /\.(?:class|png|jpe?g|gif|ico|webp|woff2?|ttf|eot|mp[34]|gz|bz2|xz|zst)$/i;

type Result = Fact<'secrets'> | CatalogProblem;

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

class ArchiveSearch {
  readonly #path: string;
  readonly #key: Uint8Array;
  readonly #budget: number;
  #unpacked = 0;
  #hits = 0;
  constructor(path: string, size: number, key: Uint8Array) {
    this.#path = path;
    this.#key = key;
    this.#budget = budgetOf(size);
  }

  /** @param members the way into the file: paths of archives within one another */
  *search(bytes: Uint8Array, members: readonly string[]): Generator<Result> {
    let zip: Zip;
    try {
      zip = openZip(bytes, limits);
    } catch (error) {
      yield this.#problem((error as Error).message, members);
      return;
    }
    for (const entry of zip.entries) {
      if (entry.directory || entry.size === 0 || passedOver.test(entry.name)) continue;
      const inside = [...members, entry.name];
      const content = this.#unpack(zip, entry);
      if (typeof content === 'string') yield this.#problem(content, inside);
      else if (archive.test(entry.name) && isZip(content)) {
        if (inside.length > MAX_NESTING) yield this.#problem(`it lies in more than ${MAX_NESTING} archives`, inside);
        else yield* this.search(content, inside);
      } else yield* this.#found(content, inside);
      if (this.#hits > MAX_HITS || this.#unpacked > this.#budget) return;
    }
  }

  /** The content, or why it can't be had. */
  #unpack(zip: Zip, entry: ZipEntry): Uint8Array | string {
    this.#unpacked += entry.size;
    if (this.#unpacked > this.#budget) return `the archive unpacks to more than ${this.#budget} bytes`;
    try {
      return zip.read(entry);
    } catch (error) {
      return (error as Error).message;
    }
  }

  *#found(content: Uint8Array, members: readonly string[]): Generator<Result> {
    const scanner = new SecretScanner(members.at(-1) ?? this.#path);
    scanner.write(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
    for (const hit of scanner.end()) {
      if (++this.#hits > MAX_HITS) {
        yield this.#problem(`it holds more than ${MAX_HITS} secrets, of which these are listed`, []);
        return;
      }
      yield this.#fact(hit, members);
    }
  }

  #fact(hit: Hit, members: readonly string[]): Result {
    const location = { path: `/${this.#path}`, line: hit.line, member: members.join('!/') };
    return { kind: 'secrets', fact: secretOf(hit, this.#key, { source: 'file', name: null, location }) };
  }

  #problem(why: string, members: readonly string[]): CatalogProblem {
    const member = members.join('!/');
    return { problem: { kind: 'unreadable', what: `/${this.#path}${member === '' ? '' : `!/${member}`}`, why, ...(member === '' ? {} : { member }) } };
  }
}

export default defineCataloger({
  name: 'archived-secrets',
  version: 1,
  summary: 'Secrets in the files of archives (jar, war, zip, wheel), also of archives within them',
  provides: ['secrets'],
  evidence: 'secrets',
  maxBytes: MAX_ARCHIVE,
  findsDeleted: true,
  selects: ({ path, type }) => type === 'file' && archive.test(path),
  *read(file, _, context) {
    // What is no archive has been searched as the file that it is.
    if (!isZip(file.bytes)) return;
    yield* new ArchiveSearch(file.path, file.bytes.length, context.fingerprintKey ?? randomBytes(32)).search(file.bytes, []);
  },
});
