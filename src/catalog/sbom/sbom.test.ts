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
    ['a range where a version belongs', { name: 'lodash', version: '^4.17.0', purl: 'pkg:npm/lodash' }, 'lodash', ''],
    ['a Go module as Syft cuts it', { name: 'a.test/b/c/v2', version: 'v2.0.0', purl: 'pkg:golang/a.test/b/c@v2.0.0#v2' }, 'a.test/b/c/v2', 'v2.0.0'],
    ['a folder of a Go module', { name: 'a.test/b/c', version: 'v2.0.0', purl: 'pkg:golang/a.test/b/c@v2.0.0#folder' }, 'a.test/b/c', 'v2.0.0'],
    ['apk as Syft once wrote it', { name: 'musl', version: '1.1.24-r2', purl: 'pkg:alpine/musl@1.1.24-r2?arch=x86_64' }, 'musl', '1.1.24-r2'],
    ['rpm with its release in the purl alone', { name: 'bash', version: '4.2.46', purl: 'pkg:rpm/centos/bash@4.2.46-31.el7' }, 'bash', '4.2.46-31.el7'],
    ['deb with its epoch as a qualifier', { name: 'x', version: '3.0', purl: 'pkg:deb/debian/x@3.0?epoch=2' }, 'x', '2:3.0'],
    ['GitHub’s name with an ecosystem', { name: 'npm:@babel/core', version: '7.0.0', purl: 'pkg:npm/%40babel/core@7.0.0' }, '@babel/core', '7.0.0'],
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

  test('no fault is found in what only another writing of the same is', () => {
    for (const component of [
      { name: 'log4j-core', version: '2', purl: 'pkg:maven/org.apache/log4j-core@2' },
      { name: 'org.apache.log4j-core', version: '2', purl: 'pkg:maven/org.apache/log4j-core@2' },
      { name: 'npm:@babel/core', version: '7', purl: 'pkg:npm/%40babel/core@7' },
      { name: 'bash', version: '4.2.46', purl: 'pkg:rpm/centos/bash@4.2.46-31.el7' },
      { name: 'Flask_Login', version: '1', purl: 'pkg:pypi/flask-login@1' },
      { name: 'a.test/b/c/v2', version: 'v2.0.0', purl: 'pkg:golang/a.test/b/c@v2.0.0#v2' },
      { name: 'adduser-3.118', version: '3.118', purl: 'pkg:deb/debian/adduser@3.118?arch=all' },
      { name: 'Whatever', version: '1', purl: 'pkg:githubactions/actions/checkout@1' },
    ]) {
      expect(about(cyclonedx({ components: [component] }), 'contradiction')).toEqual([]);
    }
  });

  test.each([
    ['pkg:deb/ubuntu/libpcre3@8?source=pcre3&sourceversion=2%3A8', { name: 'pcre3', version: '2:8' }],
    ['pkg:apk/alpine/libssl3@3?origin=openssl', { name: 'openssl', version: '3' }],
    ['pkg:rpm/rhel/libs@3-1?sourcerpm=lib-3-1.src.rpm', { name: 'lib', version: '3-1' }],
    ['pkg:npm/x@1?upstream=y', null],
  ])('the source package in %s', (purl, source) => {
    expect(one({ purl })?.source ?? null).toEqual(source);
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
      .flatMap(({ scope }) => scope.ecosystems);
    expect(ecosystems).toContain('deb');
    expect(ecosystems).not.toContain('npm');
    expect(evidence.problems.every(({ cause }) => cause === 'outside')).toBe(true);
    expect(of(evidence, 'packages')).toBe('incomplete');
  });

  test('whoever lists one kind of distribution packages looked for the others', () => {
    const { problems } = cyclonedx({ components: [{ purl: 'pkg:apk/alpine/x@1?distro=alpine-3.16' }] });
    expect(problems.filter(({ scope }) => scope.ecosystems?.some((each) => each === 'deb' || each === 'rpm'))).toEqual([]);
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
    const missing = problems.filter(({ evidence }) => evidence === 'packages').flatMap(({ scope }) => scope.ecosystems);
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
    expect(evidence.image.input?.notes.join(' ')).toMatch(/VEX statements in it \(1\) are not applied.*Vulnerabilities that it lists \(1\)/);
  });

  test('distribution packages without any source package', () => {
    const without = cyclonedx({ components: [{ purl: 'pkg:deb/debian/libssl3@3?distro=debian-12' }] });
    expect(without.problems.filter(({ evidence }) => evidence === 'vulnerabilities').map(({ scope }) => scope.ecosystem)).toEqual(['deb']);
    const components = [{ purl: 'pkg:deb/debian/libssl3@3?distro=debian-12&upstream=openssl' }, { purl: 'pkg:deb/debian/bash@5?distro=debian-12' }];
    const some = cyclonedx({ components });
    expect(some.problems.filter(({ evidence }) => evidence === 'vulnerabilities')).toEqual([]);
    expect(packagesOf(some).map(({ source }) => source?.name)).toEqual(['bash', 'openssl']);
  });

  test('packages of an ecosystem that is not known are packages, what names none is counted', () => {
    const components = ['pkg:swift/x/y@1', 'pkg:hex/z@1', 'pkg:oci/base@sha256%3Aaa', 'pkg:k8s/x@1', 'pkg:swid/p@1'];
    const evidence = cyclonedx({
      components: [...components.map((purl) => ({ purl })), { type: 'file', name: '/a' }, { type: 'file', name: '/b' }, { type: 'device', name: 'c' }],
      services: [{ name: 's' }],
    });
    expect(packagesOf(evidence).map(({ type, name, purl }) => [type, name, purl])).toEqual([
      ['generic', 'x/y', 'pkg:swift/x/y@1'],
      ['generic', 'z', 'pkg:hex/z@1'],
    ]);
    expect(evidence.image.input?.notes).toEqual([
      'Left aside, as they are no packages: 1 device, 2 file, 1 service.',
      'Left aside, as their purls name no packages: 1 k8s, 1 oci, 1 swid.',
    ]);
    expect(evidence.problems.filter(({ kind }) => kind !== 'no-data' && kind !== 'unsupported')).toEqual([]);
  });

  test('what other documents hold is not known', () => {
    const incomplete = (evidence: Evidence): string[] => evidence.problems.filter(({ what }) => what === 'the SBOM').map(({ why }) => why);
    const bom = { type: 'bom', url: 'https://example.test/bom.json' };
    expect(incomplete(cyclonedx({ components: [{ purl: 'pkg:npm/a@1', externalReferences: [bom] }] }))).toEqual([
      'it refers to other BOMs, which are not read',
    ]);
    expect(incomplete(spdx({ packages: [], externalDocumentRefs: [{ externalDocumentId: 'DocumentRef-a' }] }))).toEqual([
      'it refers to other documents, which are not read',
    ]);
  });

  test('doubts of whoever decoded it are problems, an attestation names the image', () => {
    const document = {
      format: 'cyclonedx',
      content: { bomFormat: 'CycloneDX', specVersion: '1.5', metadata: { component: { name: 'core' } } },
      index: 0,
    } as const;
    const attested = { name: 'pkg:docker/shop@1.0', digest: `sha256:${'c'.repeat(64)}` };
    const evidence = sbomEvidence({ ...document, doubts: ['it may have been cut off'], attested }, image, everything, null);
    expect(about(evidence, 'unreadable')).toEqual(['the SBOM: it may have been cut off']);
    expect(evidence.image.input).toMatchObject({ subject: attested, notes: ['It came in an attestation, whose signature was not checked.'] });
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
    expect(about(cyclonedx({ components: [{ name: 'libpcre3', purl: 'pkg:deb/ubuntu/pcre3@1' }] }), 'contradiction')).toEqual([
      'pkg:deb/ubuntu/pcre3@1: the SBOM gives it the name libpcre3 and the purl pkg:deb/ubuntu/pcre3@1',
    ]);
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
    ['Trivy’s name', [{ type: 'operating-system', name: 'alma', version: '9.3' }, { purl: 'pkg:rpm/alma/x@1-1?distro=alma-9.3' }], 'almalinux', '9.3'],
    ['a name in full', [{ type: 'operating-system', name: 'Red Hat Enterprise Linux', version: '8.0' }], 'rhel', '8.0'],
    ['Syft for Red Hat', [{ purl: 'pkg:rpm/redhat/x@1-1?distro=rhel-9.3' }], 'rhel', '9.3'],
    ['a namespace that is another name', [{ purl: 'pkg:rpm/redhat/x@1-1?distro=9.3' }], 'rhel', '9.3'],
    ['Docker Scout', [{ purl: 'pkg:deb/debian/x@1?os_distro=bookworm&os_name=debian&os_version=12' }], 'debian', '12'],
    ['one purl of two', [{ purl: 'pkg:apk/wolfi/x@1' }, { purl: 'pkg:apk/wolfi/y@1?distro=wolfi-20230201' }], 'wolfi', '20230201'],
    ['apko before it is told', [{ type: 'operating-system', name: 'unknown' }, { purl: 'pkg:apk/alpine/x@1?distro=alpine-3.20.1' }], 'alpine', '3.20.1'],
    ['a system without its release', [{ type: 'operating-system', name: 'ubuntu' }, { purl: 'pkg:deb/ubuntu/y@1?distro=ubuntu-22.04' }], 'ubuntu', '22.04'],
  ])('%s', (_, components, id, version) => {
    expect(found({ components })).toMatchObject({ id, version });
  });

  test('two are a contradiction, none is not known', () => {
    const two = cyclonedx({ components: [{ purl: 'pkg:deb/debian/x@1?distro=debian-12' }, { purl: 'pkg:deb/ubuntu/y@1?distro=ubuntu-22.04' }] });
    expect(two.problems.filter(({ evidence, kind }) => evidence === 'distribution' && kind === 'contradiction')).toHaveLength(1);
    for (const [name, version, distro, faults] of [
      ['debian', '12', 'debian-12.5', 0],
      ['debian', '13', 'debian-12', 1],
      ['alpine', '3.1', 'alpine-3.16', 1],
      ['ubuntu', '12', 'debian-12', 1],
    ] as const) {
      const components = [{ type: 'operating-system', name, version }, { purl: `pkg:deb/debian/x@1?distro=${distro}` }];
      expect(about(cyclonedx({ components }), 'contradiction')).toHaveLength(faults);
    }
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

describe('SPDX in the manner of', () => {
  const purl = (referenceLocator: string) => ({ externalRefs: [{ referenceCategory: 'PACKAGE_MANAGER', referenceType: 'purl', referenceLocator }] });
  const names = (evidence: Evidence): string[] => packagesOf(evidence).map(({ name }) => name);
  const relation = (spdxElementId: string, relationshipType: string, relatedSpdxElement: string) => ({ spdxElementId, relationshipType, relatedSpdxElement });

  test('Trivy before SPDX 2.3: the system and the holders of packages by their ids', () => {
    const evidence = spdx({
      spdxVersion: 'SPDX-2.2',
      packages: [
        { SPDXID: 'SPDXRef-OperatingSystem-1', name: 'alpine', versionInfo: '3.16.0' },
        { SPDXID: 'SPDXRef-Application-1', name: 'node-pkg' },
        { SPDXID: 'SPDXRef-Package-1', name: 'musl', versionInfo: '1.2.3-r0', ...purl('pkg:apk/alpine/musl@1.2.3-r0?distro=3.16.0') },
      ],
    });
    expect(names(evidence)).toEqual(['musl']);
    expect(evidence.facts.distribution).toMatchObject({ id: 'alpine', version: '3.16.0' });
    expect(about(evidence, 'unreadable')).toEqual([]);
  });

  test('apko and melange: the recipe and the sources are in no image, the system may have no name', () => {
    const evidence = spdx({
      documentDescribes: ['image'],
      packages: [
        { SPDXID: 'image', name: 'sha256:aa', primaryPackagePurpose: 'CONTAINER', ...purl('pkg:oci/app@sha256%3Aaa') },
        { SPDXID: 'SPDXRef-OperatingSystem-unknown', name: 'unknown', versionInfo: '1.0', primaryPackagePurpose: 'OPERATING_SYSTEM' },
        { SPDXID: 'a', name: 'zlib', versionInfo: '1.3-r1', ...purl('pkg:apk/wolfi/zlib@1.3-r1?arch=x86_64') },
        { SPDXID: 'recipe', name: 'zlib.yaml', versionInfo: 'abc', ...purl('pkg:github/wolfi-dev/os@abc#zlib.yaml') },
        { SPDXID: 'source', name: 'zlib', versionInfo: '1.3', ...purl('pkg:generic/zlib@1.3?download_url=https%3A%2F%2Fexample.test') },
        { SPDXID: 'library', name: 'lodash', versionInfo: '4.0.0', ...purl('pkg:npm/lodash@4.0.0') },
      ],
      relationships: [relation('a', 'DESCRIBED_BY', 'recipe'), relation('a', 'GENERATED_FROM', 'source'), relation('library', 'GENERATES', 'a')],
    });
    expect(names(evidence)).toEqual(['zlib', 'lodash']);
    expect(evidence.facts.distribution).toMatchObject({ id: 'wolfi' });
    expect(evidence.image.input?.notes).toEqual(['Left aside, as they are no packages: 2 layer, source or file.']);
  });

  test('GitHub: the repository is no package, a range is no version', () => {
    const evidence = spdx({
      documentDescribes: ['SPDXRef-repository'],
      packages: [
        { SPDXID: 'SPDXRef-repository', name: 'com.github.a/b', versionInfo: 'main', ...purl('pkg:github/a/b@main') },
        { SPDXID: 'x', name: 'npm:lodash', versionInfo: '>= 4.0, < 5', ...purl('pkg:npm/lodash') },
        { SPDXID: 'y', name: 'actions:actions/checkout', versionInfo: '4.*.*', ...purl('pkg:githubactions/actions/checkout@4.%2A.%2A') },
      ],
    });
    expect(packagesOf(evidence)).toMatchObject([{ name: 'lodash', version: '' }]);
    expect(about(evidence, 'contradiction')).toEqual([]);
  });

  test('Bitnami: what is described is the package', () => {
    const packages = [{ SPDXID: 'SPDXRef-redis', name: 'redis', versionInfo: '7.4.1-0', ...purl('pkg:bitnami/redis@7.4.1-0?distro=debian-12') }];
    const evidence = spdx({ packages, relationships: [relation('SPDXRef-DOCUMENT', 'DESCRIBES', 'SPDXRef-redis')] });
    expect(packagesOf(evidence)).toMatchObject([{ name: 'redis', type: 'bitnami', version: '7.4.1-0' }]);
  });

  test('Tern and bom: layers are no packages, what has no purl is said', () => {
    const packages = [
      { SPDXID: 'layer', name: 'c'.repeat(64) },
      { SPDXID: 'blob', name: `${'d'.repeat(64)}.tar.gz` },
      { SPDXID: 'p', name: 'bash', versionInfo: '4.4.18-2.ph3' },
    ];
    expect(about(spdx({ packages }), 'unreadable')).toEqual(['bash: the SBOM gives it no purl, so what it is cannot be known']);
  });

  test('licences by reference are called as they are called there', () => {
    const evidence = spdx({
      packages: [
        { SPDXID: 'a', name: 'a', licenseDeclared: 'LicenseRef-1', ...purl('pkg:npm/a@1') },
        { SPDXID: 'b', name: 'b', licenseDeclared: 'MIT AND LicenseRef-1', ...purl('pkg:npm/b@1') },
        { SPDXID: 'c', name: 'c', licenseDeclared: 'LicenseRef-2', ...purl('pkg:npm/c@1') },
      ],
      hasExtractedLicensingInfos: [
        { licenseId: 'LicenseRef-1', name: 'Commercial' },
        { licenseId: 'LicenseRef-2', name: 'NOASSERTION' },
      ],
    });
    expect(packagesOf(evidence).map(({ licenses }) => licenses)).toEqual([['Commercial'], ['MIT AND LicenseRef-1', 'Commercial'], ['LicenseRef-2']]);
  });
});

test("Syft's JSON of older versions: artifacts without a purl by their type, others are said", () => {
  const evidence = syft({
    artifacts: [
      { id: '1', name: 'apt', version: '2.0', type: 'deb' },
      { id: '2', name: '@babel/core', version: '7.0.0', type: 'npm' },
      { id: '3', name: 'wstx-asl', version: '1', type: 'java-archive' },
      { id: '4', name: 'PyYAML', version: '5', type: 'python' },
    ],
  });
  expect(packagesOf(evidence).map(({ type, name, version }) => [type, name, version])).toEqual([
    ['deb', 'apt', '2.0'],
    ['npm', '@babel/core', '7.0.0'],
    ['pypi', 'PyYAML', '5'],
  ]);
  expect(about(evidence, 'unreadable')).toEqual(['wstx-asl: the SBOM gives it no purl, so what it is cannot be known']);
});

test("Syft's JSON: which distribution package brought a language's package", () => {
  const owner = 'pkg:deb/debian/python3-yaml@6?arch=amd64&distro=debian-12';
  const artifacts = [
    { id: 'd', name: 'python3-yaml', version: '6', purl: owner },
    { id: 'p', name: 'PyYAML', version: '6', purl: 'pkg:pypi/pyyaml@6' },
    { id: 'n', name: 'ms', version: '1', purl: 'pkg:npm/ms@1' },
  ];
  const overlap = (parent: string, child: string) => ({ parent, child, type: 'ownership-by-file-overlap' });
  const evidence = syft({ artifacts, artifactRelationships: [overlap('d', 'p'), overlap('p', 'n'), { parent: 'd', child: 'n', type: 'dependency-of' }] });
  expect(packagesOf(evidence).map(({ name, ownedBy }) => [name, ownedBy])).toEqual([
    ['python3-yaml', null],
    ['ms', null],
    ['PyYAML', owner],
  ]);
});

test("Docker Scout's JSON", () => {
  const evidence = syft({
    source: { type: 'image', image: { name: 'shop', distro: { os_name: 'debian', os_version: '12', os_distro: 'bookworm' } } },
    descriptor: { name: 'docker-scout', version: '1.20.0' },
    artifacts: [
      {
        type: 'deb',
        name: 'libssl3',
        version: '3.0.11-1',
        purl: 'pkg:deb/debian/libssl3@3.0.11-1?os_distro=bookworm&os_name=debian&os_version=12&upstream=openssl',
        licenses: ['Apache-2.0'],
        locations: [{ path: '/var/lib/dpkg/status', diff_id: `sha256:${'b'.repeat(64)}` }],
      },
    ],
  });
  expect(evidence.image.input).toMatchObject({ format: 'Docker Scout JSON', generator: 'docker-scout 1.20.0' });
  expect(evidence.facts.distribution).toMatchObject({ id: 'debian', version: '12', codename: 'bookworm' });
  expect(packagesOf(evidence)).toMatchObject([
    { name: 'libssl3', source: { name: 'openssl' }, licenses: ['Apache-2.0'], locations: [{ path: '/var/lib/dpkg/status' }] },
  ]);
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
