import { passwordState } from './accounts.ts';
import { defineCataloger } from './cataloger.ts';

export default defineCataloger({
  name: 'groups',
  version: 2,
  summary: 'The entries of /etc/group, without password hashes',
  provides: ['groups'],
  evidence: 'groups',
  maxBytes: 16 * 1024 * 1024,
  wellKnown: ['etc/group'],
  selects: ({ path, type }) => type === 'file' && path === 'etc/group',
  *read(file) {
    let number = 0;
    for (const raw of file.text().split('\n')) {
      number++;
      const line = raw.replace(/\r$/, '').replace(/^\s+/, '');
      if (line === '' || /^[#+-]/.test(line)) continue;
      const fields = line.split(':');
      // The GNU C library takes missing members for none, musl what is left over for members.
      if (fields.length < 3) {
        yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: `line ${number} has ${fields.length} fields where an entry has 4`, line: number } };
        continue;
      }
      const [name, password, gid, ...rest] = fields as [string, string, string, ...string[]];
      const members = rest
        .join(':')
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '');
      const location = { path: `/${file.path}`, line: number };
      yield { kind: 'groups', fact: { name, password: passwordState(password), gid, members, location } };
    }
  },
});
