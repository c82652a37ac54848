import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compress } from '../../test/support/image-builder.ts';
import type { Request } from '../model/index.ts';
import binaries from './binaries/binaries.ts';
import type { Cataloger } from './cataloger.ts';
import contents from './contents.ts';
import fileDigests from './file-digests.ts';
import groups from './groups.ts';
import alpm from './os/alpm.ts';
import apkFiles from './os/apk-files.ts';
import bitnami from './os/bitnami.ts';
import chisel from './os/chisel.ts';
import dpkgFiles from './os/dpkg-files.ts';
import opkg from './os/opkg.ts';
import portage from './os/portage.ts';
import secrets from './secrets.ts';
import shadow from './shadow.ts';

const packages: Request = { kind: 'packages', detail: { checksums: true, ownership: true, licenses: true } };
const wall = '{"jsonwall":"1.0","count":3}\n{"kind":"package","name":"a","version":"1"}\n{"kind":"path","path":"/bin/a","slices":["a_x"],"sha256":"00"}\n';

const seeds: readonly (readonly [Cataloger, string, Request, string | Buffer])[] = [
  [shadow as Cataloger, 'etc/shadow', { kind: 'accounts' }, 'root:$6$a$b:1:0:99999:7:::\nci::1::::::\n'],
  [groups as Cataloger, 'etc/group', { kind: 'groups' }, 'root:x:0:root,ci\nci:x:1:\n'],
  [dpkgFiles as Cataloger, 'var/lib/dpkg/info/a.md5sums', { kind: 'drift' }, `${'0'.repeat(32)}  usr/bin/a\n${'1'.repeat(32)}  usr/bin/b\n`],
  [dpkgFiles as Cataloger, 'var/lib/dpkg/info/a.list', { kind: 'drift' }, '/.\n/usr\n/usr/bin/a\n'],
  [dpkgFiles as Cataloger, 'var/lib/dpkg/status', { kind: 'drift' }, `Package: a\nConffiles:\n /etc/a ${'0'.repeat(32)}\n\n`],
  [dpkgFiles as Cataloger, 'var/lib/dpkg/diversions', { kind: 'drift' }, '/bin/sh\n/bin/sh.distrib\ndash\n'],
  [apkFiles as Cataloger, 'lib/apk/db/installed', { kind: 'drift' }, 'P:a\nF:bin\nR:a\nZ:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n'],
  [alpm as Cataloger, 'var/lib/pacman/local/a-1-1/desc', packages, '%NAME%\na\n\n%VERSION%\n1-1\n\n%LICENSE%\nMIT\n\n'],
  [alpm as Cataloger, 'var/lib/pacman/local/a-1-1/files', packages, '%FILES%\nusr/bin/a\n\n%BACKUP%\netc/a\t00\n\n'],
  [alpm as Cataloger, 'var/lib/pacman/local/a-1-1/mtree', packages, gzipSync('/set type=file\n./a\\040b sha256digest=00\n./l type=link link=a\n')],
  [portage as Cataloger, 'var/db/pkg/a/b-1/CONTENTS', packages, `obj /bin/a ${'0'.repeat(32)} 1\nsym /bin/b -> a 1\ndir /bin\n`],
  [opkg as Cataloger, 'usr/lib/opkg/status', packages, 'Package: a\nVersion: 1\nStatus: install user installed\n\n'],
  [opkg as Cataloger, 'usr/lib/opkg/info/a.list', packages, '/bin/a\t0100755\n'],
  [bitnami as Cataloger, 'opt/bitnami/.bitnami_components.json', packages, '{"a":{"version":"1-2","arch":"amd64","distro":"debian-12"}}'],
  [
    bitnami as Cataloger,
    'opt/bitnami/a/.spdx-a.spdx',
    packages,
    '{"packages":[{"name":"a","versionInfo":"1","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:bitnami/a@1?arch=x"}]}]}',
  ],
  [chisel as Cataloger, 'var/lib/chisel/manifest.wall', packages, gzipSync(wall)],
  [chisel as Cataloger, 'var/lib/chisel/manifest.wall', packages, compress(Buffer.from(wall), 'zstd')],
  [contents as Cataloger, 'x', { kind: 'contents', detail: { patterns: ['.*a+b$', '\\bq'] } }, 'aab\nq\r\n'],
  [secrets as Cataloger, 'x.env', { kind: 'secrets' }, 'password=Abc123xyz\n://a:b1c2d3@h\n-----BEGIN RSA PRIVATE KEY-----\nAAAABBBBCCCCDDDDEEEE\n'],
  [fileDigests as Cataloger, 'x', { kind: 'files', detail: { digests: ['md5', 'sha256'] } }, 'x'],
  [
    binaries as Cataloger,
    'a7',
    {
      kind: 'packages',
      detail: {
        binaryRules: [
          { name: 'a', paths: ['a7'], contains: ['made'], before: 'v', version: '\\d+(\\.\\d+)*' },
          { name: 'b', paths: ['a7'], version: '\\d(\\.\\d+)*', after: '[ \\x00]', seriesInName: true, again: '-\\d' },
        ],
      },
    },
    'made\0v1.2.3\x007.1.2 x\0y7.1.2-8\0\0v1.2.3',
  ],
];

function pieces(cataloger: Cataloger, path: string, request: Request, bytes: Buffer, size: number): unknown[] {
  const reader = cataloger.pieces?.({ path, mode: 0o644 }, request, { limits: { facts: 1000, depth: 10 }, fingerprintKey: Buffer.alloc(32) });
  if (reader === undefined) return [];
  for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
  return [...reader.end()];
}

test.each(seeds.map(([cataloger, path, request, text]) => ({ name: `${cataloger.name} ${path}`, cataloger, path, request, text })))(
  'damage of $name ends in facts or problems, whole or in pieces',
  ({ cataloger, path, request, text }) => {
    const whole = typeof text === 'string' ? Buffer.from(text) : text;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(text.length), fc.uint8Array({ maxLength: 6 }), fc.nat(4)), { maxLength: 6 }),
        fc.integer({ min: 1, max: 50 }),
        (edits, size) => {
          let bytes = whole;
          for (const [at, insert, remove] of edits) bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
          const file = { path, mode: 0o644, bytes, text: () => bytes.toString('utf8') };
          const results = [...cataloger.read(file, request, { limits: { facts: 1000, depth: 10 }, fingerprintKey: Buffer.alloc(32) })];
          for (const one of results) expect('problem' in one || cataloger.provides.includes(one.kind)).toBe(true);
          // However it comes, the same is read.
          if (cataloger.pieces !== undefined) expect(pieces(cataloger, path, request, bytes, size)).toEqual(results);
        },
      ),
      { numRuns: 200 },
    );
  },
);

test('what pretends to be an archive is a problem, and what doesn’t isn’t one', () => {
  const read = (bytes: Buffer) => [
    ...secrets.read({ path: 'a.jar', mode: 0o644, bytes, text: () => '' }, { kind: 'secrets' }, { limits: { facts: 10, depth: 10 } }),
  ];
  expect(read(Buffer.from('PK\x03\x04 not at all'))).toMatchObject([{ problem: { kind: 'unreadable', what: '/a.jar' } }]);
  expect(read(gzipSync('x'))).toEqual([]);
});
