import { describe, expect, test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import apk from './apk.ts';
import apkWorld from './apk-world.ts';

const path = 'lib/apk/db/installed';
const musl =
  'C:Q1rlpaUtVxcm6wmyy3a5E7o5Y0Yhk=\nP:musl\nV:1.2.4-r2\nA:x86_64\nS:383459\nI:622592\nT:the musl c library (libc) implementation\nL:MIT\no:musl\nt:1690000000\nc:abcdef\np:so:libc.musl-x86_64.so.1=1\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nZ:Q1x=\n';
const python =
  'P:py3-yaml\nV:6.0-r1\nA:x86_64\no:py3-yaml-src\nF:usr/lib/python3.11/site-packages/PyYAML-6.0.dist-info\nR:METADATA\nR:notes.txt\nF:\nR:top.egg-info\nF:etc\nM:0:0:1777\n';
const ownership = { kind: 'packages', detail: { ownership: true } } as const;

testCataloger(
  apk,
  {
    takes: [path, 'usr/lib/apk/db/installed'],
    leaves: ['lib/apk/db/installed.new', 'lib/apk/db/lock', 'lib/apk/db/triggers', 'opt/lib/apk/db/installed'],
    files: [
      {
        title: 'typical',
        path,
        content: `${musl}\n${python}\n`,
        facts: {
          packages: [
            {
              type: 'apk',
              name: 'musl',
              version: '1.2.4-r2',
              architecture: 'x86_64',
              licenses: ['MIT'],
              source: { name: 'musl', version: '1.2.4-r2' },
              provides: ['so:libc.musl-x86_64.so.1'],
              locations: [{ path: `/${path}`, line: 1 }],
            },
            { name: 'py3-yaml', licenses: [], source: { name: 'py3-yaml-src', version: '6.0-r1' }, locations: [{ path: `/${path}`, line: 18 }] },
          ],
        },
      },
      {
        title: 'the files that tell whose a language package is, when that is asked for',
        path,
        request: ownership,
        content: `${python}\n`,
        facts: {
          packages: [{ name: 'py3-yaml' }],
          ownership: [
            {
              package: 'py3-yaml',
              architecture: 'x86_64',
              type: 'apk',
              files: ['/usr/lib/python3.11/site-packages/PyYAML-6.0.dist-info/METADATA', '/top.egg-info'],
            },
          ],
        },
      },
      {
        title: 'what a package provides, without versions',
        path,
        content: 'P:busybox\nV:1-r0\np:cmd:sh=1-r0 /bin/sh so:x.so>=2 plain virtual~3 r<4\nr:old\n\n',
        facts: { packages: [{ name: 'busybox', provides: ['cmd:sh', '/bin/sh', 'so:x.so', 'plain', 'virtual', 'r'] }] },
      },
      {
        title: 'no origin, no architecture',
        path,
        content: 'P:a\nV:1-r0\n\n',
        facts: { packages: [{ name: 'a', architecture: null, source: { name: 'a', version: '1-r0' } }] },
      },
      {
        title: 'values with colons, several empty lines, CRLF',
        path,
        content: '\r\n\r\nP:a\r\nV:1-r0\r\nL:A: B\r\n\r\n\r\nP:b\r\nV:2-r0\r\n\r\n',
        facts: {
          packages: [
            { name: 'a', licenses: ['A: B'] },
            { name: 'b', version: '2-r0' },
          ],
        },
      },
      { title: 'no empty line after the last package', path, content: 'P:a\nV:1-r0\n', facts: { packages: [{ name: 'a' }] } },
      { title: 'empty: judged from the whole image', path, content: '' },
      {
        title: 'no version',
        path,
        content: `P:a\nA:x\n\n${musl}\n`,
        facts: { packages: [{ name: 'musl' }] },
        problems: [{ kind: 'unreadable', line: 1, why: 'it has the package a without a version at line 1' }],
      },
      { title: 'no name', path, content: 'V:1-r0\n\n', problems: [{ line: 1 }] },
      { title: 'an empty version', path, content: 'P:a\nV:\n\n', problems: [{ line: 1 }] },
      {
        title: 'cut off in a line',
        path,
        content: `${musl}\nP:open`,
        facts: { packages: [{ name: 'musl' }] },
        problems: [{}, { why: 'it ends in the middle of a line, so it was cut off' }],
      },
      {
        title: 'two packages that no empty line divides: one would be lost',
        path,
        content: `P:openssh\nV:9-r0\n${musl}\n`,
        facts: { packages: [{ name: 'musl' }] },
        problems: [{ line: 4 }],
      },
      {
        title: 'lines that are no fields',
        path,
        content: 'P:a\nV:1\nnonsense\nx\n:\n\n',
        facts: { packages: [{ name: 'a' }] },
        problems: [{ line: 3 }, { line: 4 }, { line: 5 }],
      },
      { title: 'not a database', path, content: Uint8Array.of(0, 255, 10, 1, 2), problems: [{}, {}, {}, {}] },
      {
        title: 'names of the language, not of the file',
        path,
        content: 'P:__proto__\nV:1\no:constructor\n\n',
        facts: { packages: [{ name: '__proto__', source: { name: 'constructor', version: '1' } }] },
      },
    ],
  },
  test,
);

testCataloger(
  apkWorld,
  {
    takes: ['etc/apk/world'],
    leaves: ['etc/apk/worlds', 'etc/apk/repositories', 'x/etc/apk/world'],
    files: [
      { title: 'is kept', path: 'etc/apk/world', content: 'alpine-baselayout\n', facts: { content: [{ path: '/etc/apk/world' }] } },
      { title: 'empty', path: 'etc/apk/world', content: '', facts: { content: [{ path: '/etc/apk/world' }] } },
      { title: 'not text', path: 'etc/apk/world', content: Uint8Array.of(0, 255), facts: { content: [{ path: '/etc/apk/world' }] } },
    ],
  },
  test,
);

describe('hostile', () => {
  test('half a million lines that are no fields, and one line of megabytes', () => {
    for (const text of ['a\n'.repeat(500_000), `P:a\nV:1\np:${'x= '.repeat(1_000_000)}\n\n`]) {
      const bytes = Buffer.from(text);
      const given = [...apk.read({ path, mode: 0o644, bytes, text: () => text }, { kind: 'packages' }, { limits: { facts: 1_000_000, depth: 100 } })];
      expect(given.length).toBeGreaterThan(0);
    }
  });
});
