import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testCataloger } from '../../../testing/index.ts';
import { expectDamageToShow, namesIn, readWith } from '../testing/index.ts';
import composerInstalled from './composer-installed.ts';
import composerLock from './composer-lock.ts';

const path = 'app/vendor/composer/installed.json';
const one = { name: 'monolog/monolog', version: 'v1.20.0', license: ['MIT'], type: 'library' };
const two = { name: 'twig/twig', version: '2.12.0', license: 'BSD-3-Clause' };
const fact = {
  type: 'composer',
  name: 'monolog/monolog',
  version: 'v1.20.0',
  licenses: ['MIT'],
  lockfile: false,
  purl: { namespace: 'monolog', name: 'monolog' },
  locations: [{ path: `/${path}` }],
} as const;

testCataloger(
  composerInstalled,
  {
    takes: [path, 'composer/installed.json'],
    leaves: ['app/installed.json', 'app/vendor/composer/installed.php'],
    files: [
      {
        title: 'Composer 2',
        path,
        content: JSON.stringify({ packages: [one, two], dev: true }),
        facts: { packages: [fact, { name: 'twig/twig', licenses: ['BSD-3-Clause'] }] },
      },
      { title: 'Composer 1: the list alone', path, content: JSON.stringify([one]), facts: { packages: [fact] } },
      {
        title: 'a list with gaps, as PHP writes it',
        path,
        content: JSON.stringify({ packages: { 0: one, 3: two } }),
        facts: { packages: [fact, { name: 'twig/twig' }] },
      },
      { title: 'none', path, content: '{"packages":[]}' },
      { title: 'without a version: a rule can name it', path, content: '[{"name":"a/b"}]', facts: { packages: [{ name: 'a/b', version: '' }] } },
      { title: 'empty', path, content: '', problems: [{ kind: 'unreadable', what: `/${path}` }] },
      { title: 'an object without packages', path, content: '{}', problems: [{ kind: 'unreadable' }] },
      {
        title: 'corrupt: the rest is read',
        path,
        content: JSON.stringify([1, { version: '1' }, two]),
        facts: { packages: [{ name: 'twig/twig' }] },
        problems: [{ kind: 'unreadable' }, { kind: 'unreadable' }],
      },
      { title: 'cut off', path, content: '{"packages": [{"name"', problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

testCataloger(
  composerLock,
  {
    takes: ['composer.lock', 'app/composer.lock'],
    leaves: ['composer.json', 'app/vendor/monolog/monolog/composer.lock'],
    files: [
      {
        title: 'typical, with those for development',
        path: 'composer.lock',
        content: JSON.stringify({ packages: [one], 'packages-dev': [two] }),
        facts: {
          packages: [
            { ...fact, lockfile: true, locations: [{ path: '/composer.lock' }] },
            { name: 'twig/twig', lockfile: true },
          ],
        },
      },
      { title: 'none', path: 'composer.lock', content: '{"packages":[],"packages-dev":[]}' },
      { title: 'empty', path: 'composer.lock', content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'no list', path: 'composer.lock', content: '{"packages-dev":null}', problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

const hasComposer = spawnSync('composer', ['--version'], { stdio: 'ignore' }).status === 0;
test.skipIf(!hasComposer)('what Composer installs and writes (skipped where it is absent)', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-composer-'));
  try {
    const random = Math.random().toString(36).slice(2, 8);
    const describe = (path: string, description: object): void => {
      mkdirSync(join(directory, path), { recursive: true });
      writeFileSync(join(directory, path, 'composer.json'), JSON.stringify(description));
    };
    const parts: readonly { name: string; version: string; license: string | readonly string[]; more?: object }[] = [
      { name: `acme/plain-${random}`, version: 'v1.2.3', license: 'MIT', more: { require: { [`acme/virtual-${random}`]: '*' } } },
      { name: `Acme/Upper-${random}`, version: '2.0.0-beta1', license: ['MIT', 'Apache-2.0'] },
      // What it stands for is not a package of its own.
      {
        name: `acme/in-place-${random}`,
        version: 'dev-main',
        license: [],
        more: { replace: { [`acme/old-${random}`]: '*' }, provide: { [`acme/virtual-${random}`]: '1.0' } },
      },
      { name: `acme/built-${random}`, version: '1.0.0+build5', license: '(LGPL-2.1-only or GPL-3.0-or-later)' },
    ];
    for (const [index, { name, version, license, more }] of parts.entries()) describe(`part${index}`, { name, version, license, ...more });
    const metapackage = { name: `acme/meta-${random}`, type: 'metapackage', version: '5.0', require: { [parts[0]?.name ?? '']: '*' } };
    describe('app', {
      name: `acme/shop-${random}`,
      version: '9.9.9',
      'minimum-stability': 'dev',
      repositories: [
        ...parts.map((_, index) => ({ type: 'path', url: `../part${index}` })),
        { type: 'package', package: metapackage },
        { 'packagist.org': false },
      ],
      require: Object.fromEntries([metapackage, ...parts.slice(1, 3)].map(({ name }) => [name.toLowerCase(), '*'])),
      'require-dev': { [parts[3]?.name ?? '']: '*' },
    });
    const app = join(directory, 'app');
    const environment = { ...process.env, COMPOSER_HOME: join(directory, 'home'), COMPOSER_ALLOW_SUPERUSER: '1', COMPOSER_DISABLE_NETWORK: '1' };
    const composer = (...given: string[]) =>
      execFileSync('composer', [...given, '--no-interaction', '--no-plugins'], { cwd: app, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    composer('install');
    const { installed } = JSON.parse(composer('show', '--format=json').toString()) as { installed: { name: string; version: string }[] };
    const shown = installed.map(({ name, version }) => `${name} ${version.split(' ')[0]}`).sort();
    expect(shown).toHaveLength(5);
    for (const [cataloger, path] of [
      [composerInstalled, 'vendor/composer/installed.json'],
      [composerLock, 'composer.lock'],
    ] as const) {
      const reading = readWith(cataloger, path, readFileSync(join(app, path)));
      expect(reading.problems).toEqual([]);
      expect(namesIn(reading).sort()).toEqual(shown);
      const licenses = Object.fromEntries(reading.packages.map(({ name, licenses: declared }) => [name, declared]));
      expect(licenses).toEqual({ ...Object.fromEntries(parts.map(({ name, license }) => [name, [license].flat()])), [metapackage.name]: [] });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('what comes from elsewhere than Packagist says so', () => {
  const source = { type: 'git', url: 'https://user:pw12345678@git.example/a/b.git', reference: '0a1b' };
  const given = [
    { name: 'a/published', version: '1', source, 'notification-url': 'https://packagist.org/downloads/' },
    { name: 'a/fork', version: 'dev-main', source, dist: { type: 'zip', url: 'https://git.example/a/b.zip' } },
    { name: 'a/beside', version: '1', dist: { type: 'path', url: '../beside' } },
    { name: 'a/plain', version: '1' },
  ];
  const { packages } = readWith(composerLock, 'composer.lock', JSON.stringify({ packages: given }));
  expect(packages.map(({ origin, purl }) => [origin, purl?.qualifiers?.vcs_url])).toEqual([
    [undefined, undefined],
    ['vcs', 'git+https://git.example/a/b.git@0a1b'],
    ['directory', undefined],
    [undefined, undefined],
  ]);
});

test('damage shows', () => {
  expectDamageToShow(composerInstalled, path, JSON.stringify({ packages: [one, two] }));
  expectDamageToShow(composerLock, 'composer.lock', JSON.stringify({ packages: [one, two] }));
});
