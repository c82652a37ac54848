import { describe, expect, test } from 'vitest';
import { parseGlobalWhitelist } from './global-whitelist.ts';
import { parseImageWhitelist } from './image-whitelist.ts';

const global = (text: string) => parseGlobalWhitelist(text, { source: 'w' });
const image = (text: string) => parseImageWhitelist(text, { source: 'w' });
const said = ({ diagnostics }: ReturnType<typeof global>) => diagnostics.map((each) => `${each.line}:${each.column} ${each.level} ${each.code}`);
const ids = ({ value }: ReturnType<typeof global>) => value?.map(({ gate, id }) => `${gate} ${id}`);

describe('the global whitelist', () => {
  test('gate and id, with comments', () => {
    const parsed = global('\uFEFF# comment\r\n\r\n  DOCKERFILECHECK\t*\r\nPKGBLACKLIST PKGBLACKLIST+PKGNAMEMATCH+openssh-server # we know\r\n');
    expect(said(parsed)).toEqual([]);
    expect(parsed.value).toEqual([
      { gate: 'DOCKERFILECHECK', id: '*', source: 'w:3', scope: 'global' },
      { gate: 'PKGBLACKLIST', id: 'PKGBLACKLIST+PKGNAMEMATCH+openssh-server', source: 'w:4', scope: 'global' },
    ]);
  });

  test('an advisory alone covers any package, and nothing but that advisory', () => {
    const parsed = global('ANCHORESEC CVE-2016-2108\nANCHORESEC RHSA-2016:0996\nANCHORESEC CVE-2016-2108+openssl\nANCHORESEC CVE-2016-*');
    expect(said(parsed)).toEqual([]);
    expect(ids(parsed)).toEqual(['ANCHORESEC CVE-2016-2108+*', 'ANCHORESEC RHSA-2016:0996+*', 'ANCHORESEC CVE-2016-2108+openssl', 'ANCHORESEC CVE-2016-*']);
  });

  test('a mere beginning of a CVE warns', () => {
    expect(said(global('ANCHORESEC CVE-2016-21'))).toEqual(['1:12 warning incomplete-id']);
    expect(ids(global('ANCHORESEC CVE-2016-21'))).toEqual(['ANCHORESEC CVE-2016-21+*']);
  });

  test('ids of the old tool: the constant ones are known, the others warn', () => {
    expect(said(global('DOCKERFILECHECK dc681d2a4f55e81f9c985c623e45f59c'))).toEqual([]);
    expect(said(global('PKGBLACKLIST 06aad0a6298694e94e8c6ced526aa1fd'))).toEqual(['1:14 warning wording-id']);
  });

  test('what is refused', () => {
    expect(said(global('ANCHORSEC CVE-2016-2108\n* x\nANCHORESEC\nANCHORESEC # x'))).toEqual([
      '1:1 error unknown-gate',
      '2:1 error unknown-gate',
      '3:11 error missing-field',
      '4:11 error missing-field',
    ]);
    expect(global('ANCHORSEC CVE-2016-2108').diagnostics[0]?.hint).toBe('did you mean ANCHORESEC?');
  });

  test('what is noted', () => {
    expect(said(global('PKGDIFF openssl-PKGADD\nDOCKERFILECHECK a b'))).toEqual(['1:1 note not-available', '2:19 warning unexpected-text']);
  });

  test('an empty file excepts nothing', () => expect(global('# nothing\n').value).toEqual([]));
});

describe('the whitelist of an image', () => {
  const imageId = 'ab'.repeat(32);
  const entry = (more: object = {}) =>
    JSON.stringify({ imageId, check: 'ANCHORESEC', trigger: 'VULNHIGH', triggerId: 'CVE-2016-2108+openssl', output: 'x', action: 'STOP', ...more });

  test('lines with # count, for their image, gate, trigger and id', () => {
    const parsed = image(
      `#${entry()}\n${entry({ triggerId: 'CVE-1+x' })}\n\n # ${entry({ triggerId: 'CVE-2024-0001+y', imageId: `sha256:${imageId}` })}\n# a comment\n`,
    );
    expect(said(parsed)).toEqual([]);
    expect(parsed.value).toEqual([
      { gate: 'ANCHORESEC', trigger: 'VULNHIGH', imageId, id: 'CVE-2016-2108+openssl', source: 'w:1', scope: 'image' },
      { gate: 'ANCHORESEC', trigger: 'VULNHIGH', imageId, id: 'CVE-2024-0001+y', source: 'w:4', scope: 'image' },
    ]);
  });

  test('what is refused', () => {
    expect(said(image(`{"imageId":\n[]\n#${entry({ imageId: 'ab' })}\nfree text\n#{broken`))).toEqual([
      '1:1 error not-json',
      '2:1 error invalid-entry',
      '3:2 error invalid-entry',
      '4:1 error not-json',
      '5:2 error not-json',
    ]);
  });
});
