import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { purlOf } from '../../purl.ts';
import { expectDamageToShow, type PackageCataloger, readWith } from '../testing/index.ts';
import pdmLock from './pdm-lock.ts';
import pipfileLock from './pipfile-lock.ts';
import poetryLock from './poetry-lock.ts';
import pylock from './pylock.ts';
import requirements from './requirements.ts';
import uvLock from './uv-lock.ts';

// Lock files of one project, as each tool writes them (fixtures/README.md).

const commit = '4d75344dc6752a548b8443359feef0ad64052a6e';
const repository = `vcs_url=${encodeURIComponent(`git+https://files.example/mono.git@${commit}#python`)}`;
const address = `download_url=${encodeURIComponent('https://files.example/six-1.16.0-py2.py3-none-any.whl')}`;
const digest = `checksum=${encodeURIComponent('sha256:8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254')}`;

const registry = ['pkg:pypi/click@8.1.7', 'pkg:pypi/colorama@0.4.6', 'pkg:pypi/iniconfig@2.0.0', 'pkg:pypi/zipp@3.15.0', 'pkg:pypi/zipp@3.19.2'];
const idna = 'pkg:pypi/idna@3.6';
const fork = `pkg:pypi/forked-pkg@2.1?${repository}`;
const six = `pkg:pypi/six@1.16.0?${address}`;

const cases: readonly (readonly [file: string, path: string, cataloger: PackageCataloger, purls: readonly string[]])[] = [
  ['uv-0.13.9.uv.lock', 'uv.lock', uvLock, [...registry, idna, fork, six]],
  ['uv-0.13.9.pylock.toml', 'pylock.toml', pylock, [...registry, idna, fork, `pkg:pypi/six@1.16.0?${digest}&${address}`]],
  ['uv-0.13.9.requirements.txt', 'requirements.txt', requirements, [...registry, idna, `pkg:pypi/forked-pkg?${repository}`, six]],
  ['poetry-2.5.1.poetry.lock', 'poetry.lock', poetryLock, [...registry, idna, fork, six]],
  // A repository by a path: nobody else can reach it.
  ['poetry-1.8.5.poetry.lock', 'poetry.lock', poetryLock, [...registry, idna, 'pkg:pypi/forked-pkg@2.1', six]],
  ['poetry-1.1.15.poetry.lock', 'poetry.lock', poetryLock, [...registry, idna, 'pkg:pypi/my-old-pkg@1.2b3', six]],
  ['pdm-2.10.4.pdm.lock', 'pdm.lock', pdmLock, ['pkg:pypi/click@8.1.7', 'pkg:pypi/colorama@0.4.6', idna, fork, six]],
  [
    'pipenv-2026.10.3.Pipfile.lock',
    'Pipfile.lock',
    pipfileLock,
    [
      'pkg:pypi/click@8.1.7',
      'pkg:pypi/colorama',
      'pkg:pypi/iniconfig@2.0.0',
      'pkg:pypi/zipp@3.19.2',
      idna,
      `pkg:pypi/forked-pkg?${repository}`,
      `pkg:pypi/new-pkg-x?vcs_url=${encodeURIComponent('git+https://files.example/pep660.git@38d2a3c9c410e22a588f25db0a5ac64d725c1309')}`,
      six,
    ],
  ],
  [
    'pip-26.3.pylock.toml',
    'pylock.toml',
    pylock,
    ['pkg:pypi/click@8.1.7', idna, `pkg:pypi/forked-pkg?${repository}`, `pkg:pypi/six@1.16.0?${digest}&${address}`],
  ],
];

describe.each(cases)('%s', (file, path, cataloger, purls) => {
  const content = readFileSync(new URL(`./fixtures/${file}`, import.meta.url));
  test('everything that it names, and where it comes from', () => {
    const { packages, problems } = readWith(cataloger, path, content);
    expect(problems).toEqual([]);
    expect(packages.map((fact) => purlOf(fact, null)).sort()).toEqual([...purls].sort());
    for (const { lockfile, origin, name } of packages) {
      expect(lockfile).toBe(true);
      expect(origin).toBe(/pkg/.test(name.toLowerCase()) ? 'vcs' : name === 'six' || name === 'idna' ? 'archive' : undefined);
    }
    expect(JSON.stringify(packages)).not.toMatch(/pw12345|\/srv/);
  });
});

// Others may end behind the project's own directory, or hold nothing.
test.each(cases.filter(([, , cataloger]) => cataloger === poetryLock || cataloger === pipfileLock))('%s: damage shows', (file, path, cataloger) => {
  expectDamageToShow(cataloger, path, readFileSync(new URL(`./fixtures/${file}`, import.meta.url)), 60);
});
