// Packs an example's `image/` (config.json, layers/*) into an archive as `docker save` writes them. The same input gives the same bytes.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** One entry of a tar archive (POSIX ustar), padded to blocks. */
function entry(path, typeflag, mode, content = Buffer.alloc(0), link = '') {
  if (Buffer.byteLength(path) > 100) throw new Error(`${path} is too long for this packer`);
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(typeflag, 156);
  header.write(link, 157);
  header.write('ustar\x0000', 257);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const end = Buffer.alloc(1024);

function tree(root, path = '') {
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => {
      const inner = path === '' ? name : `${path}/${name}`;
      const stats = lstatSync(join(root, inner));
      if (stats.isSymbolicLink()) return [entry(inner, '2', 0o777, undefined, readlinkSync(join(root, inner)))];
      if (stats.isDirectory()) {
        const below = tree(root, inner);
        // A clone has no empty directories; nor has the image, so that both are the same.
        return below.length === 0 ? [] : [entry(`${inner}/`, '5', 0o755), ...below];
      }
      return [entry(inner, '0', 0o644, readFileSync(join(root, inner)))];
    });
}

/**
 * @param {string} directory the example's `image/`
 * @param {string} file where the archive is written
 */
export function packImage(directory, file) {
  const { tag, config, history } = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8'));
  const layers = history.filter((line) => line.layer !== undefined).map((line) => Buffer.concat([...tree(join(directory, 'layers', line.layer)), end]));
  // Not compressed, so that the bytes are the same with every zlib.
  const document = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config,
      history: history.map(({ created_by, layer }) => ({ created: '1970-01-01T00:00:00Z', created_by, ...(layer === undefined ? { empty_layer: true } : {}) })),
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
    }),
  );
  const blob = (bytes) => `blobs/sha256/${sha256(bytes)}`;
  const manifest = Buffer.from(JSON.stringify([{ Config: blob(document), RepoTags: [tag], Layers: layers.map(blob) }]));
  writeFileSync(
    file,
    Buffer.concat([
      entry('blobs/', '5', 0o755),
      entry('blobs/sha256/', '5', 0o755),
      ...[document, ...layers].map((bytes) => entry(blob(bytes), '0', 0o644, bytes)),
      entry('manifest.json', '0', 0o644, manifest),
      end,
    ]),
  );
}
