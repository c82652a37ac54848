import { describe, expect, test } from 'vitest';
import type { Evidence, InputDocument, Package, Problem, Request } from '../../model/index.ts';
import { sbomEvidence } from './evidence.ts';

const image = {
  reference: 'sbom.json',
  digest: null,
  imageId: null,
  platform: { os: 'linux', architecture: 'unknown' },
  tags: [],
  layers: [],
  verified: false,
} as const;
const everything: readonly Request[] = [
  { kind: 'packages', detail: { licenses: true } },
  { kind: 'distribution' },
  { kind: 'vulnerabilities' },
  { kind: 'accounts' },
  { kind: 'configuration' },
  { kind: 'image' },
];

function read(format: InputDocument['format'], content: object, requests = everything): Evidence {
  return sbomEvidence({ format, content: content as InputDocument['content'], index: 0 }, image, requests, null);
}
const cyclonedx = (content: object) => read('cyclonedx', { bomFormat: 'CycloneDX', specVersion: '1.5', ...content });
const spdx = (content: object) => read('spdx', { spdxVersion: 'SPDX-2.3', ...content });
const syft = (content: object) => read('syft', { artifacts: [], source: {}, ...content });
const packagesOf = ({ facts }: Evidence): readonly Package[] => facts.packages ?? [];
const about = ({ problems }: Evidence, kind: Problem['kind']): string[] =>
  problems.filter((each) => each.kind === kind).map(({ what, why }) => `${what}: ${why}`);
const of = (evidence: Evidence, kind: string) => evidence.coverage.find(({ request }) => request.kind === kind)?.state;

describe('what a package is comes from its purl', () => {
  const one = (component: object): Package | undefined => packagesOf(cyclonedx({ components: [{ type: 'library', ...component }] }))[0];
  test.each([
    ['npm with a scope', { name: 'core', group: '@babel', version: '7.0.0', purl: 'pkg:npm/%40babel/core@7.0.0' }, '@babel/core', '7.0.0'],
    ['npm as Syft writes it', { name: '@babel/core', version: '7.0.0', purl: 'pkg:npm/%40babel/core@7.0.0' }, '@babel/core', '7.0.0'],
    [
      'Maven',
      { name: 'log4j-core', version: '2.14.1', purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1' },
      'org.apache.logging.log4j:log4j-core',
      '2.14.1',
    ],
    ['Python in its own writing', { name: 'Flask_Login', version: '0.6', purl: 'pkg:pypi/flask-login@0.6' }, 'Flask_Login', '0.6'],
    ['Go', { name: 'golang.org/x/net', version: 'v0.1.0', purl: 'pkg:golang/golang.org/x/net@v0.1.0' }, 'golang.org/x/net', 'v0.1.0'],
    ["Go's library", { name: 'stdlib', version: 'go1.21.0', purl: 'pkg:golang/stdlib@1.21.0' }, 'stdlib', 'go1.21.0'],
    ['Composer', { name: 'laravel/framework', version: '9.0', purl: 'pkg:composer/laravel/framework@9.0' }, 'laravel/framework', '9.0'],
    ['deb', { name: 'libssl3', version: '1:3.0-1', purl: 'pkg:deb/debian/libssl3@1%3A3.0-1?arch=amd64' }, 'libssl3', '1:3.0-1'],
    ['rpm with its epoch beside', { name: 'bind', version: '9.16-1.el9', purl: 'pkg:rpm/redhat/bind@9.16-1.el9?epoch=32' }, 'bind', '32:9.16-1.el9'],
    ['rpm with epoch 0', { name: 'bash', version: '0:5.1-1.el9', purl: 'pkg:rpm/redhat/bash@5.1-1.el9' }, 'bash', '5.1-1.el9'],
    ['Arch', { name: 'curl', version: '1:8.5-1', purl: 'pkg:alpm/arch/curl@1:8.5-1?arch=x86_64' }, 'curl', '1:8.5-1'],
    ['Gentoo', { name: 'net-misc/curl', version: '8.5-r1', purl: 'pkg:ebuild/net-misc/curl@8.5-r1' }, 'net-misc/curl', '8.5-r1'],
    ['Nix', { name: 'curl', version: '8.5', purl: 'pkg:nix/curl@8.5?output=bin' }, 'curl', '8.5'],
    ['Bitnami', { name: 'redis', version: '7.2.4-9', purl: 'pkg:bitnami/redis@7.2.4-9?distro=debian-12' }, 'redis', '7.2.4-9'],
    ['no version at all', { name: 'x', purl: 'pkg:generic/x' }, 'x', ''],
    ['a name that is another than the purl says', { name: 'harmless', version: '1', purl: 'pkg:npm/evil@1' }, 'evil', '1'],
    [
      'details that are another than the purl says',
      { purl: 'pkg:npm/evil@1', properties: [{ name: 'portcullis:package', value: '{"name":"harmless","version":"2"}' }] },
      'evil',
      '1',
    ],
  ])('%s', (_, component, name, version) => {
    expect(one(component)).toMatchObject({ name, version });
  });

  test('what is no distribution in a purl’s namespace or qualifiers is taken for none', () => {
    const components = ['pkg:deb/debian/a@1?distro=debian-12', 'pkg:ebuild/net-misc/curl@8', 'pkg:bitnami/redis@7?distro=photon-4', 'pkg:nix/a@1'];
    const given = cyclonedx({ components: components.map((purl) => ({ type: 'library', purl })) });
    expect(given.problems.filter(({ evidence }) => evidence === 'distribution')).toEqual([]);
    expect(given.facts.distribution).toMatchObject({ id: 'debian', version: '12' });
  });

  test('source package, architecture, module, licence, places: as Syft and Trivy write them', () => {
    expect(one({ name: 'libssl3', version: '3', purl: 'pkg:deb/debian/libssl3@3?arch=amd64&upstream=openssl%403.0' })).toMatchObject({
      source: { name: 'openssl', version: '3.0' },
      architecture: 'amd64',
    });
    expect(one({ name: 'a', version: '3-1', purl: 'pkg:rpm/redhat/a@3-1?upstream=b-3-1.src.rpm&rpmmod=b:1' })).toMatchObject({
      source: { name: 'b', version: '3-1' },
      module: 'b:1',
    });
    const trivy = [
      ['SrcName', 'openssl'],
      ['SrcVersion', '3.0'],
      ['SrcRelease', '1'],
      ['SrcEpoch', '2'],
      ['FilePath', 'usr/lib/x'],
    ].map(([name, value]) => ({ name: `aquasecurity:trivy:${name}`, value }));
    expect(
      one({
        name: 'libssl3',
        version: '3',
        purl: 'pkg:deb/debian/libssl3@3',
        properties: trivy,
        licenses: [{ license: { id: 'MIT' } }, { expression: 'A OR B' }],
      }),
    ).toMatchObject({
      source: { name: 'openssl', version: '2:3.0-1' },
      locations: [{ path: '/usr/lib/x' }],
      licenses: ['MIT', 'A OR B'],
    });
    const places = { occurrences: [{ location: '/a/b', line: 3 }, { location: 'relative' }] };
    expect(one({ name: 'x', version: '3', purl: 'pkg:npm/x@3', evidence: places })?.locations).toEqual([{ path: '/a/b', line: 3 }]);
  });

  test('an owner that is not listed owns nothing', () => {
    const details = (ownedBy: string) => ({ properties: [{ name: 'portcullis:package', value: JSON.stringify({ ownedBy }) }] });
    expect(one({ purl: 'pkg:npm/x@1', ...details('pkg:deb/debian/npm@9') })?.ownedBy).toBeNull();
    const both = cyclonedx({ components: [{ purl: 'pkg:deb/debian/npm@9' }, { purl: 'pkg:npm/x@1', ...details('pkg:deb/debian/npm@9') }] });
    expect(packagesOf(both).map(({ ownedBy }) => ownedBy)).toEqual([null, 'pkg:deb/debian/npm@9']);
  });

  test('components in components count', () => {
    const nested = {
      type: 'application',
      name: 'outer',
      purl: 'pkg:npm/outer@1',
      components: [{ purl: 'pkg:npm/inner@1', components: [{ purl: 'pkg:npm/innermost@1' }] }],
    };
    expect(packagesOf(cyclonedx({ components: [nested] })).map(({ name }) => name)).toEqual(['inner', 'innermost', 'outer']);
    expect(packagesOf(cyclonedx({ metadata: { component: { name: 'x', components: [{ purl: 'pkg:npm/inner@1' }] } } }))).toHaveLength(1);
  });
});

describe('what is not told is not known', () => {
  test('a type that the SBOM lists is known, others are not', () => {
    const evidence = cyclonedx({ components: [{ purl: 'pkg:npm/x@1' }] });
    const ecosystems = evidence.problems
      .filter(({ kind, evidence: touched }) => kind === 'no-data' && touched === 'packages')
      .map(({ scope }) => scope.ecosystem);
    expect(ecosystems).toContain('deb');
    expect(ecosystems).not.toContain('npm');
    expect(evidence.problems.every(({ cause }) => cause === 'outside')).toBe(true);
    expect(of(evidence, 'packages')).toBe('incomplete');
  });

  test('whoever lists one kind of distribution packages looked for the others', () => {
    const { problems } = cyclonedx({ components: [{ purl: 'pkg:apk/alpine/x@1?distro=alpine-3.16' }] });
    expect(problems.filter(({ scope }) => scope.ecosystem === 'deb' || scope.ecosystem === 'rpm')).toEqual([]);
  });

  test.each([
    ['complete as a whole', [{ aggregate: 'complete' }], 'collected'],
    ['complete of the image', [{ aggregate: 'complete', assemblies: ['root'] }], 'collected'],
    ['complete of a part', [{ aggregate: 'complete', assemblies: ['part'] }], 'incomplete'],
    ['incomplete', [{ aggregate: 'complete' }, { aggregate: 'incomplete', assemblies: ['root'] }], 'incomplete'],
  ])('compositions: %s', (_, compositions, state) => {
    expect(of(cyclonedx({ metadata: { component: { name: 'x', 'bom-ref': 'root' } }, compositions }), 'packages')).toBe(state);
  });

  test('what Syft looked for stands in the record of its run', () => {
    const used = ['dpkg-db-cataloger', 'apk-db-cataloger', 'rpm-db-cataloger', 'javascript-package-cataloger'];
    const { problems } = syft({ descriptor: { name: 'syft', version: '1.0', configuration: { catalogers: { used } } } });
    const missing = problems.filter(({ evidence }) => evidence === 'packages').map(({ scope }) => scope.ecosystem);
    expect(missing).not.toContain('npm');
    expect(missing).toContain('pypi');
  });

  test('what an SBOM cannot hold is not applicable, and VEX in it is said not to count', () => {
    const evidence = cyclonedx({ components: [], vulnerabilities: [{ id: 'CVE-1', analysis: { state: 'not_affected' } }, { id: 'CVE-2' }] });
    expect(of(evidence, 'accounts')).toBe('not-applicable');
    expect(of(evidence, 'configuration')).toBe('not-applicable');
    expect(of(evidence, 'vulnerabilities')).toBe('not-asked');
    expect(of(evidence, 'image')).toBe('incomplete');
    expect(evidence.facts.vulnerabilities).toBeUndefined();
    expect(evidence.image.input?.notes.join(' ')).toMatch(/1 VEX statements in it are not applied.*1 vulnerabilities/);
  });

  test('distribution packages without any source package', () => {
    const without = cyclonedx({ components: [{ purl: 'pkg:deb/debian/libssl3@3?distro=debian-12' }] });
    expect(without.problems.filter(({ evidence }) => evidence === 'vulnerabilities').map(({ scope }) => scope.ecosystem)).toEqual(['deb']);
    const components = [{ purl: 'pkg:deb/debian/libssl3@3?distro=debian-12&upstream=openssl' }, { purl: 'pkg:deb/debian/bash@5?distro=debian-12' }];
    const some = cyclonedx({ components });
    expect(some.problems.filter(({ evidence }) => evidence === 'vulnerabilities')).toEqual([]);
    expect(packagesOf(some).map(({ source }) => source?.name)).toEqual(['bash', 'openssl']);
  });

  test('types that no rule knows are counted', () => {
    const { image: facts, problems } = cyclonedx({ components: [{ purl: 'pkg:swift/x/y@1' }, { purl: 'pkg:hex/z@1' }, { purl: 'pkg:hex/y@1' }] });
    expect(facts.input?.notes).toEqual(['Packages of types that no rule knows were left aside: 2 hex, 1 swift.']);
    expect(problems.filter(({ kind }) => kind !== 'no-data' && kind !== 'unsupported')).toEqual([]);
  });
});

describe('faults', () => {
  test.each([
    ['a library without a purl', { components: [{ type: 'library', name: 'x' }] }, 'no purl'],
    ['a purl that is none', { components: [{ purl: 'npm/x' }] }, 'is not valid'],
    ['a purl without a name', { components: [{ purl: 'pkg:npm/' }] }, 'is not valid'],
    ['a purl longer than any', { components: [{ purl: `pkg:npm/${'x'.repeat(5000)}` }] }, 'is not valid'],
    ['a component that is no object', { components: [1] }, 'is not an object'],
    ['components that are no list', { components: {} }, 'not a list'],
  ])('%s', (_, content, why) => {
    expect(about(cyclonedx(content), 'unreadable').join()).toContain(why);
  });

  test('two components of one reference, two versions of one package', () => {
    expect(
      about(
        cyclonedx({
          components: [
            { 'bom-ref': 'a', purl: 'pkg:npm/a@1' },
            { 'bom-ref': 'a', purl: 'pkg:npm/b@1' },
          ],
        }),
        'contradiction',
      ),
    ).toHaveLength(1);
    expect(about(cyclonedx({ components: [{ version: '2', purl: 'pkg:npm/a@1' }] }), 'contradiction')).toHaveLength(1);
  });

  test('many faults are named up to twenty and told as one', () => {
    const problems = about(cyclonedx({ components: Array.from({ length: 50_000 }, (_, index) => ({ name: `x${index}` })) }), 'unreadable');
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toContain('more faults');
  });

  test('fields of the wrong kind are passed over, never a crash', () => {
    const wrong = [null, 1, true, 'x', [], [[]], {}, [null], [{ name: 5, value: {} }]];
    for (const value of wrong) {
      for (const field of ['purl', 'name', 'version', 'group', 'licenses', 'properties', 'evidence', 'components', 'bom-ref', 'type', 'hashes']) {
        cyclonedx({ components: [{ purl: 'pkg:npm/x@1', [field]: value }], metadata: { component: { [field]: value } } });
      }
      for (const field of ['metadata', 'components', 'vulnerabilities', 'compositions', 'dependencies']) cyclonedx({ [field]: value });
      cyclonedx({ metadata: { tools: value, component: value, properties: value } });
      for (const field of ['packages', 'annotations', 'relationships', 'documentDescribes', 'creationInfo', 'name']) spdx({ [field]: value });
      for (const field of [
        'SPDXID',
        'name',
        'versionInfo',
        'externalRefs',
        'annotations',
        'sourceInfo',
        'checksums',
        'licenseDeclared',
        'primaryPackagePurpose',
      ]) {
        spdx({ packages: [{ SPDXID: 'a', [field]: value }], documentDescribes: ['a'] });
      }
      for (const field of ['schema', 'source', 'distro', 'descriptor']) syft({ [field]: value });
      syft({ source: { metadata: value } });
      for (const field of ['id', 'name', 'version', 'purl', 'licenses', 'locations', 'metadata', 'foundBy'])
        syft({ artifacts: [{ purl: 'pkg:npm/x@1', [field]: value }] });
      for (const name of ['layer', 'searched', 'problem', 'platform', 'tag']) {
        cyclonedx({ metadata: { properties: [{ name: `portcullis:${name}`, value: JSON.stringify(value) }] } });
      }
      cyclonedx({
        components: [
          {
            purl: 'pkg:npm/x@1',
            properties: [
              { name: 'portcullis:package', value: JSON.stringify({ locations: value, licenses: value, source: value, name: value, lockfile: value }) },
            ],
          },
        ],
      });
    }
  });
});

describe('the distribution', () => {
  const found = (content: object) => cyclonedx(content).facts.distribution;
  test.each([
    ['the qualifier', [{ purl: 'pkg:deb/debian/x@1?distro=debian-12' }], 'debian', '12'],
    ['a name with a hyphen', [{ purl: 'pkg:rpm/opensuse/x@1-1?distro=opensuse-leap-15.5' }], 'opensuse-leap', '15.5'],
    ['Trivy for Alpine', [{ purl: 'pkg:apk/alpine/x@1?distro=3.16.9' }], 'alpine', '3.16.9'],
    ['the namespace alone', [{ purl: 'pkg:deb/ubuntu/x@1' }], 'ubuntu', ''],
    ['an operating system', [{ type: 'operating-system', name: 'Debian', version: '12' }, { purl: 'pkg:deb/debian/x@1' }], 'debian', '12'],
  ])('%s', (_, components, id, version) => {
    expect(found({ components })).toMatchObject({ id, version });
  });

  test('two are a contradiction, none is not known', () => {
    const two = cyclonedx({ components: [{ purl: 'pkg:deb/debian/x@1?distro=debian-12' }, { purl: 'pkg:deb/ubuntu/y@1?distro=ubuntu-22.04' }] });
    expect(two.problems.filter(({ evidence, kind }) => evidence === 'distribution' && kind === 'contradiction')).toHaveLength(1);
    const none = cyclonedx({ components: [] });
    expect(none.facts.distribution).toBeNull();
    expect(of(none, 'distribution')).toBe('incomplete');
  });

  test('Syft and SPDX name it in words of their own', () => {
    const distro = { id: 'ubuntu', versionID: '22.04', prettyName: 'Ubuntu 22.04.3 LTS', idLike: ['debian'], versionCodename: 'jammy' };
    expect(syft({ distro }).facts.distribution).toMatchObject({
      id: 'ubuntu',
      version: '22.04',
      name: 'Ubuntu 22.04.3 LTS',
      like: ['debian'],
      codename: 'jammy',
    });
    const packages = [{ SPDXID: 'a', name: 'debian', versionInfo: '12', primaryPackagePurpose: 'OPERATING-SYSTEM' }];
    expect(spdx({ packages }).facts.distribution).toMatchObject({ id: 'debian', version: '12' });
  });
});

test('SPDX: packages by purl, source package, licence; what is described is no package of its own', () => {
  const purl = (referenceLocator: string) => ({ externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator }] });
  const evidence = spdx({
    creationInfo: { creators: ['Organization: x', 'Tool: trivy-0.50'] },
    packages: [
      { SPDXID: 'root', name: 'debian:12', versionInfo: `sha256:${'a'.repeat(64)}` },
      {
        SPDXID: 'a',
        name: 'libssl3',
        versionInfo: '3',
        licenseDeclared: 'NOASSERTION',
        licenseConcluded: 'Apache-2.0',
        sourceInfo: 'built package from: openssl 3.0-1',
        ...purl('pkg:deb/debian/libssl3@3?distro=debian-12'),
      },
      { SPDXID: 'b', name: 'app/package-lock.json', primaryPackagePurpose: 'APPLICATION' },
      { SPDXID: 'c', name: 'nobody' },
    ],
    relationships: [{ spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'root' }],
  });
  expect(packagesOf(evidence)).toMatchObject([{ name: 'libssl3', source: { name: 'openssl', version: '3.0-1' }, licenses: ['Apache-2.0'] }]);
  expect(evidence.image.input).toMatchObject({ generator: 'trivy-0.50', subject: { name: 'debian:12', digest: `sha256:${'a'.repeat(64)}` } });
  expect(about(evidence, 'unreadable')).toEqual(['nobody: the SBOM gives it no purl, so what it is cannot be known']);
});

test("Syft's JSON: packages, layers, places, subject", () => {
  const evidence = syft({
    schema: { version: '16.0.1' },
    source: {
      name: 'alpine',
      version: '3.16',
      metadata: { layers: [{ digest: `sha256:${'b'.repeat(64)}` }], os: 'linux', architecture: 'arm64', tags: ['alpine:3.16'] },
    },
    artifacts: [
      {
        id: '1',
        name: 'libssl1.1',
        version: '1.1.1w-r1',
        purl: 'pkg:apk/alpine/libssl1.1@1.1.1w-r1?arch=x86_64&distro=alpine-3.16.9&upstream=openssl',
        foundBy: 'apk-db-cataloger',
        licenses: [{ value: 'OpenSSL', spdxExpression: 'OpenSSL' }],
        locations: [{ path: '/lib/apk/db/installed', layerID: `sha256:${'b'.repeat(64)}` }],
      },
      { id: '2', name: 'ms', version: '1', purl: 'pkg:npm/ms@1', foundBy: 'javascript-lock-cataloger', licenses: ['MIT'] },
    ],
  });
  expect(packagesOf(evidence)).toMatchObject([
    { name: 'libssl1.1', source: { name: 'openssl' }, licenses: ['OpenSSL'], locations: [{ path: '/lib/apk/db/installed', layer: 0 }], lockfile: false },
    { name: 'ms', lockfile: true, licenses: ['MIT'] },
  ]);
  expect(evidence.image).toMatchObject({ platform: { os: 'linux', architecture: 'arm64' }, tags: ['alpine:3.16'], verified: false, digest: null });
});
