import { expect, test } from 'vitest';
import { findingId } from './finding-id.ts';

test.each([
  ['openssh-server', undefined, 'G+T+openssh-server'],
  ['@scope/name', '/usr/lib/x y', 'G+T+@scope/name@/usr/lib/x%20y'],
  ['VirtualHost *:443', undefined, 'G+T+VirtualHost%20%2A:443'],
  ['50%', undefined, 'G+T+50%25'],
  ['a\u001B[31m\u202Eb', undefined, 'G+T+a%1B[31m%E2%80%AEb'],
  ['grün', undefined, 'G+T+grün'],
  ['\uD800', undefined, 'G+T+%EF%BF%BD'],
])('%j', (subject, path, id) => expect(findingId('G', 'T', subject, path)).toBe(id));

test('long subjects are cut, and still differ', () => {
  const a = findingId('G', 'T', `${'a'.repeat(5000)}1`);
  const b = findingId('G', 'T', `${'a'.repeat(5000)}2`);
  expect(a.length).toBeLessThan(300);
  expect(a).not.toBe(b);
});
