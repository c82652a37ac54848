import { symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/support/cli.ts';
import { type ImageFile, layer, ociArchive, sha256 } from '../../test/support/image-builder.ts';
import { openAll, refusal } from './open-image.fixture.ts';

const base = layer([{ path: 'etc/os-release', content: 'ID=x\n' }]);
const image = { layers: [base], tags: ['a:1'] };
const indexType = 'application/vnd.oci.image.index.v1+json';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

interface LooseDescriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: object;
  annotations?: object;
}

function addBlob(files: Map<string, Buffer>, mediaType: string, value: unknown, more: object = {}): LooseDescriptor {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  files.set(`blobs/${sha256(bytes).replace(':', '/')}`, bytes);
  return { mediaType, digest: sha256(bytes), size: bytes.length, ...more };
}

function indexOf(files: Map<string, Buffer>): { manifests: LooseDescriptor[] } {
  return JSON.parse((files.get('index.json') as Buffer).toString()) as { manifests: LooseDescriptor[] };
}

function withIndex(
  change: (manifests: LooseDescriptor[], files: Map<string, Buffer>) => unknown[],
  images = [image] as Parameters<typeof ociArchive>[0],
): ImageFile {
  const archive = ociArchive(images);
  const index = indexOf(archive.files);
  archive.files.set('index.json', Buffer.from(JSON.stringify({ ...index, manifests: change(index.manifests, archive.files) })));
  return archive;
}

function written(archive: ImageFile): string {
  return archive.writeTo(join(temporaryDirectory(), 'image.tar'));
}

function changedManifest(change: (manifest: Record<string, unknown>, files: Map<string, Buffer>) => void): string {
  return written(
    withIndex((manifests, files) => {
      const [descriptor] = manifests as [LooseDescriptor];
      const manifest = JSON.parse((files.get(`blobs/${descriptor.digest.replace(':', '/')}`) as Buffer).toString()) as Record<string, unknown>;
      change(manifest, files);
      return [{ ...descriptor, ...addBlob(files, manifestType, manifest) }];
    }),
  );
}

describe('indexes', () => {
  test('nested ones are followed, four deep and no deeper', async () => {
    const nested = (depth: number): string =>
      written(
        withIndex((manifests, files) => {
          let list = manifests;
          for (let level = 0; level < depth; level++) list = [addBlob(files, indexType, { schemaVersion: 2, manifests: list })];
          return list;
        }),
      );
    expect(await openAll(nested(4))).toHaveLength(1);
    expect((await refusal(nested(5))).code).toBe('IMAGE_LIMIT');
  });

  test('indexes that name each other over and over are counted, not followed for ever', async () => {
    const path = written(
      withIndex((_, files) => {
        let child = addBlob(files, indexType, {
          manifests: Array.from({ length: 1000 }, () => ({ mediaType: 'application/other', digest: sha256(Buffer.from('')), size: 0 })),
        });
        for (let level = 0; level < 3; level++) child = addBlob(files, indexType, { level, manifests: Array.from({ length: 1000 }, () => child) });
        return [child];
      }),
    );
    expect((await refusal(path)).code).toBe('IMAGE_LIMIT');
  });

  test('an index that claims its own digest does not match it', async () => {
    const path = written(
      withIndex((_, files) => {
        const digest = `sha256:${'1'.repeat(64)}`;
        files.set(`blobs/${digest.replace(':', '/')}`, Buffer.from(JSON.stringify({ manifests: [{ mediaType: indexType, digest, size: 1 }] })));
        return [{ mediaType: indexType, digest, size: 1 }];
      }),
    );
    expect((await refusal(path)).code).toBe('IMAGE_DIGEST');
  });

  test('more manifests than anybody saves', async () => {
    expect((await refusal(written(withIndex(([one]) => Array.from({ length: 1001 }, () => one))))).code).toBe('IMAGE_LIMIT');
  });

  test('attestations ride along and are no images', async () => {
    const path = written(
      withIndex((manifests, files) => {
        const attestation = addBlob(
          files,
          manifestType,
          { schemaVersion: 2, config: {}, layers: [] },
          { platform: { os: 'unknown', architecture: 'unknown' }, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } },
        );
        return [addBlob(files, indexType, { manifests: [...manifests, attestation] })];
      }),
    );
    expect(await openAll(path)).toHaveLength(1);
  });

  test.each([
    ['nothing', []],
    ['an artifact', [{ mediaType: 'application/vnd.cncf.helm.chart', digest: sha256(Buffer.from('x')), size: 1 }]],
  ])('a layout of %s has no image', async (_, manifests) => expect((await refusal(written(withIndex(() => manifests)))).code).toBe('IMAGE_FORMAT'));

  test.each([
    ['no digest', { mediaType: manifestType, size: 1 }],
    ['an unknown algorithm', { mediaType: manifestType, size: 1, digest: `blake3:${'0'.repeat(64)}` }],
    ['a path in its digest', { mediaType: manifestType, size: 1, digest: 'sha256:../../../etc/passwd' }],
    ['an upper-case digest', { mediaType: manifestType, size: 1, digest: `sha256:${'A'.repeat(64)}` }],
    ['no size', { mediaType: manifestType, digest: sha256(Buffer.from('x')) }],
    ['a negative size', { mediaType: manifestType, digest: sha256(Buffer.from('x')), size: -1 }],
    ['nothing in it', null],
  ])('a descriptor with %s', async (_, descriptor) => {
    const refused = await refusal(written(withIndex(() => [descriptor])));
    expect(refused.code).toBe('IMAGE_INVALID');
  });

  test.each([
    ['no JSON', '{'],
    ['deeply nested', '['.repeat(200_000)],
    ['without a list', '{}'],
    ['a list', '[]'],
  ])('an index.json that is %s', async (_, text) => {
    const archive = ociArchive([image]);
    archive.files.set('index.json', Buffer.from(text));
    expect((await refusal(written(archive))).code).toBe('IMAGE_INVALID');
  });
});

describe('manifests', () => {
  test('sha512 is verified too', async () => {
    const { createHash } = await import('node:crypto');
    const sha512 = (bytes: Buffer): string => `sha512:${createHash('sha512').update(bytes).digest('hex')}`;
    const build = (damage: boolean): string =>
      changedManifest((manifest, files) => {
        const [one] = manifest.layers as [LooseDescriptor];
        const bytes = files.get(`blobs/${one.digest.replace(':', '/')}`) as Buffer;
        const digest = sha512(bytes);
        files.set(`blobs/${digest.replace(':', '/')}`, bytes);
        const config = manifest.config as LooseDescriptor;
        const configBytes = files.get(`blobs/${config.digest.replace(':', '/')}`) as Buffer;
        files.set(`blobs/${sha512(configBytes).replace(':', '/')}`, damage ? Buffer.concat([configBytes, Buffer.from(' ')]) : configBytes);
        manifest.config = { ...config, digest: sha512(configBytes) };
        manifest.layers = [{ ...one, digest }];
      });
    expect((await openAll(build(false)))[0]?.layers[0]?.digest).toMatch(/^sha512:/);
    expect((await refusal(build(true))).code).toBe('IMAGE_DIGEST');
  });

  test.each([
    ['schema 1', (manifest: Record<string, unknown>) => (manifest.schemaVersion = 1), 'IMAGE_FORMAT'],
    [
      'an artifact for configuration',
      (manifest: Record<string, unknown>) => (manifest.config = { ...(manifest.config as object), mediaType: 'application/vnd.cncf.helm.config' }),
      'IMAGE_FORMAT',
    ],
    ['no configuration', (manifest: Record<string, unknown>) => delete manifest.config, 'IMAGE_INVALID'],
    ['no layers', (manifest: Record<string, unknown>) => delete manifest.layers, 'IMAGE_INVALID'],
    ['fewer layers than the configuration', (manifest: Record<string, unknown>) => (manifest.layers = []), 'IMAGE_INVALID'],
    ['an index in its place', (manifest: Record<string, unknown>) => (manifest.manifests = []), 'IMAGE_INVALID'],
    [
      'an encrypted layer',
      (manifest: Record<string, unknown>) =>
        (manifest.layers = (manifest.layers as object[]).map((one) => ({ ...one, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted' }))),
      'IMAGE_FORMAT',
    ],
    [
      'a layer of another size',
      (manifest: Record<string, unknown>) => (manifest.layers = (manifest.layers as LooseDescriptor[]).map((one) => ({ ...one, size: one.size + 1 }))),
      'IMAGE_INVALID',
    ],
    [
      'a layer that is not there',
      (manifest: Record<string, unknown>) =>
        (manifest.layers = (manifest.layers as LooseDescriptor[]).map((one) => ({ ...one, digest: sha256(Buffer.from('gone')) }))),
      'IMAGE_INVALID',
    ],
    [
      'a configuration that is not there',
      (manifest: Record<string, unknown>) => (manifest.config = { ...(manifest.config as object), digest: sha256(Buffer.from('gone')) }),
      'IMAGE_INVALID',
    ],
  ])('with %s', async (_, change, code) => expect((await refusal(changedManifest(change))).code).toBe(code));

  test('with a byte changed it has another digest', async () => {
    const path = written(
      withIndex(([one], files) => {
        const name = `blobs/${(one as LooseDescriptor).digest.replace(':', '/')}`;
        files.set(name, Buffer.from((files.get(name) as Buffer).toString().replace('"schemaVersion":2', '"schemaVersion":3')));
        return [one];
      }),
    );
    expect((await refusal(path)).code).toBe('IMAGE_DIGEST');
  });

  test('that is not there is missed', async () => {
    const path = written(withIndex(([one]) => [{ ...(one as LooseDescriptor), digest: sha256(Buffer.from('gone')) }]));
    expect((await refusal(path)).message).toContain('does not hold');
  });
});

describe('platforms', () => {
  const of = (architecture: string, variant?: string) => ({
    ...image,
    tags: ['multi'],
    platform: { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) },
  });
  const multi = (): string => written(ociArchive([of('amd64'), of('arm64', 'v8'), of('arm', 'v6'), of('arm', 'v7')], { nested: true }));

  test.each([
    ['linux/amd64', 'amd64', undefined],
    ['linux/arm64', 'arm64', 'v8'],
    ['linux/arm64/v8', 'arm64', 'v8'],
    ['linux/arm', 'arm', 'v7'],
    ['linux/arm/v7', 'arm', 'v7'],
    ['linux/arm/v6', 'arm', 'v6'],
  ])('%s is chosen', async (platform, architecture, variant) => {
    const opened = await openAll(multi(), { platform });
    expect(opened.map(({ facts }) => facts.platform)).toEqual([{ os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) }]);
  });

  test.each(['linux/s390x', 'windows/amd64', 'linux/arm/v5'])('%s is not there, and the refusal lists what is', async (platform) => {
    const refused = await refusal(multi(), { platform });
    expect(refused.code).toBe('IMAGE_CHOICE');
    expect(refused.hint).toContain('linux/arm64/v8');
  });

  test.each(['linux', 'linux/', '/amd64', 'linux/arm/v7/x', 'LINUX/amd64', 'linux/amd 64', ''])('"%s" is no platform', async (platform) => {
    if (platform !== '') expect((await refusal(multi(), { platform })).code).toBe('USAGE');
  });
});

test('a layout directory is read, but no link leads out of it', async () => {
  const directory = temporaryDirectory();
  const path = ociArchive([image]).writeToDirectory(join(directory, 'layout'));
  expect(await openAll(path)).toHaveLength(1);
  const blob = join(path, 'blobs', base.digest.replace(':', '/'));
  writeFileSync(join(directory, 'outside'), base.blob);
  unlinkSync(blob);
  symlinkSync(join(directory, 'outside'), blob);
  const refused = await refusal(path);
  expect(refused.code).toBe('IMAGE_INVALID');
  expect(refused.message).toContain('leads out');
  unlinkSync(blob);
  symlinkSync(blob, blob);
  expect((await refusal(path)).code).toBe('IMAGE_INVALID');
  unlinkSync(blob);
  writeFileSync(join(path, 'elsewhere'), base.blob);
  symlinkSync(join(path, 'elsewhere'), blob);
  expect(await openAll(path)).toHaveLength(1);
});
