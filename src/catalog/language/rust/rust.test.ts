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

/** A section of WebAssembly; sizes in LEB128. */
function wasmSection(id: number, content: Buffer): Buffer {
  const size: number[] = [];
  for (let left = content.length; ; left >>>= 7) {
    if (left < 0x80) return Buffer.concat([Buffer.from([id, ...size, left]), content]);
    size.push((left & 0x7f) | 0x80);
  }
}

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
  test('a list of cargo-auditable 0.7.7', () => {
    const content = readFileSync(new URL('fixtures/cargo-auditable-0.7.7.dep-v0', import.meta.url));
    const reading = read(elfFixture(Buffer.from('data'), [{ name: '.dep-v0', content }], order));
    expect(reading.problems).toEqual([]);
    expect(reading.packages.every(({ lockfile }) => !lockfile)).toBe(true);
    expect(reading.packages.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([
      // The program itself, a crate under another name, one from git, one in place of crates.io's, one beside it: all of `cargo tree`;
      // and what build scripts and a procedural macro needed.
      'app 1.2.3+meta.1',
      'cc 1.11.3',
      'cfg-if 1.0.5',
      'find-msvc-tools 0.1.15',
      'gitcrate 0.1.0',
      'itoa 1.0.11',
      'localdep 0.1.0',
      'memchr 2.8.3',
      'proc-macro2 1.0.107',
      'quote 1.0.47',
      'serde_derive 1.0.229',
      'shlex 2.0.1',
      'syn 3.0.10',
      'unicode-ident 1.0.27',
    ]);
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
  const custom = (name: string, content: Uint8Array): Buffer => wasmSection(0, Buffer.concat([Buffer.from([name.length]), Buffer.from(name), content]));
  const wasmModule = (...sections: Buffer[]): Buffer => Buffer.concat([Buffer.from('0061736d01000000', 'hex'), ...sections]);
  const component = (...sections: Buffer[]): Buffer => Buffer.concat([Buffer.from('0061736d0d000100', 'hex'), ...sections]);
  test('WebAssembly: a module, and one in a component in a component', () => {
    const bytes = wasmModule(custom('name', Buffer.from('x')), wasmSection(1, Buffer.alloc(300)), custom('.dep-v0', section.content));
    expect(rustBinary.selects({ path: 'srv/app.wasm', type: 'file', mode: 0o644, size: 100 }, { kind: 'packages' })).toBe(true);
    for (const each of [bytes, component(wasmSection(2, Buffer.alloc(9)), wasmSection(4, component(wasmSection(1, bytes))))]) {
      expect(read(each).problems).toEqual([]);
      expect(namesIn(read(each))).toEqual(['app 0.1.0', 'cc 1.0.0']);
    }
    expect(read(wasmModule(wasmSection(1, Buffer.alloc(20))))).toEqual({ packages: [], problems: [] });
  });
  test('WebAssembly, damaged', () => {
    const bytes = wasmModule(custom('.dep-v0', section.content));
    expect(read(bytes.subarray(0, -1)).problems).toMatchObject([{ kind: 'unreadable', what: '/bin/app' }]);
    expect(read(Buffer.concat([bytes, Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])])).problems).toHaveLength(1);
    expect(read(wasmModule(wasmSection(0, Buffer.from('\x7f.dep-v0')))).problems).toHaveLength(1);
    let nested = bytes;
    for (let depth = 0; depth < 20; depth++) nested = component(wasmSection(4, nested));
    expect(read(nested).problems).toHaveLength(1);
    expect(read(Buffer.from('0061736d01000000ff', 'hex'))).toEqual({ packages: [], problems: [] });
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

const hasAuditable = spawnSync('cargo', ['auditable', '--help']).status === 0;
test.skipIf(!hasAuditable)('programs that cargo auditable builds (skipped where it is absent)', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-cargo-'));
  try {
    const random = Math.random().toString(36).slice(2, 8);
    const crate = (path: string, name: string, kind: '--lib' | '--bin') =>
      execFileSync('cargo', ['init', '--quiet', '--vcs', 'none', kind, '--name', name, join(directory, path)]);
    crate('.', `app-${random}`, '--bin');
    crate('part', `part-${random}`, '--lib');
    crate('building', `building-${random}`, '--lib');
    writeFileSync(join(directory, 'build.rs'), 'fn main() {}\n');
    writeFileSync(
      join(directory, 'Cargo.toml'),
      `[package]\nname = "app-${random}"\nversion = "3.2.1-rc.1+x"\nedition = "2021"\n\n[workspace]\n\n[dependencies]\nother = { package = "part-${random}", path = "part" }\n\n[build-dependencies]\nbuilding-${random} = { path = "building" }\n`,
    );
    for (const flags of ['', '-C strip=symbols -C target-feature=+crt-static']) {
      execFileSync('cargo', ['auditable', 'build', '--offline', '--quiet'], { cwd: directory, env: { ...process.env, RUSTFLAGS: flags } });
      const reading = readWith(rustBinary, 'bin/app', readFileSync(join(directory, `target/debug/app-${random}`)));
      expect(reading.problems).toEqual([]);
      expect(reading.packages.map(({ name, version }) => [name, version]).sort()).toEqual(
        [
          [`app-${random}`, '3.2.1-rc.1+x'],
          [`part-${random}`, '0.1.0'],
          [`building-${random}`, '0.1.0'],
        ].sort(),
      );
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
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
      {
        title: 'version 1: checksums beside the packages, a patch that nothing uses, two versions of one',
        path: 'Cargo.lock',
        content:
          '[[package]]\nname = "a"\nversion = "0.1.0"\ndependencies = [\n "b 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)",\n "b 2.0.0 (git+https://example.org/b?branch=x#0123)",\n]\n\n[[package]]\nname = "b"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n\n[[package]]\nname = "b"\nversion = "2.0.0"\nsource = "git+https://example.org/b?branch=x#0123"\n\n[[patch.unused]]\nname = "c"\nversion = "1.0.0"\n\n[metadata]\n"checksum b 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)" = "00"\n',
        facts: { packages: [{ name: 'a' }, { name: 'b', version: '1.0.0' }, { name: 'b', version: '2.0.0' }] },
      },
      {
        title: 'a crate from a repository',
        path: 'Cargo.lock',
        content:
          'version = 4\n\n[[package]]\nname = "forked"\nversion = "0.3.0"\nsource = "git+https://user:pw12345678@git.example/a/forked?branch=main#98ae8a3a8ee9e9a3a7c1f6f0"\n',
        facts: {
          packages: [
            { name: 'forked', version: '0.3.0', origin: 'vcs', purl: { qualifiers: { vcs_url: 'git+https://git.example/a/forked@98ae8a3a8ee9e9a3a7c1f6f0' } } },
          ],
        },
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
