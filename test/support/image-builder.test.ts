import { expect, test } from 'vitest';
import { ensureBuilt, portcullis, temporaryDirectory } from './cli.ts';
import { type Compression, dockerArchive, layer, ociArchive, oldDockerArchive } from './image-builder.ts';

const osRelease = { path: 'etc/os-release', content: 'ID=scratchy\nVERSION_ID=1\nPRETTY_NAME="Scratchy 1"\n' };

const forms = {
  'docker archive': (compression: Compression, path: string) => dockerArchive([imageOf(compression)]).writeTo(`${path}/image.tar`),
  'old docker archive': (compression: Compression, path: string) => oldDockerArchive([imageOf(compression)]).writeTo(`${path}/image.tar`),
  'OCI archive': (compression: Compression, path: string) => ociArchive([imageOf(compression)]).writeTo(`${path}/image.tar`),
  'nested OCI archive': (compression: Compression, path: string) => ociArchive([imageOf(compression)], { nested: true }).writeTo(`${path}/image.tar`),
  'OCI directory': (compression: Compression, path: string) => ociArchive([imageOf(compression)]).writeToDirectory(`${path}/image`),
};

function imageOf(compression: Compression) {
  return { layers: [layer([{ path: 'etc/', directory: true }, osRelease], { compression })], config: { User: 'app' }, tags: ['example:1'] };
}

test.each(Object.entries(forms).flatMap(([name, make]) => (['none', 'gzip', 'zstd'] as const).map((compression) => ({ name, compression, make }))))(
  'what is built is an image: $name, $compression',
  async ({ make, compression }) => {
    ensureBuilt();
    const path = make(compression, temporaryDirectory());
    const result = await portcullis(['gate', path, '--policy', 'basic-policy', '--platform', 'linux/amd64', '-o', 'json']);
    expect(JSON.parse(result.stdout).images[0]).toMatchObject({ distribution: { id: 'scratchy' }, tags: expect.any(Array), verified: true });
  },
);
