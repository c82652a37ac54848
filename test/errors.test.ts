import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes, exitCodeOf, exitCodes, PortcullisError } from '../src/errors.ts';

const source = join(import.meta.dirname, '..', 'src');
const texts = (readdirSync(source, { recursive: true }) as string[])
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && path !== 'errors.ts')
  .map((path) => readFileSync(join(source, path), 'utf8'));

test('every error code is used', () => {
  const unused = Object.keys(errorCodes).filter((code) => !texts.some((text) => text.includes(`'${code}'`)));
  expect(unused).toEqual([]);
});

test('no error ends like a verdict', () => {
  const verdicts: number[] = [exitCodes.go, exitCodes.stop, exitCodes.warn];
  for (const code of Object.keys(errorCodes) as (keyof typeof errorCodes)[]) {
    expect(verdicts).not.toContain(exitCodeOf(new PortcullisError(code, '')));
  }
  for (const thrown of [new Error('x'), 'text', undefined, null, { code: 'USAGE' }]) expect(exitCodeOf(thrown)).toBe(exitCodes.defect);
});
