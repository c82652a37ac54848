import { Damage } from './damage.ts';
import { type RpmHeader, tags } from './header.ts';

/** Linux takes no longer path (PATH_MAX). */
const maxPath = 4096;
/** RPMFILE_GHOST: the package claims the path and doesn't deliver the file. */
const ghost = 1 << 6;
const stateNormal = 0;
const formatMask = 0o170000;
const directory = 0o040000;

/**
 * Absolute paths of the files and links that the package put there: no directories, no ghosts, and only files in the
 * state "normal" (not replaced by another package's, not left out as documentation or for their language or colour).
 * `maxCharacters` bounds the sum of their lengths, because a few long directory names can stand for many paths.
 * Throws Damage when the lists contradict each other or the bound is reached.
 */
export function filesOf(header: RpmHeader, maxCharacters: number): string[] {
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

  const files: string[] = [];
  let characters = 0;
  for (let index = 0; index < count; index++) {
    if (((flags?.[index] ?? 0) & ghost) !== 0 || (states?.[index] ?? stateNormal) !== stateNormal) continue;
    if (((modes?.[index] ?? 0) & formatMask) === directory) continue;
    const path = oldNames?.[index] ?? `${directoryOf(dirNames, dirIndexes?.[index])}${baseNames?.[index]}`;
    if (!path.startsWith('/') || path.length > maxPath) throw new Damage(`file ${index + 1} of ${count} has a path that can't be one`);
    characters += path.length;
    if (characters > maxCharacters) throw new Damage(`its paths take more than ${maxCharacters} characters`, 'limit');
    files.push(path);
  }
  return files;
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
