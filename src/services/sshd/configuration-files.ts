import type { ServiceProblem } from '../../model/index.ts';
import type { GlobBudget } from '../image-glob.ts';
import { globPaths } from '../image-glob.ts';
import { compareReleases } from '../installed-version.ts';
import type { ServiceImage } from '../service-reader.ts';
import { parseConfigurationLine } from './configuration-line.ts';
import type { Keyword } from './keywords.ts';
import type { MatchCriteria } from './match-criteria.ts';
import { parseMatch } from './match-criteria.ts';

/** A directive where it stands. */
export interface Statement {
  readonly keyword: Keyword;
  readonly words: readonly string[];
  readonly rest: string;
  readonly path: string;
  readonly line: number;
  readonly layer: number | null;
  /** The Match lines that it depends on, outermost first; empty in the main part. */
  readonly matches: readonly MatchCriteria[];
}

/** All that the files say, in the order in which sshd reads it. */
export interface ConfigurationFiles {
  readonly statements: readonly Statement[];
  readonly problems: readonly ServiceProblem[];
  /** Files that will be there when the reader is run again, or that can't be read. */
  readonly missing: readonly string[];
}

const maximumDepth = 16;
const maximumFiles = 20_000;
const maximumBytes = 16 << 20;
const maximumStatements = 200_000;
const maximumProblems = 100;

/**
 * Reads sshd_config with everything that it includes (sshd_config(5), Include: patterns relative to /etc/ssh, sorted,
 * at most 16 deep). Match lines of an included file end with it.
 *
 * @param entry the main file
 * @param release `9.2p1`
 */
export function readConfigurationFiles(image: ServiceImage, entry: string, keywords: ReadonlyMap<string, Keyword>, release: string): ConfigurationFiles {
  const statements: Statement[] = [];
  const problems: ServiceProblem[] = [];
  const missing: string[] = [];
  const budget: GlobBudget = { names: 200_000 };
  const commentsEndLines = compareReleases(release, '8.7') >= 0;
  let files = 0;
  let bytes = 0;
  let stopped = false;

  const report = (kind: ServiceProblem['kind'], why: string, path: string, line?: number) => {
    if (problems.length < maximumProblems)
      problems.push({ kind, what: 'the configuration of sshd', why, location: line === undefined ? { path } : { path, line } });
  };
  const stop = (why: string, path: string) => {
    if (!stopped) report('unreadable', why, path);
    stopped = true;
  };

  function readFile(path: string, outer: readonly MatchCriteria[], depth: number): void {
    files += 1;
    if (files > maximumFiles) stop(`more than ${maximumFiles} files are included`, path);
    if (stopped) return;
    const read = image.files.read(path);
    if (read.state === 'pending' || read.state === 'unreadable') {
      missing.push(path);
      if (read.state === 'unreadable') report('unreadable', read.why, path);
      return;
    }
    if (read.state === 'missing') {
      report(depth === 0 ? 'invalid' : 'unreadable', 'the file does not exist', path);
      if (depth > 0) missing.push(path);
      return;
    }
    bytes += read.bytes.byteLength;
    if (bytes > maximumBytes) stop(`the files hold more than ${maximumBytes >> 20} MiB`, path);
    if (stopped) return;
    let matches = outer;
    let number = 0;
    for (const text of new TextDecoder().decode(read.bytes).split('\n')) {
      number += 1;
      if (stopped) return;
      if (text.includes('\0')) {
        report('invalid', 'the line holds a NUL byte', path, number);
        return;
      }
      const line = parseConfigurationLine(text, commentsEndLines);
      if (line === undefined) continue;
      const name = line.keyword.toLowerCase();
      if (name === 'match' && line.invalid === null) {
        const criteria = parseMatch(line.rest, release);
        if (criteria.invalid !== null) report('invalid', criteria.invalid, path, number);
        matches = [...outer, criteria];
        continue;
      }
      if (name === 'include' && compareReleases(release, '8.2') >= 0) {
        if (line.invalid !== null) report('invalid', line.invalid, path, number);
        for (const pattern of line.words) include(pattern, matches, depth, path, number);
        continue;
      }
      const keyword = keywords.get(name);
      if (keyword === undefined) {
        report('invalid', `${shown(line.keyword)} is no directive of OpenSSH ${release}`, path, number);
        continue;
      }
      if (line.invalid !== null) {
        report('invalid', line.invalid, path, number);
        continue;
      }
      if (matches.length > 0 && !keyword.inMatch) {
        report('invalid', `${keyword.name} is not allowed within a Match block`, path, number);
        continue;
      }
      statements.push({ keyword, words: line.words, rest: line.rest, path, line: number, layer: read.entry.layer, matches });
      if (statements.length > maximumStatements) stop(`there are more than ${maximumStatements} directives`, path);
    }
  }

  function include(pattern: string, matches: readonly MatchCriteria[], depth: number, path: string, line: number): void {
    const refusal = pattern === '' ? 'Include has an empty argument' : depth >= maximumDepth ? `includes are nested more than ${maximumDepth} deep` : null;
    if (refusal !== null) report('invalid', refusal, path, line);
    else if (pattern.startsWith('~')) report('uncertain', `${shown(pattern)} depends on the user's home directory`, path, line);
    if (refusal !== null || pattern.startsWith('~')) return;
    const found = globPaths(image.files, pattern.startsWith('/') ? pattern : `/etc/ssh/${pattern}`, budget);
    if (found === undefined) {
      stop('the patterns of its includes match too many names', path);
      return;
    }
    for (const one of found) readFile(one, matches, depth + 1);
  }

  readFile(entry, [], 0);
  return { statements, problems, missing };
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
