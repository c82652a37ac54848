import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalogKinds, catalogOfImages } from '../../src/catalog-of-images.ts';
import { eachImage } from '../../src/each-image.ts';
import { evidenceDigest } from '../../src/evidence-digest.ts';
import { evidenceOfImages } from '../../src/evidence-of-images.ts';
import { type GateRequest, gate } from '../../src/gate.ts';
import type { CatalogDocument, Finding, ImageVerdict, Policy } from '../../src/model/index.ts';
import { builtinPolicies, parsePolicy, policyTemplate, readBuiltinPolicy, requireValid } from '../../src/policy/index.ts';
import { cyclonedxFaults } from '../../src/reports/catalog/catalog.fixture.ts';
import { catalogReporterNamed, evidenceJson } from '../../src/reports/index.ts';
import { servicesOfImages } from '../../src/services-of-images.ts';
import { vulnerabilitiesOfImages } from '../../src/vulnerabilities-of-images.ts';
import { hasImages, type Sample, samples } from '../images/truth.ts';
import { temporaryDirectory, writeIn } from '../support/cli.ts';
import { debianRoot } from '../support/debian.ts';
import { dockerArchive, layer } from '../support/image-builder.ts';
import { schemaFaults } from '../support/schemas.ts';
import { convertSpdx, hasSpdxTools, spdxFaults } from '../support/spdx-tools.ts';

// An image, and what Portcullis writes of it in place of it: the same package rules must find the same.

const now = new Date('2026-01-31T12:00:00Z');
const render = { color: false, width: 120, verbose: false, showExcepted: false, showIds: false };
const choice = { platform: null, tag: null, places: ['files'] as const };

function policyOf(...lines: readonly string[]): Policy {
  return requireValid(parsePolicy(lines.join('\n'), { name: 'test', source: 'test' }), 'test', 'POLICY_INVALID');
}

/** Rules on packages alone, made of what is in the image: some fire, some don't. */
function packageRules(catalogue: CatalogDocument): Policy {
  const packages = catalogue.images.flatMap((image) => ('error' in image ? [] : (image.packages ?? [])));
  const some = packages.filter((_, index) => index % 7 === 0);
  const plain = (text: string): boolean => /^[A-Za-z0-9.@/:~+_-]+$/.test(text);
  const names = [...new Set(some.map(({ name }) => name).filter(plain)), 'no-such-package'];
  const versions = some.filter(({ name, version }) => plain(name) && plain(version)).map(({ name, version }) => `${name}|${version}`);
  return policyOf(
    `PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=${names.join(',')}`,
    `PKGBLACKLIST:PKGFULLMATCH:WARN:BLACKLIST_FULLMATCH=${['bash|0', ...versions].join(',')}`,
    `NPMCHECK:NPMPKGNAMEMATCH:STOP:BLACKLIST_NPMNAMEMATCH=${names.join(',')}`,
    `PKGCHECK:PKGNOTPRESENT:STOP:PKGNAMEMATCH=${names.join(',')} PKGVERSMATCH=bash|1,busybox|99`,
    'LICBLACKLIST:LICSUBMATCH:WARN:LICBLACKLIST_SUBMATCH=GPL,MIT',
    'LICBLACKLIST:LICFULLMATCH:STOP:LICBLACKLIST_FULLMATCH=MIT,AGPL-3.0-only',
  );
}

async function judged(reference: string, policy: Policy, tag: string | null, more: Partial<GateRequest> = {}): Promise<ImageVerdict> {
  const document = await gate({
    images: [{ reference, dockerfile: null }],
    policy,
    advisories: null,
    ...choice,
    tag,
    now,
    settings: [],
    ...more,
  } as GateRequest);
  expect(schemaFaults('verdict.v1.json', document)).toEqual([]);
  const [image] = document.images;
  if (image === undefined || 'error' in image) throw new Error(JSON.stringify(image));
  return image;
}

/** What a finding says of packages, but for the words about layers, which an SBOM need not have. */
const comparable = ({ id, gate: name, trigger, action, state, message, package: about, file }: Finding) => ({
  id,
  name,
  trigger,
  action,
  state,
  message,
  about,
  file,
});

interface Written {
  readonly catalogue: CatalogDocument;
  readonly cyclonedx: string;
  readonly spdx: string;
  readonly evidence: string;
}

async function write(reference: string, tag: string | null): Promise<Written> {
  const directory = temporaryDirectory();
  const catalogue = await catalogOfImages({ references: [reference], kinds: catalogKinds.filter((kind) => kind !== 'malware'), now, ...choice, tag });
  const text = (format: string): string => [...catalogReporterNamed(format).render(catalogue, render)].join('');
  const evidence = await evidenceOfImages({ reference, dockerfile: null, advisories: null, now, ...choice, tag });
  return {
    catalogue,
    cyclonedx: writeIn(directory, 'bom.json', text('cyclonedx-json')),
    spdx: writeIn(directory, 'spdx.json', text('spdx-json')),
    evidence: writeIn(directory, 'evidence.json', [...evidenceJson.render(evidence, render)].join('')),
  };
}

/** Every trigger that there is, as the template writes it. */
const everyRule = policyOf(
  ...policyTemplate()
    .split('\n')
    .flatMap((line) => /^#?([A-Z_]+:[\w.]+:(?:STOP|WARN|GO)(?::.*)?)$/.exec(line)?.[1] ?? []),
);
/** Rules whose parameters say which contents are looked at: nobody knows them when evidence is written. */
const ownWords = new Set(['FILECHECK:CONTENTMATCH', 'FILECHECK:DENIEDCONTENT', 'FILECHECK:LINE']);

/** Asserts that everything written of an image is valid, as is every document of ours about it, and is judged as the image is. */
async function checkRoundTrip(reference: string, tag: string | null): Promise<void> {
  const written = await write(reference, tag);
  expect(schemaFaults('catalog.v1.json', written.catalogue)).toEqual([]);
  expect(schemaFaults('evidence.v1.json', JSON.parse(await readFile(written.evidence, 'utf8')))).toEqual([]);
  for (const each of [reference, written.evidence]) {
    const from = { ...choice, tag: each === reference ? tag : null };
    expect(schemaFaults('services.v1.json', await servicesOfImages([each], from))).toEqual([]);
    expect(schemaFaults('vulnerabilities.v1.json', await vulnerabilitiesOfImages([each], { ...from, advisories: null, now }))).toEqual([]);
  }
  expect(cyclonedxFaults(JSON.parse(await readFile(written.cyclonedx, 'utf8')))).toEqual([]);
  if (hasSpdxTools) expect(spdxFaults(written.spdx)).toBe('');
  const rules = packageRules(written.catalogue);
  const image = await judged(reference, rules, tag);
  for (const path of [written.cyclonedx, `sbom:${written.spdx}`, `evidence:${written.evidence}`]) {
    const again = await judged(path, rules, null);
    expect(again.findings.map(comparable)).toEqual(image.findings.map(comparable));
    expect(again.verdict).toBe(image.verdict);
    expect(again).toMatchObject({ verified: false, digest: null, imageId: null, distribution: image.distribution, platform: image.platform });
    expect(again.input?.subject.digest ?? null).toBe(image.digest ?? image.imageId);
  }
  // The evidence file has everything: all rules find the same, but for those that ask for words of their own.
  const direct = await judged(reference, everyRule, tag);
  const stored = await judged(`evidence:${written.evidence}`, everyRule, null);
  const named = ({ gate: name, trigger }: Finding): string => `${name}:${trigger}`;
  const decidable = (findings: readonly Finding[]): object[] => findings.filter((each) => !ownWords.has(named(each))).map(comparable);
  expect(decidable(stored.findings)).toEqual(decidable(direct.findings));
  const others = stored.findings.filter((each) => ownWords.has(named(each))).map((each) => `${named(each)} ${each.state}`);
  expect(new Set(others)).toEqual(new Set([...ownWords].map((rule) => `${rule} undecided`)));
  expect(stored.problems).toEqual(expect.arrayContaining([...direct.problems]));
  // An SBOM says nothing of these: never GO.
  for (const path of [written.cyclonedx, written.spdx]) {
    const silent = await judged(
      path,
      policyOf(
        'IMAGECHECK:ROOTUSER:STOP',
        'FILEPARSE_PASSWD:FILENOTSTORED:STOP',
        'SERVICECONFIG:tls.protocols:STOP:minimum=TLSv1.2',
        'IMAGECHECK:LATESTTAG:STOP',
      ),
      null,
    );
    expect(silent.verdict).toBe('warn');
    expect(new Set(silent.findings.map(({ rule }) => rule.line))).toEqual(new Set([1, 2, 3, 4]));
    expect(silent.findings.every(({ state }) => state === 'undecided')).toBe(true);
  }
}

const built = () =>
  dockerArchive([
    {
      tags: ['shop:1.0'],
      config: { Env: ['TOKEN=s3cr3t-value'], Labels: { key: 's3cr3t-label' } },
      layers: [
        layer(
          debianRoot(12, [
            { name: 'bash', version: '5.2.15-2+b2' },
            { name: 'libssl3', version: '3.0.11-1~deb12u2', source: 'openssl' },
          ]),
          { createdBy: 'ADD rootfs.tar /' },
        ),
        layer(
          [
            { path: 'app/node_modules/@example/pad/package.json', content: '{"name":"@example/pad","version":"1.3.0","license":"(MIT OR Apache-2.0)"}' },
            { path: 'app/node_modules/broken/package.json', content: '{"name":' },
            {
              path: 'usr/lib/python3/dist-packages/Flask_Login-0.6.dist-info/METADATA',
              content: 'Metadata-Version: 2.1\nName: Flask_Login\nVersion: 0.6\nLicense: MIT\n',
            },
          ],
          { createdBy: 'RUN npm ci' },
        ),
      ],
    },
  ]);

test('an image made here, with a file that cannot be read', async () => {
  const path = built().writeTo(`${temporaryDirectory()}/shop.tar`);
  await checkRoundTrip(path, null);
  const { catalogue } = await write(path, null);
  const [image] = catalogue.images;
  if (image === undefined || 'error' in image) throw new Error('no image');
  expect(image.problems).toHaveLength(1);
  const pad = image.packages?.find(({ type }) => type === 'npm');
  expect(pad).toMatchObject({
    name: '@example/pad',
    licenseExpression: '(MIT OR Apache-2.0)',
    locations: [{ path: '/app/node_modules/@example/pad/package.json', layer: 1, createdBy: 'RUN npm ci' }],
  });
  expect(image.packages?.find(({ name }) => name === 'libssl3')?.source?.name).toBe('openssl');
});

test('the template names every trigger, and every built-in policy judges evidence as it judges the image', async () => {
  expect(everyRule.rules.length).toBeGreaterThan(50);
  const path = built().writeTo(`${temporaryDirectory()}/shop.tar`);
  const { evidence } = await write(path, null);
  for (const { name } of builtinPolicies) {
    const policy = readBuiltinPolicy(name);
    const [direct, stored] = [await judged(path, policy, null), await judged(`evidence:${evidence}`, policy, null)];
    expect([name, stored.verdict, stored.findings.map(comparable)]).toEqual([name, direct.verdict, direct.findings.map(comparable)]);
  }
});

test.skipIf(!hasSpdxTools)('SPDX that other tools wrote again: tags and values say the same, YAML and RDF are refused with a way out', async () => {
  const path = built().writeTo(`${temporaryDirectory()}/shop.tar`);
  const written = await write(path, null);
  const rules = packageRules(written.catalogue);
  const expected = await judged(path, rules, null);
  const again = await judged(convertSpdx(written.spdx, `${written.spdx}.spdx`), rules, null);
  expect(again.findings.map(comparable)).toEqual(expected.findings.map(comparable));
  expect(again).toMatchObject({ verdict: expected.verdict, platform: expected.platform, distribution: expected.distribution });
  for (const form of ['yaml', 'rdf.xml']) {
    const [other] = await eachImage(convertSpdx(written.spdx, `${written.spdx}.${form}`), { platform: null, tag: null }, async () => null);
    expect(other).toMatchObject({ error: { code: 'IMAGE_FORMAT', hint: expect.stringContaining('pyspdxtools') } });
  }
});

test('evidence: the same image and time give the same bytes, and no value of a variable or label', async () => {
  const path = built().writeTo(`${temporaryDirectory()}/shop.tar`);
  const [first, second] = [await write(path, null), await write(path, null)];
  // Fingerprints of secrets are keyed: by the cache of an installation, which there is none of here, else for the run.
  const unkeyed = (text: string): string => text.replaceAll(/"fingerprint": "[^"]*"/g, '').replace(/^ {2}"digest": .*$/m, '');
  const text = await readFile(first.evidence, 'utf8');
  expect(unkeyed(await readFile(second.evidence, 'utf8'))).toBe(unkeyed(text));
  expect(text).not.toContain('s3cr3t');
  expect(text).toContain('TOKEN=***');
});

/** One image of an evidence file, to be damaged. */
interface Editable {
  image: object;
  facts: { packages: Record<string, unknown>[]; accounts?: unknown };
  coverage?: { request: { kind: string } }[];
}

describe('stored evidence is a claim', () => {
  let path = '';
  let document: Record<string, unknown> = {};
  beforeAll(async () => {
    path = (await write(built().writeTo(`${temporaryDirectory()}/shop.tar`), null)).evidence;
    document = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  });

  const change = (edit: (image: Editable) => void): string => {
    const copy = structuredClone(document) as unknown as { images: Editable[] };
    for (const image of copy.images) edit(image);
    return writeIn(temporaryDirectory(), 'changed.json', JSON.stringify({ ...copy, digest: evidenceDigest(copy) }));
  };
  const errorOf = async (reference: string) => (await eachImage(reference, { platform: null, tag: null }, async () => null))[0];

  test.each([
    ['a package without a version', (image: Editable) => void delete image.facts.packages[0]?.version],
    ['accounts that are no list', (image: Editable) => void Object.assign(image.facts, { accounts: {} })],
    ['no coverage', (image: Editable) => void delete image.coverage],
    ['a digest that is none', (image: Editable) => void Object.assign(image.image, { digest: 'sha256:x' })],
  ])('%s is refused', async (_, edit) => {
    expect(await errorOf(change(edit))).toMatchObject({ error: { code: 'IMAGE_INVALID' } });
  });

  test('evidence that is not as it was written decides nothing for certain, and what it holds still counts', async () => {
    const copy = structuredClone(document) as unknown as { images: Editable[]; digest?: unknown };
    const stop = policyOf('PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=bash', 'IMAGECHECK:LATESTTAG:STOP');
    const go = policyOf('PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=telnetd', 'IMAGECHECK:LATESTTAG:STOP');
    const verdicts = async (): Promise<unknown> => {
      const changed = writeIn(temporaryDirectory(), 'changed.json', JSON.stringify(copy));
      return [(await judged(changed, stop, null)).verdict, (await judged(changed, go, null)).verdict];
    };
    expect(await verdicts()).toEqual(['stop', 'go']);
    (copy.images[0] as Editable).facts.packages.pop();
    expect(await verdicts()).toEqual(['stop', 'warn']);
    delete copy.digest;
    expect(await verdicts()).toEqual(['stop', 'warn']);
  });

  test('what was not collected is undecided, VEX marks in it count for nothing', async () => {
    const without = change((image) => {
      delete image.facts.accounts;
      image.coverage = (image.coverage ?? []).filter(({ request }) => request.kind !== 'accounts');
    });
    const verdict = await judged(without, policyOf('FILEPARSE_PASSWD:FILENOTSTORED:STOP'), null);
    expect(verdict.findings).toMatchObject([{ state: 'undecided', action: 'warn' }]);
    const match = {
      id: 'CVE-2024-1',
      aliases: [],
      severity: 'high',
      severitySource: null,
      cvss: [],
      kev: null,
      epss: null,
      package: { purl: 'pkg:deb/debian/bash@5', name: 'bash', version: '5', type: 'deb' },
      fixState: 'unknown',
      fixedIn: null,
      published: null,
      modified: null,
      summary: null,
      source: 'Debian:12',
      matchedBy: { name: 'bash', version: '5', range: '', through: 'package' },
      location: null,
      vex: { source: 'x', author: null, status: 'not_affected', justification: null, timestamp: null },
    };
    const marked = change((image) => void Object.assign(image.facts, { vulnerabilities: [match] }));
    const found = await judged(marked, policyOf('ANCHORESEC:VULNHIGH:STOP'), null);
    expect(found.findings.some(({ state, action, vulnerability }) => state === 'fired' && action === 'stop' && vulnerability?.id === 'CVE-2024-1')).toBe(true);
  });
});

test.skipIf(hasSpdxTools)('spdx-tools is absent: SPDX documents are not validated (pip install --target .tmp/spdx-tools spdx-tools)', () => {});
test.skipIf(hasImages)('the sample images (../shared/images) are absent: their round trips are skipped', () => {});

describe.skipIf(!hasImages)('sample images', () => {
  const tagOf = ({ file, truth }: Sample): string | null => (file.endsWith('debian-family.tar') ? truth.image : null);
  // One of each kind; alpine-multi is chosen by platform, not by tag.
  const chosen = samples().filter(({ truth, file }) => !file.endsWith('alpine-multi.tar') && !/^(?:nginx|apache-strong|debian-slim)/.test(truth.image));
  test.each(chosen.map((sample) => [sample.truth.image, sample] as const))('%s', async (_, sample) => {
    await checkRoundTrip(sample.file, tagOf(sample));
  });
});
