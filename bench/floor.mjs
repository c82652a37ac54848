// The floor: the same layers streamed at 256 KiB in one thread, decompressed, both digests computed, nothing else.
// Usage: node floor.mjs '[{"path","offset","length"}, …]'
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const CHUNK = 262_144;
for (const { path, offset, length } of JSON.parse(process.argv[2])) {
  const blob = createHash('sha256');
  const diff = createHash('sha256');
  const stream = createReadStream(path, { start: offset, end: offset + length - 1, highWaterMark: CHUNK });
  let first = true;
  let gunzip = null;
  await new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('data', (chunk) => {
      blob.update(chunk);
      if (first && chunk[0] === 0x1f && chunk[1] === 0x8b) {
        gunzip = createGunzip({ chunkSize: CHUNK });
        gunzip.on('data', (data) => diff.update(data));
        gunzip.on('end', resolve);
        gunzip.on('error', reject);
        gunzip.on('drain', () => stream.resume());
      }
      first = false;
      if (gunzip !== null && !gunzip.write(chunk)) stream.pause();
    });
    stream.on('end', () => (gunzip === null ? resolve() : gunzip.end()));
  });
  blob.digest();
  if (gunzip !== null) diff.digest();
}
