import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Match, Package } from '../model/index.ts';
import { debian12, distribution, pkg, temporaryDirectory } from './advisories.fixture.ts';
import { type Advisories, openAdvisories } from './advisories.ts';
import { importAdvisories } from './import.ts';

const folder = join(import.meta.dirname, '../../../shared/feeds/synthetic');
const now = new Date('2026-06-01T00:00:00Z');
const ubuntu = distribution('ubuntu', '22.04', { name: 'Ubuntu 22.04.5 LTS' });
const alma9 = distribution('almalinux', '9.4');
const alpine = distribution('alpine', '3.19.1');

describe.skipIf(!existsSync(folder))('the invented records of ../shared/feeds/synthetic (skipped where that folder is absent)', () => {
  let advisories: Advisories;
  beforeAll(async () => {
    const dataDir = temporaryDirectory();
    await importAdvisories(folder, { dataDir });
    advisories = (await openAdvisories({ dataDir })) as Advisories;
  });
  const matchesOf = (one: Package, where = debian12): readonly Match[] => advisories.match([one], where, now).matches;
  const names = (one: Package, where = debian12): string[] => matchesOf(one, where).flatMap((match) => [match.id, ...match.aliases]);
  const npm = (version: string): Package => pkg('npm', 'portcullis-fixture', version);
  const source = (version: string): Package => pkg('deb', 'portcullis-bin1', version, { source: { name: 'portcullis-src', version } });

  test.each([
    ['0001', npm('1.2.3-rc.1'), npm('1.2.3')],
    ['0001', npm('0.0.0-alpha'), npm('9.0.0')],
    ['0002', npm('1.4.2'), npm('1.4.3')],
    ['0002', npm('1.0.0'), npm('0.9.9')],
    ['0004', npm('1.0.1'), npm('1.0.2')],
    ['0005', npm('1.5.0'), npm('2.0.0')],
    ['0005', npm('3.0.3'), npm('3.0.4')],
    ['0005', npm('3.0.0'), npm('2.9.9')],
    ['0006', npm('1.0.9'), npm('1.0.8')],
    ['0008', source('3.0-1'), source('1:2.0-1+deb12u1')],
    ['0008', source('1:2.0-1~deb12u1'), source('1:2.0-1+deb12u2')],
    ['0013', pkg('pypi', 'portcullis.fixture', '1.0'), pkg('pypi', 'portcullis-fixture', '1.0.post1')],
    ['0014', pkg('maven', 'org.example:portcullis', '1.0.0-SNAPSHOT'), pkg('maven', 'org.example:portcullis', '1.0')],
    ['0014', pkg('maven', 'org.example/portcullis', '1.0-alpha-1'), pkg('maven', 'org.example:portcullis', '1.0.0.RELEASE')],
    [
      '0015',
      pkg('golang', 'example.invalid/portcullis', 'v1.2.4-0.20260101000000-abcdefabcdef'),
      pkg('golang', 'example.invalid/portcullis', 'v1.2.4+incompatible'),
    ],
    ['0018', npm('1.9.9'), npm('2.0.0')],
    ['0018', npm('0.1.0'), npm('2.5.0')],
    ['0021', npm('8.9.9'), npm('9.0.0')],
  ])('TEST-%s', (number, hit, miss) => {
    expect(names(hit)).toContain(`TEST-${number}`);
    expect(names(miss)).not.toContain(`TEST-${number}`);
  });
  test.each([
    ['0011', alma9, pkg('rpm', 'portcullis-bin', '1.0-2.el9'), pkg('rpm', 'portcullis-bin', '1.0-2.el9_4.1')],
    ['0011', alma9, pkg('rpm', 'portcullis-bin', '1.0~rc1-9.el9'), pkg('rpm', 'portcullis-bin', '1.0^git1-1.el9')],
    ['0012', alpine, pkg('apk', 'portcullis-apk', '1.2_rc3-r0'), pkg('apk', 'portcullis-apk', '1.2-r0')],
    ['0012', alpine, pkg('apk', 'portcullis-apk', '1.2_alpha9-r9'), pkg('apk', 'portcullis-apk', '1.2_p1-r0')],
    ['0019', ubuntu, source('1.0-1ubuntu0.1'), source('1.0-1ubuntu0.2')],
    ['0020', ubuntu, source('1.0-1ubuntu0.2'), source('1.0-1ubuntu0.2+esm1')],
  ])('TEST-%s', (number, where, hit, miss) => {
    expect(names(hit, where)).toContain(`TEST-${number}`);
    expect(names(miss, where)).not.toContain(`TEST-${number}`);
  });
  test('TEST-0003: a withdrawn record never matches', () => {
    for (const version of ['0.0.1', '1.0.0', '99.0.0']) expect(names(npm(version))).not.toContain('TEST-0003');
  });
  test('TEST-0007: unimportant is negligible and has no fix', () => {
    expect(matchesOf(source('3.0-1')).find((match) => match.id === 'TEST-0007')).toMatchObject({
      severity: 'negligible',
      fixState: 'not-fixed',
      fixedIn: null,
    });
  });
  test('TEST-0009: another release', () => {
    expect(names(source('3.0-1'))).not.toContain('TEST-0009');
    expect(names(source('3.0-1'), distribution('debian', '11'))).toContain('TEST-0009');
  });
  test('TEST-0010: a record for the distribution without a release, and for nothing else, counts for every release', () => {
    expect(names(source('3.0-1'))).toContain('TEST-0010');
    expect(names(source('3.0-1'), distribution('debian', '11'))).toContain('TEST-0010');
    expect(names(source('3.0-1'), ubuntu)).not.toContain('TEST-0010');
  });
  test('TEST-0016 and TEST-0017: one finding, three scores, the newest version decides', () => {
    const found = matchesOf(npm('8.0.0')).filter((match) => [match.id, ...match.aliases].some((name) => name === 'TEST-0016' || name === 'TEST-0017'));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity: 'critical', severitySource: 'TEST-0016: CVSS 4.0', fixedIn: '9.0.0' });
    expect(found[0]?.cvss.map((score) => [score.version, score.score])).toEqual([
      ['4.0', 9.3],
      ['3.1', 5.3],
      ['2.0', 10],
    ]);
  });
  test("TEST-0019: Ubuntu's priority is the severity", () => {
    expect(matchesOf(source('1.0-1ubuntu0.1'), ubuntu).find((match) => match.id === 'TEST-0019')).toMatchObject({
      severity: 'negligible',
      severitySource: 'TEST-0019: Ubuntu',
    });
  });
  test('TEST-0020: a fix for Pro subscribers is no fix for others', () => {
    const match = matchesOf(source('1.0-1ubuntu0.2'), ubuntu).find((each) => each.id === 'TEST-0020');
    expect(match).toMatchObject({ fixState: 'not-fixed', fixedIn: null, source: 'Ubuntu:Pro:22.04:LTS' });
    expect(matchesOf(source('1.0-1ubuntu0.1+esm7'), ubuntu).find((each) => each.id === 'TEST-0020')).toMatchObject({
      fixState: 'fixed',
      fixedIn: '1.0-1ubuntu0.2+esm1',
    });
  });
  test('TEST-0021: the zero time is no date', () => {
    expect(matchesOf(npm('8.0.0')).find((match) => match.id === 'TEST-0021')).toMatchObject({ modified: null, published: '2026-01-01T00:00:00Z' });
  });
  test('TEST-0022: a word without a vector', () => {
    expect(matchesOf(npm('8.0.0')).find((match) => match.id === 'TEST-0022')).toMatchObject({ severity: 'medium', cvss: [] });
  });
});
