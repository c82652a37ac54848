import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { testCataloger } from '../../../testing/index.ts';
import { elfFixture, machOFixture, peFixture } from '../../executable/program.fixture.ts';
import { expectDamageToShow, namesIn, readWith } from '../testing/index.ts';
import cargoLock from './cargo-lock.ts';
import rustBinary from './rust-binary.ts';

const list = {
  packages: [
    { name: 'app', version: '0.1.0', source: 'local', root: true, dependencies: [1] },
    { name: 'cc', version: '1.0.0', source: 'crates.io', kind: 'build' },
  ],
};
const section = { name: '.dep-v0', content: deflateSync(JSON.stringify(list)) };
const order = { wide: true, bigEndian: false };

describe('programs with a list of crates', () => {
  const read = (bytes: Uint8Array) => readWith(rustBinary, 'bin/app', bytes);
  test.each([
    ['ELF', elfFixture(Buffer.from('data'), [section], order)],
    ['ELF, 32 bits, big-endian', elfFixture(Buffer.from('data'), [section], { wide: false, bigEndian: true })],
    ['PE', peFixture([section])],
    ['Mach-O', machOFixture([section], order)],
  ])('%s', (_, bytes) => {
    expect(read(bytes).problems).toEqual([]);
    expect(namesIn(read(bytes))).toEqual(['app 0.1.0', 'cc 1.0.0']);
  });
  test('none, no program, and a damaged list', () => {
    expect(read(elfFixture(Buffer.from('data'), [], order))).toEqual({ packages: [], problems: [] });
    expect(read(Buffer.from('#!/bin/sh .dep-v0'))).toEqual({ packages: [], problems: [] });
    const with_ = (content: Uint8Array) => read(elfFixture(Buffer.from('data'), [{ name: '.dep-v0', content }], order));
    expect(with_(Buffer.from('no zlib')).problems).toMatchObject([{ kind: 'unreadable', what: '/bin/app' }]);
    expect(with_(Buffer.alloc(0)).problems).toHaveLength(1);
    expect(with_(deflateSync('{"packages":{}}')).problems).toHaveLength(1);
    expect(with_(deflateSync('{"packages":[1]}')).problems).toHaveLength(1);
    // A bomb: more than the format allows.
    expect(with_(deflateSync(Buffer.alloc(16 * 1024 * 1024, ' '))).problems).toHaveLength(1);
  });
  test('damage shows', () => {
    const wrapped = {
      ...rustBinary,
      *read(...[file, request, context]: Parameters<typeof rustBinary.read>) {
        yield* rustBinary.read({ ...file, bytes: peFixture([{ ...section, content: Buffer.from(file.bytes) }]) }, request, context);
      },
    };
    expectDamageToShow(wrapped, 'bin/x', section.content);
  });
  const hasTools = ['gcc', 'objcopy'].every((tool) => spawnSync(tool, ['--version']).status === 0);
  test.skipIf(!hasTools)('a section that objcopy added to a program of gcc (skipped where they are absent)', () => {
    const directory = mkdtempSync(join(tmpdir(), 'portcullis-rust-'));
    try {
      const path = (name: string) => join(directory, name);
      writeFileSync(path('x.c'), 'int main(void) { return 0; }\n');
      writeFileSync(path('list'), section.content);
      execFileSync('gcc', ['-o', path('x'), path('x.c')]);
      execFileSync('objcopy', ['--add-section', `.dep-v0=${path('list')}`, path('x')]);
      execFileSync('strip', [path('x')]);
      expect(namesIn(read(readFileSync(path('x'))))).toEqual(['app 0.1.0', 'cc 1.0.0']);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

const lock =
  '# generated\nversion = 4\n\n[[package]]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n "cc",\n]\n\n[[package]]\nname = "cc"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "00"\n';

testCataloger(
  cargoLock,
  {
    takes: ['Cargo.lock', 'src/app/Cargo.lock'],
    leaves: ['Cargo.toml', 'XCargo.lock', 'root/.cargo/registry/src/index.crates.io-0/cc-1.0.0/Cargo.lock'],
    files: [
      {
        title: 'typical',
        path: 'Cargo.lock',
        content: lock,
        facts: {
          packages: [
            { type: 'cargo', name: 'app', version: '0.1.0', lockfile: true },
            { name: 'cc', version: '1.0.0' },
          ],
        },
      },
      {
        title: 'the form of 2016, with a root',
        path: 'Cargo.lock',
        content: '[root]\nname = "app"\nversion = "0.1.0"\n',
        facts: { packages: [{ name: 'app' }] },
      },
      { title: 'without packages', path: 'Cargo.lock', content: 'version = 3\n', problems: [{ kind: 'unreadable' }] },
      { title: 'empty', path: 'Cargo.lock', content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'corrupt', path: 'Cargo.lock', content: '[[package]\nname', problems: [{ kind: 'unreadable', what: '/Cargo.lock' }] },
      { title: 'a package without a name', path: 'Cargo.lock', content: '[[package]]\nversion = "1"\n', problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

const hasCargo = spawnSync('cargo', ['--version']).status === 0;
test.skipIf(!hasCargo)('a lock file that cargo writes (skipped where it is absent)', { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-cargo-'));
  try {
    const name = `app-${Math.random().toString(36).slice(2, 8)}`;
    execFileSync('cargo', ['init', '--quiet', '--vcs', 'none', '--name', name, directory]);
    execFileSync('cargo', ['init', '--quiet', '--vcs', 'none', '--lib', '--name', 'part', join(directory, 'part')]);
    writeFileSync(
      join(directory, 'Cargo.toml'),
      `[package]\nname = "${name}"\nversion = "3.2.1"\nedition = "2021"\n\n[dependencies]\npart = { path = "part" }\n\n[workspace]\n`,
    );
    execFileSync('cargo', ['generate-lockfile', '--offline', '--quiet'], { cwd: directory });
    const reading = readWith(cargoLock, 'Cargo.lock', readFileSync(join(directory, 'Cargo.lock')));
    expect(namesIn(reading).sort()).toEqual([`${name} 3.2.1`, 'part 0.1.0'].sort());
    expect(reading.problems).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('damaged lock files show', () => expectDamageToShow(cargoLock, 'Cargo.lock', lock));
