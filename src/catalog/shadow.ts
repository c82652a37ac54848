import type { ShadowEntry } from '../model/index.ts';
import { defineCataloger } from './cataloger.ts';

/** How a password is hashed, by its prefix (crypt(5)). */
const schemes: readonly (readonly [RegExp, string])[] = [
  [/^\$1\$/, 'md5'],
  [/^\$2[abxy]?\$/, 'bcrypt'],
  [/^\$5\$/, 'sha256'],
  [/^\$6\$/, 'sha512'],
  [/^\$y\$/, 'yescrypt'],
  [/^\$gy\$/, 'gost-yescrypt'],
  [/^\$7\$/, 'scrypt'],
  [/^\$sha1/, 'sha1'],
  [/^\$3\$/, 'nt'],
  [/^_[./A-Za-z0-9]{19}$/, 'bsdi-des'],
  [/^[./A-Za-z0-9]{13}$/, 'des'],
];

/** The scheme by its name; one that isn't known here goes by its own (`$argon2id$…`). */
function schemeOf(hash: string): string | null {
  return schemes.find(([form]) => form.test(hash))?.[1] ?? /^\$([a-z][a-z0-9-]{0,19})[$,]/.exec(hash)?.[1] ?? null;
}

function stateOf(field: string): Pick<ShadowEntry, 'password' | 'scheme'> {
  const hash = field.replace(/^[!*]+/, '');
  const scheme = schemeOf(hash);
  if (field === '') return { password: '', scheme: null };
  // A hash behind a mark is a password that comes back with the mark's removal.
  if (field.startsWith('!')) return { password: scheme === null ? '!' : 'locked', scheme };
  if (field.startsWith('*') || scheme === null) return { password: '*', scheme: null };
  return { password: 'set', scheme };
}

export default defineCataloger({
  name: 'shadow',
  version: 2,
  summary: 'The state of each password in /etc/shadow, never its hash',
  provides: ['shadow'],
  evidence: 'accounts',
  maxBytes: 16 * 1024 * 1024,
  wellKnown: ['etc/shadow'],
  selects: ({ path, type }) => type === 'file' && path === 'etc/shadow',
  *read(file) {
    let number = 0;
    for (const raw of file.text().split('\n')) {
      number++;
      const line = raw.replace(/\r$/, '').replace(/^\s+/, '');
      if (line === '' || /^[#+-]/.test(line)) continue;
      const [name = '', password, ...rest] = line.split(':');
      // shadow(5) has nine fields; some tools write fewer at the end.
      if (password === undefined || rest.length > 7) {
        const why = `line ${number} has ${rest.length + (password === undefined ? 1 : 2)} fields where an entry has 9`;
        yield { problem: { kind: 'unreadable', what: `/${file.path}`, why, line: number } };
        continue;
      }
      yield { kind: 'shadow', fact: { name, ...stateOf(password), location: { path: `/${file.path}`, line: number } } };
    }
  },
});
