import { describe, expect, test } from 'vitest';
import { parseChallenges } from './challenge.ts';

const plain = (headers: readonly string[]) => parseChallenges(headers).map(({ scheme, parameters }) => [scheme, { ...parameters }]);

describe('WWW-Authenticate', () => {
  test.each([
    ['Basic realm="x"', [['basic', { realm: 'x' }]]],
    ['Basic', [['basic', {}]]],
    [
      'Bearer realm="https://auth.example/token",service="r.example",scope="repository:a/b:pull,push"',
      [['bearer', { realm: 'https://auth.example/token', service: 'r.example', scope: 'repository:a/b:pull,push' }]],
    ],
    ['Bearer realm = "a" , Service=b', [['bearer', { realm: 'a', service: 'b' }]]],
    ['bearer realm=https://h/t?x=1,service=s', [['bearer', { realm: 'https://h/t?x=1', service: 's' }]]],
    ['Basic realm="a \\"b\\" c"', [['basic', { realm: 'a "b" c' }]]],
    [
      'Negotiate, Basic realm="x"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'Negotiate YWJj==, Bearer realm="x"',
      [
        ['negotiate', {}],
        ['bearer', { realm: 'x' }],
      ],
    ],
    [
      'Basic realm="x", Bearer realm="y", service="z"',
      [
        ['basic', { realm: 'x' }],
        ['bearer', { realm: 'y', service: 'z' }],
      ],
    ],
    [', ,Basic realm="x",', [['basic', { realm: 'x' }]]],
    ['Bearer realm="a",realm="b"', [['bearer', { realm: 'a' }]]],
    ['', []],
    ['"', []],
    ['Bearer realm="never closed', [['bearer', { realm: '' }]]],
  ])('%s', (header, expected) => expect(plain([header])).toEqual(expected));
  test('several headers', () => {
    expect(plain(['Basic realm="x"', 'Bearer realm="y"']).map(([scheme]) => scheme)).toEqual(['basic', 'bearer']);
  });
  test('rubbish ends', () => {
    for (const text of ['a,'.repeat(100_000), '='.repeat(100_000), 'a='.repeat(50_000), `Bearer x="${'\\'.repeat(100_000)}`, 'a '.repeat(50_000)])
      parseChallenges([text]);
  });
  test('a parameter can be named like an inherited property', () => {
    expect(parseChallenges(['Bearer __proto__=x, realm=y'])[0]?.parameters.realm).toBe('y');
  });
});
