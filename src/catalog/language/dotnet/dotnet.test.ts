import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { testCataloger } from '../../../testing/index.ts';
import { elfFixture } from '../../executable/program.fixture.ts';
import { expectDamageToShow, namesIn, readWith } from '../testing/index.ts';
import depsJson from './deps-json.ts';
import packagesLock from './packages-lock.ts';
import singleFile from './single-file.ts';

const deps = JSON.stringify({
  runtimeTarget: { name: '.NETCoreApp,Version=v8.0' },
  targets: { '.NETCoreApp,Version=v8.0': { 'App/1.0.0': { dependencies: { 'Newtonsoft.Json': '13.0.1' } } } },
  libraries: {
    'App/1.0.0': { type: 'project', serviceable: false, sha512: '' },
    'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { type: 'runtimepack' },
    'Newtonsoft.Json/13.0.1': { type: 'package', serviceable: true, sha512: 'sha512-x', path: 'newtonsoft.json/13.0.1' },
    'Loose.Reference/2.0.0.0': { type: 'reference' },
  },
});

const file = { 'lib/net8.0/x.dll': { assemblyVersion: '1.0.0.0' } };
const targets: Readonly<Record<string, object>> = {
  'App/1.0.0': { dependencies: { 'Newtonsoft.Json': '13.0.1' }, runtime: { 'App.dll': {} } },
  'Newtonsoft.Json/13.0.1': { runtime: file },
  'System.Net.Http/4.3.0': { dependencies: { 'System.IO': '4.3.0' } },
  'Placeholder/1.0.0': { runtime: { 'lib/net8.0/_._': {} } },
  'Compiled.Against/1.0.0': { compile: file },
  'Translations.de/1.0.0': { resources: { 'lib/net8.0/de/x.resources.dll': { locale: 'de' } } },
  'Native.Lib/1.0.0': { native: { 'runtimes/linux-x64/native/libx.so': {} } },
  'Per.Platform/1.0.0': { runtimeTargets: { 'runtimes/unix/lib/net8.0/x.dll': { rid: 'unix', assetType: 'runtime' } } },
  'System.Split/4.3.0': { dependencies: { 'runtime.linux-x64.System.Split': '4.3.0' } },
  'runtime.linux-x64.System.Split/4.3.0': { runtime: file },
  'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { runtime: file },
};
const withFiles = JSON.stringify({
  runtimeTarget: { name: '.NETCoreApp,Version=v8.0/linux-x64', signature: '' },
  targets: { '.NETCoreApp,Version=v8.0': {}, '.NETCoreApp,Version=v8.0/linux-x64': targets },
  libraries: Object.fromEntries(
    Object.keys(targets).map((key) => [key, { type: key.startsWith('App/') ? 'project' : key.startsWith('runtimepack.') ? 'runtimepack' : 'package' }]),
  ),
});

testCataloger(
  depsJson,
  {
    takes: ['app/App.deps.json', 'usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Microsoft.NETCore.App.deps.json'],
    leaves: ['app/deps.json', 'app/App.runtimeconfig.json'],
    files: [
      {
        title: 'packages and the framework that comes with it, no projects',
        path: 'app/App.deps.json',
        content: deps,
        facts: {
          packages: [
            { type: 'nuget', name: 'Microsoft.NETCore.App.Runtime.linux-x64', version: '8.0.1', lockfile: false },
            { name: 'Newtonsoft.Json', version: '13.0.1', locations: [{ path: '/app/App.deps.json' }] },
          ],
        },
      },
      {
        title: 'what has no file there was needed to build, or is in the framework: marked',
        path: 'app/App.deps.json',
        content: withFiles,
        facts: {
          packages: [
            { name: 'Newtonsoft.Json', version: '13.0.1', lockfile: false },
            { name: 'System.Net.Http', version: '4.3.0', lockfile: true },
            { name: 'Placeholder', lockfile: true },
            { name: 'Compiled.Against', lockfile: true },
            { name: 'Translations.de', lockfile: false },
            { name: 'Native.Lib', lockfile: false },
            { name: 'Per.Platform', lockfile: false },
            { name: 'System.Split', lockfile: false },
            { name: 'runtime.linux-x64.System.Split', lockfile: false },
            { name: 'Microsoft.NETCore.App.Runtime.linux-x64', version: '8.0.1', lockfile: false },
          ],
        },
      },
      {
        title: 'a shared framework has the version of its directory, not of its build',
        path: 'usr/share/dotnet/shared/Microsoft.NETCore.App/3.1.2/Microsoft.NETCore.App.deps.json',
        content: JSON.stringify({
          runtimeTarget: { name: '.NETCoreApp,Version=v3.1/linux-x64' },
          targets: {
            '.NETCoreApp,Version=v3.1': {},
            '.NETCoreApp,Version=v3.1/linux-x64': {
              'Microsoft.NETCore.App/3.1.2-servicing.20067.4': { dependencies: { 'Microsoft.NETCore.Platforms': '3.1.0' } },
              'Microsoft.NETCore.Platforms/3.1.0': {},
              'runtime.linux-x64.Microsoft.NETCore.App/3.1.2-servicing.20067.4': { runtime: { 'a/System.Linq.dll': {} } },
            },
          },
          libraries: Object.fromEntries(
            [
              'Microsoft.NETCore.App/3.1.2-servicing.20067.4',
              'Microsoft.NETCore.Platforms/3.1.0',
              'runtime.linux-x64.Microsoft.NETCore.App/3.1.2-servicing.20067.4',
            ].map((key) => [key, { type: 'package' }]),
          ),
        }),
        facts: {
          packages: [
            { name: 'Microsoft.NETCore.App', version: '3.1.2', lockfile: false },
            { name: 'Microsoft.NETCore.Platforms', lockfile: true },
            { name: 'runtime.linux-x64.Microsoft.NETCore.App', version: '3.1.2-servicing.20067.4', lockfile: false },
          ],
        },
      },
      {
        title: 'files of no library, or of another system: nothing is known',
        path: 'a.deps.json',
        content: JSON.stringify({
          runtimeTarget: 'x',
          targets: { x: { 'A/1': {} }, y: { 'B/1': { runtime: { 'b.dll': {} } } } },
          libraries: { 'A/1': { type: 'package' } },
        }),
        facts: { packages: [{ name: 'A', lockfile: false }] },
      },
      { title: 'with a byte order mark', path: 'a.deps.json', content: `\uFEFF${deps}`, facts: { packages: [{}, {}] } },
      { title: 'none', path: 'a.deps.json', content: '{"libraries":{}}' },
      { title: 'empty', path: 'a.deps.json', content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'no libraries', path: 'a.deps.json', content: '{"targets":{}}', problems: [{ kind: 'unreadable' }] },
      { title: 'corrupt', path: 'a.deps.json', content: '{"libraries":{"a":{"type":"package"}}}', problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

const lock = JSON.stringify({
  version: 1,
  dependencies: {
    'net6.0': { Serilog: { type: 'Direct', requested: '[2.0.0, )', resolved: '2.0.0' }, other: { type: 'Project' } },
    'net8.0': { Serilog: { type: 'Direct', resolved: '2.0.0' }, 'System.Memory': { type: 'Transitive', resolved: '4.5.5' } },
  },
});

testCataloger(
  packagesLock,
  {
    takes: ['src/packages.lock.json', 'src/packages.App.lock.json'],
    leaves: ['package-lock.json', 'src/packages.json'],
    files: [
      {
        title: 'each version once, no projects',
        path: 'packages.lock.json',
        content: lock,
        facts: {
          packages: [
            { type: 'nuget', name: 'Serilog', version: '2.0.0', lockfile: true },
            { name: 'System.Memory', version: '4.5.5' },
          ],
        },
      },
      { title: 'none', path: 'packages.lock.json', content: '{"version":1,"dependencies":{}}' },
      { title: 'empty', path: 'packages.lock.json', content: '', problems: [{ kind: 'unreadable' }] },
      {
        title: 'corrupt',
        path: 'packages.lock.json',
        content: '{"dependencies":{"net6.0":1,"net8.0":{"a":2}}}',
        problems: [{ kind: 'unreadable' }, { kind: 'unreadable' }],
      },
    ],
  },
  test,
);

/** A number in eight bytes; texts with their length before them. */
const wide = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const narrow = (value: number): Buffer => wide(value).subarray(0, 4);
const named = (text: string): Buffer => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
const mark = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex');

interface Bundled {
  readonly type: number;
  readonly path: string;
  readonly content: Buffer;
  readonly isCompressed?: boolean;
}

/** A single-file program: a host, its files, and their list at the end, to which the host's mark points (dotnet/designs, bundler.md). */
function singleFileProgram(version: number, files: readonly Bundled[]): Buffer {
  const host = (header: number) => elfFixture(Buffer.concat([Buffer.from('hostfxr'), wide(header), mark]), [], { wide: true, bigEndian: false });
  const stored = files.map(({ content, isCompressed }) => (isCompressed ? deflateRawSync(content) : content));
  let at = host(0).length;
  const entries = files.map(({ type, path, content, isCompressed }, index) => {
    const size = stored[index]?.length ?? 0;
    const entry = Buffer.concat([wide(at), wide(content.length), ...(version >= 6 ? [wide(isCompressed ? size : 0)] : []), Buffer.from([type]), named(path)]);
    at += size;
    return entry;
  });
  const header = [narrow(version), narrow(0), narrow(files.length), named('AbCdEfGh'), ...(version >= 2 ? [Buffer.alloc(40)] : []), ...entries];
  return Buffer.concat([host(at), ...stored, ...header]);
}

describe('programs in a single file', () => {
  const read = (bytes: Uint8Array) => readWith(singleFile, 'app/App', bytes);
  const content = Buffer.from(withFiles);
  // Checked with a program of .NET SDK 3.1.102 (version 1), whose kinds of files have other numbers than later ones.
  test.each([1, 2, 6])('with a list of files of version %i', (version) => {
    const program = singleFileProgram(version, [
      { type: version === 1 ? 0 : 1, path: 'App.dll', content: Buffer.from('MZ') },
      { type: version === 1 ? 2 : 3, path: 'App.deps.json', content, isCompressed: version === 6 },
      { type: version === 1 ? 3 : 4, path: 'App.runtimeconfig.json', content: Buffer.from('{}') },
    ]);
    const reading = read(program);
    expect(reading.problems).toEqual([]);
    expect(reading.packages).toHaveLength(10);
    expect(reading.packages[0]).toMatchObject({ name: 'Newtonsoft.Json', locations: [{ path: '/app/App', member: 'App.deps.json' }], lockfile: false });
    expect(reading.packages[1]).toMatchObject({ name: 'System.Net.Http', lockfile: true });
  });
  test('a host whose program lies beside it, a bundle without packages, other programs', () => {
    const nothing = { packages: [], problems: [] };
    expect(read(elfFixture(Buffer.concat([Buffer.from('hostfxr'), wide(0), mark]), [], { wide: true, bigEndian: false }))).toEqual(nothing);
    expect(read(singleFileProgram(6, [{ type: 1, path: 'App.dll', content: Buffer.from('MZ') }]))).toEqual(nothing);
    // A program that looks for bundles has their mark.
    expect(read(elfFixture(Buffer.concat([wide(1e15), mark]), [], { wide: true, bigEndian: false }))).toEqual(nothing);
    expect(read(Buffer.concat([Buffer.from('text hostfxr '.repeat(20)), wide(1e15), mark]))).toEqual(nothing);
  });
  test('damage shows', () => {
    const program = singleFileProgram(6, [{ type: 3, path: 'App.deps.json', content }]);
    for (const length of [program.length - 1, program.length - 30, program.length - 100]) {
      expect(read(program.subarray(0, length))).toMatchObject({ packages: [], problems: [{ kind: 'unreadable', what: '/app/App' }] });
    }
    const other = (given: Partial<Bundled>) => read(singleFileProgram(6, [{ type: 3, path: 'App.deps.json', content, ...given }])).problems;
    expect(other({ content: Buffer.from('{') })).toMatchObject([{ kind: 'unreadable', what: '/app/App!/App.deps.json', member: 'App.deps.json' }]);
    expect(other({ content: Buffer.from('{}') })).toMatchObject([{ member: 'App.deps.json' }]);
    // A bomb.
    expect(other({ content: Buffer.alloc(40 * 1024 * 1024, ' '), isCompressed: true })).toMatchObject([{ kind: 'unreadable' }]);
  });
});

describe('what the .NET SDK 3.1.102 writes', () => {
  const written = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
  test('App.deps.json: a package that was only compiled against, one without files, a project', () => {
    const reading = readWith(depsJson, 'app/App.deps.json', written('sdk-3.1.102.deps.json'));
    expect(reading.problems).toEqual([]);
    expect(reading.packages.map(({ name, version, lockfile }) => [name, version, lockfile])).toEqual([
      ['Meta.Pack', '1.0.0', true],
      ['Other.Lib', '2.0.0-rc.1', false],
      ['Plain.Lib', '1.2.3', false],
      ['Tool.Only', '0.5.0', true],
    ]);
  });
  test('packages.lock.json', () => {
    const reading = readWith(packagesLock, 'src/packages.lock.json', written('sdk-3.1.102.packages.lock.json'));
    expect(reading.problems).toEqual([]);
    expect(namesIn(reading)).toEqual(['Meta.Pack 1.0.0', 'Other.Lib 2.0.0-rc.1', 'Tool.Only 0.5.0', 'Plain.Lib 1.2.3']);
  });
});

test('damage shows', () => {
  expectDamageToShow(depsJson, 'a.deps.json', JSON.stringify({ libraries: { 'A/1': { type: 'package' }, 'B/2': { type: 'package' } } }));
  expectDamageToShow(packagesLock, 'packages.lock.json', lock);
});
