import { expect, test } from 'vitest';
import type { Distribution, Package } from '../../model/index.ts';
import { distributionOf, packageOf } from '../image-files.fixture.ts';
import { protocolAtLevel, tlsLibraryOf } from './library.ts';

const ubuntu = (version: string) => distributionOf('ubuntu', version, ['debian']);
const rhel = (version: string) => distributionOf('almalinux', version, ['rhel', 'centos', 'fedora']);
const cases: readonly (readonly [Package[], Distribution | null, Partial<ReturnType<typeof tlsLibraryOf>>])[] = [
  [
    [packageOf('deb', 'libssl3', '3.0.17-1~deb12u2')],
    distributionOf('debian', '12'),
    { table: '3.0', version: '3.0.17', package: 'libssl3', securityLevel: 2, certain: true, level2NeedsTls12: false },
  ],
  [
    [packageOf('deb', 'libssl3t64', '3.5.1-1'), packageOf('deb', 'openssl', '3.5.1-1')],
    distributionOf('debian', '13'),
    { table: '3.0', version: '3.5.1', securityLevel: 2 },
  ],
  [
    [packageOf('deb', 'libssl1.1', '1.1.1w-0+deb11u1')],
    distributionOf('debian', '11'),
    { table: '1.1.1', version: '1.1.1w', securityLevel: 1, absent: ['RC4', '3DES', 'IDEA'] },
  ],
  [[packageOf('deb', 'libssl1.1', '1.1.1f-1ubuntu2.24')], ubuntu('20.04'), { table: '1.1.1', version: '1.1.1f', securityLevel: 2, level2NeedsTls12: true }],
  [[packageOf('deb', 'libssl1.1', '1.1.1-1ubuntu2.1~18.04.23')], ubuntu('18.04'), { table: '1.1.1', securityLevel: 1, level2NeedsTls12: false }],
  [[packageOf('deb', 'libssl1.0.0', '1.0.1t-1+deb8u12')], distributionOf('debian', '8'), { table: '1.0.2', version: '1.0.1t', securityLevel: 0 }],
  [
    [packageOf('rpm', 'openssl-libs', '1:1.0.2k-26.el7_9')],
    distributionOf('centos', '7', ['rhel', 'fedora']),
    { table: '1.0.2', version: '1.0.2k', securityLevel: 0 },
  ],
  [[packageOf('rpm', 'openssl-libs', '1:1.1.1k-12.el8_9')], rhel('8.9'), { table: '1.1.1', version: '1.1.1k', absent: [] }],
  [[packageOf('rpm', 'openssl-libs', '1:3.0.7-27.el9')], rhel('9.3'), { table: '3.0', version: '3.0.7' }],
  [[packageOf('rpm', 'libopenssl1_1', '1.1.1l-150500.17.25.1')], distributionOf('sles', '15.5', ['suse']), { table: '1.1.1', version: '1.1.1l' }],
  [
    [packageOf('apk', 'libssl3', '3.1.4-r5'), packageOf('apk', 'openssl', '3.1.4-r5')],
    distributionOf('alpine', '3.18.6'),
    { table: '3.0', version: '3.1.4', package: 'libssl3', securityLevel: 1 },
  ],
  [[packageOf('apk', 'libssl3', '3.3.0-r2')], distributionOf('alpine', '3.20.0'), { securityLevel: 2 }],
  [[packageOf('apk', 'libssl1.1', '1.1.1w-r1')], distributionOf('alpine', '3.16.9'), { table: '1.1.1', securityLevel: 1 }],
  [[packageOf('apk', 'libressl2.5-libssl', '2.5.5-r2')], distributionOf('alpine', '3.6.5'), { certain: false }],
  [[], distributionOf('debian', '12'), { package: null, version: null, certain: false }],
  [
    [packageOf('deb', 'libssl1.1', '1.1.1w-0'), packageOf('deb', 'libssl3', '3.0.17-1')],
    distributionOf('debian', '12'),
    { package: 'libssl3', certain: false },
  ],
];

test.each(cases)('the library of %j', (packages, distribution, expected) => {
  expect(tlsLibraryOf(packages, distribution)).toMatchObject(expected);
});

test('a package of a lock file is no library', () => {
  expect(tlsLibraryOf([{ ...packageOf('deb', 'libssl3', '3.0.1-1'), lockfile: true }], null).package).toBeNull();
});

test('protocols at security levels', () => {
  const three = tlsLibraryOf([packageOf('deb', 'libssl3', '3.0.17-1')], distributionOf('debian', '12'));
  const one = tlsLibraryOf([packageOf('deb', 'libssl1.1', '1.1.1w-0')], distributionOf('debian', '11'));
  const focal = tlsLibraryOf([packageOf('deb', 'libssl1.1', '1.1.1f-1ubuntu2')], ubuntu('20.04'));
  const oldest = (library: typeof three) => [0, 1, 2, 3, 4].map((level) => library.protocols.find((protocol) => protocolAtLevel(library, protocol, level)));
  expect(oldest(three)).toEqual(['TLSv1', 'TLSv1.2', 'TLSv1.2', 'TLSv1.2', 'TLSv1.2']);
  expect(oldest(one)).toEqual(['TLSv1', 'TLSv1', 'TLSv1', 'TLSv1.1', 'TLSv1.2']);
  expect(oldest(focal)).toEqual(['TLSv1', 'TLSv1', 'TLSv1.2', 'TLSv1.2', 'TLSv1.2']);
});
