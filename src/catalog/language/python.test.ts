import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import type { PackageFact } from '../cataloger.ts';
import python from './python.ts';

const path = 'opt/venv/lib/python3.11/site-packages/requests-2.19.1.dist-info/METADATA';
const plain = 'opt/app/a-1.dist-info/METADATA';

testCataloger(
  python,
  {
    takes: [
      path,
      'usr/lib/python3/dist-packages/PyYAML-6.0.dist-info/METADATA',
      'usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO',
      'usr/lib/python3/dist-packages/old-1.0.egg-info',
      'usr/lib/python2.7/site-packages/thing-1.0-py2.7.egg/EGG-INFO/PKG-INFO',
      'src/app.egg-info/PKG-INFO',
      'home/lib/python/old-1.0.egg-info',
      'opt/app/lib/old-1.0-py2.7.egg-info',
    ],
    leaves: [
      'usr/lib/python3/dist-packages/x-1.dist-info/RECORD',
      'usr/lib/python3/dist-packages/x-1.dist-info/licenses/METADATA',
      'usr/share/METADATA',
      'src/PKG-INFO',
      'usr/lib/python2.7/argparse.egg-info',
      'usr/lib/python2.7/lib-dynload/Python-2.7.egg-info',
      'opt/venv/lib/python3.11/site-packages/~ip-20.0.dist-info/METADATA',
      '.dist-info/METADATA',
      'usr/lib/python3/dist-packages/x.dist-info',
      'usr/lib/python3/dist-packages/x/old.egg-info.txt',
    ],
    files: [
      {
        title: 'typical',
        path,
        content:
          'Metadata-Version: 2.1\nName: requests\nVersion: 2.19.1\nLicense: Apache 2.0\nClassifier: License :: OSI Approved :: Apache Software License\nRequires-Dist: idna\n\nName: not-this\nVersion: 9\n',
        facts: {
          packages: [{ type: 'pypi', name: 'requests', version: '2.19.1', licenses: ['Apache 2.0'], lockfile: false, locations: [{ path: `/${path}` }] }],
        },
      },
      {
        title: 'a licence expression counts first',
        path: plain,
        content: 'Name: a\nVersion: 1\nLicense: old\nLicense-Expression: MIT OR Apache-2.0\n',
        facts: { packages: [{ licenses: ['MIT OR Apache-2.0'] }] },
      },
      {
        title: 'classifiers where no licence is named, or its whole text is',
        path: plain,
        content:
          'Name: a\nVersion: 1\nLicense: Permission is granted,\n        free of charge, to\n\tanybody\nClassifier: License :: OSI Approved :: MIT License\nClassifier: Topic :: Software\nClassifier: License :: Public Domain\n',
        facts: { packages: [{ licenses: ['MIT License', 'Public Domain'] }] },
      },
      { title: 'UNKNOWN is no licence', path: plain, content: 'Name: a\nVersion: 1\nLicense: UNKNOWN\n', facts: { packages: [{ licenses: [] }] } },
      {
        title: 'folded fields do not hide others',
        path: plain,
        content: 'Summary: one\n  Name: wrong\n  two\nName: a\nDescription: x\n        |Version: wrong\nVersion: 1\n',
        facts: { packages: [{ name: 'a', version: '1' }] },
      },
      {
        title: 'CRLF, a byte order mark, names of fields in any case',
        path: plain,
        content: '\uFEFFname: a\r\nVERSION:1.0\r\n\r\nbody\r\n',
        facts: { packages: [{ name: 'a', version: '1.0' }] },
      },
      { title: 'no final newline', path: plain, content: 'Name: a\nVersion: 1', facts: { packages: [{ name: 'a', version: '1' }] } },
      {
        title: 'the first of two counts, as for pip',
        path: plain,
        content: 'Name: a\nVersion: 1\nName: b\nVersion: 2\n',
        facts: { packages: [{ name: 'a', version: '1' }] },
      },
      {
        title: 'an egg-info file',
        path: 'usr/lib/python3/dist-packages/old-1.0.egg-info',
        content: 'Metadata-Version: 1.0\nName: old\nVersion: 1.0\n',
        facts: { packages: [{ name: 'old', version: '1.0' }] },
      },
      {
        title: 'empty: what its directory says',
        path,
        content: '',
        facts: { packages: [{ name: 'requests', version: '2.19.1' }] },
        problems: [{ kind: 'unreadable', why: 'its header has no Name' }],
      },
      {
        title: 'no version',
        path: plain,
        content: 'Name: a\n',
        facts: { packages: [{ name: 'a', version: '1' }] },
        problems: [{ why: 'its header has no Version' }],
      },
      {
        title: 'the version stands in the body alone',
        path: plain,
        content: 'Name: a\n\nVersion: 9\n',
        facts: { packages: [{ name: 'a', version: '1' }] },
        problems: [{ why: 'its header has no Version' }],
      },
      {
        title: 'cut off',
        path: plain,
        content: 'Metadata-Version: 2.1\nName: a\nVersi',
        facts: { packages: [{ name: 'a', version: '1' }] },
        problems: [{ kind: 'unreadable' }],
      },
      {
        title: 'a version is not taken from a directory of another name',
        path,
        content: 'Name: a\n',
        facts: { packages: [{ name: 'a', version: '' }] },
        problems: [{ why: 'its header has no Version' }],
      },
      { title: 'nothing names it', path: 'opt/x.egg/EGG-INFO/PKG-INFO', content: '', problems: [{ why: 'its header has no Name' }] },
      {
        title: 'names of an egg-info',
        path: 'src/My_Pkg-1.2_beta.3-py3.6-linux-x86_64.egg-info',
        content: 'Metadata-Version: 1.0\n',
        facts: { packages: [{ name: 'My_Pkg', version: '1.2_beta.3' }] },
        problems: [{ why: 'its header has no Name' }],
      },
      {
        title: 'not text',
        path,
        content: Uint8Array.of(0, 255, 10, 7),
        facts: { packages: [{ name: 'requests', version: '2.19.1' }] },
        problems: [{ kind: 'unreadable' }],
      },
      {
        title: 'a name that is not UTF-8, and an author that is not',
        path,
        content: Buffer.from('Name: r\xe9quests\nVersion: 2.19.1\nAuthor: Ren\xe9\n', 'latin1'),
        facts: { packages: [{ name: 'requests', version: '2.19.1' }] },
        problems: [{ kind: 'unreadable', why: 'the Name in its header is not UTF-8' }],
      },
      {
        title: 'an author that is not UTF-8',
        path,
        content: Buffer.from('Name: requests\nVersion: 2.19.1\nAuthor: Ren\xe9\nLicense: MIT\n', 'latin1'),
        facts: { packages: [{ name: 'requests', licenses: ['MIT'] }] },
      },
      {
        title: 'another version than its directory says',
        path,
        content: 'Name: requests\nVersion: 2.31.0\n',
        facts: { packages: [{ name: 'requests', version: '2.31.0' }] },
        problems: [{ kind: 'contradiction', what: `/${path}`, why: 'its directory names it requests-2.19.1, its header requests 2.31.0' }],
      },
      {
        title: 'another name than its directory says',
        path,
        content: 'Name: harmless\nVersion: 2.19.1\n',
        facts: { packages: [{ name: 'harmless', version: '2.19.1' }] },
        problems: [{ kind: 'contradiction' }],
      },
      ...[
        ['Zope.Interface_x-1.0b2', 'zope-interface.X', '1.0-beta.2'],
        ['jaraco.text-4.0.0', 'jaraco.text', '4.0.0'],
        ['name-with-dashes-2019.1', 'name_with.dashes', '2019.01.0'],
        ['x-1.0.post1+local.7', 'x', '1.0-1+local.7'],
        ['x-2!1.0', 'x', '2!1.0'],
        ['x-1.0rc0', 'x', 'v1.0RC'],
        ['x', 'x', '1'],
      ].map(([directory, name, version]) => ({
        title: `${directory} is ${name} ${version}`,
        path: `opt/${directory}.dist-info/METADATA`,
        content: `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\nLicense-File: LICENSE\nLicense-Expression: MIT\n`,
        facts: { packages: [{ name: name as string, version: version as string, licenses: ['MIT'] }] },
      })),
    ],
  },
  test,
);

function read(at: string, bytes: Buffer): PackageFact[] {
  const given = [
    ...python.read({ path: at, mode: 0o644, bytes, text: () => bytes.toString('utf8') }, { kind: 'packages' }, { limits: { facts: 10, depth: 10 } }),
  ];
  return given.flatMap((one) => ('kind' in one ? [one.fact] : []));
}

test('a million classifiers, a million continuation lines', () => {
  const many = `Name: a\nVersion: 1\n${'Classifier: License :: X\n'.repeat(500_000)}`;
  expect(read(path, Buffer.from(many))).toHaveLength(1);
  expect(read(path, Buffer.from(`Name: a\nVersion: 1\nLicense: x\n${' y\n'.repeat(1_000_000)}`))).toHaveLength(1);
});

const hasPip = spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0;

/** A wheel is a zip of a package and its metadata (PyPA, binary distribution format). */
const buildWheel = `
import sys, zipfile
name, version, path, metadata = sys.argv[1:]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(path, "w") as wheel:
    wheel.writestr(f"{name}.py", "")
    wheel.writestr(f"{info}/METADATA", metadata)
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", f"{name}.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
`;

test.skipIf(!hasPip)('what pip itself installed, offline (needs python3 with pip)', () => {
  const work = mkdtempSync(join(tmpdir(), 'portcullis-pip-'));
  try {
    const wheels = ['1.0', '2!1.2rc3.post4', '0.1.dev5+local.7'].map((version) => {
      const name = `p${randomBytes(4).toString('hex')}`;
      const file = join(work, `${name}-${version}-py3-none-any.whl`);
      const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nLicense: MIT\n\nVersion: 9\n`;
      execFileSync('python3', ['-c', buildWheel, name, version, file, metadata]);
      return file;
    });
    const target = join(work, 'lib/python3/site-packages');
    mkdirSync(target, { recursive: true });
    writeFileSync(join(work, 'pip.conf'), '');
    const env = { ...process.env, PIP_CONFIG_FILE: join(work, 'pip.conf'), PIP_DISABLE_PIP_VERSION_CHECK: '1' };
    execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--no-index', '--no-deps', '--root-user-action=ignore', '--target', target, ...wheels], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const told = JSON.parse(execFileSync('python3', ['-m', 'pip', 'list', '--path', target, '--format=json'], { env, encoding: 'utf8' })) as unknown[];

    const found = readdirSync(work, { recursive: true, encoding: 'utf8' })
      .filter((at) => python.selects({ path: at, type: 'file', mode: 0o644, size: 1 }, { kind: 'packages' }))
      .flatMap((at) => read(at, readFileSync(join(work, at))))
      .map(({ name, version }) => ({ name, version }));
    expect(found).toHaveLength(3);
    expect(told).toHaveLength(3);
    expect(new Set(found.map((each) => JSON.stringify(each)))).toEqual(new Set(told.map((each) => JSON.stringify(each))));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
