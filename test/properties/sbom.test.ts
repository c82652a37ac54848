import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog, packageTypesRead } from '../../src/catalog/index.ts';
import { match } from '../../src/matching.ts';
import type { CatalogDocument, Evidence, Image, InputDocument, Package, PackageType, Policy, Problem } from '../../src/model/index.ts';
import { judge, parsePolicy, requestsOf, requireValid } from '../../src/policy/index.ts';
import { catalogReporterNamed } from '../../src/reports/index.ts';

// What an SBOM doesn't say is not known: where the image gives STOP or WARN, an SBOM of it from which whole parts were taken never gives GO.

const now = new Date('2026-01-31T12:00:00Z');
const render = { color: false, width: 120, verbose: false, showExcepted: false, showIds: false };

function policyOf(lines: readonly string[]): Policy {
  return requireValid(parsePolicy(lines.join('\n'), { name: 't', source: 't' }), 't', 'POLICY_INVALID');
}

const action = fc.constantFrom('STOP', 'WARN');
const rules = fc
  .subarray(
    [
      'PKGBLACKLIST:PKGNAMEMATCH:@:BLACKLIST_NAMEMATCH=a,b',
      'PKGBLACKLIST:PKGFULLMATCH:@:BLACKLIST_FULLMATCH=a|1,b|2',
      'NPMCHECK:NPMPKGNAMEMATCH:@:BLACKLIST_NPMNAMEMATCH=a',
      'NPMCHECK:NPMPKGFULLMATCH:@:BLACKLIST_NPMFULLMATCH=b|2 INSTALLEDONLY=true',
      'PKGCHECK:PKGNOTPRESENT:@:PKGNAMEMATCH=a PKGVERSMATCH=b|2',
      'LICBLACKLIST:LICFULLMATCH:@:LICBLACKLIST_FULLMATCH=MIT',
      'LICBLACKLIST:LICSUBMATCH:@:LICBLACKLIST_SUBMATCH=GPL',
      'ANCHORESEC:VULNHIGH:@',
      'ANCHORESEC:UNSUPPORTEDDISTRO:@',
    ],
    { minLength: 1 },
  )
  .chain((lines) => fc.tuple(...lines.map((line) => action.map((word) => line.replace('@', word)))));

const purlOf = (type: PackageType, name: string, version: string): string =>
  type === 'deb' ? `pkg:deb/debian/${name}@${version}?arch=amd64&distro=debian-12` : `pkg:${type}/${name}@${version}`;

const packages: fc.Arbitrary<Package[]> = fc.array(
  fc
    .record({
      name: fc.constantFrom('a', 'b', 'c'),
      version: fc.constantFrom('1', '2'),
      type: fc.constantFrom<PackageType>('deb', 'npm', 'pypi'),
      licenses: fc.constantFrom<string[]>([], ['MIT'], ['GPL-2'], ['MIT', 'GPL-2.0-only']),
      lockfile: fc.boolean(),
    })
    .map(
      (each): Package => ({
        ...each,
        purl: purlOf(each.type, each.name, each.version),
        source: each.type === 'deb' ? { name: each.name, version: each.version } : null,
        architecture: each.type === 'deb' ? 'amd64' : null,
        locations: [{ path: `/${each.type}/${each.name}`, layer: 0 }],
        ownedBy: null,
        cataloger: 'test',
      }),
    ),
  { maxLength: 4 },
);

const problem: Problem = {
  id: 'unreadable-1',
  kind: 'unreadable',
  evidence: 'packages',
  scope: { ecosystem: 'npm' },
  cause: 'image',
  what: '/app/package.json',
  why: 'it is damaged',
  location: null,
};

/** What can be taken out of an SBOM so that it can be seen to be missing. */
type Loss = 'licences' | 'own words' | 'the system' | 'purls' | 'names' | 'components' | 'compositions' | 'sources' | PackageType;
const losses = fc.subarray<Loss>(['licences', 'own words', 'the system', 'purls', 'names', 'components', 'compositions', 'sources', 'deb', 'npm', 'pypi']);

/** Losses that take along what the SBOM says of its own completeness. */
const saysIncomplete: ReadonlySet<Loss> = new Set(['own words', 'compositions', 'components', 'deb', 'npm', 'pypi']);

type Json = Record<string, unknown>;

function without(bom: Json, taken: readonly Loss[]): Json {
  const metadata = { ...(bom.metadata as Json) };
  let components = [...(bom.components as Json[])];
  let compositions = bom.compositions;
  for (const loss of taken) {
    // Whoever takes a whole kind away leaves out that it was looked for: else it would be a lie, not a loss.
    if (loss === 'own words' || loss === 'deb' || loss === 'npm' || loss === 'pypi') {
      delete metadata.properties;
      compositions = undefined;
      if (loss !== 'own words') components = components.filter(({ purl }) => typeof purl !== 'string' || !purl.startsWith(`pkg:${loss}/`));
      else components = components.map(({ properties: _, ...rest }) => rest);
    } else if (loss === 'licences') components = components.map(({ licenses: _, properties: __, ...rest }) => rest);
    else if (loss === 'the system')
      components = components
        .filter(({ type }) => type !== 'operating-system')
        .map((each) => (typeof each.purl === 'string' ? { ...each, purl: each.purl.replace(/&distro=.*$/, '') } : each));
    else if (loss === 'purls') components = components.map((each, index) => (index % 2 === 0 ? { ...each, purl: undefined } : each));
    else if (loss === 'names') components = components.map(({ name: _, ...rest }) => rest);
    else if (loss === 'components') {
      components = [];
      delete metadata.properties;
      compositions = undefined;
    } else if (loss === 'compositions') compositions = undefined;
    else if (loss === 'sources') components = components.map(({ properties: _, ...rest }) => rest);
  }
  return JSON.parse(JSON.stringify({ ...bom, metadata, components, compositions })) as Json;
}

/** The same of an SPDX document. */
function withoutInSpdx(document: Json, taken: readonly Loss[]): Json {
  let packages = [...(document.packages as Json[])];
  const { annotations, relationships, ...rest } = document;
  const kept: Json = { annotations, relationships };
  const isOf = (each: Json, type: string): boolean => JSON.stringify(each.externalRefs ?? []).includes(`"pkg:${type}/`);
  const isPackage = (each: Json): boolean => /^SPDXRef-Package/.test(each.SPDXID as string);
  for (const loss of taken) {
    if (loss === 'own words' || loss === 'deb' || loss === 'npm' || loss === 'pypi') {
      delete kept.annotations;
      packages = loss === 'own words' ? packages.map(({ annotations: _, ...each }) => each) : packages.filter((each) => !isOf(each, loss));
    } else if (loss === 'licences') packages = packages.map(({ licenseDeclared: _, licenseComments: __, annotations: ___, ...each }) => each);
    else if (loss === 'the system') {
      packages = packages.filter(({ SPDXID }) => SPDXID !== 'SPDXRef-OperatingSystem');
      packages = packages.map((each) => JSON.parse(JSON.stringify(each).replaceAll(/[?&](?:amp;)?distro=[^&"]*/g, '')) as Json);
    } else if (loss === 'purls') packages = packages.map((each, index) => (index % 2 === 0 && isPackage(each) ? { ...each, externalRefs: [] } : each));
    else if (loss === 'names') packages = packages.map(({ name: _, ...each }) => each);
    else if (loss === 'components') {
      packages = packages.filter((each) => !isPackage(each));
      delete kept.annotations;
    } else if (loss === 'compositions') delete kept.relationships;
    else if (loss === 'sources') packages = packages.map(({ sourceInfo: _, annotations: __, ...each }) => each);
  }
  return JSON.parse(JSON.stringify({ ...rest, ...kept, packages })) as Json;
}

const facts = { reference: 'x', digest: null, imageId: null, platform: { os: 'linux', architecture: 'amd64' }, tags: [], layers: [], verified: false } as const;

async function verdictOf(policy: Policy, evidence: Evidence): Promise<string> {
  const matched = await match(evidence, requestsOf(policy), { advisories: null, now });
  return judge(policy, matched.evidence, { now }).verdict;
}

async function verdictOfSbom(policy: Policy, format: InputDocument['format'], content: Json): Promise<string> {
  const image = { facts, configuration: { history: [] } as unknown as Image['configuration'], layers: [], document: { format, content, index: 0 } };
  return verdictOf(policy, await catalog(image, requestsOf(policy), { limits: defaultLimits, dockerfile: null }));
}

test('taking parts of an SBOM away never gives GO where the image gave STOP or WARN', async () => {
  let stopped = 0;
  await fc.assert(
    fc.asyncProperty(rules, packages, losses, fc.boolean(), fc.boolean(), async (lines, drawn, taken, isBroken, isBare) => {
      // What says that a kind was read in part can't be taken away unnoticed: an SBOM without it is that of a sound image
      // (docs/decisions/0014).
      fc.pre(!isBroken || !taken.some((loss) => saysIncomplete.has(loss)));
      // In an image without a distribution the packages' purls name none.
      const listed = isBare ? drawn.map((each) => ({ ...each, purl: each.purl.replace('pkg:deb/debian/', 'pkg:deb/').replace(/&distro=.*$/, '') })) : drawn;
      const policy = policyOf(lines);
      const requests = requestsOf(policy);
      const problems = isBroken ? [problem] : [];
      const distribution = isBare
        ? null
        : { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)', like: [], codename: 'bookworm', location: { path: '/etc/os-release' } };
      const evidence: Evidence = {
        image: { ...facts, verified: true },
        facts: { image: facts, packages: listed, distribution },
        coverage: requests.map((request) => {
          const own = request.kind === 'packages' ? problems.map(({ id }) => id) : [];
          return { request, state: own.length > 0 ? ('incomplete' as const) : ('collected' as const), problems: own };
        }),
        problems,
      };
      const verdict = await verdictOf(policy, evidence);
      if (verdict === 'go') return;
      stopped++;
      const document: CatalogDocument = {
        schema: 'portcullis.catalog.v1',
        tool: { name: 'portcullis', version: '0.0.0' },
        images: [
          {
            reference: 'x',
            digest: null,
            imageId: null,
            platform: 'linux/amd64',
            tags: [],
            verified: true,
            distribution,
            layers: [],
            packages: listed.map((each) => ({ ...each, licenseExpression: null, locations: each.locations.map((place) => ({ ...place, createdBy: null })) })),
            searched: [...packageTypesRead],
            problems,
          },
        ],
        evaluatedAt: now.toISOString(),
      };
      const json = (format: string): Json => JSON.parse([...catalogReporterNamed(format).render(document, render)].join('')) as Json;
      expect(await verdictOfSbom(policy, 'cyclonedx', without(json('cyclonedx-json'), taken))).not.toBe('go');
      expect(await verdictOfSbom(policy, 'spdx', withoutInSpdx(json('spdx-json'), taken))).not.toBe('go');
      if (taken.length > 0) return;
      expect(await verdictOfSbom(policy, 'cyclonedx', json('cyclonedx-json'))).toBe(verdict);
      expect(await verdictOfSbom(policy, 'spdx', json('spdx-json'))).toBe(verdict);
    }),
    { numRuns: 400 },
  );
  expect(stopped).toBeGreaterThan(100);
});
