import { PortcullisError } from '../errors.ts';
import type { Limits } from './limits.ts';
import { decodeName, invalidTar, isZeroBlock, normalizePath, parsePax, parseTarHeader, typeOf } from './tar-header.ts';
import { paxSparse } from './tar-sparse.ts';

/** Where a file lies inside an archive. */
export interface TarMember {
  readonly offset: number;
  readonly length: number;
}

/** The members of a seekable tar archive by path, links between them resolved. */
export interface TarIndex {
  readonly members: ReadonlyMap<string, TarMember>;
  /** Paths that the archive holds more than once. */
  readonly repeated: ReadonlySet<string>;
}

/**
 * Lists an archive by hopping from header to header; the content is not read.
 * @param read gives up to `length` bytes at `offset`; fewer at the end of the file
 * @param size of the file in bytes
 * @throws PortcullisError IMAGE_INVALID, IMAGE_LIMIT
 */
export async function indexTar(read: (offset: number, length: number) => Promise<Buffer>, size: number, limits: Limits): Promise<TarIndex> {
  const members = new Map<string, TarMember>();
  const links = new Map<string, string>();
  const repeated = new Set<string>();
  let offset = 0;
  let pax = new Map<string, string>();
  let longName: string | null = null;
  let longLink: string | null = null;
  let seen = 0;
  while (offset < size) {
    const block = await read(offset, 512);
    if (block.length < 512) throw truncated(offset);
    if (isZeroBlock(block)) break;
    if (++seen > limits.archiveEntries) throw new PortcullisError('IMAGE_LIMIT', `The archive has more than ${limits.archiveEntries} entries.`);
    const header = parseTarHeader(block, offset);
    const dataAt = offset + 512;
    const isMeta = 'xgLK'.includes(header.typeflag);
    if (isMeta && header.size > limits.headerBytes) throw new PortcullisError('IMAGE_LIMIT', `An extended header of the archive has ${header.size} bytes.`);
    const paxSize = isMeta ? undefined : pax.get('size') || undefined;
    if (paxSize !== undefined && !/^[0-9]{1,15}$/.test(paxSize)) throw invalidTar('an extended header has a size that is not a number', offset);
    const length = paxSize === undefined ? header.size : Number(paxSize);
    const name = longName || pax.get('path') || header.name;
    const type = typeOf(header.typeflag, name);
    if (!isMeta && (header.typeflag === 'S' || paxSparse(pax, offset) !== null)) {
      throw new PortcullisError('IMAGE_FORMAT', 'The archive around the layers stores files as sparse ones.', {
        hint: 'Make it again without sparse files (tar without -S).',
      });
    }
    const stored = isMeta || type === 'file' || type === 'other' ? length : 0;
    if (dataAt + stored > size) throw truncated(offset);
    if (isMeta) {
      const bytes = await read(dataAt, stored);
      if (header.typeflag === 'x') pax = parsePax(bytes, dataAt);
      else if (header.typeflag === 'g') {
        parsePax(bytes, dataAt);
        pax = new Map();
        longName = null;
        longLink = null;
      } else {
        const nul = bytes.indexOf(0);
        const name = decodeName(nul < 0 ? bytes : bytes.subarray(0, nul));
        if (header.typeflag === 'L') longName = name;
        else longLink = name;
      }
    } else {
      const path = normalizePath(name);
      const target = longLink || pax.get('linkpath') || header.linkName;
      if (members.has(path) || links.has(path)) repeated.add(path);
      members.delete(path);
      links.delete(path);
      if (type === 'file') members.set(path, { offset: dataAt, length });
      else if (type === 'hardlink') links.set(path, normalizePath(target));
      else if (type === 'symlink')
        links.set(path, normalizePath(target.startsWith('/') ? target : `${path.slice(0, Math.max(path.lastIndexOf('/'), 0))}/${target}`));
      pax = new Map();
      longName = null;
      longLink = null;
    }
    offset = dataAt + Math.ceil(stored / 512) * 512;
  }
  for (const [path, first] of links) {
    let target: string | undefined = first;
    for (let hops = 0; hops < 40 && target !== undefined; hops++) {
      const member = members.get(target);
      if (member !== undefined) {
        members.set(path, member);
        break;
      }
      target = links.get(target);
    }
  }
  return { members, repeated };
}

function truncated(offset: number): PortcullisError {
  return new PortcullisError('IMAGE_INVALID', `The archive is truncated: it ends in the middle of the entry at byte ${offset}.`, {
    hint: 'Copy or save it again; the disk may have been full.',
  });
}
