import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Cataloger } from '../../cataloger.ts';
import { namesIn, readWith } from '../testing/index.ts';
import bunLock from './bun-lock.ts';
import packageLock from './package-lock.ts';
import pnpmLock from './pnpm-lock.ts';
import yarnLock from './yarn-lock.ts';

const fixtures = new URL('fixtures/', import.meta.url);

/** What every tool installs of the project, or would on another platform. */
const all = [
  '1number 7.0.0',
  '@scope/part 3.2.1',
  '@scope/peering 1.0.0',
  'bundler 1.0.0',
  'dev-tool 1.0.0',
  'dotted.name_x 1.0.0-beta.1',
  'dup 1.0.0',
  'dup 2.0.0',
  'for-darwin 1.0.0',
  'for-linux 1.0.0',
  'gone 1.0.0',
  'inner 1.2.0',
  'plain 1.0.0',
  'plain 2.0.0-rc.1',
  'platforms 1.0.0',
  'tarred 4.0.0',
  'wants-dup1 1.0.0',
  'wants-dup2 1.0.0',
];
const git = 'forked 0.9.0';
/** `^1.0.0` of a package beside `1.0.0` of the project: pnpm until 6, npm and Bun take one for both. */
const newer = 'plain 1.5.0';
/** Yarn knows what comes by its address by the name that the project gives it. */
const remote = 'remote 1.2.0';

const cases: readonly { file: string; cataloger: Cataloger<'packages'>; more?: readonly string[]; less?: readonly string[] }[] = [
  // Version 1 has an address where others have the version, and no name beside it.
  { file: 'npm-6.14.18.package-lock.json', cataloger: packageLock, more: ['forked ', 'remote ', 'tarred '], less: ['tarred 4.0.0'] },
  { file: 'npm-7.24.2.package-lock.json', cataloger: packageLock, more: [git] },
  { file: 'npm-10.9.9.package-lock.json', cataloger: packageLock, more: [git] },
  { file: 'yarn-1.22.22.yarn.lock', cataloger: yarnLock, more: [git, newer, remote] },
  { file: 'yarn-2.4.2.yarn.lock', cataloger: yarnLock, more: [git, newer, remote] },
  { file: 'yarn-3.8.7.yarn.lock', cataloger: yarnLock, more: [newer, remote] },
  { file: 'yarn-4.18.1.yarn.lock', cataloger: yarnLock, more: [newer, remote] },
  { file: 'pnpm-4.14.4.pnpm-lock.yaml', cataloger: pnpmLock, less: ['for-darwin 1.0.0', 'for-linux 1.0.0', 'platforms 1.0.0'] },
  { file: 'pnpm-5.18.11.pnpm-lock.yaml', cataloger: pnpmLock },
  { file: 'pnpm-6.35.1.pnpm-lock.yaml', cataloger: pnpmLock },
  { file: 'pnpm-7.33.7.pnpm-lock.yaml', cataloger: pnpmLock },
  { file: 'pnpm-8.15.9.pnpm-lock.yaml', cataloger: pnpmLock },
  { file: 'pnpm-9.15.9.pnpm-lock.yaml', cataloger: pnpmLock, more: [git] },
  { file: 'pnpm-10.34.9.pnpm-lock.yaml', cataloger: pnpmLock, more: [git] },
  { file: 'pnpm-12.21.0.pnpm-lock.yaml', cataloger: pnpmLock, more: [git] },
  // What comes by its address has no version there.
  { file: 'bun-1.3.0.bun.lock', cataloger: bunLock, more: ['inner ', 'tarred '], less: ['tarred 4.0.0'] },
];

test.each(cases)(
  '$file: neither the project nor directories beside it, aliases by their real name, each version once',
  ({ file, cataloger, more = [], less = [] }) => {
    const name = file.replace(/^[a-z]+-[\d.]+\d\./, '');
    expect(cataloger.selects({ path: name, type: 'file', mode: 0o644, size: 1 }, { kind: 'packages' })).toBe(true);
    const reading = readWith(cataloger, name, readFileSync(new URL(file, fixtures)));
    expect(reading.problems).toEqual([]);
    const expected = [...all, ...more].filter((each) => !less.includes(each));
    expect(namesIn(reading).sort()).toEqual(expected.sort());
    expect(reading.packages.every(({ lockfile }) => lockfile)).toBe(true);
  },
);

test('what comes from elsewhere than a registry says so', () => {
  const elsewhere: Readonly<Record<string, string>> = { forked: 'vcs', remote: 'archive', tarred: 'archive' };
  for (const { file, cataloger } of cases) {
    const { packages } = readWith(cataloger, file.replace(/^[a-z]+-[\d.]+\d\./, ''), readFileSync(new URL(file, fixtures)));
    const origins = packages.flatMap(({ name, origin }) => (origin === undefined ? [] : [`${name} ${origin}`]));
    // npm says of an archive from its address no more than of a registry's; Bun and pnpm know it by its own name.
    const known = packages.filter(({ name }) => elsewhere[name] !== undefined).map(({ name }) => `${name} ${elsewhere[name]}`);
    expect([file, origins.filter((each) => each !== 'inner archive').sort()]).toEqual([file, known.sort()]);
  }
});

test('every lock file there is read', () => {
  expect(
    readdirSync(fixtures)
      .filter((file) => file !== 'README.md')
      .sort(),
  ).toEqual(cases.map(({ file }) => file).sort());
});
