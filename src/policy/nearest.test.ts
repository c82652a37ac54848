import { expect, test } from 'vitest';
import { nearestName } from './nearest.ts';

const known = ['PKGBLACKLIST', 'PKGCHECK', 'NPMCHECK', 'ANCHORESEC'];

test.each([
  ['pkgblacklist', 'PKGBLACKLIST'],
  ['PKG_BLACKLIST', 'PKGBLACKLIST'],
  ['PKGCHEKC', 'PKGCHECK'],
  ['NPCHECK', 'NPMCHECK'],
  ['ANCHORE', 'ANCHORESEC'],
  ['', undefined],
  ['SOMETHING', undefined],
  ['X'.repeat(1_000_000), undefined],
])('%.20s', (written, expected) => expect(nearestName(written, known)).toBe(expected));
