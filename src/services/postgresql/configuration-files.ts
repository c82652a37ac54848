import type { ServiceProblem } from '../../model/index.ts';
import type { ServiceImage } from '../service-reader.ts';
import { parseConfigurationLine } from './configuration-line.ts';

/** A parameter where it is set. */
export interface PostgresStatement {
  /** As written. */
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly line: number;
  readonly layer: number | null;
}

export interface PostgresFiles {
  readonly statements: readonly PostgresStatement[];
  readonly problems: readonly ServiceProblem[];
  /** Files that will be there when the reader is run again, or that can't be read. */
  readonly missing: readonly string[];
}

const maximumDepth = 10;
const maximumFiles = 20_000;
const maximumBytes = 16 << 20;
const maximumStatements = 200_000;

/**
 * Reads postgresql.conf with `include`, `include_if_exists` and `include_dir` (files `*.conf`, sorted), at most 10 deep;
 * paths are relative to the file that names them. The last statement wins (guc-file.l).
 */
export function readConfigurationFiles(image: ServiceImage, entry: string): PostgresFiles {
  const statements: PostgresStatement[] = [];
  const problems: ServiceProblem[] = [];
  const missing: string[] = [];
  let files = 0;
  let bytes = 0;
  let stopped = false;

  const report = (kind: ServiceProblem['kind'], why: string, path: string, line?: number) => {
    if (problems.length < 100) problems.push({ kind, what: 'the configuration of postgresql', why, location: line === undefined ? { path } : { path, line } });
  };
  const stop = (why: string, path: string) => {
    if (!stopped) report('unreadable', why, path);
    stopped = true;
  };

  function readFile(path: string, depth: number, strict: boolean, from?: { readonly path: string; readonly line: number }): void {
    files += 1;
    if (files > maximumFiles) stop(`more than ${maximumFiles} files are included`, path);
    if (stopped) return;
    if (depth > maximumDepth) {
      report('invalid', `includes are nested more than ${maximumDepth} deep`, from?.path ?? path, from?.line);
      return;
    }
    const read = image.files.read(path);
    if (read.state !== 'read') {
      if (read.state !== 'missing') missing.push(path);
      if (read.state === 'unreadable') report('unreadable', read.why, path);
      if (read.state === 'missing' && strict) report('invalid', `${path} does not exist`, from?.path ?? path, from?.line);
      return;
    }
    bytes += read.bytes.byteLength;
    if (bytes > maximumBytes) stop(`the files hold more than ${maximumBytes >> 20} MiB`, path);
    let number = 0;
    for (const text of new TextDecoder().decode(read.bytes).split('\n')) {
      number += 1;
      if (stopped) return;
      const line = parseConfigurationLine(text);
      if (line === undefined) continue;
      if ('invalid' in line) report('invalid', line.invalid, path, number);
      else if (/^include(?:_if_exists|_dir)?$/i.test(line.name)) include(line.name.toLowerCase(), line.value, path, number, depth);
      else statements.push({ ...line, path, line: number, layer: read.entry.layer });
      if (statements.length > maximumStatements) stop(`there are more than ${maximumStatements} settings`, path);
    }
  }

  function include(kind: string, target: string, path: string, line: number, depth: number): void {
    const full = target.startsWith('/') ? target : `${path.replace(/\/[^/]*$/, '')}/${target}`;
    if (kind !== 'include_dir') {
      readFile(full, depth + 1, kind === 'include', { path, line });
      return;
    }
    if (image.files.stat(full)?.type !== 'directory') report('invalid', `the directory ${full} does not exist`, path, line);
    for (const name of image.files.list(full)) {
      if (!name.endsWith('.conf') || name.startsWith('.') || image.files.stat(`${full}/${name}`)?.type === 'directory') continue;
      readFile(`${full}/${name}`, depth + 1, true, { path, line });
    }
  }

  readFile(entry, 0, true);
  return { statements, problems, missing };
}
