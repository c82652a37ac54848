import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';

interface Shape {
  readonly name: string;
  readonly layers: number;
  /** Files of one layer. */
  readonly files: number;
  /** Bytes of one file. */
  readonly size: number;
}

/** Generated images: realistic in entries and compressibility, the same on every machine. */
export const shapes: readonly Shape[] = [
  { name: 'generated-100mb', layers: 4, files: 2_500, size: 10_000 },
  { name: 'generated-1gb', layers: 10, files: 10_000, size: 10_000 },
  { name: 'generated-2gb', layers: 20, files: 10_000, size: 10_000 },
];

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0);
  block.write('0000644\x000000000\x000000000\x00', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\x00        0', 136);
  block.write('ustar\x0000', 257);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** Half noise, half text: gzip halves it, as it does with binaries. */
function content(seed: number, size: number, noise: Buffer): Buffer {
  const bytes = Buffer.alloc(size);
  const half = size >> 1;
  noise.copy(bytes, 0, (seed * 7919) % (noise.length - half), ((seed * 7919) % (noise.length - half)) + half);
  bytes.fill(`line ${seed} of some configuration file\n`, half);
  return bytes;
}

function* layerChunks(shape: Shape, layer: number, noise: Buffer): Generator<Buffer> {
  const padding = Buffer.alloc((512 - (shape.size % 512)) % 512);
  if (layer === 0) {
    const release = Buffer.from('ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n');
    const status = Buffer.from(
      Array.from({ length: 400 }, (_, index) => `Package: package${index}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.${index}-1\n\n`).join(
        '',
      ),
    );
    for (const [path, bytes] of [
      ['etc/os-release', release],
      ['var/lib/dpkg/status', status],
    ] as const) {
      yield header(path, bytes.length);
      yield bytes;
      yield Buffer.alloc((512 - (bytes.length % 512)) % 512);
    }
  }
  for (let file = 0; file < shape.files; file++) {
    const isPackage = file % 100 === 0;
    const path = isPackage ? `srv/${layer}/node_modules/module${file}/package.json` : `srv/${layer}/d${file % 97}/file${file}.bin`;
    const bytes = isPackage
      ? Buffer.from(JSON.stringify({ name: `module${file}`, version: `1.${layer}.${file}` }).padEnd(shape.size))
      : content(layer * 100_003 + file, shape.size, noise);
    yield header(path, bytes.length);
    yield bytes;
    if (padding.length > 0) yield padding;
  }
  yield Buffer.alloc(1024);
}

async function writeLayer(shape: Shape, layer: number, directory: string, noise: Buffer): Promise<{ diffId: string; digest: string; path: string }> {
  const diff: Hash = createHash('sha256');
  const blob: Hash = createHash('sha256');
  const path = join(directory, `layer-${layer}`);
  const gzip = createGzip({ level: 4, chunkSize: 262_144 });
  const out = createWriteStream(path);
  gzip.on('data', (chunk: Buffer) => blob.update(chunk));
  gzip.pipe(out);
  for (const chunk of layerChunks(shape, layer, noise)) {
    diff.update(chunk);
    if (!gzip.write(chunk)) await once(gzip, 'drain');
  }
  gzip.end();
  await once(out, 'close');
  return { diffId: `sha256:${diff.digest('hex')}`, digest: blob.digest('hex'), path };
}

/** Makes an OCI layout directory in `parent` unless it is there already; gives its path. */
export async function generateImage(shape: Shape, parent: string): Promise<string> {
  const target = join(parent, shape.name);
  if (existsSync(target)) return target;
  const directory = `${target}.part`;
  rmSync(directory, { recursive: true, force: true });
  const blobs = join(directory, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const noise = Buffer.alloc(4 * 1024 * 1024);
  let state = 12_345;
  for (let at = 0; at < noise.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    noise[at] = state >>> 16;
  }
  const layers: { diffId: string; digest: string; size: number }[] = [];
  for (let layer = 0; layer < shape.layers; layer++) {
    const { diffId, digest, path } = await writeLayer(shape, layer, directory, noise);
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
  const manifest = await put({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: layers.map(({ digest, size }) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: `sha256:${digest}`, size })),
  });
  await writeFile(
    join(directory, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest }] }),
  );
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  renameSync(directory, target);
  return target;
}
