/** Name and version, as the file name of an archive says them. */
export interface ArchiveName {
  readonly name: string;
  readonly version: string;
}

/** What pip takes for an archive. */
const extension = /\.(?:whl|zip|tar(?:\.(?:gz|bz2|xz|lz|lzma))?|tgz|tbz|txz|tlz)$/i;
/** PyPA, binary distribution format: name, version, build number, three tags. */
const wheel = /^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/i;

const normalized = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** The last part of a URL's path or of a file's. */
function fileName(address: string): string {
  const path = address.replace(/[?#].*$/s, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** Whether an address leads to an archive rather than to a directory. */
export function isArchive(address: string): boolean {
  return extension.test(fileName(address));
}

/**
 * What an archive's file name says of a distribution: a wheel's is exact; a source archive's is `NAME-VERSION` (PEP 625), before that with
 * hyphens in the name, so that the name must be known. Undefined for other names (`v1.0.tar.gz` of a repository).
 */
export function fromArchiveName(address: string, name?: string): ArchiveName | undefined {
  const file = fileName(address).slice(0, 500);
  const tags = wheel.exec(file);
  if (tags !== null) return { name: name ?? (tags[1] as string), version: tags[2] as string };
  const stem = file.replace(extension, '');
  if (stem === file) return undefined;
  const parts = stem.split('-');
  const end = name === undefined ? parts.length - 1 : parts.findIndex((_, index) => normalized(parts.slice(0, index + 1).join('-')) === normalized(name)) + 1;
  const [own, version] = [parts.slice(0, end).join('-'), parts.slice(end).join('-')];
  return end > 0 && /^\d/.test(version) && /^[a-z0-9]/i.test(own) ? { name: name ?? own, version } : undefined;
}
