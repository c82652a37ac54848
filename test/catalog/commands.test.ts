import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cyclonedxFaults } from '../../src/reports/catalog/catalog.fixture.ts';
import { portcullis, temporaryDirectory, writeIn } from '../support/cli.ts';
import { debianRoot } from '../support/debian.ts';
import { dockerArchive, type ImageSpec, layer, ociArchive } from '../support/image-builder.ts';
import { schemaFaults } from '../support/schemas.ts';

const directory = temporaryDirectory();
const image = (tag: string, created: string): ImageSpec => ({
  tags: [tag],
  layers: [
    layer(debianRoot(12, [{ name: 'bash', version: '5.2.15-2+b2' }]), { createdBy: created }),
    layer([{ path: 'app/node_modules/pad/package.json', content: '{"name":"pad","version":"1.3.0","license":"MIT"}' }], { createdBy: 'RUN npm ci' }),
  ],
});
const now = ['--now', '2026-01-31'];
let one = '';
let two = '';
let policy = '';

beforeAll(() => {
  one = dockerArchive([image('shop:1.0', 'ADD a /')]).writeTo(join(directory, 'one.tar'));
  two = dockerArchive([image('shop:1.0', 'ADD a /'), image('shop:2.0', 'ADD b /')]).writeTo(join(directory, 'two.tar'));
  policy = writeIn(directory, 'p.policy', 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=bash\n');
});

describe('catalog', () => {
  test('a table for people', async () => {
    const { code, stdout, stderr } = await portcullis(['catalog', one]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^npm +pad +1\.3\.0 +MIT +\/app\/node_modules\/pad\/package\.json \(layer 1\)$/m);
    expect(stdout).toMatch(/^root +0 +0 +in shadow/m);
    expect((await portcullis(['catalog', one, '-v'], { env: { COLUMNS: '250' } })).stdout).toContain('made by RUN npm ci');
  });

  test('the document is as its schema says, and the same again', async () => {
    const { code, stdout } = await portcullis(['catalog', one, '-o', 'json', ...now]);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as { images: { packages: { name: string }[]; accounts: object[] }[] };
    expect(schemaFaults('catalog.v1.json', document)).toEqual([]);
    expect(document.images[0]?.packages.map(({ name }) => name)).toEqual(['base-files', 'bash', 'pad']);
    expect(document.images[0]?.accounts).toHaveLength(1);
    expect((await portcullis(['catalog', one, '-o', 'json', ...now])).stdout).toBe(stdout);
  });

  test('several outputs of one run, each to its file', async () => {
    const outputs = ['json', 'cyclonedx-json', 'spdx-json', 'purls'].flatMap((format) => ['-o', `${format}=${join(directory, format)}`]);
    const { code, stdout } = await portcullis(['catalog', one, ...outputs, ...now]);
    expect([code, stdout]).toEqual([0, '']);
    expect(cyclonedxFaults(JSON.parse(readFileSync(join(directory, 'cyclonedx-json'), 'utf8')))).toEqual([]);
    expect(readFileSync(join(directory, 'purls'), 'utf8')).toContain('pkg:npm/pad@1.3.0\n');
    expect(JSON.parse(readFileSync(join(directory, 'spdx-json'), 'utf8'))).toMatchObject({
      spdxVersion: 'SPDX-2.3',
      creationInfo: { created: '2026-01-31T00:00:00Z' },
    });
  });

  test('files and drift are in the table only when chosen, also beside a document that has them', async () => {
    const both = await portcullis(['catalog', one, '-o', 'table', '-o', `json=${join(directory, 'both.json')}`]);
    expect(both.stdout).toBe((await portcullis(['catalog', one])).stdout);
    expect(JSON.parse(readFileSync(join(directory, 'both.json'), 'utf8'))).toHaveProperty('images.0.drift');
    expect((await portcullis(['catalog', one, '--only', 'files'])).stdout).toMatch(/^Mode /m);
  });

  test('80 columns hold a digest in one piece, a pipe and a file hold no colours', async () => {
    const { stdout } = await portcullis(['catalog', one], { env: { COLUMNS: '80' } });
    expect(stdout).toMatch(/^Digest +sha256:[0-9a-f]{64}$/m);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\u001b');
  });

  test('--only leaves kinds out', async () => {
    const { stdout } = await portcullis(['catalog', one, '--only', 'accounts', '-o', 'json']);
    const [only] = (JSON.parse(stdout) as { images: Record<string, unknown>[] }).images;
    expect(only).not.toHaveProperty('packages');
    expect(only).toHaveProperty('accounts');
  });

  test('an SBOM is about one image', async () => {
    const several = await portcullis(['catalog', two, '-o', 'cyclonedx-json']);
    expect([several.code, several.stdout]).toEqual([3, '']);
    expect(several.stderr).toContain('--tag: shop:1.0, shop:2.0');
    expect((await portcullis(['catalog', two, '--tag', 'shop:2.0', '-o', 'cyclonedx-json'])).code).toBe(0);
    const specs = ['amd64', 'arm64'].map((architecture) => ({ ...image('shop:1.0', architecture), platform: { os: 'linux', architecture } }));
    const platforms = ociArchive(specs, { nested: true }).writeTo(join(directory, 'platforms.tar'));
    expect((await portcullis(['catalog', platforms, '--platform', 'all', '-o', 'spdx-json'])).stderr).toContain('--platform: linux/amd64, linux/arm64');
    expect((JSON.parse((await portcullis(['catalog', two, '-o', 'json'])).stdout) as { images: object[] }).images).toHaveLength(2);
  });

  test.each([
    [['-o', 'xml'], 3, 'Known formats: table, json, cyclonedx-json, spdx-json, purls'],
    [['--only', 'packages,nothing'], 3, 'Known kinds'],
    [['--only', ''], 3, 'Known kinds'],
    [['--only', 'packages,'], 3, 'Known kinds'],
    [['--only', 'malware'], 3, '--clamav'],
    [['--only', 'accounts', '-o', 'purls'], 3, 'lists packages'],
    [['-o', 'cyclonedx-json', '-o', 'spdx-json'], 3, 'Give all but one a file'],
    [['-o', 'purls='], 3, '-o FORMAT=FILE'],
    [['-o', `purls=${join(directory, 'gone', 'x')}`], 7, 'Cannot write'],
    [['--now', 'yesterday'], 3, 'not a time'],
    [['--tag', 'shop:9'], 5, 'no image with the tag'],
  ])('%j ends with %i', async (parameters, code, words) => {
    const result = await portcullis(['catalog', one, ...parameters]);
    expect(result.code).toBe(code);
    expect(result.stdout + result.stderr).toContain(words);
  });

  test.each(['table', 'json', 'cyclonedx-json', 'spdx-json', 'purls'])('an image that is not there, as %s', async (format) => {
    const result = await portcullis(['catalog', join(directory, 'gone.tar'), '-o', format]);
    expect(result.code).toBe(5);
    expect(result.stdout + result.stderr).toContain('gone.tar');
    if (format !== 'table' && format !== 'json') expect(result.stdout).toBe('');
  });
});

describe('in place of an image', () => {
  test('an SBOM: known by its content, piped, or compressed; said to be unverified', async () => {
    const sbom = (await portcullis(['catalog', one, '-o', 'cyclonedx-json', ...now])).stdout;
    const path = writeIn(directory, 'bom.json', sbom);
    const asFile = await portcullis(['gate', path, '-p', policy, '-o', 'json', ...now]);
    const piped = await portcullis(['gate', '-', '-p', policy, '-o', 'json', ...now], { input: sbom });
    expect([asFile.code, piped.code]).toEqual([1, 1]);
    const document = JSON.parse(asFile.stdout) as { images: { input: object; findings: object[] }[] };
    expect(schemaFaults('verdict.v1.json', document)).toEqual([]);
    expect(document.images[0]).toMatchObject({
      verified: false,
      digest: null,
      input: { kind: 'sbom', format: 'CycloneDX 1.6', generator: expect.stringMatching(/^portcullis /) },
    });
    expect((JSON.parse(piped.stdout) as typeof document).images[0]?.findings).toEqual(document.images[0]?.findings);
    expect((await portcullis(['gate', path, '-p', policy])).stdout).toMatch(
      /From +CycloneDX 1\.6 by portcullis .* of shop:1\.0\s+sha256:[0-9a-f]{64}, not\s+verified/,
    );
  });

  test('an SBOM of an SBOM says the same packages', async () => {
    const first = writeIn(directory, 'first.json', (await portcullis(['catalog', one, '-o', 'cyclonedx-json', ...now])).stdout);
    const second = (await portcullis(['catalog', first, '-o', 'spdx-json', ...now])).stdout;
    const third = writeIn(directory, 'second.json', second);
    expect((await portcullis(['catalog', third, '-o', 'purls'])).stdout).toBe((await portcullis(['catalog', one, '-o', 'purls'])).stdout);
  });

  test('evidence: written, judged again without the image, listed', async () => {
    const path = join(directory, 'evidence.json');
    const { code, stderr } = await portcullis(['evidence', one, '-o', `json=${path}`, '--offline', ...now]);
    expect([code, stderr]).toEqual([0, '']);
    expect(schemaFaults('evidence.v1.json', JSON.parse(readFileSync(path, 'utf8')))).toEqual([]);
    const direct = JSON.parse((await portcullis(['gate', one, '-p', policy, '-o', 'json', ...now])).stdout) as { images: { findings: object[] }[] };
    const again = await portcullis(['gate', `evidence:${path}`, '-p', policy, '-o', 'json', ...now]);
    expect(again.code).toBe(1);
    expect((JSON.parse(again.stdout) as typeof direct).images[0]?.findings).toEqual(direct.images[0]?.findings);
    expect((await portcullis(['catalog', `evidence:${path}`, '-o', 'purls'])).stdout).toBe((await portcullis(['catalog', one, '-o', 'purls'])).stdout);
    expect((await portcullis(['services', path])).code).toBe(0);
    expect((await portcullis(['vulnerabilities', path, '--offline'])).code).toBe(0);
  });

  test('evidence of an image that is not there writes nothing', async () => {
    const path = join(directory, 'none.json');
    const { code, stderr } = await portcullis(['evidence', join(directory, 'gone.tar'), '-o', `json=${path}`, '--offline']);
    expect(code).toBe(5);
    expect(stderr).toContain('gone.tar');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ schema: 'portcullis.error.v1' });
  });

  test.each([
    ['cut off', '{"bomFormat":"CycloneDX","specVersion":"1.6"'],
    ['deep', `{"bomFormat":"CycloneDX","specVersion":"1.6","components":${'[{"components":'.repeat(100_000)}`],
    ['of the future', '{"bomFormat":"CycloneDX","specVersion":"3.0"}'],
    ['in UTF-16', `\ufeff{"bomFormat":"CycloneDX"}`],
    ['SPDX 3', '{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}'],
    ['an attestation of something else', '{"_type":"x","predicateType":"https://slsa.dev/provenance/v1","predicate":{}}'],
    ['evidence that is none', '{"schema":"portcullis.evidence.v1","images":[{}]}'],
  ])('%s: an error of the image in one sentence, no verdict', async (_, content) => {
    const result = await portcullis([
      'gate',
      writeIn(directory, 'bad.json', content.startsWith('\ufeff') ? Buffer.from(content, 'utf16le') : content),
      '-p',
      policy,
    ]);
    expect(result.code).toBe(5);
    expect(result.stdout).toContain('ERROR');
  });
});
