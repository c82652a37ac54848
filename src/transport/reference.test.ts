import { describe, expect, test } from 'vitest';
import { formatReference, parseReference } from './reference.ts';

const HEX = 'ab'.repeat(32);

describe('a name is completed as Docker does', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['org/app', 'docker.io/org/app:latest'],
    ['index.docker.io/nginx', 'docker.io/library/nginx:latest'],
    ['docker.io/library/nginx:1', 'docker.io/library/nginx:1'],
    ['ghcr.io/org/app', 'ghcr.io/org/app:latest'],
    ['localhost/x', 'localhost/x:latest'],
    ['localhost:5000/x', 'localhost:5000/x:latest'],
    ['localhost:5000/a/b/c:1', 'localhost:5000/a/b/c:1'],
    ['[::1]:5000/x:t', '[::1]:5000/x:t'],
    ['Host/x', 'Host/x:latest'],
    [`nginx@sha256:${HEX}`, `docker.io/library/nginx@sha256:${HEX}`],
    [`ghcr.io/a:1@sha256:${HEX}`, `ghcr.io/a:1@sha256:${HEX}`],
    ['http://host.lan/x:1', 'host.lan/x:1'],
    ['https://host:5000/x', 'host:5000/x:latest'],
    ['a__b/c---d/e.f', 'docker.io/a__b/c---d/e.f:latest'],
    ['x:_T-a.9', 'docker.io/library/x:_T-a.9'],
  ])('%s', (text, whole) => {
    const reference = parseReference(text);
    expect(formatReference(reference)).toBe(whole);
    // What is complete stays as it is.
    expect(formatReference(parseReference(whole))).toBe(whole);
  });
  test('the protocol is what was written', () => {
    expect(['x', 'http://h/x', 'https://h/x'].map((text) => parseReference(text).scheme)).toEqual([null, 'http', 'https']);
  });
});

describe('what is no name is refused', () => {
  test.each([
    '',
    'NGINX',
    'a/B',
    'a//b',
    '/a',
    'a/',
    'a:',
    'a:b:c',
    'a:-t',
    `a:${'t'.repeat(129)}`,
    'a@sha256:ab',
    `a@sha256:${HEX.toUpperCase()}`,
    `a@md5:${HEX}`,
    'a@',
    'a..b',
    'a___b',
    '-a',
    'a-',
    '../a',
    'h:0/x',
    'h:65536/x',
    'h:x/x',
    'ho st.x/a',
    'h.x/a b',
    'a?b',
    'a#b',
    'user@h.x/a',
    'http://h',
    'http://h:5000',
    'http://u:p@h.x/a',
    `${'a'.repeat(300)}`,
    `x/${'a/'.repeat(2000)}a`,
    HEX,
    'x\u0000y',
    'ünicode',
  ])('%j', (text) => {
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
