import { test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import conda from './conda.ts';
import { expectDamageToShow } from './testing/index.ts';

const path = 'opt/conda/conda-meta/openssl-3.0.13-h7f8727e_0.json';
const typical = JSON.stringify({
  name: 'openssl',
  version: '3.0.13',
  build: 'h7f8727e_0',
  channel: 'https://repo.anaconda.com/pkgs/main/linux-64',
  subdir: 'linux-64',
  license: 'Apache-2.0',
});

testCataloger(
  conda,
  {
    takes: [path, 'conda-meta/a-1-0.json'],
    leaves: ['opt/conda/conda-meta/history', 'opt/conda/pkgs/x-1-0/info/index.json', 'opt/conda/conda-meta/state.json'],
    files: [
      {
        title: 'typical',
        path,
        content: typical,
        facts: {
          packages: [
            {
              type: 'conda',
              name: 'openssl',
              version: '3.0.13',
              licenses: ['Apache-2.0'],
              lockfile: false,
              purl: { qualifiers: { build: 'h7f8727e_0', channel: 'main', subdir: 'linux-64' } },
            },
          ],
        },
      },
      {
        title: 'no more than name and version',
        path,
        content: '{"name":"a","version":"1"}',
        facts: { packages: [{ name: 'a', version: '1', purl: { qualifiers: {} } }] },
      },
      { title: 'empty', path, content: '', problems: [{ kind: 'unreadable', what: `/${path}` }] },
      { title: 'corrupt', path, content: '{"name":1}', problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

test('damage shows', () => expectDamageToShow(conda, path, typical));
