import { createHash } from 'node:crypto';
import { Damage, viewOf } from './damage.ts';
import { type RpmHeader, tags } from './header.ts';

/** Stands before a header in a package file and is part of what was digested. */
const magic = Uint8Array.of(0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0);

/**
 * Checks the immutable region against the digest that the package was built with (SHA256HEADER, else SHA1HEADER),
 * as rpm does whenever it reads its database. This finds damage, not deceit: the digest lies beside the data.
 * Headers without region or digest (keys, rpm 3) pass. Throws Damage when they differ.
 */
export function checkHeaderDigest(header: RpmHeader): void {
  if (header.region === null || !header.region.digested) return;
  const sha256 = header.string(tags.sha256Header);
  const expected = sha256 ?? header.string(tags.sha1Header);
  if (expected === null) return;
  const counts = new Uint8Array(8);
  viewOf(counts).setUint32(0, header.region.entries.length / 16);
  viewOf(counts).setUint32(4, header.region.store.length);
  const hash = createHash(sha256 === null ? 'sha1' : 'sha256');
  for (const part of [magic, counts, header.region.entries, header.region.store]) hash.update(part);
  if (hash.digest('hex') !== expected.toLowerCase()) throw new Damage(`a header that doesn't have its ${sha256 === null ? 'SHA-1' : 'SHA-256'} digest`);
}
