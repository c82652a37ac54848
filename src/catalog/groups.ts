import { passwordState } from './accounts.ts';
import { defineCataloger } from './cataloger.ts';

export default defineCataloger({
  name: 'groups',
  version: 1,
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
      const line = raw.replace(/\r$/, '');
      if (line === '' || /^[#+-]/.test(line)) continue;
      const fields = line.split(':');
      if (fields.length !== 4) {
        yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: `line ${number} has ${fields.length} fields where an entry has 4`, line: number } };
        continue;
      }
      const [name, password, gid, members] = fields as [string, string, string, string];
      const location = { path: `/${file.path}`, line: number };
      yield { kind: 'groups', fact: { name, password: passwordState(password), gid, members: members.split(',').filter((each) => each !== ''), location } };
    }
  },
});
