import { createHash, type Hash } from 'node:crypto';
import type { FileDigestAlgorithm, Request } from '../model/index.ts';
import { defineCataloger, type Fact, type PieceReader } from './cataloger.ts';

const all: readonly FileDigestAlgorithm[] = ['md5', 'sha1', 'sha256'];

/** Holes larger than this in all are not hashed: a sparse file can claim any size. */
const MAX_ZEROS = 16 * 1024 * 1024 * 1024;
const zeros = Buffer.alloc(64 * 1024);

function isAlgorithm(text: string | undefined): text is FileDigestAlgorithm {
  return all.some((each) => each === text);
}

/** The algorithms by which a request names contents or wants digests. */
function algorithmsOf(request: Request): FileDigestAlgorithm[] {
  const named = (request.detail?.files?.digests ?? []).map((digest) => digest.split(':', 1)[0]).filter(isAlgorithm);
  return all.filter((each) => named.includes(each) || request.detail?.digests?.includes(each) === true);
}

/** With a list of contents, and no digests wanted besides, only files that are on it. */
function* digestsFact(path: string, hashes: readonly (readonly [FileDigestAlgorithm, Hash])[], request: Request): Generator<Fact<'digests'>> {
  const digests = Object.fromEntries(hashes.map(([algorithm, hash]) => [algorithm, hash.digest('hex')]));
  const listed = request.detail?.files?.digests;
  const isWanted = request.detail?.digests !== undefined || listed?.some((each) => digests[each.split(':', 1)[0] as string] === each.split(':')[1]) === true;
  if (isWanted) yield { kind: 'digests', fact: { path: `/${path}`, digests } };
}

function reader(path: string, request: Request): PieceReader<'digests'> {
  const hashes = algorithmsOf(request).map((algorithm) => [algorithm, createHash(algorithm)] as const);
  let skipped = 0;
  const write = (piece: Uint8Array): void => {
    for (const [, hash] of hashes) hash.update(piece);
  };
  return {
    write,
    skip: (count) => {
      skipped += count;
      if (skipped > MAX_ZEROS) return;
      for (let left = count; left > 0; left -= zeros.length) write(left >= zeros.length ? zeros : zeros.subarray(0, left));
    },
    *end() {
      if (skipped > MAX_ZEROS) yield { problem: { kind: 'limit', what: `/${path}`, why: `it has ${skipped} bytes of holes, more than are hashed` } };
      else yield* digestsFact(path, hashes, request);
    },
  };
}

export default defineCataloger({
  name: 'file-digests',
  version: 1,
  summary: 'Digests of regular files, where a rule compares contents',
  provides: ['digests'],
  evidence: 'files',
  wanted: (requests) => {
    if (requests.some(({ kind }) => kind === 'drift')) return { kind: 'files', detail: { digests: all } };
    const files = requests.find((request) => request.kind === 'files' && algorithmsOf(request).length > 0);
    return files ?? null;
  },
  selects: ({ type }) => type === 'file',
  pieces: ({ path }, request) => reader(path, request),
  *read(file, request) {
    const whole = reader(file.path, request);
    whole.write(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength));
    yield* whole.end() as Iterable<Fact<'digests'>>;
  },
});
