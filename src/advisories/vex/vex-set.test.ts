import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Match, VexDocument, VexMark } from '../../model/index.ts';
import { debian12, distribution, type Fields, temporaryDirectory } from '../advisories.fixture.ts';
import type { VexSubject } from './product.ts';
import { VexSet } from './vex-set.ts';

const digest = `sha256:${'ab'.repeat(32)}` as const;
const image: VexSubject['image'] = { reference: 'registry.example/team/shop:1.2', digest, imageId: `sha256:${'cd'.repeat(32)}` };
const subject: VexSubject = { image, distribution: debian12 };

function match(purl: string, id = 'CVE-2026-1000', more: Partial<Match> = {}): Match {
  const [, type = '', name = '', version = ''] = /^pkg:([a-z]+)\/(?:.*\/)?([^/@]+)@([^?]*)/.exec(purl) ?? [];
  return {
    ...{ id, aliases: [], severity: 'high', severitySource: null, cvss: [], kev: null, epss: null, fixState: 'unknown', fixedIn: null },
    ...{ published: null, modified: null, summary: null, source: 'x', location: null },
    package: { purl, name: decodeURIComponent(name), version: decodeURIComponent(version), type: type as Match['package']['type'] },
    matchedBy: { name: decodeURIComponent(name), version: decodeURIComponent(version), range: '', through: 'package' },
    ...more,
  };
}
const lodash = match('pkg:npm/lodash@4.17.11');
const openssl = match('pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12', 'DEBIAN-CVE-2026-1000', {
  aliases: ['CVE-2026-1000'],
  matchedBy: { name: 'openssl', version: '3.0.11-1', range: '', through: 'source' },
});

function written(document: unknown): string {
  const path = join(temporaryDirectory(), 'vex.json');
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  return path;
}
async function marked(
  matches: readonly Match[],
  documents: readonly unknown[],
  where = subject,
): Promise<{ marks: (VexMark | undefined)[]; report: readonly VexDocument[] }> {
  const set = await VexSet.load(documents.map(written));
  const result = set.mark(matches, where);
  expect(result.map(({ vex: _, ...rest }) => rest)).toEqual(matches);
  return { marks: result.map(({ vex }) => vex), report: set.report() };
}
const isMarked = async (one: Match, documents: readonly unknown[], where = subject): Promise<boolean> =>
  (await marked([one], documents, where)).marks[0] !== undefined;

const openVex = (...statements: readonly Fields[]): Fields => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.org/vex/1',
  author: 'Shop security',
  timestamp: '2026-01-01T00:00:00Z',
  version: 1,
  statements,
});
const statement = (products: readonly unknown[], more: Fields = {}): Fields => ({
  vulnerability: { name: 'CVE-2026-1000' },
  products,
  status: 'not_affected',
  justification: 'vulnerable_code_not_in_execute_path',
  ...more,
});

describe('OpenVEX', () => {
  test('a statement marks the match, with document, author, status and justification', async () => {
    const path = written(openVex(statement([{ '@id': 'pkg:npm/lodash@4.17.11' }])));
    const set = await VexSet.load([path]);
    expect(set.mark([lodash], subject)[0]?.vex).toEqual({
      source: path,
      author: 'Shop security',
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      timestamp: '2026-01-01T00:00:00Z',
    });
    expect(set.report()).toMatchObject([{ source: path, format: 'openvex', statements: 1, matched: 1, unmatched: [] }]);
  });
  test.each([
    ['the version', 'pkg:npm/lodash@4.17.11', true],
    ['every version', 'pkg:npm/lodash', true],
    ['another version', 'pkg:npm/lodash@4.17.12', false],
    ['another name', 'pkg:npm/lodash-es@4.17.11', false],
    ['another type', 'pkg:gem/lodash@4.17.11', false],
    ['a namespace', 'pkg:npm/%40x/lodash@4.17.11', false],
    ['a qualifier that it has not', 'pkg:npm/lodash@4.17.11?arch=x', false],
    ['no package URL', 'lodash', false],
  ])('a product by %s: %s matches %s', async (_, product, expected) => {
    expect(await isMarked(lodash, [openVex(statement([{ '@id': product }]))])).toBe(expected);
    expect(await isMarked(lodash, [openVex(statement([{ '@id': 'x', identifiers: { purl: product } }]))])).toBe(expected);
  });
  test.each([
    ['pkg:deb/debian/libssl3@3.0.11-1', true],
    ['pkg:deb/debian/libssl3@3.0.11-1?arch=amd64', true],
    ['pkg:deb/debian/libssl3@3.0.11-1?arch=arm64', false],
    ['pkg:deb/ubuntu/libssl3@3.0.11-1', false],
    ['pkg:deb/debian/openssl@3.0.11-1?arch=source', true],
    ['pkg:deb/debian/openssl@3.0.12-1?arch=source', false],
    ['pkg:deb/debian/openssl@3.0.11-1', false],
  ])('a distribution’s package, or its source by arch=source: %s matches %s', async (product, expected) => {
    expect(await isMarked(openssl, [openVex(statement([product]))])).toBe(expected);
  });
  test.each([
    ['by digest', `pkg:oci/shop@${encodeURIComponent(digest)}?repository_url=registry.example/team/shop`, true],
    ['by image id', `pkg:oci/shop@${encodeURIComponent(image.imageId as string)}`, true],
    ['by another digest', `pkg:oci/shop@${encodeURIComponent(`sha256:${'00'.repeat(32)}`)}`, false],
    ['by repository', 'pkg:oci/shop?repository_url=registry.example/team/shop', true],
    ['by repository and tag', 'pkg:oci/shop?repository_url=registry.example/team&tag=1.2', true],
    ['by another tag', 'pkg:oci/shop?repository_url=registry.example/team/shop&tag=1.3', false],
    ['by another repository', 'pkg:oci/shop?repository_url=other.example/team/shop', false],
    ['by the reference as typed', 'registry.example/team/shop:1.2', true],
  ])('the image %s, alone and with a package in it', async (_, product, expected) => {
    expect(await isMarked(lodash, [openVex(statement([{ '@id': product }]))])).toBe(expected);
    expect(await isMarked(lodash, [openVex(statement([{ '@id': product, subcomponents: [{ '@id': 'pkg:npm/lodash' }] }]))])).toBe(expected);
    expect(await isMarked(lodash, [openVex(statement([{ '@id': product, subcomponents: [{ '@id': 'pkg:npm/other' }] }]))])).toBe(false);
  });
  test('the name may be any alias, in any case', async () => {
    expect(await isMarked(openssl, [openVex(statement(['pkg:deb/debian/libssl3'], { vulnerability: 'cve-2026-1000' }))])).toBe(true);
    expect(await isMarked(openssl, [openVex(statement(['pkg:deb/debian/libssl3'], { vulnerability: { name: 'X', aliases: ['DEBIAN-CVE-2026-1000'] } }))])).toBe(
      true,
    );
    expect(await isMarked(openssl, [openVex(statement(['pkg:deb/debian/libssl3'], { vulnerability: 'CVE-2026-1001' }))])).toBe(false);
  });
  test('of several statements the latest decides, by time and then by place, over all documents', async () => {
    const no = (timestamp: string): Fields => statement(['pkg:npm/lodash'], { timestamp });
    const yes = (timestamp: string, status = 'affected'): Fields => statement(['pkg:npm/lodash@4.17.11'], { timestamp, status, justification: undefined });
    expect(await isMarked(lodash, [openVex(no('2026-01-01T00:00:00Z'), yes('2026-01-02T00:00:00Z'))])).toBe(false);
    expect(await isMarked(lodash, [openVex(no('2026-01-03T00:00:00Z'), yes('2026-01-02T00:00:00Z', 'under_investigation'))])).toBe(true);
    expect(await isMarked(lodash, [openVex(yes('2026-01-01T00:00:00Z')), openVex(no('2026-01-01T00:00:00Z'))])).toBe(true);
    expect(await isMarked(lodash, [openVex(no('2026-01-01T00:00:00Z')), openVex(yes('2026-01-01T00:00:00Z'))])).toBe(false);
    expect(await isMarked(lodash, [openVex(yes('2026-01-01T00:00:00Z', 'fixed'))])).toBe(true);
  });
  test('a match about several CVEs is answered only when each is, or the advisory itself', async () => {
    const notice = match('pkg:npm/lodash@4.17.11', 'DSA-1', { aliases: ['CVE-2026-1000', 'CVE-2026-2000'] });
    const about = (name: string): Fields => statement(['pkg:npm/lodash'], { vulnerability: { name } });
    expect(await isMarked(notice, [openVex(about('CVE-2026-1000'))])).toBe(false);
    expect(await isMarked(notice, [openVex(about('CVE-2026-1000'), about('CVE-2026-2000'))])).toBe(true);
    expect(await isMarked(notice, [openVex(about('DSA-1'))])).toBe(true);
  });
  test('what says too little is refused and told; what matched nothing is told', async () => {
    const { marks, report } = await marked(
      [lodash],
      [
        openVex(
          statement(['pkg:npm/lodash'], { justification: undefined }),
          statement(['pkg:npm/lodash'], { status: 'fine' }),
          statement([]),
          statement(['pkg:npm/lodahs@4.17.11']),
        ),
      ],
    );
    expect(marks).toEqual([undefined]);
    expect(report[0]).toMatchObject({ statements: 4, matched: 0 });
    expect(report[0]?.unmatched.map(({ product }) => product)).toEqual([
      expect.stringContaining('needs a justification'),
      expect.stringContaining('no known status'),
      expect.stringContaining('names no product'),
      'pkg:npm/lodahs@4.17.11',
    ]);
  });
});

const cycloneDx = (vulnerabilities: readonly unknown[], more: Fields = {}): Fields => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { timestamp: '2026-01-01T00:00:00Z', authors: [{ name: 'Ann' }] },
  components: [{ 'bom-ref': 'app', name: 'app', components: [{ 'bom-ref': 'lodash-1', name: 'lodash', version: '4.17.11', purl: 'pkg:npm/lodash@4.17.11' }] }],
  vulnerabilities,
  ...more,
});
const analysed = (state: string, affects: readonly unknown[], more: Fields = {}): Fields => ({
  id: 'CVE-2026-1000',
  affects,
  analysis: { state, justification: 'code_not_reachable', detail: 'never called' },
  ...more,
});

describe('CycloneDX', () => {
  test.each([
    ['not_affected', true],
    ['false_positive', true],
    ['resolved', true],
    ['resolved_with_pedigree', true],
    ['exploitable', false],
    ['in_triage', false],
  ])('%s marks: %s', async (state, expected) => {
    const { marks, report } = await marked([lodash], [cycloneDx([analysed(state, [{ ref: 'lodash-1' }])])]);
    expect(marks[0] === undefined ? undefined : [marks[0].author, marks[0].justification]).toEqual(
      expected ? ['Ann', 'code_not_reachable: never called'] : undefined,
    );
    expect(report[0]).toMatchObject({ format: 'cyclonedx', statements: 1, matched: 1 });
  });
  test('refs: a bom-ref in depth, a BOM-Link, a package URL; versions; findings without analysis say nothing', async () => {
    const by = (affects: Fields): Promise<boolean> => isMarked(lodash, [cycloneDx([analysed('not_affected', [affects])])]);
    expect(await by({ ref: 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Anpm%2Flodash%404.17.11' })).toBe(true);
    expect(await by({ ref: 'pkg:npm/lodash' })).toBe(true);
    expect(await by({ ref: 'pkg:npm/lodash', versions: [{ version: '4.17.10' }, { version: '4.17.11' }] })).toBe(true);
    expect(await by({ ref: 'pkg:npm/lodash', versions: [{ version: '4.17.10' }] })).toBe(false);
    expect(await by({ ref: 'pkg:npm/lodash', versions: [{ range: 'vers:npm/<5' }] })).toBe(false);
    expect(await by({ ref: 'nothing' })).toBe(false);
    const silent = await marked([lodash], [cycloneDx([{ id: 'CVE-2026-1000', affects: [{ ref: 'lodash-1' }] }])]);
    expect(silent.report[0]).toMatchObject({ statements: 0 });
  });
  test('a document about an image holds for that image', async () => {
    const about = (sha: string): Fields =>
      cycloneDx([analysed('not_affected', [{ ref: 'lodash-1' }])], {
        metadata: { component: { 'bom-ref': 'image', purl: `pkg:oci/shop@${encodeURIComponent(sha)}` } },
      });
    expect(await isMarked(lodash, [about(digest)])).toBe(true);
    expect(await isMarked(lodash, [about(`sha256:${'00'.repeat(32)}`)])).toBe(false);
  });
});

const csaf = (status: string, ids: readonly string[], more: Fields = {}): Fields => ({
  document: { csaf_version: '2.0', publisher: { name: 'Vendor' }, tracking: { current_release_date: '2026-01-01T00:00:00Z' } },
  product_tree: {
    branches: [
      {
        branches: [
          { product: { product_id: 'lodash', name: 'lodash 4', product_identification_helper: { purl: 'pkg:npm/lodash@4.17.11' } } },
          {
            product: { product_id: 'rpm', name: 'openssl', product_identification_helper: { purl: 'pkg:rpm/redhat/openssl@3.0.7-1.el9?arch=x86_64&epoch=1' } },
          },
          { product: { product_id: 'rhel9', name: 'RHEL 9', product_identification_helper: { cpe: 'cpe:/o:redhat:enterprise_linux:9::baseos' } } },
        ],
      },
    ],
    relationships: [
      {
        category: 'default_component_of',
        product_reference: 'rpm',
        relates_to_product_reference: 'rhel9',
        full_product_name: { product_id: 'rhel9:rpm', name: 'openssl on RHEL 9' },
      },
    ],
    product_groups: [{ group_id: 'all', product_ids: ['lodash', 'rhel9:rpm'] }],
  },
  vulnerabilities: [{ cve: 'CVE-2026-1000', product_status: { [status]: ids }, flags: [{ label: 'component_not_present', group_ids: ['all'] }], ...more }],
});

describe('CSAF', () => {
  test.each([
    ['known_not_affected', true],
    ['fixed', true],
    ['first_fixed', true],
    ['known_affected', false],
    ['under_investigation', false],
  ])('%s marks: %s', async (status, expected) => {
    const { marks, report } = await marked([lodash], [csaf(status, ['lodash'])]);
    expect(marks[0] === undefined ? undefined : [marks[0].author, marks[0].justification]).toEqual(expected ? ['Vendor', 'component_not_present'] : undefined);
    expect(report[0]).toMatchObject({ format: 'csaf', matched: 1 });
  });
  test('a component of a platform: package and distribution must match; an epoch is a qualifier', async () => {
    const rpm = match('pkg:rpm/redhat/openssl@3.0.7-1.el9?arch=x86_64&epoch=1&distro=rhel-9.4');
    const on = (id: string, version: string): VexSubject => ({ image, distribution: distribution(id, version) });
    expect(await isMarked(rpm, [csaf('known_not_affected', ['rhel9:rpm'])], on('rhel', '9.4'))).toBe(true);
    expect(await isMarked(rpm, [csaf('known_not_affected', ['rhel9:rpm'])], on('rhel', '8.9'))).toBe(false);
    expect(await isMarked(rpm, [csaf('known_not_affected', ['rhel9:rpm'])], on('rocky', '9.4'))).toBe(false);
    expect((await marked([rpm], [csaf('known_not_affected', ['nobody'])])).report[0]?.unmatched[0]?.product).toContain('product tree does not have');
  });
});

test.each([
  ['no JSON', '{'],
  ['something else', '{"a":1}'],
  ['a list', '[]'],
  ['not UTF-8', Buffer.from([0xff, 0xfe]).toString('latin1')],
  ['CycloneDX without vulnerabilities', '{"bomFormat":"CycloneDX"}'],
])('%s is refused', async (_, text) => {
  await expect(VexSet.load([written(text)])).rejects.toMatchObject({ code: 'VEX_INVALID' });
  await expect(VexSet.load(['/nowhere/vex.json'])).rejects.toMatchObject({ code: 'VEX_INVALID' });
});

test('hostile documents: wrong types, deep nesting and prototypes are no crash and mark nothing', async () => {
  const depth = 3000;
  const deep = `${'{"branches":['.repeat(depth)}{"product":{"product_id":"lodash"}}${']}'.repeat(depth)}`;
  const values: unknown[] = [null, 1, 'x', [], {}, [null], [[]], { a: 1 }, '__proto__'];
  const documents: unknown[] = [
    `{"document":{"csaf_version":"2.0"},"product_tree":{"branches":[${deep}]},"vulnerabilities":[{"cve":"CVE-2026-1000","product_status":{"fixed":["lodash"]}}]}`,
  ];
  for (const value of values) {
    documents.push(openVex({ vulnerability: value, products: value, status: value } as Fields), openVex(value as Fields));
    documents.push(cycloneDx([value, { id: value, affects: value, analysis: value }], { components: value, metadata: value }));
    documents.push({ document: { csaf_version: '2.0' }, product_tree: value, vulnerabilities: [value, { cve: value, product_status: value, flags: value }] });
  }
  const { marks } = await marked([lodash, openssl], documents);
  expect(marks).toEqual([undefined, undefined]);
});
