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

describe('what is none is refused in words', () => {
  test.each([
    ['CycloneDX of the future', '{"bomFormat":"CycloneDX","specVersion":"2.0"}', 'IMAGE_FORMAT', 'version "2.0"'],
    ['SPDX 3', '{"@context":"x","@graph":[]}', 'IMAGE_FORMAT', 'SPDX 3'],
    ['SPDX of the past', '{"spdxVersion":"SPDX-1.2"}', 'IMAGE_FORMAT', 'SPDX-1.2'],
    ['an attestation', '{"_type":"https://in-toto.io/Statement/v1","predicate":{}}', 'IMAGE_FORMAT', 'attestation'],
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
    ['deep', `{"bomFormat":"CycloneDX","specVersion":"1.6","components":${'['.repeat(1_000_000)}`, 'IMAGE_LIMIT', 'deeper'],
    ['XML', '<?xml version="1.0"?><bom/>'.padEnd(600), 'IMAGE_FORMAT', ''],
  ])('%s', async (_, content, code, words) => {
    const said = await refusal(content, code === 'IMAGE_FORMAT' && words === '' ? 'sbom:' : '');
    expect(said.startsWith(code)).toBe(true);
    expect(said).toContain(words);
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
  const text = '{"bomFormat":"CycloneDX","specVersion":"1.6","x\\"{[":"]}\\\\","y":{"bomFormat":1,"bomFormat":2}}';
  expect((await open(text))[0]?.document?.format).toBe('cyclonedx');
});
