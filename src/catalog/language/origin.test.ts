import { expect, test } from 'vitest';
import { archive, lockedRepository, repository } from './origin.ts';

const vcs = (url: string, at = {}): string | undefined => repository('git', url, at).qualifiers.vcs_url;
const download = (url: string): string | undefined => archive(url).qualifiers.download_url;
const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';

test.each([
  ['https://github.com/a/b.git', {}, 'git+https://github.com/a/b.git'],
  ['https://github.com/a/b.git', { revision: '0a1b' }, 'git+https://github.com/a/b.git@0a1b'],
  ['git+https://github.com/a/b', { revision: 'v1', subdirectory: 'x/y' }, 'git+https://github.com/a/b@v1#x/y'],
  ['ssh://git@github.com/a/b.git', {}, 'git+ssh://git@github.com/a/b.git'],
  ['git@github.com:a/b.git', {}, 'git+ssh://git@github.com/a/b.git'],
  ['deploy@host.example:a/b.git', {}, 'git+ssh://host.example/a/b.git'],
  ['http://127.0.0.1:8080/b.git', {}, 'git+http://127.0.0.1:8080/b.git'],
  [`https://x-access-token:${token}@github.com/a/b.git`, {}, 'git+https://github.com/a/b.git'],
  [`https://${token}@github.com/a/b.git`, {}, 'git+https://github.com/a/b.git'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: pip's own notation
  ['https://${USER}:${TOKEN}@github.com/a/b.git', {}, 'git+https://github.com/a/b.git'],
  ['ssh://git:secret@github.com/a/b.git', {}, 'git+ssh://github.com/a/b.git'],
  ['https://github.com/a/b.git?token=secret#egg=b', {}, 'git+https://github.com/a/b.git'],
  ['file:///home/me/b.git', {}, undefined],
  ['/home/me/b.git', {}, undefined],
  ['../b.git', {}, undefined],
  ['host.example:a/b.git', {}, 'git+ssh://host.example/a/b.git'],
  ['C:\\b', {}, undefined],
  ['c:/b', {}, undefined],
  ['https:///b', {}, 'git+https://b/'],
  ['javascript:alert(1)', {}, undefined],
  ['', {}, undefined],
  ['https://[bad', {}, undefined],
  [`https://h/${'x'.repeat(5000)}`, {}, undefined],
])('a repository at %s %j', (url, at, expected) => {
  expect(vcs(url, at)).toBe(expected);
});

test.each([
  ['https://files.example/x-1.0.tar.gz', 'https://files.example/x-1.0.tar.gz'],
  ['https://user:pw@files.example/x-1.0.whl?X-Amz-Signature=secret#sha256=00', 'https://files.example/x-1.0.whl'],
  ['vendor/x-1.0.whl', undefined],
  ['file:///wheels/x-1.0.whl', undefined],
])('an archive at %s', (url, expected) => {
  expect(download(url)).toBe(expected);
});

test.each([
  ['git+https://github.com/a/b?branch=main#0a1b', 'git+https://github.com/a/b@0a1b'],
  ['git+ssh://git@github.com/a/b.git?tag=v1', 'git+ssh://git@github.com/a/b.git@v1'],
  ['https://user:secret@github.com/a/b?subdirectory=x%2Fy&rev=0a1b', 'git+https://github.com/a/b@0a1b#x/y'],
  ['https://github.com/a/b', 'git+https://github.com/a/b'],
  ['/srv/b?rev=1', undefined],
])('a locked repository: %s', (source, url) => {
  expect(lockedRepository(source)).toEqual({ kind: 'vcs', qualifiers: url === undefined ? {} : { vcs_url: url } });
});

test('a secret in the path or the revision is masked', () => {
  expect(download(`https://files.example/${token}/x-1.0.whl`)).not.toContain(token);
  expect(vcs('https://github.com/a/b.git', { revision: token })).not.toContain(token);
  expect(vcs('https://github.com/a/b.git', { subdirectory: token })).not.toContain(token);
});

test('the digest of an archive stands beside its address alone', () => {
  const digest = 'AB'.repeat(32);
  expect(archive('https://files.example/x.whl', digest).qualifiers.checksum).toBe(`sha256:${'ab'.repeat(32)}`);
  expect(archive('https://files.example/x.whl', 'ab').qualifiers).toEqual({ download_url: 'https://files.example/x.whl' });
  expect(archive('x.whl', digest)).toEqual({ kind: 'archive', qualifiers: {} });
});

test('hostile addresses take linear time', () => {
  for (const part of [':', '@', '/', 'a:', '${', '://', '+']) vcs(part.repeat(2_000_000));
  for (const part of [':', '@', '/', 'a:', '${', '://', '+']) vcs(`https://${part.repeat(900)}`);
});
