import { test } from 'vitest';
import { testCataloger } from '../../../testing/index.ts';
import { expectDamageToShow } from '../testing/index.ts';
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

test('damage shows', () => {
  expectDamageToShow(composerInstalled, path, JSON.stringify({ packages: [one, two] }));
  expectDamageToShow(composerLock, 'composer.lock', JSON.stringify({ packages: [one, two] }));
});
