import { expect, test } from 'vitest';
import { element, elementsIn, identifier, octets, wholeSequence } from './ber.ts';
import { keyStore } from './key-store.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('elements of definite and of indefinite length, and what is none', () => {
  expect(element(hex('04 02 aa bb cc'), 0)).toMatchObject({ tag: 4, content: hex('aabb'), raw: hex('0402aabb'), end: 4 });
  expect(element(hex('30 82 00 02 05 00'), 0)).toMatchObject({ tag: 0x30, content: hex('0500'), end: 6 });
  expect(element(hex('30 80 05 00 30 80 05 00 00 00 00 00 ff'), 0)).toMatchObject({ content: hex('0500 3080 0500 0000'), end: 12 });
  for (const bytes of ['', '04', '04 03 aa bb', '30 80 05 00', '04 80 00 00', '1f 81 01 00', '30 85 00 00 00 00 01 05', '30 84 ff ff ff ff']) {
    expect(element(hex(bytes), 0)).toBeUndefined();
  }
});

test('octets that are written in parts, and identifiers', () => {
  const parts = element(hex('24 80 04 02 aa bb 24 04 04 02 cc dd 00 00'), 0);
  expect(parts === undefined ? undefined : octets(parts)).toEqual(hex('aabbccdd'));
  expect(identifier(element(hex('06 09 2a 86 48 86 f7 0d 01 07 01'), 0))).toBe('1.2.840.113549.1.7.1');
  expect(identifier(element(hex('02 01 03'), 0))).toBeUndefined();
});

test('what is nested without end, or has elements without number, ends', () => {
  expect(element(Buffer.alloc(1_000_000, hex('3080')), 0)).toBeUndefined();
  expect(elementsIn(Buffer.alloc(1_000_000, hex('0500')))).toHaveLength(100_000);
  expect(wholeSequence(hex('30 02 05 00 00'))).toBeUndefined();
});

test('a PKCS #12 store as NSS writes it, of indefinite lengths', () => {
  const bag = hex(
    '30 80 06 0b 2a 86 48 86 f7 0d 01 0c 0a 01 02 a0 80 30 00 00 00 31 80 30 80 06 09 2a 86 48 86 f7 0d 01 09 14 31 80 1e 04 00 6e 00 31 00 00 00 00 00 00 00 00',
  );
  const wrap = (head: string, content: Buffer, tail: string): Buffer => Buffer.concat([hex(head), content, hex(tail)]);
  const octet = (content: Buffer): Buffer => wrap(`24 80 04 ${content.length.toString(16).padStart(2, '0')}`, content, '00 00');
  const data = (content: Buffer): Buffer => wrap('30 80 06 09 2a 86 48 86 f7 0d 01 07 01 a0 80', octet(content), '00 00 00 00');
  const safe = wrap('30 80', data(wrap('30 80', bag, '00 00')), '00 00');
  expect(keyStore(wrap('30 80 02 01 03', data(safe), '00 00'))).toEqual({
    format: 'pkcs12',
    keys: [{ alias: 'n1', clear: null, certificate: null }],
    certificates: [],
    isWhole: true,
  });
});
