import { defineCataloger } from '../cataloger.ts';

/** apk(5), /etc/apk/world: what was asked to be installed. Kept for a check against the database. */
export default defineCataloger({
  name: 'os/apk-world',
  version: 1,
  summary: 'What an Alpine image was asked to have, to check its package database against',
  provides: ['content'],
  evidence: 'packages',
  ecosystem: 'apk',
  maxBytes: 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && path === 'etc/apk/world',
  *read(file) {
    yield { kind: 'content', fact: { path: `/${file.path}` } };
  },
});
