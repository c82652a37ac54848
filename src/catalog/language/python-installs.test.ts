import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cataloger } from '../cataloger.ts';
import python from './python.ts';
import pythonEgg from './python-egg.ts';
import { namesIn, readWith } from './testing/index.ts';

// How a distribution comes to be installed other than from a plain wheel: each way leaves its metadata in another place.

const hasTools = spawnSync('python3', ['-c', 'import setuptools, pip']).status === 0;
test.skipIf(hasTools)('python3 with pip and setuptools is absent: nothing is installed with them', () => {});

describe.skipIf(!hasTools)('what setuptools and pip leave behind (skipped where they are absent)', () => {
  let directory: string;
  const name = `sample-${Math.random().toString(36).slice(2, 8)}`;
  const version = '1.2.3.post4';
  const run = (args: string[], cwd: string, distutils = 'local') =>
    execFileSync('python3', args, {
      cwd,
      stdio: 'ignore',
      env: { ...process.env, SETUPTOOLS_USE_DISTUTILS: distutils, PYTHONPATH: join(directory, 'site-packages') },
    });
  /** All that a cataloger takes below a directory. */
  const found = (below: string, cataloger = python as Cataloger<'packages'>): string[] =>
    (readdirSync(join(directory, below), { recursive: true }) as string[])
      .map((path) => join(directory, below, path))
      .filter((path) => statSync(path).isFile())
      .filter((path) => cataloger.selects({ path: relative(directory, path), type: 'file', mode: 0o644, size: 1 }, { kind: 'packages' }))
      .flatMap((path) => namesIn(readWith(cataloger, relative(directory, path), readFileSync(path))));
  const project = (folder: string): string => {
    const path = join(directory, folder);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'setup.py'), `from setuptools import setup\nsetup(name="${name}", version="${version}", py_modules=["m"], license="MIT")\n`);
    writeFileSync(join(path, 'm.py'), '');
    return path;
  };
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'portcullis-python-'));
    mkdirSync(join(directory, 'site-packages'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('a directory of egg-info', () => {
    run(['setup.py', '-q', 'egg_info', '--egg-base', '.'], project('source'));
    expect(found('source')).toEqual([`${name} ${version}`]);
  });
  test('a zipped egg', () => {
    run(['setup.py', '-q', 'bdist_egg'], project('egg'));
    expect(found('egg/dist', pythonEgg)).toEqual([`${name} ${version}`]);
  });
  const hasDistutils = spawnSync('python3', ['-c', 'import distutils'], { env: { ...process.env, SETUPTOOLS_USE_DISTUTILS: 'stdlib' } }).status === 0;
  // Python 3.12 has none.
  test.skipIf(!hasDistutils)('a file of distutils, in a place without site-packages', () => {
    const source = project('plain');
    writeFileSync(join(source, 'setup.py'), `from distutils.core import setup\nsetup(name="${name}", version="${version}", py_modules=["m"])\n`);
    run(['-W', 'ignore', 'setup.py', '-q', 'install', '--home', join(directory, 'home')], source, 'stdlib');
    expect(found('home')).toEqual([`${name} ${version}`]);
  });
  test('installed in place (an .egg-link, and the egg-info beside the source)', () => {
    run(['setup.py', '-q', 'develop', '--no-deps', '--install-dir', join(directory, 'site-packages')], project('editable'));
    expect(found('editable')).toEqual([`${name} ${version}`]);
  });
  test('a wheel from a file: with direct_url.json, and without RECORD', () => {
    const info = `${name.replaceAll('-', '_')}-${version}.dist-info`;
    const wheel = join(directory, `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`);
    const script = `import zipfile, sys
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    z.writestr('m.py', '')
    z.writestr(sys.argv[2] + '/METADATA', 'Metadata-Version: 2.1\\nName: ${name}\\nVersion: ${version}\\nLicense: MIT\\n')
    z.writestr(sys.argv[2] + '/WHEEL', 'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    z.writestr(sys.argv[2] + '/RECORD', 'm.py,,\\n')`;
    run(['-c', script, wheel, info], directory);
    const target = join(directory, 'target');
    run(['-m', 'pip', 'install', '-q', '--no-index', '--no-deps', '--disable-pip-version-check', '--target', target, wheel], directory);
    expect(existsSync(join(target, info, 'direct_url.json'))).toBe(true);
    rmSync(join(target, info, 'RECORD'));
    expect(found('target')).toEqual([`${name} ${version}`]);
  });
});
