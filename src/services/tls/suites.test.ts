import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { suiteNames, suiteOf, tables } from './suites.ts';
import { compactSuites, type SuiteReference } from './suites-json.fixture.ts';

const reference = new URL('../../../../shared/reference/openssl-ciphers.json', import.meta.url);
const committed = new URL('./suites.json', import.meta.url);
const absent = !existsSync(reference);
const read = (): SuiteReference => JSON.parse(readFileSync(reference, 'utf8')) as SuiteReference;

test.skipIf(absent)(`suites.json is what the reference data gives${absent ? ' (skipped: ../shared is not here)' : ''}`, () => {
  const made = compactSuites(read());
  if (process.env.UPDATE_SUITES === '1') writeFileSync(committed, `${JSON.stringify(made, null, 2)}\n`);
  expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(made);
});

test.skipIf(absent)(`the 3.0 tables are those of 1.1.1 without the suites that the build lacks${absent ? ' (skipped: ../shared is not here)' : ''}`, () => {
  const data = read();
  const present = new Set(data.baseOrder['3.0']);
  expect((data.baseOrder['1.1.1'] ?? []).filter((name) => present.has(name))).toEqual(data.baseOrder['3.0']);
  for (const [word, members] of Object.entries(data.aliases['3.0'] ?? {})) {
    const ours = tables['3.0'].groups.get(word);
    if (word.startsWith('SUITEB')) continue;
    expect(
      tables['3.0'].order.filter((name, index) => ours !== undefined && (ours >> BigInt(index)) & 1n && present.has(name)),
      word,
    ).toEqual(members);
  }
});

test('every suite of a table has its attributes', () => {
  for (const table of Object.values(tables)) for (const name of table.order) expect(suiteOf(name), name).toBeDefined();
  expect(suiteOf('EDH-RSA-DES-CBC3-SHA')?.enc).toBe('3DES');
  expect(suiteOf('TLS_RSA_WITH_AES_128_CBC_SHA')?.name).toBe('AES128-SHA');
  expect(suiteOf('nosuch')).toBeUndefined();
  expect(suiteNames().length).toBeGreaterThan(230);
});
