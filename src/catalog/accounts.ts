import type { Account } from '../model/index.ts';
import { defineCataloger } from './cataloger.ts';

/** What may be said of a password field. */
export function passwordState(field: string): Account['password'] {
  return field === 'x' || field === '*' || field === '' ? field : field.startsWith('!') ? '!' : 'set';
}

export default defineCataloger({
  name: 'accounts',
  version: 2,
  summary: 'The entries of /etc/passwd, without password hashes',
  provides: ['accounts'],
  evidence: 'accounts',
  maxBytes: 16 * 1024 * 1024,
  wellKnown: ['etc/passwd'],
  selects: ({ path, type }) => type === 'file' && path === 'etc/passwd',
  *read(file) {
    let number = 0;
    for (const raw of file.text().split('\n')) {
      number++;
      const line = raw.replace(/\r$/, '').replace(/^\s+/, '');
      // NIS entries (+, -) and comments name no account of this image.
      if (line === '' || line.startsWith('#') || line.startsWith('+') || line.startsWith('-')) continue;
      const fields = line.split(':');
      // The GNU C library takes what is missing at the end for empty, musl what is left over for a part of the shell.
      if (fields.length < 4) {
        yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: `line ${number} has ${fields.length} fields where an entry has 7`, line: number } };
        continue;
      }
      const [name, password, uid, gid, gecos = '', home = '', ...rest] = fields as [string, string, string, string, ...string[]];
      const shell = rest.join(':');
      yield {
        kind: 'accounts',
        fact: { name, password: passwordState(password), uid, gid, gecos, home, shell, location: { path: `/${file.path}`, line: number } },
      };
    }
  },
});
