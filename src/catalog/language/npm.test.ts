import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import npm from './npm.ts';

const path = 'app/node_modules/left-pad/package.json';
const json = (value: unknown): string => JSON.stringify(value);

testCataloger(
  npm,
  {
    takes: [
      path,
      'node_modules/a/package.json',
      'app/node_modules/@scope/name/package.json',
      'app/node_modules/a/node_modules/b/package.json',
      'app/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json',
      'usr/lib/node_modules/npm/package.json',
    ],
    leaves: [
      'app/package.json',
      'app/node_modules/a/lib/package.json',
      'app/node_modules/@scope/package.json',
      'app/node_modules/.bin/package.json',
      'app/node_modules/package.json',
      'app/not_node_modules/a/package.json',
      'app/node_modules/a/test/fixtures/package.json',
      'app/node_modules/a/package.json.bak',
    ],
    files: [
      {
        title: 'typical',
        path,
        content: json({ name: 'left-pad', version: '1.3.0', license: 'WTFPL', dependencies: { a: '1' } }),
        facts: {
          packages: [
            {
              type: 'npm',
              name: 'left-pad',
              version: '1.3.0',
              licenses: ['WTFPL'],
              source: null,
              architecture: null,
              lockfile: false,
              locations: [{ path: `/${path}` }],
            },
          ],
        },
      },
      {
        title: 'scoped',
        path: 'node_modules/@babel/core/package.json',
        content: json({ name: '@babel/core', version: '7.0.0' }),
        facts: { packages: [{ name: '@babel/core', version: '7.0.0' }] },
      },
      {
        title: 'installed under another name',
        path: 'node_modules/alias/package.json',
        content: json({ name: 'real', version: '1.0.0' }),
        facts: { packages: [{ name: 'real' }] },
      },
      { title: 'a byte order mark', path, content: `\uFEFF${json({ name: 'a', version: '1.0.0' })}`, facts: { packages: [{ name: 'a' }] } },
      {
        title: 'licence as an object',
        path,
        content: json({ name: 'a', version: '1', license: { type: 'MIT', url: 'x' } }),
        facts: { packages: [{ licenses: ['MIT'] }] },
      },
      {
        title: 'licences as a list',
        path,
        content: json({ name: 'a', version: '1', licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }, 'MIT', 7, null] }),
        facts: { packages: [{ licenses: ['MIT', 'Apache-2.0'] }] },
      },
      { title: 'licences as a word', path, content: json({ name: 'a', version: '1', licenses: 'BSD' }), facts: { packages: [{ licenses: ['BSD'] }] } },
      { title: 'a licence that is none', path, content: json({ name: 'a', version: '1', license: ['MIT'] }), facts: { packages: [{ licenses: [] }] } },
      { title: 'no version: it can still be named', path, content: json({ name: 'a' }), facts: { packages: [{ name: 'a', version: '' }] } },
      { title: 'a version that is no text', path, content: json({ name: 'a', version: 1 }), facts: { packages: [{ name: 'a', version: '' }] } },
      { title: 'no name: its directory’s', path, content: json({ version: '1.0.0' }), facts: { packages: [{ name: 'left-pad' }] } },
      {
        title: 'a name that is no text',
        path: 'node_modules/@a/b/package.json',
        content: json({ name: { x: 1 }, version: '1.0.0' }),
        facts: { packages: [{ name: '@a/b' }] },
      },
      { title: 'options for the modules beside it, no package', path, content: json({ type: 'module' }) },
      { title: 'names of the language, not of the file', path, content: '{"__proto__":{"name":"x","version":"1"},"constructor":1}' },
      { title: 'empty', path, content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'cut off', path, content: json({ name: 'a', version: '1.0.0' }).slice(0, -3), problems: [{ kind: 'unreadable' }] },
      { title: 'not JSON', path, content: Uint8Array.of(0, 255, 1), problems: [{ kind: 'unreadable' }] },
      { title: 'JSON of another kind', path, content: '[]', problems: [{ why: 'it is not a JSON object' }] },
      { title: 'null', path, content: 'null', problems: [{ why: 'it is not a JSON object' }] },
      { title: 'deeper than a stack', path, content: '['.repeat(1_000_000), problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

const hasNpm = spawnSync('npm', ['--version'], { stdio: 'ignore' }).error === undefined;

test.skipIf(!hasNpm)('what npm itself installed, offline (needs npm)', () => {
  const work = mkdtempSync(join(tmpdir(), 'portcullis-npm-'));
  try {
    const random = (): string => `p${randomBytes(4).toString('hex')}`;
    const names = [random(), `@${random()}/${random()}`, random()];
    const packed = names.map((name, index) => {
      const directory = join(work, `source-${index}`);
      mkdirSync(directory);
      writeFileSync(join(directory, 'package.json'), json({ name, version: `1.${index}.0-rc.${index}`, license: 'MIT' }));
      return execFileSync('npm', ['pack', '--silent', '--pack-destination', work], { cwd: directory, encoding: 'utf8' }).trim();
    });
    const app = join(work, 'app');
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), json({ name: 'app', version: '9.9.9', private: true }));
    const quiet = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', '--cache', join(work, 'cache')];
    execFileSync('npm', ['install', ...quiet, ...packed.map((file) => join(work, file))], { cwd: app });
    const listed = JSON.parse(execFileSync('npm', ['ls', '--json', '--all', '--silent'], { cwd: app, encoding: 'utf8' })) as {
      dependencies: Record<string, { version: string }>;
    };

    const found: [string, string][] = [];
    for (const entry of readdirSync(app, { recursive: true, encoding: 'utf8' })) {
      const at = `app/${entry}`;
      if (!npm.selects({ path: at, type: 'file', mode: 0o644, size: 1 }, { kind: 'packages' })) continue;
      const bytes = readFileSync(join(work, at));
      for (const one of npm.read(
        { path: at, mode: 0o644, bytes, text: () => bytes.toString('utf8') },
        { kind: 'packages' },
        { limits: { facts: 10, depth: 10 } },
      )) {
        if ('kind' in one) found.push([one.fact.name, one.fact.version]);
      }
    }
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.entries(listed.dependencies).map(([name, { version }]) => [name, version])));
    expect(found).toHaveLength(3);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
