import { PackageURL } from 'packageurl-js';
import { expect, test } from 'vitest';
import type { Distribution } from '../model/index.ts';
import type { PackageFact } from './cataloger.ts';
import { purlOf } from './purl.ts';

const fact = (type: PackageFact['type'], name: string, version: string, more: Partial<PackageFact> = {}): PackageFact => ({
  type,
  name,
  version,
  source: null,
  architecture: null,
  licenses: [],
  locations: [],
  lockfile: false,
  ...more,
});
const debian: Distribution = { id: 'debian', version: '12', name: 'Debian', like: [], codename: null, location: { path: '/etc/os-release' } };

test.each([
  [fact('deb', 'libc6', '2.36-9', { architecture: 'amd64' }), 'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12'],
  [fact('npm', '@babel/core', '7.0.0'), 'pkg:npm/%40babel/core@7.0.0'],
  [fact('pypi', 'Zope.Interface', '5.0'), 'pkg:pypi/zope-interface@5.0'],
  [fact('maven', 'org.a:b', '1', { purl: { namespace: 'org.a', name: 'b' } }), 'pkg:maven/org.a/b@1'],
  [fact('maven', 'b', '1', { purl: { name: 'b' } }), 'pkg:generic/b@1'],
  [
    fact('golang', 'github.com/a/b/v2', 'v2.0.0+incompatible', { purl: { namespace: 'github.com/a/b', name: 'v2' } }),
    'pkg:golang/github.com/a/b/v2@v2.0.0%2Bincompatible',
  ],
  [fact('golang', 'stdlib', 'go1.21.0', { purl: { version: '1.21.0' } }), 'pkg:golang/stdlib@1.21.0'],
  [fact('golang', 'example.org/x', '(devel)', { purl: { namespace: 'example.org', name: 'x', version: '' } }), 'pkg:golang/example.org/x'],
  [fact('composer', 'a/b', '1', { purl: { namespace: 'a', name: 'b' } }), 'pkg:composer/a/b@1'],
  [fact('gem', 'ffi', '1', { purl: { qualifiers: { platform: 'x86_64-linux' } } }), 'pkg:gem/ffi@1?platform=x86_64-linux'],
  [fact('conda', 'openssl', '1', { purl: { qualifiers: { build: 'h_0', channel: 'main' } } }), 'pkg:conda/openssl@1?build=h_0&channel=main'],
  [fact('cargo', 'rand', '0.7'), 'pkg:cargo/rand@0.7'],
  [fact('nuget', 'Newtonsoft.Json', '13.0.1'), 'pkg:nuget/Newtonsoft.Json@13.0.1'],
])('%o', (given, expected) => {
  const purl = purlOf(given, debian);
  expect(PackageURL.fromString(purl).toString()).toBe(PackageURL.fromString(expected).toString());
});

test('what no purl may hold is escaped, not lost', () => {
  for (const name of ['', ' ', 'a b', 'ü', '%', 'a/b', '@', '\u0000', '\ud800', 'a\udc00']) {
    expect(() => purlOf(fact('npm', name, `1 ${name}`), null)).not.toThrow();
    expect(() => purlOf(fact('maven', name, '1', { purl: { namespace: name, name } }), null)).not.toThrow();
    expect(() => purlOf(fact('deb', name, '1', { architecture: name }), { ...debian, id: name, version: name })).not.toThrow();
  }
});
