import { expect, test } from 'vitest';
import { readWith } from '../testing/index.ts';
import { npmOrigin } from './npm-origin.ts';
import pnpmLock from './pnpm-lock.ts';
import yarnLock from './yarn-lock.ts';

const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';

test.each([
  ['git+ssh://git@github.com/a/b.git#0a1b', { vcs_url: 'git+ssh://git@github.com/a/b.git@0a1b' }],
  [`git+https://${token}@github.com/a/b.git#0a1b`, { vcs_url: 'git+https://github.com/a/b.git@0a1b' }],
  ['git://github.com/a/b.git#semver:^1', { vcs_url: 'git+git://github.com/a/b.git@semver:^1' }],
  ['git@github.com:a/b.git#commit=0a1b', { vcs_url: 'git+ssh://git@github.com/a/b.git@0a1b' }],
  ['https://github.com/a/b.git#workspace=c&commit=0a1b', { vcs_url: 'git+https://github.com/a/b.git@0a1b' }],
  ['github:a/b#0a1b', { vcs_url: 'git+https://github.com/a/b@0a1b' }],
  ['git+file:///srv/b.git#0a1b', {}],
  [`https://user:${token}@files.example/b-1.0.tgz?x=${token}`, { download_url: 'https://files.example/b-1.0.tgz' }],
  ['file:./b-1.0.tgz', {}],
  ['./b-1.0.tgz', {}],
])('%s', (source, qualifiers) => {
  expect(npmOrigin(source)?.qualifiers).toEqual(qualifiers);
});

test.each(['1.0.0', '^1.0.0', 'latest', '>=1 <2', 'npm:b@1', '', '1.x', 'a/b'])('%j is no address', (source) => {
  expect(npmOrigin(source)).toBeUndefined();
});

test('yarn.lock 1: the commit of what was asked for by a tag, or by a short form', () => {
  const lock = `# yarn lockfile v1

"a@git+ssh://git@git.example/a.git#v1":
  version "1.0.0"
  resolved "git+ssh://git@git.example/a.git#0a1b"

b@user/b#main:
  version "2.0.0"
  resolved "https://codeload.github.com/user/b/tar.gz/0a1b"

"c@https://files.example/c.tgz":
  version "3.0.0"

d@^4:
  version "4.0.0"
  resolved "https://registry.yarnpkg.com/d/-/d-4.0.0.tgz#00"
`;
  expect(readWith(yarnLock, 'yarn.lock', lock).packages.map(({ name, purl }) => [name, purl?.qualifiers])).toEqual([
    ['a', { vcs_url: 'git+ssh://git@git.example/a.git@0a1b' }],
    ['b', { download_url: 'https://codeload.github.com/user/b/tar.gz/0a1b' }],
    ['c', { download_url: 'https://files.example/c.tgz' }],
    ['d', undefined],
  ]);
});

test('pnpm-lock.yaml: the resolution says it', () => {
  const lock = `lockfileVersion: '9.0'

importers:

  .: {}

packages:

  a@git+https://git.example/a.git#0a1b:
    resolution: {commit: 0a1b, repo: https://${token}@git.example/a.git, type: git, path: /sub}
    version: 1.0.0

  b@https://codeload.github.com/user/b/tar.gz/0a1b:
    resolution: {tarball: https://codeload.github.com/user/b/tar.gz/0a1b}
    version: 2.0.0

  c@3.0.0:
    resolution: {integrity: sha512-00, tarball: https://registry.example/c-3.0.0.tgz}
`;
  const { packages, problems } = readWith(pnpmLock, 'pnpm-lock.yaml', lock);
  expect(problems).toEqual([]);
  expect(packages.map(({ name, version, purl }) => [name, version, purl?.qualifiers])).toEqual([
    ['a', '1.0.0', { vcs_url: 'git+https://git.example/a.git@0a1b#sub' }],
    ['b', '2.0.0', { download_url: 'https://codeload.github.com/user/b/tar.gz/0a1b' }],
    ['c', '3.0.0', undefined],
  ]);
});
