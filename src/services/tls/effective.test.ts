import { describe, expect, test } from 'vitest';
import { distributionOf, packageOf } from '../image-files.fixture.ts';
import { suiteClassOf, suiteFaults } from './classes.ts';
import { curveList, curveName, isKnownCurve } from './curves.ts';
import { effectiveTls, type TlsRequest } from './effective.ts';
import { tlsLibraryOf } from './library.ts';
import { mozillaLevel, mozillaLevels } from './mozilla.ts';
import { protocolOf, protocolsBetween } from './protocols.ts';
import { suiteOf } from './suites.ts';
import { silentPolicy } from './system-policy.ts';

const debian12 = tlsLibraryOf([packageOf('deb', 'libssl3', '3.0.17-1')], distributionOf('debian', '12'));
const rhel7 = tlsLibraryOf([packageOf('rpm', 'openssl-libs', '1:1.0.2k-26.el7')], distributionOf('centos', '7', ['rhel', 'fedora']));
const here = { path: '/x', line: 1, layer: 0 };
const set = <T>(value: T) => ({ value, origin: here });
const request = (parts: Partial<TlsRequest>): TlsRequest => ({ protocols: null, cipherString: null, tls13Suites: null, curves: null, ...parts });

describe('what is really offered', () => {
  test('nothing is said: the library decides', () => {
    const tls = effectiveTls(request({}), debian12, silentPolicy);
    expect(tls).toMatchObject({ protocols: ['TLSv1.2', 'TLSv1.3'], securityLevel: 2, certain: true, errors: [] });
    expect(tls.suites).not.toContain('PSK-AES128-CBC-SHA');
    expect(tls.configured.protocols).toContain('TLSv1');
  });

  test('the level of a string opens and closes protocols', () => {
    const protocols = set(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const);
    expect(effectiveTls(request({ protocols, cipherString: set('HIGH@SECLEVEL=0') }), debian12, silentPolicy).protocols).toEqual([
      'TLSv1',
      'TLSv1.1',
      'TLSv1.2',
    ]);
    expect(effectiveTls(request({ protocols, cipherString: set('HIGH') }), debian12, silentPolicy).protocols).toEqual(['TLSv1.2']);
  });

  test('an own string keeps the level of the system string', () => {
    const policy = { ...silentPolicy, cipherString: set('DEFAULT@SECLEVEL=0') };
    const protocols = set(['TLSv1', 'TLSv1.2'] as const);
    expect(effectiveTls(request({ protocols, cipherString: set('HIGH') }), debian12, policy)).toMatchObject({
      protocols: ['TLSv1', 'TLSv1.2'],
      securityLevel: 0,
    });
  });

  test("a protocol without a suite and a suite without a protocol aren't offered", () => {
    const only13 = effectiveTls(request({ protocols: set(['TLSv1.3']), cipherString: set('HIGH') }), debian12, silentPolicy);
    expect(only13).toMatchObject({ protocols: ['TLSv1.3'], suites: [] });
    const aead = effectiveTls(request({ protocols: set(['TLSv1', 'TLSv1.2']), cipherString: set('AESGCM@SECLEVEL=0') }), debian12, silentPolicy);
    expect(aead.protocols).toEqual(['TLSv1.2']);
    const old = effectiveTls(request({ protocols: set(['TLSv1']), cipherString: set('AES128-SHA:AES128-GCM-SHA256@SECLEVEL=0') }), debian12, silentPolicy);
    expect(old.suites).toEqual(['AES128-SHA']);
    expect(effectiveTls(request({ tls13Suites: set([]) }), debian12, silentPolicy).protocols).toEqual(['TLSv1.2']);
  });

  test('an old library offers what it has, at no level', () => {
    const tls = effectiveTls(request({ protocols: set(['SSLv3', 'TLSv1']), cipherString: set('RC4-SHA:EXP-RC4-MD5') }), rhel7, silentPolicy);
    expect(tls).toMatchObject({ protocols: ['SSLv3', 'TLSv1'], suites: ['RC4-SHA', 'EXP-RC4-MD5'], securityLevel: 0, tls13Suites: [] });
  });

  test('what a build lacks is still what was asked for', () => {
    const tls = effectiveTls(request({ cipherString: set('RC4-SHA:DES-CBC3-SHA') }), debian12, silentPolicy);
    expect(tls.errors).toEqual(['cipher string "RC4-SHA:DES-CBC3-SHA": no cipher match']);
    expect(tls.configured.suites).toEqual(['RC4-SHA', 'DES-CBC3-SHA']);
  });

  test('key exchanges that nothing is set up for', () => {
    const cipherString = set('DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:PSK-AES128-GCM-SHA256');
    expect(effectiveTls(request({ cipherString, keyExchange: { dhe: false } }), debian12, silentPolicy).suites).toEqual(['ECDHE-RSA-AES128-GCM-SHA256']);
    expect(effectiveTls(request({ cipherString, keyExchange: { psk: true } }), debian12, silentPolicy).suites).toHaveLength(3);
  });

  test('the system policy bounds protocols unless the service sets its own bounds', () => {
    const policy = { ...silentPolicy, minProtocol: set('TLSv1.3' as const) };
    expect(effectiveTls(request({}), debian12, policy)).toMatchObject({ protocols: ['TLSv1.3'], origins: { protocols: here } });
    expect(effectiveTls(request({ protocols: set(['TLSv1.2']), ignoresSystemProtocols: true }), debian12, policy).protocols).toEqual(['TLSv1.2']);
  });

  test('doubts are carried on', () => {
    const tls = effectiveTls(request({ cipherString: { ...set('HIGH'), certain: false, uncertainty: 'a variable' } }), debian12, {
      ...silentPolicy,
      uncertainty: 'a policy',
    });
    expect(tls).toMatchObject({ certain: false, uncertainty: 'a variable; a policy' });
  });
});

test('classes of suites', () => {
  const classes = [
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-SHA',
    'AES128-GCM-SHA256',
    'DES-CBC3-SHA',
    'RC4-SHA',
    'ADH-AES128-SHA',
    'NULL-SHA256',
    'EXP-RC4-MD5',
    'DES-CBC3-MD5',
  ];
  expect(classes.map(suiteClassOf)).toEqual(['modern', 'good', 'legacy', 'legacy', 'weak', 'broken', 'broken', 'broken', 'broken', 'broken']);
  const suite = suiteOf('EXP-RC4-MD5');
  expect(suite === undefined ? [] : suiteFaults(suite)).toEqual(['export key of 40 bits', 'RC4', 'MD5', 'no forward secrecy']);
  expect(suiteClassOf('nosuch')).toBeUndefined();
});

test("Mozilla's levels have their version in the name", () => {
  expect(mozillaLevel('mozilla:intermediate@5.8')).toMatchObject({
    protocols: ['TLSv1.2', 'TLSv1.3'],
    suites: { length: 6 },
    curves: ['X25519MLKEM768', 'X25519', 'prime256v1', 'secp384r1'],
  });
  expect(mozillaLevel('mozilla:intermediate@5.7')?.suites).toHaveLength(9);
  expect(mozillaLevel('mozilla:old@6.0')).toBeUndefined();
  expect(mozillaLevel('mozilla:intermediate')).toBeUndefined();
  for (const level of mozillaLevels.values())
    for (const name of [...level.suites, ...level.tls13Suites]) expect(suiteOf(name), `${level.name} ${name}`).toBeDefined();
});

test('curves and protocols by all their spellings', () => {
  expect(curveList('X25519:P-256:secp384r1:?X25519MLKEM768/-P-256', [])).toEqual(['X25519', 'secp384r1', 'X25519MLKEM768']);
  expect(curveList('DEFAULT:X448', ['X25519'])).toEqual(['X25519', 'X448']);
  expect([curveName('secp256r1'), curveName('nosuch'), isKnownCurve('nosuch'), isKnownCurve('sect163k1')]).toEqual(['prime256v1', 'nosuch', false, true]);
  expect([protocolOf('tlsv1.0'), protocolOf('TLSv1.3'), protocolOf('DTLSv1'), protocolOf('')]).toEqual(['TLSv1', 'TLSv1.3', undefined, undefined]);
  expect(protocolsBetween('TLSv1.1', 'TLSv1.2')).toEqual(['TLSv1.1', 'TLSv1.2']);
});
