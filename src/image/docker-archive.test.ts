import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/support/cli.ts';
import { configurationOf, dockerArchive, type ImageFile, layer, oldDockerArchive, sha256 } from '../../test/support/image-builder.ts';
import { tar } from '../../test/support/tar.ts';
import { openAll, refusal } from './open-image.fixture.ts';

const base = layer([{ path: 'etc/os-release', content: 'ID=x\n' }]);
const second = layer([{ path: 'file', content: 'second' }], { compression: 'none' });
const image = { layers: [base, second], tags: ['a:1'], config: { User: 'app', Labels: { __proto__: 'odd', plain: 'x' } } };

function changed(archive: ImageFile, change: (files: Map<string, Buffer>) => void): string {
  change(archive.files);
  return archive.writeTo(join(temporaryDirectory(), 'image.tar'));
}

function manifest(files: Map<string, Buffer>, change: (entry: Record<string, unknown>) => void): void {
  const list = JSON.parse((files.get('manifest.json') as Buffer).toString()) as Record<string, unknown>[];
  for (const entry of list) change(entry);
  files.set('manifest.json', Buffer.from(JSON.stringify(list)));
}

describe.each([
  ['old', oldDockerArchive],
  ['new', dockerArchive],
] as const)('docker save, %s form', (_, build) => {
  test('is opened with id, tags, layers and configuration', async () => {
    const [opened] = await openAll(changed(build([image]), () => {}));
    expect(opened?.facts).toMatchObject({
      imageId: sha256(configurationOf(image)),
      tags: ['a:1'],
      verified: true,
      platform: { os: 'linux', architecture: 'amd64' },
    });
    expect(opened?.layers.map(({ diffId }) => diffId)).toEqual([base.diffId, second.diffId]);
    expect(opened?.configuration.user).toBe('app');
    expect(Object.keys(opened?.configuration.labels ?? {})).toEqual(Object.keys(image.config.Labels));
  });

  test('several images, or one by its tag, which Docker completes', async () => {
    const path = changed(build([image, { layers: [base], tags: ['example.org/b:2', 'c'] }]), () => {});
    expect(await openAll(path)).toHaveLength(2);
    for (const tag of ['a:1', 'docker.io/library/a:1', 'library/a:1', 'example.org/b:2', 'c:latest']) expect(await openAll(path, { tag }), tag).toHaveLength(1);
    const refused = await refusal(path, { tag: 'a:2' });
    expect(refused.code).toBe('IMAGE_CHOICE');
    expect(refused.hint).toContain('a:1');
  });

  test('what is missing is named', async () => {
    for (const [index, suffix] of ['layer 0', 'layer 1', 'configuration'].entries()) {
      const path = changed(build([image]), (files) => {
        const list = JSON.parse((files.get('manifest.json') as Buffer).toString()) as { Config: string; Layers: string[] }[];
        files.delete(index < 2 ? (list[0]?.Layers[index] as string) : (list[0]?.Config as string));
      });
      const refused = await refusal(`docker-archive:${path}`);
      expect(refused).toMatchObject({ code: 'IMAGE_INVALID' });
      expect(refused.message).toContain(suffix);
    }
  });

  test('a configuration that was changed has another digest than its name', async () => {
    const path = changed(build([image]), (files) => {
      const name = [...files.keys()].find((key) => files.get(key)?.equals(configurationOf(image))) as string;
      files.set(name, Buffer.from(configurationOf(image).toString().replace('"app"', '"root"')));
    });
    expect((await refusal(`docker-archive:${path}`)).code).toBe('IMAGE_DIGEST');
  });

  test.each([
    [
      'more layers than the configuration',
      (entry: Record<string, unknown>) => (entry.Layers = [...(entry.Layers as string[]), ...(entry.Layers as string[])]),
      'IMAGE_INVALID',
    ],
    ['fewer layers than the configuration', (entry: Record<string, unknown>) => (entry.Layers = []), 'IMAGE_INVALID'],
    ['layers that are no list', (entry: Record<string, unknown>) => (entry.Layers = 'all'), 'IMAGE_INVALID'],
    ['no configuration', (entry: Record<string, unknown>) => delete entry.Config, 'IMAGE_INVALID'],
    ['a configuration outside of the archive', (entry: Record<string, unknown>) => (entry.Config = '../../../../etc/hostname'), 'IMAGE_INVALID'],
    ['a configuration that is a directory', (entry: Record<string, unknown>) => (entry.Config = ''), 'IMAGE_INVALID'],
  ])('a manifest with %s', async (_title, change, code) => {
    expect((await refusal(`docker-archive:${changed(build([image]), (files) => manifest(files, change))}`)).code).toBe(code);
  });
});

describe('configuration', () => {
  const withConfig = (bytes: Buffer): string => {
    const archive = oldDockerArchive([image]);
    archive.files.set('renamed', bytes);
    return changed(archive, (files) => manifest(files, (entry) => (entry.Config = 'renamed')));
  };

  test('under a name that states no digest it gives the id all the same', async () => {
    const bytes = configurationOf(image);
    expect((await openAll(withConfig(bytes)))[0]?.facts.imageId).toBe(sha256(bytes));
  });

  test.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['no root file system', '{}'],
    ['a digest of another kind', '{"rootfs":{"diff_ids":["md5:00","md5:00"]}}'],
    ['a digest that is a number', '{"rootfs":{"diff_ids":[1,2]}}'],
  ])('%s is refused', async (_, text) => expect((await refusal(withConfig(Buffer.from(text as string)))).code).toBe('IMAGE_INVALID'));

  test('a document over 8 MiB is not read', async () => {
    expect((await refusal(withConfig(Buffer.alloc(8 * 2 ** 20 + 1, ' ')))).code).toBe('IMAGE_LIMIT');
  });

  test('fields of the wrong type are as if absent', async () => {
    const odd = configurationOf({
      ...image,
      document: { config: { User: 7, Env: ['A=1', 2], ExposedPorts: 'x', Healthcheck: { Test: 'NONE' } }, history: 'x', os: 5 },
    });
    const [opened] = await openAll(withConfig(odd));
    expect(opened?.configuration).toMatchObject({ user: '', env: ['A=1'], exposedPorts: [], healthcheck: null, history: [] });
  });
});

describe('the archive around it', () => {
  const good = dockerArchive([image]).files;
  const written = (bytes: Buffer): string => {
    const path = join(temporaryDirectory(), 'image.tar');
    writeFileSync(path, bytes);
    return path;
  };
  const all = [...good].map(([path, content]) => ({ path, content }));

  test.each(['manifest.json', 'index.json'])('%s twice is refused, also as a link or under another spelling', async (name) => {
    for (const more of [
      { path: name, content: good.get(name) as Buffer },
      { path: `./${name}`, content: '[]' },
      { path: name, link: 'other' },
    ]) {
      expect((await refusal(written(tar([...all, more])))).code).toMatch(/IMAGE_(INVALID|FORMAT)/);
    }
  });

  test('manifest.json and index.json must name the same images', async () => {
    const other = dockerArchive([{ ...image, config: { User: 'root' } }]);
    const path = changed(other, (files) => {
      for (const [name, bytes] of good) if (name !== 'manifest.json') files.set(name, bytes);
    });
    const refused = await refusal(path);
    expect(refused.code).toBe('IMAGE_CHOICE');
    expect(refused.hint).toContain('docker-archive:');
    expect((await openAll(`docker-archive:${path}`))[0]?.configuration.user).toBe('root');
    expect((await openAll(`oci:${path}`))[0]?.configuration.user).toBe('app');
  });

  test.each([
    ['no JSON', '[{'],
    ['no list', '{}'],
    ['empty', '[]'],
    ['a list of nothing', '[null]'],
    ['very many images', JSON.stringify(Array.from({ length: 1001 }, () => ({ Config: 'c', Layers: [] })))],
  ])('a manifest.json that is %s', async (_, text) => {
    const refused = await refusal(changed(oldDockerArchive([image]), (files) => files.set('manifest.json', Buffer.from(text))));
    expect(refused.code).toMatch(/IMAGE_(INVALID|LIMIT)/);
  });

  test('a huge manifest.json is not read', async () => {
    expect((await refusal(changed(oldDockerArchive([image]), (files) => files.set('manifest.json', Buffer.alloc(9 * 2 ** 20, ' '))))).code).toBe('IMAGE_LIMIT');
  });

  test('an archive of a Docker before 1.10 is named', async () => {
    expect((await refusal(written(tar([{ path: 'repositories', content: '{}' }])))).message).toContain('1.10');
  });

  test('layers may be links inside of the archive, as old Dockers wrote them', async () => {
    const files = oldDockerArchive([{ layers: [base, base] }]).files;
    const target = [...files.keys()].find((name) => name.endsWith('/layer.tar')) as string;
    const list = JSON.parse((files.get('manifest.json') as Buffer).toString()) as { Layers: string[] }[];
    (list[0] as { Layers: string[] }).Layers = [target, 'copy/layer.tar'];
    files.set('manifest.json', Buffer.from(JSON.stringify(list)));
    const items = [...files].map(([path, content]) => ({ path, content }));
    for (const link of [
      { path: 'copy/layer.tar', link: `../${target}` },
      { path: 'copy/layer.tar', hardlink: target },
    ]) {
      const [opened] = await openAll(written(tar([...items, link])));
      expect(opened?.layers[1]?.source).toEqual(opened?.layers[0]?.source);
    }
    for (const link of ['copy/layer.tar', '../../../../../etc/passwd', '/etc/passwd']) {
      expect((await refusal(written(tar([...items, { path: 'copy/layer.tar', link }])))).code).toBe('IMAGE_INVALID');
    }
  });

  test('cut off anywhere it is damaged or misses something', async () => {
    const bytes = dockerArchive([image]).tar();
    for (let length = 512; length < bytes.length - 1536; length += 300) {
      expect((await refusal(written(bytes.subarray(0, length)))).code, `at ${length}`).toMatch(/^IMAGE_(INVALID|FORMAT|CHOICE)$/);
    }
  });

  test('stored as sparse files it is refused', async () => {
    const items = all.map((item) => ({ ...item, pax: { 'GNU.sparse.map': '0,1', 'GNU.sparse.size': '1' } }));
    expect((await refusal(written(tar(items)))).code).toBe('IMAGE_FORMAT');
  });
});

test('an unpacked archive is opened, but nothing outside of its directory', async () => {
  const directory = temporaryDirectory();
  oldDockerArchive([image]).writeToDirectory(join(directory, 'image'));
  expect(await openAll(`docker-archive:${join(directory, 'image')}`)).toHaveLength(1);
  writeFileSync(join(directory, 'secret'), 'top secret');
  const outside = (name: string, prepare: (path: string) => void): Promise<{ code: string; message: string }> => {
    const path = join(directory, name);
    mkdirSync(path);
    prepare(path);
    return refusal(`docker-archive:${path}`);
  };
  const byName = await outside('by-name', (path) => writeFileSync(join(path, 'manifest.json'), JSON.stringify([{ Config: '../secret', Layers: [] }])));
  const byLink = await outside('by-link', (path) => symlinkSync('../secret', join(path, 'manifest.json')));
  for (const refused of [byName, byLink]) {
    expect(refused.code).toBe('IMAGE_INVALID');
    expect(refused.message).not.toContain('top');
  }
  expect(byLink.message).toContain('leads out');
});
