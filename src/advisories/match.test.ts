import { describe, expect, test } from 'vitest';
import type { Package } from '../model/index.ts';
import {
  affected,
  bucket,
  debian12,
  distribution,
  idsWith,
  looseRecords,
  matchWith,
  onlyMatch,
  pkg,
  record,
  temporaryDirectory,
} from './advisories.fixture.ts';
import { matchAdvisories, openAdvisories } from './advisories.ts';
import { importAdvisories } from './import.ts';
import { matchPackages } from './match.ts';
import { Store } from './store.ts';

const deb = (name: string, version: string, source: Package['source'] = { name, version }): Package => pkg('deb', name, version, { source });
const debian = (id: string, name: string, events: readonly string[], more = {}) => record(id, [affected('Debian:12', name, events)], more);

describe('names and versions', () => {
  test('Debian: the source package and its version count, not those of the binary', async () => {
    const records = [debian('DEBIAN-CVE-2024-1', 'gcc-12', ['introduced 0', 'fixed 12.2.0-14+deb12u1'])];
    const binary = deb('libgcc-s1', '4:99', { name: 'gcc-12', version: '12.2.0-14' });
    expect(await onlyMatch(records, binary, debian12)).toMatchObject({
      id: 'DEBIAN-CVE-2024-1',
      fixState: 'fixed',
      fixedIn: '12.2.0-14+deb12u1',
      source: 'Debian:12',
      package: { name: 'libgcc-s1', version: '4:99' },
      matchedBy: { name: 'gcc-12', version: '12.2.0-14', range: '>= 0, < 12.2.0-14+deb12u1', through: 'source' },
    });
    expect(await idsWith(records, [deb('gcc-12', '1', { name: 'other', version: '1' })], debian12)).toEqual([]);
  });
  test('a binary rebuild is no new source version', async () => {
    const records = [debian('DEBIAN-CVE-2024-1', 'a', ['introduced 0', 'fixed 1.0-2']), debian('DEBIAN-CVE-2024-2', 'a', ['introduced 1.0-1+a', 'fixed 2'])];
    expect(await idsWith(records, [deb('a', '1.0-1+b3'), deb('a', '1.0-1+b3', null)], debian12)).toEqual(['DEBIAN-CVE-2024-1', 'DEBIAN-CVE-2024-1']);
    expect(await idsWith(records, [deb('a', '1.0-2+b1', null)], debian12)).toEqual(['DEBIAN-CVE-2024-2']);
  });
  test('Alpine: the origin; Wolfi: the package itself too, which goes first', async () => {
    const where = distribution('wolfi', '20230201');
    const records = [
      record('CGA-1', [affected('Wolfi', 'openssl', ['introduced 0', 'fixed 3.1-r0']), affected('Wolfi', 'libssl3', ['introduced 0', 'fixed 3.0-r0'])]),
    ];
    const sub = (name: string, version: string) => pkg('apk', name, version, { source: { name: 'openssl', version } });
    expect((await onlyMatch(records, sub('libcrypto3', '3.0-r5'), where)).matchedBy).toMatchObject({ name: 'openssl', through: 'source' });
    expect(await idsWith(records, [sub('libssl3', '3.0-r5')], where)).toEqual([]);
    expect((await onlyMatch(records, sub('libssl3', '2.9-r0'), where)).matchedBy).toMatchObject({ name: 'libssl3', through: 'package' });
  });
  test('"0" as a fix says never affected', async () => {
    expect(
      await idsWith(
        [record('ALPINE-CVE-2020-1', [affected('Alpine:v3.19', 'a', ['introduced 0', 'fixed 0'])])],
        [pkg('apk', 'a', '1-r0'), pkg('apk', 'a', 'x')],
        distribution('alpine', '3.19.4'),
      ),
    ).toEqual([]);
  });
  test('rpm: the binary name first, then the source; a missing epoch is 0', async () => {
    const where = distribution('rocky', '9.3');
    const records = [record('RLSA-1', [affected('Rocky Linux:9', 'perl', ['introduced 0', 'fixed 0:5.32.1-481.el9'])])];
    const binary = (version: string, source: string) => pkg('rpm', 'perl-libs', version, { source: { name: 'perl', version: source } });
    expect((await onlyMatch(records, binary('5.32.1-480.el9', '5.32.1-480.el9'), where)).matchedBy.through).toBe('source');
    expect(await idsWith(records, [binary('4:5.32.1-481.el9', '5.32.1-481.el9')], where)).toEqual([]);
  });
  test("rpm: the binary's epoch is the source's only when the rest of the version is; else an epoch in the record can't be compared", async () => {
    const where = distribution('rocky', '9.3');
    const records = [record('RLSA-1', [affected('Rocky Linux:9', 'perl', ['introduced 0', 'fixed 4:5.32.1-481.el9'])])];
    const same = pkg('rpm', 'perl-libs', '4:5.32.1-481.el9', { source: { name: 'perl', version: '5.32.1-481.el9' } });
    const other = pkg('rpm', 'perl-IO', '1.43-481.el9', { source: { name: 'perl', version: '5.32.1-481.el9' } });
    const { matches, problems } = await matchWith(records, [same, other], where);
    expect(matches).toEqual([]);
    expect(problems).toMatchObject([{ kind: 'incomparable', cause: 'outside', scope: { ecosystem: 'rpm' }, what: expect.stringContaining('perl-IO') }]);
  });
  test('AlmaLinux names binaries: a source name proves nothing there', async () => {
    const records = [record('ALSA-1', [affected('AlmaLinux:9', 'perl', ['introduced 0', 'fixed 9'])])];
    expect(await idsWith(records, [pkg('rpm', 'perl-IO', '1-1', { source: { name: 'perl', version: '1-1' } })], distribution('almalinux', '9.1'))).toEqual([]);
  });
  test('names are normalised: PyPI, NuGet, Go, crates.io, Maven, Packagist; npm is left as it is', async () => {
    const of = (ecosystem: string, name: string) => [record(`X-${ecosystem}`, [affected(ecosystem, name, ['introduced 0'])])];
    expect(await idsWith(of('PyPI', 'Foo__Bar.baz'), [pkg('pypi', 'foo-bar-BAZ', '1')])).toHaveLength(1);
    expect(await idsWith(of('NuGet', 'Newtonsoft.Json'), [pkg('nuget', 'newtonsoft.JSON', '1.0.0')])).toHaveLength(1);
    expect(await idsWith(of('Go', 'github.com/Masterminds/goutils'), [pkg('golang', 'github.com/masterminds/goutils', 'v1.0.0')])).toHaveLength(1);
    expect(await idsWith(of('crates.io', 'Some_Crate'), [pkg('cargo', 'some-crate', '1.0.0')])).toHaveLength(1);
    expect(await idsWith(of('Maven', 'org.a:b'), [pkg('maven', 'org.a/b', '1')])).toHaveLength(1);
    expect(await idsWith(of('Packagist', 'Drupal/core'), [pkg('composer', 'drupal/Core', '1.0.0')])).toHaveLength(1);
    expect(await idsWith(of('npm', 'JSONStream'), [pkg('npm', 'jsonstream', '1.0.0')])).toEqual([]);
  });
});

describe('whose advisories', () => {
  const npmRecord = record('GHSA-1', [affected('npm', 'tar', ['introduced 0', 'fixed 6.1.9'])]);
  test("what a distribution package owns isn't judged by a language's advisories, and needs none", async () => {
    const owned = pkg('npm', 'tar', '6.1.0', { ownedBy: 'pkg:deb/debian/node-tar@6.1.0' });
    const { matches, feeds } = await matchWith([npmRecord], [owned], debian12);
    expect(matches).toEqual([]);
    expect(feeds.needed.map((need) => need.ecosystem)).toEqual(['Debian:12']);
    expect(await idsWith([npmRecord], [pkg('npm', 'tar', '6.1.0', { lockfile: true })])).toEqual(['GHSA-1']);
  });
  test('another release, another distribution, another ecosystem of the same name', async () => {
    const records = [
      debian('DEBIAN-CVE-2024-1', 'a', ['introduced 0']),
      record('UBUNTU-CVE-2024-1', [affected('Ubuntu:22.04:LTS', 'a', ['introduced 0'])]),
      record('GHSA-2', [affected('PyPI', 'a', ['introduced 0'])]),
    ];
    expect(await idsWith(records, [deb('a', '1')], debian12)).toEqual(['DEBIAN-CVE-2024-1']);
    expect(await idsWith(records, [deb('a', '1')], distribution('debian', '13'))).toEqual([]);
    expect(await idsWith(records, [deb('a', '1')], distribution('ubuntu', '22.04'))).toEqual(['UBUNTU-CVE-2024-1']);
    expect(await idsWith(records, [deb('a', '1')], distribution('linuxmint', '21', { like: ['ubuntu', 'debian'] }))).toEqual([]);
  });
  test('a base ecosystem without release beside others is a by-product', async () => {
    const records = [record('CLEANSTART-1', [affected('CleanStart', 'a', ['introduced 0']), affected('Alpine', 'a', ['introduced 0'])])];
    expect(await idsWith(records, [pkg('apk', 'a', '1-r0')], distribution('alpine', '3.19.1'))).toEqual([]);
    expect(await idsWith(records, [pkg('apk', 'a', '1-r0')], distribution('cleanstart', ''))).toEqual(['CLEANSTART-1']);
  });
  test("Drupal's own repository", async () => {
    const records = [record('DRUPAL-1', [affected('Packagist:https://packages.drupal.org/8', 'drupal/token', ['introduced 0', 'fixed 1.5.0'])])];
    expect(await idsWith(records, [pkg('composer', 'drupal/token', '1.4.0')])).toEqual(['DRUPAL-1']);
  });
});

describe('records that are no findings', () => {
  test('withdrawn ones; notices of bug fixes; withdrawn ones beside valid ones', async () => {
    const where = distribution('almalinux', '8.9');
    const alma = (id: string, more = {}) => record(id, [affected('AlmaLinux:8', 'a', ['introduced 0', 'fixed 2-1'])], more);
    const records = [
      alma('ALBA-2020:1'),
      alma('ALEA-2020:2', { related: ['CVE-2020-2'] }),
      alma('ALSA-2020:3'),
      alma('ALSA-2020:4', { withdrawn: '2021-01-01T00:00:00Z' }),
    ];
    expect(await idsWith(records, [pkg('rpm', 'a', '1-1')], where)).toEqual(['ALEA-2020:2', 'ALSA-2020:3']);
  });
  test("GIT ranges alone, and entries without ranges and versions: nothing is known, which is said, for this package's type", async () => {
    const git = { package: { ecosystem: 'npm', name: 'a' }, ranges: [{ type: 'GIT', repo: 'x', events: [{ introduced: '0' }] }] };
    const { matches, problems } = await matchWith([record('X-1', [git]), record('X-2', [affected('npm', 'a', [])])], [pkg('npm', 'a', '1.0.0')]);
    expect(matches).toEqual([]);
    expect(problems).toMatchObject([
      { kind: 'incomparable', cause: 'outside', scope: { ecosystem: 'npm' }, evidence: 'vulnerabilities', what: expect.stringContaining('X-1 and 1 more') },
    ]);
  });
  test('a malformed part may hide a range: what is left can match, the rest is said', async () => {
    const entry = (fixed: string) => ({
      package: { ecosystem: 'npm', name: 'a' },
      ranges: [
        { type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] },
        { type: 'NEW', events: [] },
      ],
    });
    const { matches, problems } = await matchWith([record('X-1', [entry('2.0.0')]), record('X-2', [entry('0.5.0')])], [pkg('npm', 'a', '1.0.0')]);
    expect(matches.map((match) => match.id)).toEqual(['X-1']);
    expect(problems).toHaveLength(1);
  });
});

describe('module streams', () => {
  const where = distribution('almalinux', '8.9');
  const fixed = 'fixed 16.20.2-2.module_el8.8.0+3613+1ed8c91d';
  const nodejs = (id: string, stream: string, event = fixed) =>
    record(id, [affected('AlmaLinux:8', 'nodejs', ['introduced 0', event])], {
      summary: `Important: nodejs:${stream} security update`,
      related: [`CVE-2023-${id.slice(-1)}`],
    });
  const installed = (version: string, module?: string) => pkg('rpm', 'nodejs', version, module === undefined ? {} : { module });
  test('compare only within the stream', async () => {
    const records = [nodejs('ALSA-1', '16'), nodejs('ALSA-2', '18', 'fixed 18.17.1-1.module_el8.8.0+3613+1ed8c91d')];
    expect(await idsWith(records, [installed('1:16.1.0-1.module_el8.5.0+1+2', 'nodejs:16:8050020210101:abc')], where)).toEqual([]);
    expect(await idsWith(records, [installed('16.1.0-1.module_el8.5.0+1+2', 'nodejs:16:8050020210101:abc')], where)).toEqual(['ALSA-1']);
    expect(await idsWith(records, [installed('16.1.0-1.el8')], where)).toEqual([]);
  });
  test("a stream that isn't known is a problem", async () => {
    const { matches, problems } = await matchWith([nodejs('ALSA-1', '16')], [installed('16.1.0-1.module_el8.5.0+1+2')], where);
    expect([matches.length, problems.map((problem) => problem.kind)]).toEqual([0, ['incomparable']]);
  });
});

describe('one finding for each vulnerability', () => {
  test('DSA, DEBIAN-CVE and CVE', async () => {
    const entries = (fix: string) => [affected('Debian:12', 'a', ['introduced 0', `fixed ${fix}`])];
    const records = [
      record('DSA-1-1', entries('1.2'), { upstream: ['CVE-2024-1'] }),
      record('DEBIAN-CVE-2024-1', entries('1.1'), { upstream: ['CVE-2024-1'], summary: 'overflow' }),
      record('CVE-2024-1', entries('1.1')),
    ];
    expect(await onlyMatch(records, deb('a', '1.0'), debian12)).toMatchObject({
      id: 'DEBIAN-CVE-2024-1',
      aliases: ['CVE-2024-1', 'DSA-1-1'],
      fixedIn: '1.2',
      summary: 'overflow',
    });
  });
  test('an announcement of several vulnerabilities is told with each of them, and alone where one has no record', async () => {
    const dsa = debian('DSA-2-1', 'a', ['introduced 0', 'fixed 1.2'], { upstream: ['CVE-2024-1', 'CVE-2024-2'] });
    const each = (number: number) => debian(`DEBIAN-CVE-2024-${number}`, 'a', ['introduced 0'], { upstream: [`CVE-2024-${number}`] });
    const { matches } = await matchWith([dsa, each(1), each(2)], [deb('a', '1')], debian12);
    expect(matches.map((match) => [match.id, match.aliases, match.fixedIn])).toEqual([
      ['DEBIAN-CVE-2024-1', ['CVE-2024-1', 'DSA-2-1'], '1.2'],
      ['DEBIAN-CVE-2024-2', ['CVE-2024-2', 'DSA-2-1'], '1.2'],
    ]);
    expect((await matchWith([dsa, each(1)], [deb('a', '1')], debian12)).matches.map((match) => [match.id, match.aliases])).toEqual([
      ['DEBIAN-CVE-2024-1', ['CVE-2024-1']],
      ['DSA-2-1', ['CVE-2024-1', 'CVE-2024-2']],
    ]);
  });
  test('aliases are symmetric and transitive', async () => {
    const of = (id: string, aliases: string[]) => record(id, [affected('PyPI', 'a', ['introduced 0'])], { aliases });
    expect(await onlyMatch([of('PYSEC-1', ['X-9']), of('OTHER-1', ['CVE-2024-1', 'X-9']), of('GHSA-1', ['CVE-2024-1'])], pkg('pypi', 'a', '1'))).toMatchObject({
      id: 'GHSA-1',
      aliases: ['CVE-2024-1', 'OTHER-1', 'PYSEC-1', 'X-9'],
    });
  });
  test('related is no alias, but AlmaLinux has its CVEs nowhere else', async () => {
    const of = (id: string, related: string[]) => record(id, [affected('PyPI', 'a', ['introduced 0'])], { related, aliases: [`Z-${id}`] });
    expect(await idsWith([of('GHSA-1', ['CVE-2024-1']), of('GHSA-2', ['CVE-2024-1'])], [pkg('pypi', 'a', '1')])).toHaveLength(2);
    const alma = record('ALSA-1', [affected('AlmaLinux:9', 'a', ['introduced 0', 'fixed 2-1'])], {
      related: ['CVE-2024-1', 'CVE-2024-2'],
      summary: 'Important: a security update',
    });
    expect(await onlyMatch([alma], pkg('rpm', 'a', '1-1'), distribution('almalinux', '9'))).toMatchObject({
      aliases: ['CVE-2024-1', 'CVE-2024-2'],
      severity: 'high',
      severitySource: 'ALSA-1: title',
    });
  });
  test('packages of one source have a match each', async () => {
    const source = { name: 'a', version: '1' };
    const { matches } = await matchWith([debian('DEBIAN-CVE-2024-1', 'a', ['introduced 0'])], [deb('a1', '1', source), deb('a2', '1', source)], debian12);
    expect(matches.map((match) => match.package.name)).toEqual(['a1', 'a2']);
  });
});

describe('fixes', () => {
  test('a fix that lies in another affected range leads on', async () => {
    const records = [record('X-1', [affected('npm', 'a', ['introduced 0', 'fixed 1.0.0']), affected('npm', 'a', ['introduced 1.0.0', 'fixed 1.5.0'])])];
    expect((await onlyMatch(records, pkg('npm', 'a', '0.5.0'))).fixedIn).toBe('1.5.0');
  });
  test('states', async () => {
    const state = async (events: string[], more = {}) =>
      (await onlyMatch([record('X-1', [affected('Debian:12', 'a', events, more)])], deb('a', '1'), debian12)).fixState;
    expect(await state(['introduced 0', 'fixed 2'])).toBe('fixed');
    expect(await state(['introduced 0'])).toBe('not-fixed');
    expect(await state(['introduced 0', 'last_affected 2'])).toBe('unknown');
    expect(await state([], { versions: ['1'] })).toBe('unknown');
    expect(await state(['introduced 0'], { ecosystem_specific: { urgency: 'end-of-life' } })).toBe('wont-fix');
  });
  test('Ubuntu: ignored will not come; a plain entry of the same record goes before one for subscribers', async () => {
    const where = distribution('ubuntu', '18.04');
    const ignored = record('U-1', [affected('Ubuntu:18.04:LTS', 'a', ['introduced 0'], { ecosystem_specific: { status: 'ignored' } })]);
    expect((await onlyMatch([ignored], deb('a', '1'), where)).fixState).toBe('wont-fix');
    const both = record('U-2', [
      affected('Ubuntu:18.04:LTS', 'a', ['introduced 0', 'fixed 1.1']),
      affected('Ubuntu:Pro:18.04:LTS', 'a', ['introduced 0', 'fixed 1.1+esm1']),
    ]);
    expect(await idsWith([both], [deb('a', '1.1')], where)).toEqual([]);
    const plain = record('U-3', [affected('Ubuntu:18.04:LTS', 'a', ['introduced 0', 'fixed 1.1~esm2'])]);
    expect(await onlyMatch([plain], deb('a', '1'), where)).toMatchObject({ fixState: 'not-fixed', fixedIn: null });
  });
});

describe('severity', () => {
  test('malicious packages are critical; informational records negligible and named so', async () => {
    const mal = record('MAL-2024-1', [affected('npm', 'a', [], { versions: ['1.0.0'] })]);
    expect(await onlyMatch([mal], pkg('npm', 'a', '1.0.0'))).toMatchObject({ severity: 'critical', class: 'malware' });
    const unsound = record('RUSTSEC-1', [affected('crates.io', 'a', ['introduced 0.0.0-0'], { database_specific: { informational: 'unsound' } })]);
    expect(await onlyMatch([unsound], pkg('cargo', 'a', '1.0.0'))).toMatchObject({ severity: 'negligible', class: 'informational' });
    const plain = record('RUSTSEC-2', [affected('crates.io', 'a', ['introduced 0.0.0-0'], { database_specific: { informational: null } })]);
    expect((await onlyMatch([plain], pkg('cargo', 'a', '1.0.0'))).class).toBeUndefined();
  });
  test("aliases' records in the store speak last, GitHub's first, withdrawn ones never", async () => {
    const vector = (score: string) => ({ severity: [{ type: 'CVSS_V3', score: `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/${score}` }] });
    const own = debian('DEBIAN-CVE-2024-1', 'a', ['introduced 0'], { upstream: ['CVE-2024-1'] });
    const cve = record('CVE-2024-1', [], vector('C:L/I:N/A:N'));
    const github = record('GHSA-1', [affected('PyPI', 'a', ['introduced 0'])], { aliases: ['CVE-2024-1'], ...vector('C:H/I:H/A:H') });
    expect(await onlyMatch([own], deb('a', '1'), debian12)).toMatchObject({ severity: 'unknown', severitySource: null });
    expect(await onlyMatch([own, cve], deb('a', '1'), debian12)).toMatchObject({ severity: 'medium', severitySource: 'CVE-2024-1: CVSS 3.1' });
    const both = await onlyMatch([own, cve, github], deb('a', '1'), debian12);
    expect(both.severity).toBe('medium');
    expect(both.cvss.map((score) => score.source)).toEqual(['CVE-2024-1']);
    expect(
      (await onlyMatch([own, record('CVE-2024-1', [], { ...vector('C:L/I:N/A:N'), withdrawn: '2024-01-01T00:00:00Z' })], deb('a', '1'), debian12)).severity,
    ).toBe('unknown');
  });
});

describe('what could not be judged', () => {
  test('a version without a place in the order is a problem of the image, unless it is listed or nobody speaks of the package', async () => {
    const records = [
      record('X-1', [affected('PyPI', 'a', ['introduced 0', 'fixed 2'])]),
      record('X-2', [affected('PyPI', 'a', [], { versions: ['not-a-version'] })]),
    ];
    const { matches, problems } = await matchWith(records, [pkg('pypi', 'a', 'not-a-version'), pkg('pypi', 'b', '???')]);
    expect(matches.map((match) => match.id)).toEqual(['X-2']);
    expect(problems).toMatchObject([
      { kind: 'incomparable', cause: 'image', scope: { ecosystem: 'pypi' }, id: 'incomparable:vulnerabilities:image:pkg:pypi/a@not-a-version' },
    ]);
  });
  test("an advisory's own version without a place is a problem outside", async () => {
    const { problems } = await matchWith([record('X-1', [affected('npm', 'a', ['introduced 0', 'fixed 1.0.0.0.0'])])], [pkg('npm', 'a', '1.0.0')]);
    expect(problems).toMatchObject([{ kind: 'incomparable', cause: 'outside' }]);
  });
  const some = [debian('DEBIAN-CVE-2024-1', 'a', ['introduced 0'])];
  test.each([
    ['no records for the release', distribution('debian', '13'), 'no-data', 'no-data', 'outside'],
    ['edge', distribution('alpine', '3.22.0_alpha20250108'), 'no-data', 'no-data', 'outside'],
    ['unsupported', distribution('amzn', '2023'), 'unsupported', 'unsupported', 'outside'],
    ['a derivative', distribution('kali', '2026.1', { like: ['debian'] }), 'unsupported', 'unsupported', 'outside'],
  ])('%s', async (_, where, state, kind, cause) => {
    const type = where.id === 'amzn' ? 'rpm' : where.id === 'alpine' ? 'apk' : 'deb';
    const { feeds, problems, matches } = await matchWith(some, [pkg(type, 'a', '1')], where);
    expect(matches).toEqual([]);
    expect(feeds.needed).toMatchObject([{ state }]);
    expect(problems).toMatchObject([{ kind, cause, scope: { ecosystem: type } }]);
  });
  test('past the end of life: matched, and said', async () => {
    const records = [record('D-1', [affected('Debian:10', 'a', ['introduced 0'])])];
    const { feeds, problems, matches } = await matchWith(records, [deb('a', '1')], distribution('debian', '10'));
    expect(matches).toHaveLength(1);
    expect(feeds.needed).toEqual([{ ecosystem: 'Debian:10', state: 'end-of-life' }]);
    expect(problems).toMatchObject([{ kind: 'stale', cause: 'outside', scope: { ecosystem: 'deb' }, why: expect.stringContaining('2024-06-30') }]);
    const before = await matchWith(records, [deb('a', '1')], distribution('debian', '10'), new Date('2024-06-30T23:59:59Z'));
    expect([before.problems, before.feeds.needed[0]?.state]).toEqual([[], 'available']);
  });
  test('no distribution named, or one with another kind of packages', async () => {
    expect((await matchWith(some, [deb('a', '1'), deb('b', '1')], null)).problems).toMatchObject([{ kind: 'unsupported', cause: 'image' }]);
    expect((await matchWith(some, [pkg('apk', 'a', '1')], debian12)).problems).toMatchObject([
      { kind: 'contradiction', cause: 'image', scope: { ecosystem: 'apk' } },
    ]);
  });
  test('a missing ecosystem and packages of no ecosystem', async () => {
    const { problems, feeds } = await matchWith(some, [pkg('npm', 'a', '1.0.0'), pkg('npm', 'b', '1.0.0'), pkg('generic', 'busybox', '1.36')]);
    expect(feeds.needed).toEqual([{ ecosystem: 'npm', state: 'no-data' }]);
    expect(problems.map((problem) => [problem.kind, problem.scope.ecosystem])).toEqual([
      ['no-data', 'npm'],
      ['unsupported', 'generic'],
    ]);
  });
  test('packages of distributions that have no advisories, whatever the image says it is', async () => {
    const packages = (['alpm', 'ebuild', 'opkg', 'nix'] as const).map((type) => pkg(type, 'a', '1'));
    for (const system of [null, debian12, distribution('arch', '')]) {
      const { problems } = await matchWith(some, packages, system);
      const told = problems.filter(({ scope }) => scope.ecosystem !== 'deb');
      expect(told.map(({ kind, cause, scope }) => `${kind} ${cause} ${scope.ecosystem}`)).toEqual(packages.map(({ type }) => `unsupported outside ${type}`));
    }
  });
  test('Bitnami’s components and R’s packages have ecosystems of their own', async () => {
    const record = (ecosystem: string, name: string, fixed: string) => ({
      id: `X-${name}`,
      modified: '2024-01-01T00:00:00Z',
      affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }] }],
    });
    const records = [record('Bitnami', 'redis', '7.0.9'), record('CRAN', 'readxl', '1.4.2')];
    const given = [pkg('bitnami', 'redis', '7.0.8-12'), pkg('bitnami', 'redis', '7.0.9-0'), pkg('cran', 'readxl', '1.4-1'), pkg('cran', 'readxl', '1.4.2')];
    const { matches, problems } = await matchWith(records, given);
    expect(matches.map(({ id, package: found }) => `${id} ${found.version}`)).toEqual(['X-redis 7.0.8-12', 'X-readxl 1.4-1']);
    expect(problems).toEqual([]);
  });
  test('nothing imported at all', () => {
    const { problems, feeds, matches } = matchAdvisories(null, [deb('a', '1'), pkg('pypi', 'a', '1')], debian12, new Date());
    expect(matches).toEqual([]);
    expect(feeds).toMatchObject({
      digest: null,
      sources: [],
      needed: [
        { ecosystem: 'Debian:12', state: 'no-data' },
        { ecosystem: 'PyPI', state: 'no-data' },
      ],
    });
    expect(problems.map((problem) => problem.kind)).toEqual(['no-data', 'no-data']);
  });
  test('a record of another ecosystem that names one is no feed of it', async () => {
    const dataDir = temporaryDirectory();
    const both = record('GHSA-1', [affected('npm', 'a', ['introduced 0']), affected('Maven', 'g:a', ['introduced 0'])]);
    await importAdvisories(bucket({ npm: [both] }), { dataDir });
    const advisories = await openAdvisories({ dataDir });
    const { matches, feeds, problems } = matchAdvisories(advisories, [pkg('maven', 'g:a', '1'), pkg('npm', 'a', '1.0.0')], null, new Date('2026-01-01'));
    advisories?.close();
    expect(matches).toHaveLength(2);
    expect(feeds.needed).toEqual([
      { ecosystem: 'Maven', state: 'no-data' },
      { ecosystem: 'npm', state: 'available' },
    ]);
    expect(problems.map(({ id }) => id)).toEqual(['no-data:vulnerabilities:Maven']);
  });
  test('what exceeds the limits is a problem of the image, for the type of the packages that were left out', async () => {
    const dataDir = temporaryDirectory();
    await importAdvisories(looseRecords([debian('D-1', 'a', ['introduced 0']), debian('D-2', 'a', ['introduced 0'])]), { dataDir });
    const store = (await Store.open(dataDir)) as Store;
    const packages = Array.from({ length: 50 }, (_, index) => deb('a', `1.${index}`));
    for (const limits of [
      { records: 20, matches: 1000 },
      { records: 1000, matches: 20 },
    ]) {
      const { matches, problems } = matchPackages(packages, debian12, store, new Date('2026-01-01'), { limits });
      expect(matches).toHaveLength(22);
      expect(problems).toMatchObject([{ kind: 'limit', cause: 'image', scope: { ecosystem: 'deb' } }]);
    }
    expect(matchPackages(packages, debian12, store, new Date('2026-01-01')).problems).toEqual([]);
    store.close();
  });
  test('a distribution without packages needs its advisories, and misses nothing without them', async () => {
    const { problems, feeds } = await matchWith(some, [], distribution('debian', '13'));
    expect([problems, feeds.needed]).toEqual([[], [{ ecosystem: 'Debian:13', state: 'no-data' }]]);
  });
  test('names from the image are only data', async () => {
    for (const name of ['__proto__', 'constructor', 'a"b', 'a\nb', 'a\0b', 'ü', '']) {
      const records = name === '' ? some : [record('X-1', [affected('npm', name, ['introduced 0'])])];
      expect((await matchWith(records, [pkg('npm', name, '1.0.0')])).matches).toHaveLength(name === '' ? 0 : 1);
    }
  });
});
