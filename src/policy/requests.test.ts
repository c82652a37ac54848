import { expect, test } from 'vitest';
import { distributionPackageTypes } from '../gates/index.ts';
import { parsePolicy, requireValid } from './formats/index.ts';
import { requestsOf } from './requests.ts';

const requests = (text: string) => requestsOf(requireValid(parsePolicy(text, { name: 't', source: 't' }), 't', 'POLICY_INVALID'));

test('only what the rules ask for', () => {
  expect(requests('DOCKERFILECHECK:NOHEALTHCHECK:WARN')).toEqual([{ kind: 'configuration' }]);
});

test('the union of types', () => {
  expect(requests('PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=a\nNPMCHECK:NPMPKGNAMEMATCH:STOP:BLACKLIST_NPMNAMEMATCH=b')).toEqual([
    { kind: 'packages', detail: { types: [...distributionPackageTypes, 'npm'].sort() } },
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

test('the union of what is asked of files, and what owners and drift are told from', () => {
  const text = [
    'FILECHECK:SUIDFILE:STOP:bits=suid',
    'FILECHECK:WORLDWRITABLE:WARN',
    'FILECHECK:FILENAMEMATCH:WARN:FILECHECK_NAMEREGEXP=.*key|/etc',
    'FILECHECK:CONTENTMATCH:WARN:FILECHECK_CONTENTREGEXP=a.*|PRIV_KEY',
    'FILECHECK:CAPABILITY:WARN',
  ].join('\n');
  expect(requests(text)).toEqual([
    { kind: 'contents', detail: { patterns: ['a.*'] } },
    { kind: 'files', detail: { files: { names: ['.*key', '/etc'], modeBits: 0o4002, capabilities: true } } },
    { kind: 'secrets' },
  ]);
  const own = [
    { kind: 'distribution' },
    { kind: 'files', detail: { files: { modeBits: 0o6000 }, owners: true } },
    { kind: 'packages', detail: { types: distributionPackageTypes } },
  ];
  expect(requests('FILECHECK:SUIDFILE:STOP:unowned=true')).toEqual(own);
  expect(requests('FILECHECK:CHANGEDFILE:WARN').map(({ kind }) => kind)).toEqual(['distribution', 'drift', 'packages']);
});
