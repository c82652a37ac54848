import { expect, test } from 'vitest';
import type { ImageFiles, Package } from '../../model/index.ts';
import { languageMetadata } from '../language-metadata.ts';
import { withOwners } from './ownership.ts';

const item = (type: Package['type'], name: string, path: string): Package => ({
  purl: `pkg:${type}/${name}@1`,
  type,
  name,
  version: '1',
  source: null,
  architecture: null,
  licenses: [],
  locations: [{ path }],
  ownedBy: null,
  lockfile: false,
  cataloger: 'x',
});
/** `/lib` is a link to `usr/lib`. */
const files = { stat: (path: string) => ({ path: path.replace(/^\/lib\//, '/usr/lib/') }) } as unknown as ImageFiles;
const owned = (path: string) => [{ package: 'owner', architecture: null, type: 'deb' as const, files: [path] }];
const owner = item('deb', 'owner', '/var/lib/dpkg/status');

test('a language package belongs to the distribution package that owns the file it was read from, also behind a link', () => {
  for (const path of ['/usr/lib/x/a.jar', '/usr/bin/tool', '/usr/lib/ruby/specifications/a-1.gemspec']) {
    const [, found] = withOwners([owner, item('maven', 'a', path)], owned(path), files);
    expect(found?.ownedBy).toBe(owner.purl);
  }
  expect(withOwners([owner, item('golang', 'a', '/usr/lib/x/tool')], owned('/lib/x/tool'), files)[1]?.ownedBy).toBe(owner.purl);
  expect(withOwners([owner, item('golang', 'a', '/usr/local/bin/tool')], owned('/usr/bin/tool'), files)[1]?.ownedBy).toBe(null);
});

test('a recognised program that a distribution package owns is not listed a second time', () => {
  const program = item('generic', 'nginx', '/usr/sbin/nginx');
  expect(withOwners([owner, program], owned('/usr/sbin/nginx'), files)).toEqual([owner]);
  expect(withOwners([owner, program], owned('/usr/sbin/other'), files)).toEqual([owner, program]);
  expect(withOwners([program], owned('/usr/sbin/nginx'), files)).toEqual([program]);
});

test('of the files that a package owns, those that language packages are read from are kept', () => {
  const kept = [
    '/usr/bin/tool',
    '/usr/sbin/nginx',
    '/usr/lib/x.so.1',
    '/usr/lib/go/bin/tool',
    '/usr/libexec/x',
    '/usr/share/java/a.jar',
    '/usr/lib/node_modules/a/package.json',
    '/opt/conda/conda-meta/a-1-0.json',
  ];
  const left = ['/usr/share/doc/x/copyright', '/usr/share/man/man1/x.1.gz', '/etc/passwd', '/usr/lib/x/y.txt', '/var/lib/x'];
  expect([...kept, ...left].filter(languageMetadata)).toEqual(kept);
});
