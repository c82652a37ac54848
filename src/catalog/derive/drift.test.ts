import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type RecordedEntry, Squash } from '../../layer/index.ts';
import type { DistributionPackageType, Package } from '../../model/index.ts';
import type { ChecksumsFact, DiversionFact, KnownFile } from '../cataloger.ts';
import { problemOf } from '../problem.ts';
import { driftOf, type OwnershipContext, ownershipProblems, ownersOf } from './drift.ts';
import { digestsByContent } from './files.ts';

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

function entry(path: string, given: Partial<RecordedEntry> = {}): RecordedEntry {
  return { path, type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, linkName: '', ...given };
}

const pkg = (type: DistributionPackageType, name: string): Package => ({
  purl: `pkg:${type}/${name}@1`,
  type,
  name,
  version: '1',
  source: null,
  architecture: null,
  licenses: [],
  locations: [],
  ownedBy: null,
  lockfile: false,
  cataloger: 'test',
});

interface Given {
  readonly entries: readonly RecordedEntry[];
  readonly packages: readonly Package[];
  readonly checksums: readonly ChecksumsFact[];
  readonly diversions?: readonly DiversionFact[];
}

function contextOf({ entries, diversions = [], ...rest }: Given): OwnershipContext {
  const squash = new Squash();
  squash.apply(0, entries, new Set());
  return { squash, diversions, ...rest };
}

const list = (type: DistributionPackageType, name: string, files: KnownFile[], configuration: string[] = []): ChecksumsFact => ({
  type,
  package: name,
  files,
  configuration,
});

/** What each file's content is: its own path, unless it is said. */
function driftIn(given: Given, contents: Readonly<Record<string, string>> = {}): string[] {
  const digests = given.entries
    .filter(({ type }) => type === 'file')
    .map(({ path }) => ({ path: `/${path}`, digests: { sha1: sha1(contents[`/${path}`] ?? `/${path}`), md5: sha1(`/${path}`) } }));
  const context = contextOf(given);
  return driftOf(context, digestsByContent(context.squash, digests)).map(({ kind, package: owner, location }) => `${kind} ${owner} ${location.path}`);
}

const put = (path: string): KnownFile => [path, 'sha1', sha1(path)];

test('links: a target that is another, a file in a link’s place, a link in a file’s place', () => {
  const entries = [
    entry('bin/same'),
    entry('bin/copy'),
    entry('bin/kept', { type: 'symlink', linkName: 'same' }),
    entry('bin/turned', { type: 'symlink', linkName: '/tmp/x' }),
    entry('bin/replaced'),
    entry('bin/became', { type: 'symlink', linkName: 'same' }),
    entry('bin/copied', { type: 'symlink', linkName: 'copy' }),
    entry('bin/nowhere', { type: 'symlink', linkName: '/nowhere' }),
    entry('bin/directory', { type: 'directory' }),
    entry('bin/own', { type: 'symlink', linkName: 'same' }),
  ];
  const files: KnownFile[] = [
    put('/bin/same'),
    put('/bin/copy'),
    ['/bin/kept', 'link', 'same'],
    ['/bin/turned', 'link', 'same'],
    ['/bin/replaced', 'link', 'same'],
    put('/bin/became'),
    ['/bin/copied', 'sha1', sha1('/bin/copy')],
    put('/bin/nowhere'),
    put('/bin/directory'),
    ['/bin/own', '', ''],
  ];
  expect(driftIn({ entries, packages: [pkg('rpm', 'a')], checksums: [list('rpm', 'a', files)] })).toEqual([
    'changed a /bin/became',
    'changed a /bin/directory',
    'changed a /bin/nowhere',
    'changed a /bin/replaced',
    'changed a /bin/turned',
  ]);
});

test('apk names a link by the digest of its target', () => {
  const entries = [entry('lib/a', { type: 'symlink', linkName: 'x' }), entry('lib/b', { type: 'symlink', linkName: 'y' }), entry('lib/c')];
  const files: KnownFile[] = ['a', 'b', 'c'].map((name) => [`/lib/${name}`, 'sha1', sha1('x')]);
  expect(driftIn({ entries, packages: [pkg('apk', 'p')], checksums: [list('apk', 'p', files)] })).toEqual(['changed p /lib/b', 'changed p /lib/c']);
});

test('a diversion moves what packages have, but not the files of whom it is for, and makes nobody an owner', () => {
  const entries = [
    entry('bin', { type: 'symlink', linkName: 'usr/bin' }),
    ...['usr/bin/sh', 'usr/bin/sh.distrib', 'usr/bin/ssh', 'usr/bin/ssh.distrib'].map((path) => entry(path)),
  ];
  const given: Given = {
    entries,
    packages: [pkg('deb', 'bash'), pkg('deb', 'dash'), pkg('deb', 'ssh')],
    checksums: [
      list('deb', 'bash', [['/bin/sh', 'sha1', sha1('/usr/bin/sh.distrib')]]),
      list('deb', 'dash', [['/usr/bin/sh', 'sha1', sha1('/usr/bin/sh')]]),
      list('deb', 'ssh', [['/usr/bin/ssh', 'sha1', sha1('the original')]]),
    ],
    diversions: [
      { from: '/bin/sh', to: '/bin/sh.distrib', package: 'dash' },
      { from: '/usr/bin/ssh', to: '/usr/bin/ssh.distrib', package: null },
    ],
  };
  expect(driftIn(given)).toEqual(['unowned null /usr/bin/ssh', 'changed ssh /usr/bin/ssh.distrib']);
  const context = contextOf(given);
  const owner = ownersOf(context);
  const ownerAt = (path: string): string | null => owner(context.squash.lookup(path, true) as Parameters<typeof owner>[0]);
  expect(['/bin/sh', '/bin/sh.distrib', '/usr/bin/ssh', '/usr/bin/ssh.distrib'].map(ownerAt)).toEqual(['dash', 'bash', null, 'ssh']);
});

test('scripts of installed packages are theirs, what else lies in the database is nobody’s', () => {
  const entries = ['info/a.postinst', 'info/a:amd64.prerm', 'info/gone.postinst', 'info/a.sh', 'tool'].map((name) => entry(`var/lib/dpkg/${name}`));
  expect(driftIn({ entries, packages: [pkg('deb', 'a')], checksums: [list('deb', 'a', [])] })).toEqual([
    'unowned null /var/lib/dpkg/info/a.sh',
    'unowned null /var/lib/dpkg/info/gone.postinst',
    'unowned null /var/lib/dpkg/tool',
  ]);
});

test('configuration is its package’s, whatever stands in it', () => {
  const entries = [entry('etc/init.d/x'), entry('etc/y', { type: 'symlink', linkName: '/z' })];
  const checksums: ChecksumsFact[] = [
    list('deb', 'a', [put('/etc/y')]),
    { type: 'deb', package: 'a', files: null, configuration: ['/etc/init.d/x', '/etc/y'] },
  ];
  expect(driftIn({ entries, packages: [pkg('deb', 'a')], checksums })).toEqual([]);
});

test('where lists are missing nothing is said to be nobody’s, and that is told', () => {
  const entries = [entry('bin/a'), entry('bin/b'), entry('bin/c')];
  const packages = [pkg('deb', 'a'), pkg('deb', 'b'), pkg('apk', 'virtual'), pkg('apk', 'c')];
  const checksums = [list('deb', 'a', [['/bin/a', 'sha1', sha1('x')]]), list('apk', 'c', [put('/bin/c')])];
  const given: Given = { entries, packages, checksums: [...checksums, { type: 'deb', package: 'b', files: null, configuration: [] }] };
  expect(driftIn(given)).toEqual(['changed a /bin/a']);
  expect([...ownershipProblems('drift', contextOf(given), [])]).toMatchObject([{ kind: 'no-data', why: 'no list tells which files these packages have: b' }]);
  expect([...ownershipProblems('drift', contextOf({ ...given, packages: [pkg('deb', 'a'), pkg('apk', 'c')] }), [])]).toEqual([]);
});

test('a database that can’t be read whole, and digests that aren’t computed, leave drift undecided', () => {
  const unreadable = problemOf({ kind: 'unreadable', evidence: 'packages', ecosystem: 'rpm', what: 'the rpm database', why: 'damaged' });
  const other = problemOf({ kind: 'unreadable', evidence: 'packages', ecosystem: 'npm', what: 'package.json', why: 'damaged' });
  const none = contextOf({ entries: [], packages: [], checksums: [] });
  expect([...ownershipProblems('drift', none, [unreadable, other])]).toMatchObject([{ kind: 'unreadable', evidence: 'drift', scope: { ecosystem: 'rpm' } }]);
  const strange = contextOf({ entries: [entry('a')], packages: [pkg('rpm', 'a')], checksums: [list('rpm', 'a', [['/a', 'other', 'ff']])] });
  expect([...ownershipProblems('drift', strange, [])]).toMatchObject([{ kind: 'unsupported', evidence: 'drift' }]);
  expect([...ownershipProblems('files', strange, [])]).toEqual([]);
});
