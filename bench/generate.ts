import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { applicationLayers } from './application.ts';
import { Content } from './content.ts';
import { programLayers } from './programs.ts';
import { type GeneratedFile, tarOf } from './tar.ts';

type Compression = 'gzip' | 'zstd' | 'none';

/** A generated image: realistic in entries and compressibility, the same on every machine. */
export interface Shape {
  readonly name: string;
  readonly compression: Compression;
  /** The files of its layers, the lowest first. */
  readonly layers: () => Iterable<Iterable<GeneratedFile>>;
}

type ZstdFactory = (options?: { chunkSize?: number }) => Transform;
const createZstd = (zlib as unknown as { createZstdCompress?: ZstdFactory }).createZstdCompress;

/** Whether this Node can write and read zstd by itself (since 22.15). */
export const hasZstd = createZstd !== undefined;

/** Layers of files of one size, half noise and half text; one in a hundred is an npm package. */
function* plainLayers(layers: number, files: number): Generator<Iterable<GeneratedFile>> {
  const content = new Content(12_345);
  const size = 10_000;
  for (let layer = 0; layer < layers; layer++) {
    yield (function* () {
      if (layer === 0) {
        const stanza = (index: number): string => `Package: package${index}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.${index}-1\n\n`;
        yield { path: 'etc/os-release', content: Buffer.from('ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n') };
        yield { path: 'var/lib/dpkg/status', content: Buffer.from(Array.from({ length: 400 }, (_, index) => stanza(index)).join('')) };
      }
      for (let file = 0; file < files; file++) {
        if (file % 100 === 0) {
          const document = JSON.stringify({ name: `module${file}`, version: `1.${layer}.${file}` });
          yield { path: `srv/${layer}/node_modules/module${file}/package.json`, content: Buffer.from(document.padEnd(size)) };
        } else {
          const bytes = Buffer.alloc(size, `line ${file} of some configuration file\n`);
          content.of('noise', size >> 1).copy(bytes);
          yield { path: `srv/${layer}/d${file % 97}/file${file}.bin`, content: bytes };
        }
      }
    })();
  }
}

/** Every shape; `large`: only when they are asked for. */
export const shapes: readonly (Shape & { readonly large: boolean })[] = [
  { name: 'generated-100mb', large: false, compression: 'gzip', layers: () => plainLayers(4, 2_500) },
  { name: 'generated-1gb', large: true, compression: 'gzip', layers: () => plainLayers(10, 10_000) },
  { name: 'generated-2gb', large: true, compression: 'gzip', layers: () => plainLayers(20, 10_000) },
  { name: 'application-1gb', large: true, compression: 'gzip', layers: () => applicationLayers(new Content(1)) },
  { name: 'application-1gb-zstd', large: true, compression: 'zstd', layers: () => applicationLayers(new Content(1)) },
  { name: 'application-1gb-unpacked', large: true, compression: 'none', layers: () => applicationLayers(new Content(1)) },
  { name: 'programs-1gb', large: true, compression: 'gzip', layers: () => programLayers(new Content(2)) },
  { name: 'programs-1gb-unpacked', large: true, compression: 'none', layers: () => programLayers(new Content(2)) },
];

function compressor(compression: Compression): Transform {
  if (compression === 'none') return new PassThrough();
  if (compression === 'gzip') return zlib.createGzip({ level: 4, chunkSize: 262_144 });
  if (createZstd === undefined) throw new Error('This Node cannot write zstd.');
  return createZstd({ chunkSize: 262_144 });
}

async function writeLayer(files: Iterable<GeneratedFile>, compression: Compression, path: string): Promise<{ diffId: string; digest: string }> {
  const diff: Hash = createHash('sha256');
  const blob: Hash = createHash('sha256');
  const stream = compressor(compression);
  const out = createWriteStream(path);
  stream.on('data', (chunk: Buffer) => blob.update(chunk));
  stream.pipe(out);
  for (const chunk of tarOf(files)) {
    diff.update(chunk);
    if (!stream.write(chunk)) await once(stream, 'drain');
  }
  stream.end();
  await once(out, 'close');
  return { diffId: `sha256:${diff.digest('hex')}`, digest: blob.digest('hex') };
}

/** Makes an OCI layout directory in `parent` unless it is there already; gives its path. */
export async function generateImage(shape: Shape, parent: string): Promise<string> {
  const target = join(parent, shape.name);
  if (existsSync(target)) return target;
  const directory = `${target}.part`;
  rmSync(directory, { recursive: true, force: true });
  const blobs = join(directory, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const layers: { diffId: string; digest: string; size: number }[] = [];
  for (const files of shape.layers()) {
    const path = join(directory, 'layer');
    const { diffId, digest } = await writeLayer(files, shape.compression, path);
    renameSync(path, join(blobs, digest));
    layers.push({ diffId, digest, size: (await stat(join(blobs, digest))).size });
  }
  const put = async (value: unknown): Promise<{ digest: string; size: number }> => {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(blobs, digest), bytes);
    return { digest: `sha256:${digest}`, size: bytes.length };
  };
  const config = await put({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) } });
  const ending = shape.compression === 'none' ? '' : `+${shape.compression}`;
  const manifest = await put({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: layers.map(({ digest, size }) => ({ mediaType: `application/vnd.oci.image.layer.v1.tar${ending}`, digest: `sha256:${digest}`, size })),
  });
  await writeFile(
    join(directory, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest }] }),
  );
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  renameSync(directory, target);
  return target;
}
