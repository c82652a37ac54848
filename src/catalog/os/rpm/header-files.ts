import type { FileDigestAlgorithm } from '../../../model/index.ts';
import type { ChecksumsFact } from '../../cataloger.ts';
import { Damage } from './damage.ts';
import { type RpmHeader, tags } from './header.ts';

/** Linux takes no longer path (PATH_MAX). */
const maxPath = 4096;
/** RPMFILE_GHOST: the package claims the path and doesn't deliver the file. */
const ghost = 1 << 6;
const stateNormal = 0;
const formatMask = 0o170000;
const directory = 0o040000;

/** RPMFILE_CONFIG: an administrator may change it. */
const configuration = 1 << 0;

/** A file or link that a package put there. */
export interface RpmFile {
  readonly path: string;
  /** Its place in the header's lists. */
  readonly index: number;
  readonly isConfiguration: boolean;
}

/**
 * The files and links that the package put there: no directories, no ghosts, and only files in the
 * state "normal" (not replaced by another package's, not left out as documentation or for their language or colour).
 * `maxCharacters` bounds the sum of their paths' lengths, because a few long directory names can stand for many paths.
 * Throws Damage when the lists contradict each other or the bound is reached.
 */
export function rpmFilesOf(header: RpmHeader, maxCharacters: number): RpmFile[] {
  const baseNames = header.strings(tags.baseNames);
  const oldNames = baseNames === null ? header.strings(tags.oldFileNames) : null;
  const count = (baseNames ?? oldNames)?.length ?? 0;
  if (count === 0) return [];
  const flags = parallel(header, tags.fileFlags, count);
  const modes = parallel(header, tags.fileModes, count);
  const states = parallel(header, tags.fileStates, count);
  const dirNames = header.strings(tags.dirNames) ?? [];
  const dirIndexes = baseNames === null ? null : parallel(header, tags.dirIndexes, count);
  if (baseNames !== null && dirIndexes === null) throw new Damage('file names without directories');

  const files: RpmFile[] = [];
  let characters = 0;
  for (let index = 0; index < count; index++) {
    const flag = flags?.[index] ?? 0;
    if ((flag & ghost) !== 0 || (states?.[index] ?? stateNormal) !== stateNormal) continue;
    if (((modes?.[index] ?? 0) & formatMask) === directory) continue;
    const path = oldNames?.[index] ?? `${directoryOf(dirNames, dirIndexes?.[index])}${baseNames?.[index]}`;
    if (!path.startsWith('/') || path.length > maxPath) throw new Damage(`file ${index + 1} of ${count} has a path that can't be one`);
    characters += path.length;
    if (characters > maxCharacters) throw new Damage(`its paths take more than ${maxCharacters} characters`, 'limit');
    files.push({ path, index, isConfiguration: (flag & configuration) !== 0 });
  }
  return files;
}

/** Absolute paths of `rpmFilesOf`. */
export function filesOf(header: RpmHeader, maxCharacters: number): string[] {
  return rpmFilesOf(header, maxCharacters).map(({ path }) => path);
}

/** RPMVERIFY_FILEDIGEST: the package says that the content stays as it is. */
const verifyDigest = 1 << 0;

/** Hash algorithms by rpm's number (PGPHASHALGO); absent: MD5. */
const algorithms: Readonly<Record<number, FileDigestAlgorithm>> = { 1: 'md5', 2: 'sha1', 8: 'sha256' };

/** The package's files with their digests; `''` where it has none of a known algorithm. Throws Damage as `rpmFilesOf` does. */
export function checksumsOf(header: RpmHeader, maxCharacters: number): Pick<ChecksumsFact, 'files' | 'configuration'> {
  const found = rpmFilesOf(header, maxCharacters);
  const digests = header.strings(tags.fileDigests);
  const verified = header.numbers(tags.fileVerifyFlags);
  const algorithm = algorithms[header.numbers(tags.fileDigestAlgorithm)?.[0] ?? 1];
  return {
    files: found.map(({ path, index }) => {
      const digest = digests?.[index] ?? '';
      const isCompared = ((verified?.[index] ?? verifyDigest) & verifyDigest) !== 0;
      return algorithm === undefined || !isCompared || !/^[0-9a-f]+$/.test(digest) ? [path, '', ''] : [path, algorithm, digest];
    }),
    configuration: found.flatMap(({ path, isConfiguration }) => (isConfiguration ? [path] : [])),
  };
}

function directoryOf(names: readonly string[], index: number | undefined): string {
  const name = index === undefined ? undefined : names[index];
  if (name === undefined) throw new Damage(`a file in directory ${index} of ${names.length}`);
  return name;
}

function parallel(header: RpmHeader, tag: number, count: number): number[] | null {
  const numbers = header.numbers(tag);
  if (numbers !== null && numbers.length !== count) throw new Damage(`tag ${tag} has ${numbers.length} values for ${count} files`);
  return numbers;
}
