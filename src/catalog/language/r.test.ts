import { test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import r from './r.ts';

const path = 'usr/local/lib/R/site-library/stringr/DESCRIPTION';
const built = 'Built: R 4.3.1; ; 2023-08-01 00:00:00 UTC; unix\n';

testCataloger(
  r,
  {
    takes: [path, 'opt/conda/lib/R/library/base/DESCRIPTION'],
    leaves: ['usr/lib/R/library/base/DESCRIPTION.txt', 'usr/lib/R/library/base/NAMESPACE', 'DESCRIPTION'],
    files: [
      {
        title: 'typical',
        path,
        content: `Package: stringr\nTitle: Simple,\n    Consistent\nVersion: 1.5.0.9000\nLicense: MIT +\n  file LICENSE\nNeedsCompilation: no\n${built}`,
        facts: {
          packages: [
            { type: 'cran', name: 'stringr', version: '1.5.0.9000', licenses: ['MIT + file LICENSE'], locations: [{ path: `/${path}` }], lockfile: false },
          ],
        },
      },
      {
        title: 'CRLF, no licence',
        path,
        content: `Package: a\r\nVersion: 1.0-4\r\n${built}`,
        facts: { packages: [{ name: 'a', version: '1.0-4', licenses: [] }] },
      },
      { title: 'a source, which is not installed', path: 'src/stringr/DESCRIPTION', content: 'Package: stringr\nVersion: 1.5.0\n' },
      { title: 'something else of that name', path: 'srv/DESCRIPTION', content: Uint8Array.of(0, 1, 2) },
      { title: 'no version', path, content: `Package: a\n${built}`, problems: [{ why: 'it has no version' }] },
      { title: 'no name', path: 'opt/x/DESCRIPTION', content: `Version: 1\n${built}`, problems: [{ why: 'it has no name' }] },
      { title: 'empty, where R installs', path, content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'cut off, where R installs', path, content: 'Package: a\nVers', problems: [{ kind: 'unreadable' }] },
      { title: 'not text, where R installs', path, content: Uint8Array.of(0, 255), problems: [{ why: 'it is not text' }] },
    ],
  },
  test,
);
