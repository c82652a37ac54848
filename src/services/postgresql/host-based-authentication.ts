import type { ServiceProblem, ServiceScope, Setting, SettingOrigin } from '../../model/index.ts';
import { compareReleases } from '../installed-version.ts';
import type { ServiceImage } from '../service-reader.ts';

/** A record of pg_hba.conf. */
interface AccessRecord {
  readonly type: string;
  readonly database: string;
  readonly user: string;
  /** Empty for `local`. */
  readonly address: string;
  readonly method: string;
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly origin: SettingOrigin;
}

/** The records as scopes, and what the server would refuse. */
export interface AccessRules {
  readonly scopes: readonly ServiceScope[];
  readonly problems: readonly ServiceProblem[];
  readonly missing: readonly string[];
}

const types = new Set(['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc']);
const methods = new Set('trust reject md5 password scram-sha-256 gss sspi ident peer pam bsd ldap radius cert oauth'.split(' '));
const maximumRecords = 5000;

/**
 * Reads pg_hba.conf: the first record that matches a connection decides (docs, client-authentication). Each record is a
 * scope `['pg_hba.conf', 'host all all 0.0.0.0/0']` with `method`, its options and its fields; a record that an
 * earlier one leaves no connection is no scope, but stands among the earlier one's shadowed values.
 *
 * @param doubt why anything may be another thing at run time; null when nothing
 */
export function readAccessRules(image: ServiceImage, path: string, release: string, doubt: string | null): AccessRules {
  const problems: ServiceProblem[] = [];
  const missing: string[] = [];
  const records: AccessRecord[] = [];
  const report = (kind: ServiceProblem['kind'], why: string, at: string, line?: number) => {
    if (problems.length < 100)
      problems.push({ kind, what: 'the access rules of postgresql', why, location: line === undefined ? { path: at } : { path: at, line } });
  };
  let files = 0;

  function readFile(file: string, depth: number, strict: boolean): void {
    files += 1;
    if (depth > 10 || files > 2000) {
      report(depth > 10 ? 'invalid' : 'unreadable', 'too many files are included', file);
      return;
    }
    const read = image.files.read(file);
    if (read.state !== 'read') {
      if (read.state !== 'missing') missing.push(file);
      if (read.state === 'unreadable') report('unreadable', read.why, file);
      if (read.state === 'missing' && strict) report('invalid', 'the file does not exist', file);
      return;
    }
    for (const { text, line } of joinedLines(new TextDecoder().decode(read.bytes))) {
      if (records.length >= maximumRecords) {
        report('unreadable', `there are more than ${maximumRecords} records`, file, line);
        return;
      }
      const fields = fieldsOf(text);
      const first = fields[0]?.[0];
      if (first === undefined) continue;
      if (/^include/.test(first) && compareReleases(release, '16') >= 0) include(first, fields[1]?.[0] ?? '', file, depth);
      else {
        const record = recordOf(fields, { path: file, line, layer: read.entry.layer });
        if ('invalid' in record) report('invalid', record.invalid, file, line);
        else records.push(record);
      }
    }
  }

  function include(kind: string, target: string, file: string, depth: number): void {
    const full = target.startsWith('/') ? target : `${file.replace(/\/[^/]*$/, '')}/${target}`;
    if (kind === 'include_dir') {
      for (const name of image.files.list(full)) if (name.endsWith('.conf') && !name.startsWith('.')) readFile(`${full}/${name}`, depth + 1, true);
    } else readFile(full, depth + 1, kind === 'include');
  }

  readFile(path, 0, true);
  return { scopes: scopesOf(records, doubt), problems, missing };
}

/** A backslash at the end continues a line (14 and later; before it was an error). */
function* joinedLines(text: string): Iterable<{ readonly text: string; readonly line: number }> {
  let parts: string[] = [];
  let first = 1;
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (parts.length === 0) first = number;
    const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (trimmed.endsWith('\\')) {
      parts.push(trimmed.slice(0, -1));
      continue;
    }
    yield { text: parts.join('') + trimmed, line: first };
    parts = [];
  }
  if (parts.length > 0) yield { text: parts.join(''), line: first };
}

/** Fields apart by blanks, their words by commas, `"…"` quoted, `#` begins a comment. */
function fieldsOf(text: string): string[][] {
  const fields: string[][] = [];
  let words: string[] = [];
  let word = '';
  let inWord = false;
  let quoted = false;
  const endWord = () => {
    if (inWord) words.push(word);
    word = '';
    inWord = false;
  };
  const endField = () => {
    endWord();
    if (words.length > 0) fields.push(words);
    words = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === '"') {
      quoted = !quoted;
      inWord = true;
    } else if (quoted) word += char;
    else if (char === '#') break;
    else if (char === ',') {
      endWord();
      while (text[at + 1] === ' ' || text[at + 1] === '\t') at += 1;
    } else if (char === ' ' || char === '\t') endField();
    else {
      word += char;
      inWord = true;
    }
  }
  endField();
  return fields;
}

function recordOf(fields: readonly string[][], origin: SettingOrigin): AccessRecord | { readonly invalid: string } {
  const [type = ''] = fields[0] ?? [];
  if (!types.has(type)) return { invalid: `invalid connection type "${type.slice(0, 40)}"` };
  const list = (index: number) => (fields[index] ?? []).join(',');
  let at = 3;
  let address = '';
  if (type !== 'local') {
    address = list(at);
    at += 1;
    const bare = /^[0-9a-fA-F:.]+$/.test(address) && (address.includes(':') || /^[0-9.]+$/.test(address)) && !address.includes('/');
    if (bare) {
      const mask = list(at);
      if (!/^[0-9a-fA-F:.]+$/.test(mask)) return { invalid: 'an IP address needs a mask' };
      address = `${address} ${mask}`;
      at += 1;
    }
    if (/\/(?!\d{1,3}$)/.test(address)) return { invalid: `invalid CIDR mask in address "${address.slice(0, 60)}"` };
  }
  const method = list(at);
  if (list(1) === '' || list(2) === '' || method === '') return { invalid: 'end of line before the authentication method' };
  if (!methods.has(method)) return { invalid: `invalid authentication method "${method.slice(0, 40)}"` };
  if (method === 'peer' && type !== 'local') return { invalid: 'peer authentication is only supported on local sockets' };
  if (method === 'cert' && type !== 'hostssl') return { invalid: 'cert authentication is only supported on hostssl connections' };
  const options: (readonly [string, string])[] = [];
  for (const field of fields.slice(at + 1)) {
    for (const word of field) {
      const equals = word.indexOf('=');
      if (equals < 0) return { invalid: `authentication option not in name=value format: ${word.slice(0, 40)}` };
      options.push([word.slice(0, equals), word.slice(equals + 1)]);
    }
  }
  return { type, database: list(1), user: list(2), address, method, options, origin };
}

function scopesOf(records: readonly AccessRecord[], doubt: string | null): ServiceScope[] {
  const certainty = doubt === null ? { certain: true } : { certain: false, uncertainty: doubt };
  const wide: AccessRecord[] = [];
  const exact = new Map<string, AccessRecord>();
  const lost = new Map<AccessRecord, AccessRecord[]>();
  const kept: AccessRecord[] = [];
  for (const record of records) {
    const key = [record.type, record.database, record.user, record.address].join('\n');
    const winner = exact.get(key) ?? wide.find((one) => covers(one, record));
    if (winner !== undefined) lost.set(winner, [...(lost.get(winner) ?? []), record]);
    else {
      kept.push(record);
      exact.set(key, record);
      if (record.database === 'all' && record.user === 'all' && wide.length < 100) wide.push(record);
    }
  }
  return kept.map((record): ServiceScope => {
    const shadowed = (lost.get(record) ?? []).slice(0, 20).map(({ method, origin }) => ({ value: method, origin }));
    const setting = (key: string, value: string): Setting => ({ key, value, origin: record.origin, ...certainty, shadowed: key === 'method' ? shadowed : [] });
    const fields: (readonly [string, string])[] = [
      ['method', record.method],
      ['type', record.type],
      ['database', record.database],
      ['user', record.user],
      ...(record.address === '' ? [] : [['address', record.address] as const]),
      ...record.options.map(([name, value]) => [name, /passwd|secret/i.test(name) && value !== '' ? '***' : value] as const),
    ];
    const name = [record.type, record.database, record.user, record.address].filter((field) => field !== '').join(' ');
    return { scope: ['pg_hba.conf', name], listen: [], tls: null, settings: fields.map(([key, value]) => setting(key, value)) };
  });
}

/** Whether an earlier record for all databases and users leaves a later one no connection. */
function covers(earlier: AccessRecord, later: AccessRecord): boolean {
  // `replication` is no database that `all` stands for.
  if (later.database.split(',').includes('replication')) return false;
  const isHost = later.type !== 'local';
  const type = earlier.type === later.type || (earlier.type === 'host' && isHost);
  const anywhere =
    earlier.address === 'all' ||
    (earlier.address === '0.0.0.0/0' && /^[0-9.]+(?:\/| )/.test(later.address)) ||
    (earlier.address === '::/0' && /^[0-9a-fA-F:]+\//.test(later.address) && later.address.includes(':'));
  return type && (earlier.address === later.address || (isHost && anywhere));
}
