import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory, writeIn } from '../../test/support/cli.ts';
import { defaultLimits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import { listImages } from './open.ts';

const options = { platform: null, tag: null, limits: defaultLimits };

async function open(content: string | Uint8Array, prefix = '', tag: string | null = null) {
  const path = writeIn(temporaryDirectory(), 'given.json', content);
  const closing: (() => Promise<void>)[] = [];
  try {
    const found = await listImages(`${prefix}${path}`, { ...options, tag, onClose: (close) => void closing.push(close) });
    return await Promise.all(found.map((candidate) => candidate.open()));
  } finally {
    for (const close of closing) await close();
  }
}

async function refusal(content: string | Uint8Array, prefix = '', tag: string | null = null): Promise<string> {
  const error = await open(content, prefix, tag).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PortcullisError);
  return `${(error as PortcullisError).code} ${(error as PortcullisError).message}`;
}

const bom = '{"bomFormat":"CycloneDX","specVersion":"1.6"}';

describe('what a document is, it says itself', () => {
  test.each([
    ['CycloneDX', bom, 'cyclonedx'],
    ['behind a mark and blanks', `\uFEFF \n\t${bom}`, 'cyclonedx'],
    ['SPDX 2.2', '{"spdxVersion":"SPDX-2.2"}', 'spdx'],
    ['Syft', '{"artifacts":[],"source":{},"schema":{"version":"16.0.1"}}', 'syft'],
  ])('%s', async (_, content, format) => {
    for (const prefix of ['', 'sbom:']) {
      const [image, ...others] = await open(content, prefix);
      expect(others).toEqual([]);
      expect(image?.document?.format).toBe(format);
      expect(image?.facts).toMatchObject({ digest: null, imageId: null, verified: false, layers: [] });
    }
  });

  test('compressed as a whole', async () => {
    expect((await open(gzipSync(bom)))[0]?.document?.format).toBe('cyclonedx');
  });

  test('evidence: one image for each, chosen by tag', async () => {
    const evidence = JSON.stringify({ schema: 'portcullis.evidence.v1', images: [{ image: { tags: ['a:1'] } }, { image: { tags: ['b:1'] } }, 5] });
    expect((await open(evidence)).map(({ document }) => document?.index)).toEqual([0, 1, 2]);
    expect((await open(evidence, 'evidence:', 'b:1')).map(({ document }) => document?.index)).toEqual([1]);
    expect(await refusal(evidence, '', 'c:1')).toMatch(/^IMAGE_CHOICE .*c:1/);
    expect(await refusal(evidence, 'sbom:')).toMatch(/^IMAGE_FORMAT .*evidence file/);
    expect(await refusal('{"schema":"portcullis.evidence.v1","images":[]}')).toMatch(/^IMAGE_INVALID .*without images/);
  });
});

const statement = (predicate: unknown, predicateType = 'https://cyclonedx.org/bom') => ({
  _type: 'https://in-toto.io/Statement/v1',
  predicateType,
  subject: [{ name: 'pkg:docker/shop@1.0', digest: { sha256: 'a'.repeat(64) } }],
  predicate,
});
const envelope = (content: object) => ({
  payloadType: 'application/vnd.in-toto+json',
  payload: Buffer.from(JSON.stringify(content)).toString('base64'),
  signatures: [{ keyid: '', sig: 'MA==' }],
});
const spdxText = 'SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\n';
const provenance = statement({ buildDefinition: {} }, 'https://slsa.dev/provenance/v1');
const json = JSON.parse(bom) as object;

describe('what a document is wrapped in', () => {
  const attested = { name: 'pkg:docker/shop@1.0', digest: `sha256:${'a'.repeat(64)}` };
  test.each([
    ['a statement of in-toto', statement(json), 'cyclonedx', attested],
    ['a DSSE envelope', envelope(statement(json)), 'cyclonedx', attested],
    [
      'a URL-safe envelope',
      { ...envelope(statement(json)), payload: Buffer.from(JSON.stringify(statement({ ...json, x: '??>>' }))).toString('base64url') },
      'cyclonedx',
      attested,
    ],
    ['Sigstore’s bundle', { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', dsseEnvelope: envelope(statement(json)) }, 'cyclonedx', attested],
    ['cosign’s predicate', envelope(statement({ Data: json, Timestamp: '' })), 'cyclonedx', attested],
    ['a document as a text', envelope(statement(bom)), 'cyclonedx', attested],
    ['tags and values as a text', envelope(statement({ Data: spdxText })), 'spdx', attested],
    ['GitHub’s answer', { sbom: { spdxVersion: 'SPDX-2.3' } }, 'spdx', undefined],
    ['buildx’s list', { SPDX: { spdxVersion: 'SPDX-2.3' } }, 'spdx', undefined],
    ['buildx’s list by platform', { 'linux/amd64': { SPDX: { spdxVersion: 'SPDX-2.3' } } }, 'spdx', undefined],
    [
      'several digests of one image',
      {
        ...statement(json),
        subject: [
          { name: 'a', digest: { sha256: 'b' } },
          { name: 'c', digest: { sha256: 'd' } },
        ],
      },
      'cyclonedx',
      { name: 'a', digest: null },
    ],
  ])('%s', async (_, content, format, subject) => {
    const [image] = await open(JSON.stringify(content));
    expect(image?.document?.format).toBe(format);
    expect(image?.document?.attested).toEqual(subject);
  });

  test('of several lines the one that holds an SBOM', async () => {
    const lines = (...contents: object[]): string => contents.map((each) => JSON.stringify(each)).join('\n');
    const [image] = await open(lines(envelope(provenance), envelope(statement(json)), envelope(provenance)));
    expect(image?.document?.format).toBe('cyclonedx');
    expect(await refusal(lines(envelope(statement(json)), json))).toMatch(/^IMAGE_CHOICE .*holds 2 SBOMs/);
    expect(await refusal(lines(provenance, provenance))).toMatch(/^IMAGE_FORMAT .*provenance\/v1", which is no SBOM/);
    expect(await refusal(Array.from({ length: 2000 }, () => bom).join('\n'))).toMatch(/^IMAGE_LIMIT/);
    expect(await refusal(`${bom}\n${bom.slice(0, -1)}`)).toMatch(/^IMAGE_INVALID/);
    expect(await refusal(`${bom}\nx`)).toMatch(/^IMAGE_INVALID/);
  });

  const wrapped = (times: number): object => {
    let content: object = { spdxVersion: 'SPDX-2.3' };
    for (let count = 0; count < times; count++) content = { sbom: content };
    return content;
  };
  test.each([
    ['an attestation of something else', provenance, 'IMAGE_FORMAT', 'is no SBOM'],
    ['a payload that is no base64', { ...envelope(statement(json)), payload: '{}' }, 'IMAGE_INVALID', 'not base64'],
    ['a payload that is no text', { ...envelope(statement(json)), payload: 5 }, 'IMAGE_INVALID', 'not base64'],
    ['a payload of another type', { ...envelope(statement(json)), payloadType: 'text/plain' }, 'IMAGE_INVALID', 'text/plain'],
    ['a payload that is no statement', envelope({ a: 1 }), 'IMAGE_INVALID', 'no statement'],
    ['a payload that is no object', envelope([]), 'IMAGE_INVALID', 'not a JSON object'],
    ['a payload with a member twice', { ...envelope({}), payload: Buffer.from('{"predicate":1,"predicate":2}').toString('base64') }, 'IMAGE_INVALID', 'twice'],
    ['a predicate that is none', statement(null), 'IMAGE_FORMAT', 'is no SBOM'],
    ['several platforms', { 'linux/amd64': { SPDX: {} }, 'linux/arm64': { SPDX: {} } }, 'IMAGE_CHOICE', 'linux/amd64, linux/arm64'],
    ['wrapped without an end', wrapped(100), 'IMAGE_INVALID', 'wrapped more than'],
  ])('%s is refused', async (_, content, code, words) => {
    const said = await refusal(JSON.stringify(content));
    expect(said.startsWith(code)).toBe(true);
    expect(said).toContain(words);
  });
});

describe('what is none is refused in words', () => {
  test.each([
    ['CycloneDX of the future', '{"bomFormat":"CycloneDX","specVersion":"2.0"}', 'IMAGE_FORMAT', 'version "2.0"'],
    ['SPDX 3', '{"@context":"x","@graph":[]}', 'IMAGE_FORMAT', 'SPDX 3'],
    ['SPDX of the past', '{"spdxVersion":"SPDX-1.2"}', 'IMAGE_FORMAT', 'SPDX-1.2'],
    ['an attestation of nothing', '{"_type":"https://in-toto.io/Statement/v1","predicate":{}}', 'IMAGE_FORMAT', 'attestation'],
    ['a list', '[{"Id":"sha256:aa"}]', 'IMAGE_FORMAT', 'not an object'],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${bom}`, 'utf16le'), 'IMAGE_FORMAT', 'UTF-16'],
    ['UTF-16 without', Buffer.from(bom, 'utf16le'), 'IMAGE_FORMAT', 'UTF-16'],
    ['UTF-16 from the other end', Buffer.from(bom, 'utf16le').swap16(), 'IMAGE_FORMAT', 'UTF-16'],
    ['SPDX in YAML', '---\nspdxVersion: SPDX-2.3\n', 'IMAGE_FORMAT', 'YAML'],
    ['SPDX in RDF', '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>', 'IMAGE_FORMAT', 'RDF'],
    ['any XML', '<project><name>x</name></project>', 'IMAGE_FORMAT', '"project"'],
    ['tags and values of the past', 'SPDXVersion: SPDX-1.2\n', 'IMAGE_FORMAT', 'SPDX-1.2'],
    ['another document of ours', '{"schema":"portcullis.verdict.v1"}', 'IMAGE_FORMAT', 'portcullis.verdict.v1'],
    ['any JSON', '{"a":1}', 'IMAGE_FORMAT', 'no SBOM'],
    ['cut off', bom.slice(0, -3), 'IMAGE_INVALID', 'not valid JSON'],
    ['not UTF-8', Buffer.concat([Buffer.from('{"bomFormat":"'), Buffer.from([0xff]), Buffer.from('"}')]), 'IMAGE_INVALID', 'UTF-8'],
    [
      'a member twice',
      '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"purl":"pkg:npm/evil@1"}],"components":[]}',
      'IMAGE_INVALID',
      '"components" twice',
    ],
    [
      'a member twice, once in disguise',
      '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[],"compon\\u0065nts":[]}',
      'IMAGE_INVALID',
      '"components" twice',
    ],
    [
      'a member of a member twice',
      '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"purl":"pkg:npm/harmless@1","type":"library","purl":"pkg:npm/evil@1"}]}',
      'IMAGE_INVALID',
      '"purl" twice',
    ],
    [
      'one of many members twice',
      `{"bomFormat":"CycloneDX","specVersion":"1.6","x":{${Array.from({ length: 100 }, (_, index) => `"a${index}":1`).join()},"\\u0061${'42'}":1}}`,
      'IMAGE_INVALID',
      '"a42" twice',
    ],
    ['deep', `{"bomFormat":"CycloneDX","specVersion":"1.6","components":${'['.repeat(1_000_000)}`, 'IMAGE_LIMIT', 'deeper'],
    ['XML without CycloneDX’s namespace', '<?xml version="1.0"?><bom/>'.padEnd(600), 'IMAGE_FORMAT', '"bom"'],
  ])('%s', async (_, content, code, words) => {
    for (const prefix of ['', 'sbom:']) {
      const said = await refusal(content, prefix);
      expect(said.startsWith(code)).toBe(true);
      expect(said).toContain(words);
    }
  });

  test('with the prefix: whatever is no document at all', async () => {
    for (const content of ['', ' ', 'hello', Buffer.alloc(1024), Buffer.from([8, 1, 18, 4])]) {
      expect(await refusal(content, 'sbom:')).toMatch(/^IMAGE_FORMAT .*no SBOM that is known/);
    }
  });

  test('an SBOM has no tags, and is no evidence', async () => {
    expect(await refusal(bom, '', 'a:1')).toMatch(/^IMAGE_CHOICE/);
    expect(await refusal(bom, 'evidence:')).toMatch(/^IMAGE_FORMAT .*an SBOM/);
  });

  test('a hundred megabytes of the smallest objects end in a limit', async () => {
    const objects = Buffer.alloc(99_999_999, '{},');
    const content = Buffer.concat([Buffer.from('{"bomFormat":"CycloneDX","specVersion":"1.6","components":['), objects, Buffer.from('{}]}')]);
    expect(await refusal(content)).toMatch(/^IMAGE_LIMIT .*objects and lists/);
  });
});

test('quotes, escapes and braces in texts are no structure', async () => {
  const text = '{"bomFormat":"CycloneDX","specVersion":"1.6","x\\"{[":"]}\\\\","y":{"bomFormat":1,"a":{"bomFormat":2},"b":[{"bomFormat":3},{"bomFormat":4}]}}';
  expect((await open(text))[0]?.document?.format).toBe('cyclonedx');
});
