import { expect, test } from 'vitest';
import { imageFiles, type RecordedEntry, Squash } from '../../layer/index.ts';
import { nixPackages } from './nix-store.ts';

const hash = 'h0cnbmfcn93xm5dg2x27ixhag1cwndga';

function packagesOf(names: readonly string[]): string[] {
  const squash = new Squash();
  const entry = (path: string): RecordedEntry => ({ path, type: 'directory', mode: 0o555, uid: 0, gid: 0, size: 0, linkName: '' });
  squash.apply(
    0,
    names.map((name) => entry(`nix/store/${name}`)),
    new Set(),
  );
  return nixPackages(
    imageFiles(squash, () => undefined),
    true,
  ).map(({ name, version, purl }) => [name, version, purl?.qualifiers?.output].filter(Boolean).join(' '));
}

test('names, versions and outputs of store paths', () => {
  const given: Readonly<Record<string, string>> = {
    'glibc-2.34-210': 'glibc 2.34-210',
    'glibc-2.34-210-bin': 'glibc 2.34-210 bin',
    'perl5.34.1-TimeDate-2.33': 'perl5.34.1-TimeDate 2.33',
    'libfido2-1.10.0': 'libfido2 1.10.0',
    'bash-interactive-5.1-p16-man': 'bash-interactive 5.1-p16 man',
    'busybox-static-x86_64-unknown-linux-musl-1.35.0': 'busybox-static-x86_64-unknown-linux-musl 1.35.0',
    'libedit-20210910-3.1': 'libedit 20210910-3.1',
    'python3.11-requests-2.31.0-dist': 'python3.11-requests 2.31.0 dist',
    'tool-0-unstable-2024-01-02': 'tool 0-unstable-2024-01-02',
    'gtk+3-3.24.41': 'gtk+3 3.24.41',
  };
  for (const [name, expected] of Object.entries(given)) expect(packagesOf([`${hash}-${name}`])).toEqual([expected]);
});

test('what is no package: without a version, build plans, sources, scripts, names that are no store paths', () => {
  const names = ['source', 'readline63-006.drv', 'glibc-2.34-source', 'fix-1.2.patch', 'python3-3.11.9-env', 'user-environment', 'a-1.tar.gz'];
  expect(packagesOf(names.map((name) => `${hash}-${name}`))).toEqual([]);
  expect(packagesOf([`${hash.slice(1)}-a-1`, `${hash.replace('h', 'e')}-a-1`, '.links', `${hash}-`, `${hash}-\u001b-1`])).toEqual([]);
});

test('an image without a store', () => expect(packagesOf([])).toEqual([]));
