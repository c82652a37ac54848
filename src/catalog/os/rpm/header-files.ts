import type { FileDigestAlgorithm } from '../../../model/index.ts';
import type { KnownFile } from '../../cataloger.ts';
import { Damage } from './damage.ts';
import { type RpmHeader, tags } from './header.ts';

/** Linux takes no longer path (PATH_MAX). */
const maxPath = 4096;
/** RPMFILE_GHOST: the package claims the path and doesn't deliver the file. */
const ghost = 1 << 6;
const stateNormal = 0;
const formatMask = 0o170000;
const directory = 0o040000;
const link = 0o120000;

/** RPMFILE_CONFIG: an administrator may change it. */
const configuration = 1 << 0;

/** A file, link or directory of a package. */
interface RpmFile {
  readonly path: string;
  /** Its place in the header's lists. */
  readonly index: number;
  readonly isConfiguration: boolean;
  readonly isGhost: boolean;
  readonly isLink: boolean;
  readonly isDirectory: boolean;
}

/**
 * What the package has, ghosts too, as far as it is in the state "normal" (not replaced by another package's, not left out as
 * documentation or for its language or colour).
 * `maxCharacters` bounds the sum of their paths' lengths, because a few long directory names can stand for many paths.
 * Throws Damage when the lists contradict each other or the bound is reached.
 */
function rpmFilesOf(header: RpmHeader, maxCharacters: number): RpmFile[] {
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
    if ((states?.[index] ?? stateNormal) !== stateNormal) continue;
    const format = (modes?.[index] ?? 0) & formatMask;
    const path = oldNames?.[index] ?? `${directoryOf(dirNames, dirIndexes?.[index])}${baseNames?.[index]}`;
    if (!path.startsWith('/') || path.length > maxPath) throw new Damage(`file ${index + 1} of ${count} has a path that can't be one`);
    characters += path.length;
    if (characters > maxCharacters) throw new Damage(`its paths take more than ${maxCharacters} characters`, 'limit');
    files.push({
      path,
      index,
      isConfiguration: (flag & configuration) !== 0,
      isGhost: (flag & ghost) !== 0,
      isLink: format === link,
      isDirectory: format === directory,
    });
  }
  return files;
}

/** Absolute paths of the files and links that the package put there. Throws Damage as `rpmFilesOf` does. */
export function filesOf(header: RpmHeader, maxCharacters: number): string[] {
  return rpmFilesOf(header, maxCharacters).flatMap(({ path, isGhost, isDirectory }) => (isGhost || isDirectory ? [] : [path]));
}

/** RPMVERIFY_FILEDIGEST and RPMVERIFY_LINKTO: the package says that the content, or the link's target, stays as it is. */
const verifyDigest = 1 << 0;
const verifyLink = 1 << 2;

/** Hash algorithms by rpm's number (PGPHASHALGO); absent: MD5. */
const algorithms: Readonly<Record<number, FileDigestAlgorithm>> = { 1: 'md5', 2: 'sha1', 8: 'sha256' };

/** The package's files as it knows them; ghosts and directories by their paths alone. Throws Damage as `rpmFilesOf` does. */
export function checksumsOf(header: RpmHeader, maxCharacters: number): { readonly files: KnownFile[]; readonly configuration: string[] } {
  const found = rpmFilesOf(header, maxCharacters);
  const digests = header.strings(tags.fileDigests);
  const targets = header.strings(tags.fileLinkTos);
  const verified = header.numbers(tags.fileVerifyFlags);
  const algorithm = algorithms[header.numbers(tags.fileDigestAlgorithm)?.[0] ?? 1] ?? 'other';
  const known = ({ path, index, isGhost, isLink, isDirectory }: RpmFile): KnownFile => {
    const value = (isLink ? targets : digests)?.[index] ?? '';
    const isVerified = ((verified?.[index] ?? ~0) & (isLink ? verifyLink : verifyDigest)) !== 0;
    if (isGhost || isDirectory || !isVerified || value === '' || (!isLink && !/^[0-9a-f]+$/.test(value))) return [path, '', ''];
    return [path, isLink ? 'link' : algorithm, value];
  };
  return { files: found.map(known), configuration: found.flatMap(({ path, isConfiguration }) => (isConfiguration ? [path] : [])) };
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
