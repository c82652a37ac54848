import type { FileDigestAlgorithm, Request } from '../model/index.ts';
import { type DigestsFact, defineCataloger, type Fact } from './cataloger.ts';
import { digestAlgorithms, digestReader, digestsOf } from './digests.ts';

function isAlgorithm(text: string | undefined): text is FileDigestAlgorithm {
  return digestAlgorithms.some((each) => each === text);
}

/** The algorithms by which a request names contents or wants digests. */
function algorithmsOf(request: Request): FileDigestAlgorithm[] {
  const named = (request.detail?.files?.digests ?? []).map((digest) => digest.split(':', 1)[0]).filter(isAlgorithm);
  return digestAlgorithms.filter((each) => named.includes(each) || request.detail?.digests?.includes(each) === true);
}

/** With a list of contents, and no digests wanted besides, only files that are on it. */
function* digestsFact(path: string, digests: DigestsFact['digests'], { detail }: Request): Generator<Fact<'digests'>> {
  const listed = detail?.files?.digests;
  const isListed = (digest: string): boolean => {
    const [algorithm, value] = digest.split(':') as [string, string?];
    return isAlgorithm(algorithm) && digests[algorithm] === value;
  };
  if (detail?.digests !== undefined || listed?.some(isListed) === true) yield { kind: 'digests', fact: { path: `/${path}`, digests } };
}

export default defineCataloger({
  name: 'file-digests',
  version: 1,
  summary: 'Digests of regular files, where a rule compares contents',
  provides: ['digests'],
  evidence: 'files',
  wanted: (requests) => requests.find((request) => request.kind === 'files' && algorithmsOf(request).length > 0) ?? null,
  selects: ({ type }) => type === 'file',
  pieces: ({ path }, request) => digestReader(path, algorithmsOf(request), (digests) => digestsFact(path, digests, request)),
  *read({ path, bytes }, request) {
    yield* digestsFact(path, digestsOf(bytes, algorithmsOf(request)), request);
  },
});
