import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { zipFixture } from '../../archive/zip.fixture.ts';
import { testCataloger } from '../../testing/index.ts';
import { expectDamageToShow } from './testing/index.ts';
import yarnCache from './yarn-cache.ts';

const path = 'app/.yarn/cache/lodash-npm-4.17.21-6382451519-eb835a2e51.zip';
/** Archives of Yarn 4.18.1, from made-up packages. */
const written = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const description = JSON.stringify({ name: 'lodash', version: '4.17.21', license: 'MIT' });

testCataloger(
  yarnCache,
  {
    takes: [
      path,
      'root/.yarn/berry/cache/lodash-npm-4.17.21-6382451519-10c0.zip',
      'app/.yarn/cache/@scope-part-npm-3.2.1-a7c7b19f0d-899429bbb9.zip',
      'srv/packages-of-yarn/lodash-npm-4.17.21-6382451519-eb835a2e51.zip',
    ],
    leaves: ['app/.yarn/cache/.gitignore', 'app/cache/lodash.zip', 'app/.yarn/install-state.gz', 'srv/lodash-npm-4.17.21.zip'],
    files: [
      {
        title: 'a package with another bundled in it',
        path: 'app/.yarn/cache/bundler-npm-1.0.0-b43b854604-319d758d7d.zip',
        content: written('bundler-npm-1.0.0-b43b854604-319d758d7d.zip'),
        facts: {
          packages: [
            { name: 'inner', version: '1.2.0', locations: [{ member: 'node_modules/bundler/node_modules/inner/package.json' }] },
            {
              type: 'npm',
              name: 'bundler',
              version: '1.0.0',
              licenses: ['MIT'],
              lockfile: false,
              locations: [{ path: '/app/.yarn/cache/bundler-npm-1.0.0-b43b854604-319d758d7d.zip', member: 'node_modules/bundler/package.json' }],
            },
          ],
        },
      },
      {
        title: 'a patched package under another name',
        path: 'app/.yarn/cache/patched-patch-968d3b64c2-b544bf23ee.zip',
        content: written('patched-patch-968d3b64c2-b544bf23ee.zip'),
        facts: { packages: [{ name: 'plain', version: '1.5.0', locations: [{ member: 'node_modules/patched/package.json' }] }] },
      },
      { title: 'empty', path, content: '', problems: [{ kind: 'unreadable', what: `/${path}` }] },
      { title: 'no package', path, content: zipFixture([{ name: 'a', content: 'b' }]), problems: [{ kind: 'unreadable', why: 'it holds no package of npm' }] },
      {
        title: 'a description that is damaged: the other is read',
        path,
        content: zipFixture([
          { name: 'node_modules/a/package.json', content: description, crc32: 1 },
          { name: 'node_modules/b/package.json', content: '{' },
          { name: 'node_modules/lodash/package.json', content: description },
        ]),
        facts: { packages: [{ name: 'lodash', version: '4.17.21' }] },
        problems: [{ kind: 'unreadable', member: 'node_modules/a/package.json' }, { what: `/${path}!/node_modules/b/package.json` }],
      },
      {
        title: 'a description that unpacks to more than any has',
        path,
        content: zipFixture([{ name: 'node_modules/a/package.json', content: Buffer.alloc(9 * 1024 * 1024, ' ') }]),
        problems: [{ kind: 'limit', member: 'node_modules/a/package.json' }],
      },
    ],
  },
  test,
);

test('damage shows', () => expectDamageToShow(yarnCache, path, zipFixture([{ name: 'node_modules/lodash/package.json', content: description, stored: true }])));
