import { createHash } from 'node:crypto';
import { defaultLimits, type Limits } from './limits.ts';
import { TarReader } from './tar.ts';
import type { SeenEntry } from './tar-blocks.fixture.ts';

/** Reads an archive in chunks of `size` bytes; content up to 16 MiB is asked for. */
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
  for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
  reader.end();
  return entries;
}
