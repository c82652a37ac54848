import type { ServiceProblem } from '../../model/index.ts';
import type { GlobBudget } from '../image-glob.ts';
import { globPaths, hasWildcard } from '../image-glob.ts';
import { compareReleases } from '../installed-version.ts';
import type { ServiceImage } from '../service-reader.ts';
import { splitWords } from './configuration-line.ts';

/** A line of the configuration where it stands. */
export interface RedisStatement {
  /** Lower case. */
  readonly name: string;
  readonly words: readonly string[];
  readonly path: string;
  readonly line: number;
  readonly layer: number | null;
}

export interface RedisFiles {
  readonly statements: readonly RedisStatement[];
  readonly problems: readonly ServiceProblem[];
  /** Files that will be there when the reader is run again, or that can't be read. */
  readonly missing: readonly string[];
}

const maximumFiles = 20_000;
const maximumBytes = 16 << 20;
const maximumStatements = 200_000;
const maximumProblems = 100;
const maximumDepth = 64;

/**
 * Reads redis.conf with its includes in reading order (config.c): relative to the directory that the server is
 * started in, patterns since 7.0. The last statement of a name wins.
 *
 * @param options lines that the command line appends
 */
export function readConfigurationFiles(image: ServiceImage, entry: string | null, options: readonly string[], release: string): RedisFiles {
  const statements: RedisStatement[] = [];
  const problems: ServiceProblem[] = [];
  const missing: string[] = [];
  const open: string[] = [];
  const budget: GlobBudget = { names: 200_000 };
  let files = 0;
  let bytes = 0;
  let stopped = false;

  const report = (kind: ServiceProblem['kind'], why: string, path: string, line?: number) => {
    if (problems.length < maximumProblems)
      problems.push({ kind, what: 'the configuration of redis', why, location: line === undefined ? { path } : { path, line } });
  };
  const stop = (why: string, path: string) => {
    if (!stopped) report('unreadable', why, path);
    stopped = true;
  };

  function readLine(text: string, path: string, number: number, layer: number | null): void {
    const words = splitWords(text);
    if (words === undefined) {
      report('invalid', 'unbalanced quotes in configuration line', path, number);
      return;
    }
    const name = words[0]?.toLowerCase();
    if (name === undefined) return;
    if (name === 'include' && words.length === 2) include(words[1] as string, path, number);
    else statements.push({ name, words: words.slice(1), path, line: number, layer });
    if (statements.length > maximumStatements) stop(`there are more than ${maximumStatements} directives`, path);
  }

  function include(pattern: string, path: string, line: number): void {
    const at = image.configuration.workingDir === '' ? '/' : image.configuration.workingDir;
    const full = pattern.startsWith('/') ? pattern : `${at}/${pattern}`;
    const found = hasWildcard(full) && compareReleases(release, '7.0') >= 0 ? globPaths(image.files, full, budget) : [full];
    if (found === undefined) stop('the patterns of its includes match too many names', path);
    for (const one of found ?? []) {
      if (open.includes(one)) report('invalid', `${one} includes itself`, path, line);
      else if (open.length >= maximumDepth) stop(`includes are nested more than ${maximumDepth} deep`, path);
      else readFile(one);
    }
  }

  function readFile(path: string): void {
    files += 1;
    if (files > maximumFiles) stop(`more than ${maximumFiles} files are included`, path);
    if (stopped) return;
    const read = image.files.read(path);
    if (read.state !== 'read') {
      missing.push(path);
      if (read.state === 'missing') report('invalid', 'the file does not exist', path);
      if (read.state === 'unreadable') report('unreadable', read.why, path);
      return;
    }
    bytes += read.bytes.byteLength;
    if (bytes > maximumBytes) stop(`the files hold more than ${maximumBytes >> 20} MiB`, path);
    open.push(path);
    let number = 0;
    for (const line of new TextDecoder().decode(read.bytes).split('\n')) {
      number += 1;
      if (stopped) break;
      const text = line.trim();
      if (text !== '' && !text.startsWith('#')) readLine(text, path, number, read.entry.layer);
    }
    open.pop();
  }

  if (entry !== null) readFile(entry);
  for (const option of options) readLine(option, 'the command line', 1, null);
  return { statements, problems, missing };
}
