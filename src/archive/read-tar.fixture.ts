import { createHash } from 'node:crypto';
import { defaultLimits, type Limits } from './limits.ts';
import { TarReader } from './tar.ts';
import type { SeenEntry } from './tar-blocks.fixture.ts';

/** Reads an archive in chunks of `size` bytes, all in the same memory; content up to 16 MiB is asked for. */
export function readTar(bytes: Buffer, { size = 65_536, limits = {} }: { readonly size?: number; readonly limits?: Partial<Limits> } = {}): SeenEntry[] {
  const entries: { -readonly [K in keyof SeenEntry]: SeenEntry[K] }[] = [];
  const reader = new TarReader(
    (entry) => {
      const seen = { path: entry.path, type: entry.type, size: entry.size, link: entry.linkName, content: null as string | null };
      entries.push(seen);
      if (entry.type !== 'file' || entry.size > 1 << 24) return null;
      return (content) => {
        seen.content = createHash('sha256').update(content).digest('hex');
      };
    },
    { ...defaultLimits, ...limits },
  );
  const chunk = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) reader.write(chunk.subarray(0, bytes.copy(chunk, 0, at, at + size)));
  reader.end();
  return entries;
}
