import { expect, test } from 'vitest';
import { testCataloger } from '../../../testing/index.ts';
import { expectDamageToShow, readWith } from '../testing/index.ts';
import pdmLock from './pdm-lock.ts';
import pipfileLock from './pipfile-lock.ts';
import poetryLock from './poetry-lock.ts';
import pylock from './pylock.ts';
import requirements from './requirements.ts';
import uvLock from './uv-lock.ts';

const lines = `\uFEFF# comment
--index-url https://example.org/simple
-r other.txt
Django==3.2.0
requests [socks,security] == 2.19.1 ; python_version < "3"
urllib3===1.23 # why
PyYAML==5.3.1 --hash=sha256:00 \\
    --hash=sha256:11
zope.interface==5.0+local.1
parens (==1.0)
ranged>=1.0
wild==1.*
two==1.0,!=1.1
named @ https://example.org/named-1.0.tar.gz
django==3.2.0
`;

const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const addresses = `forked[extra] @ git+https://user:${token}@git.example/a/Forked.git@v2#subdirectory=x&egg=other ; python_version > "3"
-e git+ssh://git@git.example/b.git@0a1b#egg=Edited[x]
--editable=hg+https://git.example/c#egg=third
git+https://\${TOKEN}@git.example/d.git#egg=fourth
git+https://git.example/nameless.git
svn+file:///srv/repository#egg=disk
https://user:${token}@files.example/pool/wheel_ed-1.2%2Bcu118-1-cp311-cp311-linux_x86_64.whl#sha256=${'ab'.repeat(32)} --hash=sha256:00
https://files.example/source-dist-1.0.tar.gz
https://files.example/archive/v2.0.zip#egg=tagged
https://files.example/archive/v3.0.zip
./vendor/local-2.0-py3-none-any.whl ; sys_platform == "linux"
file:///srv/vendor/absolute-3.0.zip
by-path @ file:///srv/vendor/by_path-4.0-py3-none-any.whl
main @ https://files.example/main.tar.gz
directory @ file:///srv/app
./beside
-e .
-e ./beside
--extra-index-url https://user:${token}@pypi.example/simple
-c constraints.txt
--find-links ./vendor
name@
@ https://files.example/x-1.0.whl
`;

testCataloger(
  requirements,
  {
    takes: ['requirements.txt', 'app/requirements-dev.txt', 'app/dev_requirements.txt', 'app/requirements/base.txt', 'requirement.txt'],
    leaves: [
      'app/constraints.md',
      'opt/venv/lib/python3.11/site-packages/x/requirements.txt',
      'x.egg-info/requires.txt',
      'usr/share/doc/x/requirements.txt',
      'requirements.in',
    ],
    files: [
      {
        title: 'what is pinned, with its line; no ranges',
        path: 'app/requirements.txt',
        content: lines,
        facts: {
          packages: [
            { type: 'pypi', name: 'Django', version: '3.2.0', lockfile: true, locations: [{ path: '/app/requirements.txt', line: 4 }] },
            { name: 'requests', version: '2.19.1' },
            { name: 'urllib3', version: '1.23' },
            { name: 'PyYAML', version: '5.3.1', locations: [{ line: 7 }] },
            { name: 'zope.interface', version: '5.0+local.1' },
            { name: 'parens', version: '1.0' },
            { name: 'named', version: '1.0', origin: 'archive', purl: { qualifiers: { download_url: 'https://example.org/named-1.0.tar.gz' } } },
            { name: 'django', version: '3.2.0' },
          ],
          includes: [{ target: 'other.txt', location: { path: '/app/requirements.txt', line: 3 } }],
        },
      },
      {
        title: 'what it takes in, but for addresses and constraints',
        path: 'app/requirements.txt',
        content: '-rbase.txt\n--requirement=../x/dev.in # why\n--requirement /srv/all.txt\n-r https://user:pw@example.org/r.txt\n-c constraints.txt\n-r\n',
        facts: { includes: [{ target: 'base.txt' }, { target: '../x/dev.in' }, { target: '/srv/all.txt' }] },
      },
      { title: 'empty', path: 'requirements.txt', content: '' },
      {
        title: 'addresses in place of versions, without what is secret in them',
        path: 'requirements.txt',
        content: addresses,
        facts: {
          packages: [
            { name: 'forked', version: '', origin: 'vcs', purl: { qualifiers: { vcs_url: 'git+https://git.example/a/Forked.git@v2#x' } } },
            { name: 'Edited', version: '', origin: 'vcs', purl: { qualifiers: { vcs_url: 'git+ssh://git@git.example/b.git@0a1b' } } },
            { name: 'third', origin: 'vcs', purl: { qualifiers: { vcs_url: 'hg+https://git.example/c' } } },
            { name: 'fourth', origin: 'vcs', purl: { qualifiers: { vcs_url: 'git+https://git.example/d.git' } } },
            { name: 'disk', version: '', origin: 'vcs', purl: { qualifiers: {} } },
            {
              name: 'wheel_ed',
              version: '1.2+cu118',
              origin: 'archive',
              locations: [{ line: 7 }],
              purl: {
                qualifiers: {
                  download_url: 'https://files.example/pool/wheel_ed-1.2%2Bcu118-1-cp311-cp311-linux_x86_64.whl',
                  checksum: `sha256:${'ab'.repeat(32)}`,
                },
              },
            },
            { name: 'source-dist', version: '1.0' },
            { name: 'tagged', version: '', purl: { qualifiers: { download_url: 'https://files.example/archive/v2.0.zip' } } },
            { name: 'local', version: '2.0', origin: 'archive', purl: { qualifiers: {} } },
            { name: 'absolute', version: '3.0', origin: 'archive', purl: { qualifiers: {} } },
            { name: 'by-path', version: '4.0', origin: 'archive', purl: { qualifiers: {} } },
            { name: 'main', version: '', origin: 'archive' },
          ],
        },
      },
      {
        title: 'UTF-16, as PowerShell redirects it',
        path: 'requirements.txt',
        content: Buffer.from('\uFEFFdjango==3.2.0\r\nflask==1.0\r\n', 'utf16le'),
        facts: { packages: [{ name: 'django' }, { name: 'flask', locations: [{ line: 2 }] }] },
      },
      { title: 'no text', path: 'requirements.txt', content: Uint8Array.of(0x61, 0, 0x62), problems: [{ kind: 'unreadable' }] },
      { title: 'no text in UTF-16', path: 'requirements.txt', content: Uint8Array.of(0xfe, 0xff, 0, 0, 0), problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

test('requirements: hostile lines take linear time', () => {
  readWith(requirements, 'requirements.txt', `a${' '.repeat(1_000_000)}b`);
  readWith(requirements, 'requirements.txt', `a[${'['.repeat(1_000_000)}`);
  readWith(requirements, 'requirements.txt', 'a'.repeat(1_000_000));
  readWith(requirements, 'requirements.txt', 'a\\\n'.repeat(500_000));
  for (const part of ['a @ ', '@', 'git+https://', '-e ', '#', '&egg=', 'x-1', '[', ' ;'])
    readWith(requirements, 'requirements.txt', `git+https://h/${part.repeat(300_000)}\nb @ git+https://h/${part.repeat(300_000)}\n${part.repeat(300_000)}`);
});

const pipfile = JSON.stringify({
  _meta: { 'pipfile-spec': 6 },
  default: { django: { version: '==3.2.0', hashes: [] }, own: { editable: true, path: '.' }, wanted: { version: '*' } },
  develop: {
    pytest: { version: '==7.0' },
    fork: { git: 'https://user:pw12345678@example.org/x.git', ref: '01' },
    edited: { editable: true, git: 'git@example.org:a/x.git' },
    packed: { file: 'https://example.org/packed-1.0.zip' },
    carried: { path: './vendor/carried-2.0-py3-none-any.whl' },
    beside: { file: './beside' },
  },
});

testCataloger(
  pipfileLock,
  {
    takes: ['Pipfile.lock', 'app/Pipfile.lock'],
    leaves: ['Pipfile', 'opt/lib/python3/site-packages/x/Pipfile.lock'],
    files: [
      {
        title: 'typical',
        path: 'Pipfile.lock',
        content: pipfile,
        facts: {
          packages: [
            { name: 'django', version: '3.2.0', lockfile: true },
            { name: 'wanted', version: '' },
            { name: 'pytest', version: '7.0' },
            { name: 'fork', version: '', origin: 'vcs', purl: { qualifiers: { vcs_url: 'git+https://example.org/x.git@01' } } },
            { name: 'edited', version: '', origin: 'vcs', purl: { qualifiers: { vcs_url: 'git+ssh://git@example.org/a/x.git' } } },
            { name: 'packed', version: '1.0', origin: 'archive', purl: { qualifiers: { download_url: 'https://example.org/packed-1.0.zip' } } },
            { name: 'carried', version: '2.0', origin: 'archive', purl: { qualifiers: {} } },
          ],
        },
      },
      { title: 'none', path: 'Pipfile.lock', content: '{"_meta":{},"default":{},"develop":{}}' },
      { title: 'empty', path: 'Pipfile.lock', content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'corrupt', path: 'Pipfile.lock', content: '{"_meta":{},"default":{"a":1},"develop":{}}', problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

const poetry =
  '[[package]]\nname = "django"\nversion = "3.2.0"\n\n[package.dependencies]\npytz = "*"\n\n[[package]]\nname = "beside"\nversion = "0.1"\n\n[package.source]\ntype = "directory"\nurl = "../beside"\n\n[metadata]\nlock-version = "2.0"\n';
const uv =
  'version = 1\nrequires-python = ">=3.12"\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\nsource = { virtual = "." }\n\n[[package]]\nname = "member"\nversion = "0.1.0"\nsource = { editable = "member" }\n\n[[package]]\nname = "django"\nversion = "3.2.0"\nsource = { registry = "https://pypi.org/simple" }\n';
const pdm =
  '[metadata]\ngroups = ["default"]\n\n[[package]]\nname = "django"\nversion = "3.2.0"\ngroups = ["default"]\n\n[[package]]\nname = "beside"\nversion = "0.1"\npath = "./beside"\n';
const pep751 =
  'lock-version = "1.0"\ncreated-by = "x"\n\n[[packages]]\nname = "django"\nversion = "3.2.0"\n\n[[packages]]\nname = "own"\ndirectory = { path = "." }\n';

for (const [cataloger, name, typical, none] of [
  [poetryLock, 'poetry.lock', poetry, 'package = []\n[metadata]\nlock-version = "2.0"\n'],
  [uvLock, 'uv.lock', uv, 'package = []\n'],
  [pdmLock, 'pdm.lock', pdm, '[metadata]\ngroups = []\n'],
  [pylock, 'pylock.toml', pep751, 'lock-version = "1.0"\npackages = []\n'],
] as const) {
  testCataloger(
    cataloger,
    {
      takes: [name, `app/${name}`],
      leaves: [`x${name}`, `usr/lib/python3/dist-packages/x/${name}`, 'pyproject.toml'],
      files: [
        {
          title: `${name}: typical, without the project itself`,
          path: name,
          content: typical,
          facts: { packages: [{ type: 'pypi', name: 'django', version: '3.2.0', lockfile: true }] },
        },
        { title: `${name}: none`, path: name, content: none },
        { title: `${name}: empty`, path: name, content: '', problems: [{ kind: 'unreadable' }] },
        { title: `${name}: corrupt`, path: name, content: '[[package]\n', problems: [{ kind: 'unreadable' }] },
      ],
    },
    test,
  );
}

testCataloger(uvLock, { takes: ['uv.lock', 'tools/check.py.lock'], leaves: ['py.lock', 'x.lock'], files: [] }, test);
testCataloger(pylock, { takes: ['pylock.dev.toml'], leaves: ['pylock.a.b.toml', 'pylock..toml'], files: [] }, test);

test('poetry.lock: cut off behind a package', () => {
  const { packages, problems } = readWith(poetryLock, 'poetry.lock', poetry.slice(0, poetry.indexOf('[metadata]')));
  expect([packages.length, problems]).toMatchObject([1, [{ kind: 'unreadable', why: 'it ends before its metadata' }]]);
});

test('damage shows', () => {
  expectDamageToShow(pipfileLock, 'Pipfile.lock', pipfile);
  expectDamageToShow(poetryLock, 'poetry.lock', poetry.slice(0, poetry.indexOf('[metadata]')).replace('django', 'flask') + poetry);
  expectDamageToShow(pylock, 'pylock.toml', pep751.slice(pep751.indexOf('[[')).repeat(2));
});
