import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cataloger } from '../cataloger.ts';
import { catalogers } from '../registry.ts';
import { readWith } from './testing/index.ts';

/** A path of each cataloger's that no other part of the test depends on. */
const paths: Readonly<Record<string, string>> = {
  'binaries/binaries': 'usr/sbin/nginx',
  'language/conda': 'opt/conda-meta/a-1-0.json',
  'language/conda-explicit': 'conda-linux-64.lock',
  'language/dotnet/deps-json': 'a.deps.json',
  'language/dotnet/packages-lock': 'packages.lock.json',
  'language/dotnet/single-file': 'usr/bin/a',
  'language/go/go-binary': 'usr/bin/a',
  'language/java/java': 'a.jar',
  'language/npm': 'node_modules/a/package.json',
  'language/npm-locks/bun-lock': 'bun.lock',
  'language/npm-locks/package-lock': 'package-lock.json',
  'language/npm-locks/pnpm-lock': 'pnpm-lock.yaml',
  'language/npm-locks/yarn-lock': 'yarn.lock',
  'language/php/composer-installed': 'vendor/composer/installed.json',
  'language/php/composer-lock': 'composer.lock',
  'language/python': 'a.dist-info/METADATA',
  'language/python-direct-url': 'a.dist-info/direct_url.json',
  'language/python-egg': 'a-1.0-py3.egg',
  'language/python-egg-link': 'a.egg-link',
  'language/python-locks/pdm-lock': 'pdm.lock',
  'language/python-locks/pipfile-lock': 'Pipfile.lock',
  'language/python-locks/poetry-lock': 'poetry.lock',
  'language/python-locks/pylock': 'pylock.toml',
  'language/python-locks/requirements': 'requirements.txt',
  'language/python-locks/uv-lock': 'uv.lock',
  'language/r': 'usr/lib/R/library/a/DESCRIPTION',
  'language/ruby/gemfile-lock': 'Gemfile.lock',
  'language/ruby/gemspec': 'specifications/a.gemspec',
  'language/rust/cargo-lock': 'Cargo.lock',
  'language/rust/rust-binary': 'usr/bin/a',
  'language/yarn-cache': '.yarn/cache/a.zip',
};
/** Files that may hold no package and no damage: any program, a list without pins, the name of a directory. */
const mayBeEmpty = new Set([
  'binaries/binaries',
  'language/dotnet/single-file',
  'language/go/go-binary',
  'language/rust/rust-binary',
  'language/python-egg-link',
  'language/python-locks/requirements',
  'language/npm',
]);

const members = catalogers.filter(({ name }) => /^(?:language|binaries)\//.test(name)) as readonly Cataloger<'packages'>[];

test('every cataloger of languages is here', () => {
  expect(members.map(({ name }) => name).sort()).toEqual(Object.keys(paths).sort());
});

describe.each(members.map((cataloger) => ({ name: cataloger.name, cataloger, path: paths[cataloger.name] ?? '' })))('$name', ({ name, cataloger, path }) => {
  test('selects its path, and no directory or link of that name', () => {
    const selects = (type: 'file' | 'directory' | 'symlink') => cataloger.selects({ path, type, mode: 0o755, size: 1000 }, { kind: 'packages' });
    expect([selects('file'), selects('directory'), selects('symlink')]).toEqual([true, false, false]);
  });
  test('has an ecosystem, so that its problems touch no other', () => {
    expect(cataloger.ecosystem).toBeDefined();
    expect(cataloger.maxBytes).toBeLessThanOrEqual(256 * 1024 * 1024);
  });
  const check = (content: Uint8Array | string): boolean => {
    const { packages, problems } = readWith(cataloger, path, content);
    for (const item of packages) expect(item.locations[0]?.path).toBe(`/${path}`);
    for (const problem of problems) expect(problem.what.startsWith(`/${path}`)).toBe(true);
    return mayBeEmpty.has(name) || packages.length + problems.length > 0;
  };
  test('whatever stands in the file: facts or a problem, nothing thrown', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), check), { numRuns: 200 });
    fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'binary' }), check), { numRuns: 200 });
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 3 }).filter((text) => !/^\s*(?:\{|\[\])/.test(text)),
        check,
      ),
      { numRuns: 200 },
    );
  });
  test('any JSON object: nothing thrown', () => {
    const word = fc.constantFrom(
      'packages',
      'dependencies',
      'libraries',
      'name',
      'version',
      'default',
      'develop',
      '_meta',
      'node_modules/a',
      'a/1',
      'type',
      'license',
      '__proto__',
      'constructor',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 1, '', 'a', 'package', '1.0'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        readWith(cataloger, path, JSON.stringify(given) ?? 'null');
      }),
      { numRuns: 500 },
    );
  });
});
