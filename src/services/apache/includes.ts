import type { ImageFiles } from '../../model/index.ts';
import { matchesSegment } from '../image-glob.ts';

/** A file to read, or why there is none: `absent` is no fault of IncludeOptional. */
export type Included = { readonly file: string } | { readonly absent: string } | { readonly refused: string };

const maxDirectoryDepth = 20;

/**
 * The files that `Include` reads for a path, in httpd's order: a file; everything below a directory, hidden files
 * too, by name; a pattern of fnmatch(3) in any part of the path, each folder's matches by name
 * (ap_process_fnmatch_configs). Whether a file exists is for the caller to see.
 *
 * @param path absolute
 */
export function* includedFiles(files: ImageFiles, path: string): Generator<Included> {
  if (!isPattern(path)) yield* below(files, path, 0);
  else {
    const parts = path.split('/').filter((part) => part !== '');
    yield* matching(files, '', parts);
  }
}

function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

function* below(files: ImageFiles, path: string, depth: number): Generator<Included> {
  if (files.stat(path)?.type !== 'directory') {
    yield { file: path };
    return;
  }
  if (depth > maxDirectoryDepth) {
    yield { refused: `Directories below ${path} are nested too deep.` };
    return;
  }
  for (const name of files.list(path)) yield* below(files, `${path.replace(/\/+$/, '')}/${name}`, depth + 1);
}

function* matching(files: ImageFiles, root: string, parts: readonly string[]): Generator<Included> {
  const wild = parts.findIndex(isPattern);
  if (wild < 0) {
    yield* below(files, `${root}/${parts.join('/')}`, 0);
    return;
  }
  const directory = [root, ...parts.slice(0, wild)].join('/');
  const rest = parts.slice(wild + 1);
  const names = files.list(directory === '' ? '/' : directory).filter((name) => matchesSegment(parts[wild] ?? '', name));
  const found = rest.length === 0 ? names : names.filter((name) => files.stat(`${directory}/${name}`)?.type === 'directory');
  if (found.length === 0) yield { absent: `Nothing in ${directory} matches ${parts[wild]}.` };
  for (const name of found) {
    if (rest.length === 0) yield* below(files, `${directory}/${name}`, 0);
    else yield* matching(files, `${directory}/${name}`, rest);
  }
}
