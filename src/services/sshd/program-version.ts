import type { ServiceImage } from '../service-reader.ts';

const maximumProgram = 64 << 20;

/**
 * The release that a program says of itself (`9.2p1`), for servers that no package brought. Names of other releases stand in the
 * program too, as patterns of peers with bugs (compat.c), but none with a portable release's `p`. null: it says none, or several.
 */
export function versionOfProgram(image: ServiceImage, path: string): string | null {
  const read = image.files.read(path);
  if (read.state !== 'read' || read.bytes.byteLength > maximumProgram) return null;
  const bytes = Buffer.from(read.bytes.buffer, read.bytes.byteOffset, read.bytes.byteLength);
  const name = 'OpenSSH_';
  const found = new Set<string>();
  for (let at = bytes.indexOf(name); at >= 0 && found.size < 2; at = bytes.indexOf(name, at + name.length)) {
    const version = /^\d{1,3}\.\d{1,3}(?:\.\d{1,3})?p\d{1,3}/.exec(bytes.toString('latin1', at + name.length, at + name.length + 20))?.[0];
    if (version !== undefined) found.add(version);
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}
