import { describe, expect, test } from 'vitest';
import { proxyFor } from './proxy.ts';

const through = (url: string, env: Record<string, string>): string | undefined => proxyFor(new URL(url), env)?.href;

test('each protocol has its proxy; lower case goes before upper case', () => {
  const env = { HTTP_PROXY: 'http://h:1', HTTPS_PROXY: 'http://s:2' };
  expect(through('http://x.example/', env)).toBe('http://h:1/');
  expect(through('https://x.example/', env)).toBe('http://s:2/');
  expect(through('https://x.example/', { HTTP_PROXY: 'http://h:1' })).toBeUndefined();
  expect(through('https://x.example/', { ...env, https_proxy: 'https://user:p%40ss@low:3' })).toBe('https://user:p%40ss@low:3/');
  expect(through('https://x.example/', { HTTPS_PROXY: 'plain:8080' })).toBe('http://plain:8080/');
  expect(through('https://x.example/', { HTTPS_PROXY: '' })).toBeUndefined();
  for (const HTTPS_PROXY of ['http://[', 'socks5://x:1', 'ftp://x'])
    expect(() => through('https://x.example/', { HTTPS_PROXY })).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('never for this machine itself', () => {
  for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.1.2.3', '[::1]'])
    expect(through(`https://${host}:5000/`, { HTTPS_PROXY: 'http://p' })).toBeUndefined();
});

describe('NO_PROXY', () => {
  test.each([
    ['x.example', true],
    ['X.Example', true],
    ['.example', true],
    ['*.example', true],
    ['example', true],
    ['*', true],
    ['a, b x.example', true],
    ['x.example:443', true],
    ['x.example:80', false],
    ['ample', false],
    ['other.example', false],
    ['.x.example.org', false],
    ['', false],
    [', ,', false],
    [':443', false],
  ])('%j for https://x.example/', (list, isExcepted) => {
    expect(through('https://x.example/', { HTTPS_PROXY: 'http://p', NO_PROXY: list }) === undefined).toBe(isExcepted);
  });
  test.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '10.1.2.0/24', true],
    ['10.1.2.3', '10.1.3.0/24', false],
    ['10.1.2.3', '0.0.0.0/0', true],
    ['10.1.2.3', '10.1.2.3/33', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['[fd00::1]', 'fd00::1', true],
    ['[fd00::1]', '[fd00::1]:443', true],
    ['[fd00::1]', '[fd00::1]:80', false],
    ['x10.example', '10.0.0.0/8', false],
  ])('%s and %s', (host, entry, isExcepted) => {
    expect(through(`https://${host}/`, { HTTPS_PROXY: 'http://p', NO_PROXY: entry }) === undefined).toBe(isExcepted);
  });
});
