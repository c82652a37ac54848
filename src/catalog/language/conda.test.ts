import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import { purlOf } from '../purl.ts';
import conda from './conda.ts';
import { channelName } from './conda-channel.ts';
import condaExplicit from './conda-explicit.ts';
import { expectDamageToShow, readWith } from './testing/index.ts';

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
        path: 'conda-meta/a-1-0.json',
        content: '{"name":"a","version":"1"}',
        facts: { packages: [{ name: 'a', version: '1', purl: { qualifiers: {} } }] },
      },
      {
        title: 'empty: what the file name says',
        path,
        content: '',
        facts: { packages: [{ name: 'openssl', version: '3.0.13', purl: { qualifiers: { build: 'h7f8727e_0' } } }] },
        problems: [{ kind: 'unreadable', what: `/${path}` }],
      },
      {
        title: 'corrupt',
        path,
        content: '{"name":1}',
        facts: { packages: [{ name: 'openssl', version: '3.0.13' }] },
        problems: [{ kind: 'unreadable', why: 'it has no name' }],
      },
      {
        title: 'another version than its name says',
        path,
        content: typical.replace('"3.0.13"', '"3.5.0"'),
        facts: { packages: [{ version: '3.5.0' }] },
        problems: [{ kind: 'contradiction', why: 'its name says openssl 3.0.13, it says openssl 3.5.0' }],
      },
    ],
  },
  test,
);

const explicit = `# This file may be used to create an environment using:
# platform: linux-64
https://conda.anaconda.org/conda-forge/noarch/before-1.0-0.conda
@EXPLICIT
https://conda.anaconda.org/conda-forge/linux-64/zlib-ng-1.3.1-hb9d3cd8_2.conda#c9f075ab2f33b3bbee9e62d4ad0a6cd8
https://user:pw12345678@conda.example/t/tk-0123456789/own/label/dev/noarch/my-noarch_pkg-2024.1.post1-pyhd8ed1ab_0.tar.bz2\r
# pip six @ https://files.example/six-1.0.whl
./local-2.0-0.conda
`;

testCataloger(
  condaExplicit,
  {
    takes: ['conda-linux-64.lock', 'app/conda-osx-arm64.lock', 'app/spec-file.txt', 'explicit.txt', 'opt/env/explicit-linux-64.txt'],
    leaves: ['conda-lock.yml', 'opt/conda/conda-meta/initial-state.explicit.txt', 'app/file.txt', 'usr/share/doc/x/explicit.txt'],
    files: [
      {
        title: 'an explicit list',
        path: 'conda-linux-64.lock',
        content: explicit,
        facts: {
          packages: [
            {
              type: 'conda',
              name: 'zlib-ng',
              version: '1.3.1',
              lockfile: true,
              locations: [{ line: 5 }],
              purl: { qualifiers: { build: 'hb9d3cd8_2', channel: 'conda-forge', subdir: 'linux-64' } },
            },
            { name: 'my-noarch_pkg', version: '2024.1.post1', purl: { qualifiers: { build: 'pyhd8ed1ab_0', channel: 'own/label/dev', subdir: 'noarch' } } },
            { name: 'local', version: '2.0' },
          ],
        },
      },
      { title: 'another text', path: 'spec-file.txt', content: 'a list of files\n' },
      { title: 'no list', path: 'conda-linux-64.lock', content: 'version: 1\n', problems: [{ kind: 'unreadable' }] },
      { title: 'empty', path: 'conda-linux-64.lock', content: '', problems: [{ kind: 'unreadable' }] },
      {
        title: 'corrupt: the rest is read',
        path: 'explicit.txt',
        content: '@EXPLICIT\nhttps://x/y/noarch/a.conda\nhttps://x/y/noarch/a-1-0.conda\n',
        facts: { packages: [{ name: 'a', version: '1' }] },
        problems: [{ kind: 'unreadable', line: 2 }],
      },
    ],
  },
  test,
);

test.each([
  ['https://conda.anaconda.org/conda-forge', 'conda-forge'],
  ['https://conda.anaconda.org/conda-forge/', 'conda-forge'],
  ['https://conda.anaconda.org/conda-forge/linux-aarch64', 'conda-forge'],
  ['https://repo.anaconda.com/pkgs/main/noarch', 'main'],
  ['https://conda.anaconda.org/conda-forge/label/rc/osx-arm64', 'conda-forge/label/rc'],
  ['conda-forge', 'conda-forge'],
  ['', undefined],
])('the channel of %j is %j', (address, name) => {
  expect(channelName(address)).toBe(name);
});

test.each([
  ['rattler-0.28.0.zlib-ng-1.2.3-h123_0.json', 'pkg:conda/zlib-ng@1.2.3?build=h123_0&channel=chan&subdir=linux-64', ['Zlib']],
  [
    'conda-4.3.16.my-noarch_pkg-2024.1.post1-pyhd8ed1ab_0.json',
    'pkg:conda/my-noarch_pkg@2024.1.post1?build=pyhd8ed1ab_0&channel=chan&subdir=noarch',
    ['BSD-3-Clause AND MIT'],
  ],
])('what a tool wrote: %s', (file, purl, licenses) => {
  const at = `conda-meta/${file.replace(/^(?:rattler-0\.28\.0|conda-4\.3\.16)\./, '')}`;
  const { packages, problems } = readWith(conda, at, readFileSync(new URL(`./fixtures/${file}`, import.meta.url)));
  expect(problems).toEqual([]);
  expect(packages.map((fact) => [purlOf(fact, null), fact.licenses])).toEqual([[purl, licenses]]);
});

test('damage shows', () => {
  expectDamageToShow(conda, path, typical);
  expectDamageToShow(condaExplicit, 'conda-linux-64.lock', explicit);
});

test('hostile lines take linear time', () => {
  for (const part of ['/', '-', 'a-', 'a/', '#', ' ']) readWith(condaExplicit, 'explicit.txt', `@EXPLICIT\nhttps://${part.repeat(1_000_000)}.conda\n`);
});
