import { expect, test } from 'vitest';
import { parsePolicy, requireValid } from './formats/index.ts';
import { requestsOf } from './requests.ts';

const requests = (text: string) => requestsOf(requireValid(parsePolicy(text, { name: 't', source: 't' }), 't', 'POLICY_INVALID'));

test('only what the rules ask for', () => {
  expect(requests('DOCKERFILECHECK:NOHEALTHCHECK:WARN')).toEqual([{ kind: 'configuration' }]);
});

test('the union of types', () => {
  expect(requests('PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=a\nNPMCHECK:NPMPKGNAMEMATCH:STOP:BLACKLIST_NPMNAMEMATCH=b')).toEqual([
    { kind: 'packages', detail: { types: ['apk', 'deb', 'npm', 'rpm'] } },
  ]);
});

test('all types where one rule asks for all', () => {
  expect(requests('PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=a\nLICBLACKLIST:LICFULLMATCH:STOP:LICBLACKLIST_FULLMATCH=b')).toEqual([
    { kind: 'packages', detail: { licenses: true } },
  ]);
});

test('vulnerabilities bring what they are made from', () => {
  expect(requests('ANCHORESEC:VULNHIGH:STOP').map(({ kind }) => kind)).toEqual(['distribution', 'feeds', 'packages', 'vulnerabilities']);
  expect(requests('PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=a\nANCHORESEC:FEEDOUTOFDATE:WARN:MAXAGE=2')).toContainEqual({ kind: 'packages' });
});
