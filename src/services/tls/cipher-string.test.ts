import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CipherLibrary, expandCipherString, maxCipherString } from './cipher-string.ts';
import { suiteAtLevel } from './effective.ts';
import type { TlsLibrary } from './library.ts';
import { suiteNames, suiteOf, tables } from './suites.ts';

const modern = 'ALL:!COMPLEMENTOFDEFAULT:!eNULL';
const libraries = {
  '3.0.19': { table: '3.0', version: '3.0.19', absent: ['RC4', '3DES', 'SEED', 'IDEA'], defaultString: modern, systemProfile: null },
  '1.1.1w-weak': { table: '1.1.1', version: '1.1.1w', absent: [], defaultString: modern, systemProfile: null },
  '1.0.2e (no SSLv2)': { table: '1.0.2', version: '1.0.2e', absent: [], defaultString: 'ALL:!EXPORT:!aNULL:!eNULL:!SSLv2', systemProfile: null },
} as const satisfies Record<string, CipherLibrary>;

const oracle = new URL('../../../../shared/reference/openssl-cipher-strings.json', import.meta.url);
const absent = !existsSync(oracle);
const vectors = absent ? [] : (JSON.parse(readFileSync(oracle, 'utf8')) as { vectors: ({ string: string } & Record<string, string[] | null>)[] }).vectors;

describe.skipIf(absent)(`the oracle of three OpenSSL versions${absent ? ' (skipped: ../shared is not here)' : ''}`, () => {
  test('has all its strings', () => expect(vectors.length).toBe(109));
  for (const [version, library] of Object.entries(libraries)) {
    test(`${version}: every string, in order`, () => {
      for (const vector of vectors) {
        // 1.0.2e was asked with `:!SSLv2` appended; that library was built without SSLv2's suites here.
        const { suites, errors } = expandCipherString(vector.string, library);
        expect(errors.length === 0 ? suites : null, `${vector.string}: ${errors}`).toEqual(vector[version]);
      }
    });
  }
  test('3.0.19 -s: what is usable at the level, without PSK and SRP', () => {
    for (const vector of vectors) {
      const { suites, errors, secLevel } = expandCipherString(vector.string, libraries['3.0.19']);
      const usable = suites.filter((name) => {
        const suite = suiteOf(name);
        return (
          suite !== undefined &&
          !suite.kx.includes('PSK') &&
          suite.kx !== 'SRP' &&
          suiteAtLevel(name, secLevel ?? 2, libraries['3.0.19'] as unknown as TlsLibrary)
        );
      });
      expect(errors.length === 0 ? usable : null, vector.string).toEqual(vector['3.0.19 -s']);
    }
  });
});

/** The local program's answer; null: it refuses the string. The three suites of TLS 1.3 are taken off. */
function localCiphers(text: string): string[] | null {
  // A string that starts with `-` would be an option; an empty item before it changes nothing.
  const run = spawnSync('openssl', ['ciphers', text.startsWith('-') ? `:${text}` : text], {
    encoding: 'utf8',
    env: { ...process.env, OPENSSL_CONF: '/dev/null' },
  });
  return run.status === 0
    ? run.stdout
        .trim()
        .split(':')
        .filter((name) => name !== '' && !name.startsWith('TLS_'))
    : null;
}

function localVersion(): string | null {
  try {
    return /^OpenSSL (\d\S*)/.exec(execFileSync('openssl', ['version'], { encoding: 'utf8' }))?.[1] ?? null;
  } catch {
    return null;
  }
}
const version = localVersion();
const local = version !== null && /^3\./.test(version) ? version : null;

describe.skipIf(local === null)(`the local openssl ciphers${local === null ? ' (skipped: no OpenSSL 3 here)' : ''}`, () => {
  // What the local build lacks is asked for, not assumed; what it has must then agree in full, order included.
  const everything = new Set(local === null ? [] : (localCiphers('ALL:COMPLEMENTOFALL') ?? []));
  const lacks = ['RC4', '3DES', 'SEED', 'IDEA'].filter((enc) => !suiteNames().some((name) => suiteOf(name)?.enc === enc && everything.has(name)));
  const library: CipherLibrary = { ...libraries['3.0.19'], version: local, absent: lacks };

  test.each([
    'AES128-SHA:MEDIUM$',
    'AES128-SHA:LOW_x',
    'AES128-SHA:RC4$',
    'SUITEB128:AES128-SHA',
    'SUITEB128C2',
    'SUITEB192xx',
    'AES128-SHA:SUITEB128',
    'AES128-SHA@SECLEVEL=10',
    'AES128-SHA@SECLEVEL=1+x:AES256-SHA',
    'DEFAULTx',
    'DEFAULT DEFAULT',
    'AES128-SHA:!',
    'AES128-SHA:+:@',
    'AES128-SHA+:AES256-SHA',
    ' DEFAULT',
    ':DEFAULT',
    'DEFAULTAES128-SHA',
    'DEFAULT!AES',
    'HIGH!aNULL',
    'HIGH@STRENGTH',
    'HIGH-AES128:AES128',
    '@SECLEVEL=0',
    '',
    '+',
    'é',
    'HIGH:é',
    'HIGH\tAES',
    'AES128-SHA+AES128-SHA',
    'AES128-SHA+HIGH',
    'ALL+eNULL',
    'kRSA+AES128-SHA',
    'CBC',
    'CBC+kRSA',
    '!ALL:ALL',
    '-ALL:ALL',
    'HIGH:!!AES',
    'HIGH:-+AES',
    'HIGH:@@STRENGTH',
    'HIGH:@STRENGTHEN',
    'HIGH:@SECLEVEL=',
    'HIGH:@SECLEVEL=11',
    'HIGH:@seclevel=1',
    'HIGH==',
    'TLSv1.3',
    'COMPLEMENTOFDEFAULT+HIGH',
    'HIGH+HIGH',
    'HIGH+COMPLEMENTOFDEFAULT',
    'COMPLEMENTOFDEFAULT+AES128-SHA',
    'AES128-SHA+COMPLEMENTOFDEFAULT',
    'AES128-SHA+HIGH+FIPS',
    'COMPLEMENTOFDEFAULT+kRSA+HIGH',
    'COMPLEMENTOFDEFAULT+COMPLEMENTOFDEFAULT',
    'HIGH+AES+HIGH',
  ])('%j', (text) => {
    const { suites, errors } = expandCipherString(text, library);
    expect(errors.length === 0 ? suites : null, errors.join()).toEqual(localCiphers(text));
  });

  test('generated strings', () => {
    const names = fc.constantFrom(
      ...tables['3.0'].groups.keys(),
      ...tables['3.0'].order,
      'DEFAULT',
      'SUITEB128',
      'NOSUCH',
      'EXP',
      'high',
      'TLS_AES_128_GCM_SHA256',
      'a_b',
    );
    const words = fc.array(names, { minLength: 1, maxLength: 3 }).map((joined) => joined.join('+'));
    const item = fc.oneof(
      { weight: 20, arbitrary: fc.tuple(fc.constantFrom('', '', '', '-', '+', '!'), words).map(([operator, word]) => operator + word) },
      { weight: 2, arbitrary: fc.constantFrom('@STRENGTH', '@SECLEVEL=0', '@SECLEVEL=3', 'COMPLEMENTOFDEFAULT', '!COMPLEMENTOFDEFAULT') },
      { weight: 1, arbitrary: fc.constantFrom('@NOSUCH', '$', '', '!', 'HIGH$', 'x$y') },
    );
    const strings = fc
      .tuple(fc.array(item, { minLength: 1, maxLength: 8 }), fc.constantFrom(':', ':', ':', ',', ' ', ';'))
      .map(([items, separator]) => items.join(separator));
    fc.assert(
      fc.property(strings, (text) => {
        const { suites, errors } = expandCipherString(text, library);
        expect(errors.length === 0 ? suites : null).toEqual(localCiphers(text));
      }),
      { numRuns: 400 },
    );
  });
});

test('PROFILE=SYSTEM stands for the system profile, with what follows it', () => {
  const library = { ...libraries['3.0.19'], systemProfile: '@SECLEVEL=2:kEECDH:kRSA:!aNULL' };
  expect(expandCipherString('PROFILE=SYSTEM:!kRSA', library)).toEqual(expandCipherString('@SECLEVEL=2:kEECDH:kRSA:!aNULL:!kRSA', library));
  expect(expandCipherString('PROFILE=SYSTEM', library).secLevel).toBe(2);
});

test('IANA names are names since 3.2 alone', () => {
  const name = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';
  expect(expandCipherString(name, { ...libraries['3.0.19'], version: '3.2.0' }).suites).toEqual(['ECDHE-RSA-AES128-GCM-SHA256']);
  expect(expandCipherString(name, { ...libraries['3.0.19'], version: '3.1.7' }).errors).toEqual(['no cipher match']);
});

test('an absurd string is refused, an absurd one below the limit is read', () => {
  expect(expandCipherString('A:'.repeat(maxCipherString), libraries['3.0.19']).errors[0]).toMatch(/longer than/);
  expect(expandCipherString('ALL:-ALL:'.repeat(7000), libraries['1.1.1w-weak']).errors).toEqual(['no cipher match']);
  expect(expandCipherString('$'.repeat(60_000), libraries['1.1.1w-weak']).errors.length).toBeGreaterThan(0);
});
