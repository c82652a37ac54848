import type { Limits } from '../archive/index.ts';
import { firstPaths } from '../layer/index.ts';
import type { FileDigestAlgorithm, Image } from '../model/index.ts';
import { defineCataloger } from './cataloger.ts';
import { digestAlgorithms, digestReader, digestsOf } from './digests.ts';

/** Where distribution packages put files (Filesystem Hierarchy Standard). The few that they put elsewhere are read in a later round. */
const packaged = /^(?:s?bin|lib(?:32|64|x32|exec)?|boot|etc|usr(?!\/(?:local|src)\/)|var\/lib)\//;

/** Paths that tell the package manager of an image, by the algorithm of the digests that it keeps. */
const marks: readonly (readonly [FileDigestAlgorithm, RegExp])[] = [
  ['md5', /^(?:etc\/(?:apt|debian_version|dpkg)|var\/lib\/dpkg)(?:\/|$)/],
  ['sha1', /^(?:etc\/(?:alpine-release|apk)|(?:usr\/)?lib\/apk)(?:\/|$)/],
  ['sha256', /^(?:etc\/(?:dnf|redhat-release|rpm|system-release|tdnf|yum(?:\.repos\.d)?|zypp)|(?:usr\/lib\/sysimage|usr\/share|var\/lib)\/rpm)(?:\/|$)/],
];

/** Unpacked bytes of the lowest layers in which a mark is looked for: names ascend in a layer, and `etc` comes early. */
const LOOK_BYTES = 16 * 1024 * 1024;

/**
 * The digests that drift will probably be told by, so that they can be computed while the layers are read: those that the image's
 * package manager keeps. Only a guess: what then is missing is read again. A layer that has to be fetched isn't fetched twice for it.
 */
export async function probableDigests({ layers }: Image, limits: Limits): Promise<readonly FileDigestAlgorithm[]> {
  if (layers.some(({ source }) => source.kind === 'stream')) return digestAlgorithms;
  let left = LOOK_BYTES;
  for (const layer of layers) {
    if (left <= 0 || layer.source.kind !== 'file') break;
    for await (const path of firstPaths(layer, left, limits)) {
      const mark = marks.find(([, pattern]) => pattern.test(path));
      if (mark !== undefined) return [mark[0]];
    }
    left -= layer.source.length;
  }
  return [];
}

export default defineCataloger({
  name: 'drift-digests',
  version: 1,
  summary: 'Digests of files where distribution packages put theirs, to be compared with what the packages brought',
  provides: ['digests'],
  evidence: 'drift',
  wanted: (requests) => (requests.some(({ kind }) => kind === 'drift') ? { kind: 'drift', detail: { digests: digestAlgorithms } } : null),
  selects: ({ path, type }, request) => type === 'file' && (request.detail?.digests ?? []).length > 0 && packaged.test(path),
  pieces: ({ path }, request) => digestReader(path, request.detail?.digests ?? [], (digests) => [{ kind: 'digests', fact: { path: `/${path}`, digests } }]),
  read: ({ path, bytes }, request) => [{ kind: 'digests', fact: { path: `/${path}`, digests: digestsOf(bytes, request.detail?.digests ?? []) } }],
});
