import { expect, test } from 'vitest';
import { orderForEcosystem, orderForPackageType } from './index.ts';

test('an ecosystem has its order, with and without release', () => {
  const expected: Readonly<Record<string, string>> = {
    Debian: 'dpkg',
    'Debian:12': 'dpkg',
    'Ubuntu:Pro:18.04:LTS': 'dpkg',
    'Alpine:v3.19': 'apk',
    Wolfi: 'apk',
    Chainguard: 'apk',
    'Alpaquita:stream': 'apk',
    'BellSoft Hardened Containers:23': 'apk',
    CleanStart: 'apk',
    MinimOS: 'apk',
    'AlmaLinux:9': 'rpm',
    'Rocky Linux:9': 'rpm',
    'Red Hat:enterprise_linux:9::baseos': 'rpm',
    'SUSE:Linux Enterprise Server 15 SP5': 'rpm',
    'openSUSE:Leap 15.6': 'rpm',
    'openEuler:24.03-LTS': 'rpm',
    'Azure Linux:3': 'rpm',
    'Photon OS:3.0': 'rpm',
    'Mageia:9': 'rpm',
    PyPI: 'pep440',
    npm: 'npm',
    'Maven:https://maven.google.com': 'maven',
    Go: 'go',
    'crates.io': 'cargo',
    RubyGems: 'rubygems',
    'Packagist:https://packages.drupal.org/8': 'composer',
    NuGet: 'nuget',
    Bitnami: 'bitnami',
    SwiftURL: 'semver',
    CRAN: 'numbers',
    'Root:Debian:12': 'dpkg',
    'Root:npm': 'npm',
  };
  for (const [ecosystem, name] of Object.entries(expected)) expect([ecosystem, orderForEcosystem(ecosystem)?.name]).toEqual([ecosystem, name]);
});

test('an unknown ecosystem has none', () => {
  for (const ecosystem of ['', ':', 'debian', 'GIT', 'OSS-Fuzz', 'Root', 'Root:Root:npm', '__proto__', 'constructor']) {
    expect([ecosystem, orderForEcosystem(ecosystem)]).toEqual([ecosystem, undefined]);
  }
});

test('a package type has its order', () => {
  const names = ['deb', 'apk', 'rpm', 'npm', 'pypi', 'maven', 'golang', 'cargo', 'gem', 'composer', 'nuget'].map((type) => orderForPackageType(type)?.name);
  expect(names).toEqual(['dpkg', 'apk', 'rpm', 'npm', 'pep440', 'maven', 'go', 'cargo', 'rubygems', 'composer', 'nuget']);
  for (const type of ['generic', '', 'toString']) expect(orderForPackageType(type)).toBeUndefined();
});
