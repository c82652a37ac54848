import type { ImageCatalog, Location } from '../../model/index.ts';
import type { Column } from '../table-layout.ts';

/** A list of one kind, as the table shows it. Not neutralised. */
export interface Section {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Said where there are none. */
  readonly none: string;
}

const column = (heading: string, comfortable: number): Column => ({ heading, comfortable });
const passwords: Readonly<Record<string, string>> = { x: 'in shadow', '*': 'locked', '!': 'locked', '': 'none', set: 'in passwd' };

function placeOf({ path, member, line, layer }: Location): string {
  const place = `${path}${member === undefined ? '' : `!/${member}`}${line === undefined ? '' : `:${line}`}`;
  return layer === undefined ? place : `${place} (layer ${layer})`;
}

/** `-rwsr-xr-x`, as ls writes it. */
export function modeText(type: string, mode: number): string {
  const kind = { directory: 'd', symlink: 'l', device: 'b', fifo: 'p' }[type] ?? '-';
  const triple = (bits: number, special: boolean, letter: string): string => {
    const execute = (bits & 1) !== 0;
    const last = special ? (execute ? letter : letter.toUpperCase()) : execute ? 'x' : '-';
    return `${(bits & 4) !== 0 ? 'r' : '-'}${(bits & 2) !== 0 ? 'w' : '-'}${last}`;
  };
  return `${kind}${triple(mode >> 6, (mode & 0o4000) !== 0, 's')}${triple(mode >> 3, (mode & 0o2000) !== 0, 's')}${triple(mode, (mode & 0o1000) !== 0, 't')}`;
}

/** The lists of an image beside its packages, each kind that was asked for. */
export function* sectionsOf(image: ImageCatalog): Iterable<Section> {
  const { accounts, groups, files, secrets, certificates, keys, drift, malware } = image;
  if (accounts !== undefined) {
    yield {
      columns: [column('Account', 12), column('Uid', 6), column('Gid', 6), column('Password', 10), column('Home', 16), column('Shell', 16)],
      rows: accounts.map(({ name, uid, gid, password, home, shell }) => [name, uid, gid, passwords[password] ?? password, home, shell]),
      none: 'No accounts.',
    };
  }
  if (groups !== undefined) {
    yield {
      columns: [column('Group', 12), column('Gid', 6), column('Members', 20)],
      rows: groups.map(({ name, gid, members }) => [name, gid, members.join(', ')]),
      none: 'No groups.',
    };
  }
  if (files !== undefined) {
    yield {
      columns: [column('Mode', 10), column('Owner', 9), column('Size', 8), column('Layer', 5), column('Package', 12), column('File', 40)],
      rows: files.map(({ type, mode, uid, gid, size, layer, package: owner, path, linkTarget, capabilities }) => [
        modeText(type, mode),
        `${uid}:${gid}`,
        `${size}`,
        `${layer}`,
        owner ?? '',
        `${path}${linkTarget === null ? '' : ` -> ${linkTarget}`}${(capabilities ?? []).length === 0 ? '' : ` (${(capabilities ?? []).join(', ')})`}`,
      ]),
      none: 'No files.',
    };
  }
  if (secrets !== undefined) {
    yield {
      columns: [column('Secret', 22), column('Masked', 24), column('Sure', 6), column('Where', 30)],
      rows: secrets.map(({ what, masked, confidence, source, name, location, deleted }) => [
        what,
        masked,
        confidence,
        `${location === null ? `${source}${name === null ? '' : ` ${name}`}` : placeOf(location)}${deleted ? ', deleted later' : ''}`,
      ]),
      none: 'No secrets.',
    };
  }
  if (certificates !== undefined) {
    yield {
      columns: [column('Certificate', 30), column('Until', 10), column('Key', 10), column('Where', 30)],
      rows: certificates.map(({ subject, notAfter, keyType, keyBits, location }) => [
        subject,
        notAfter.slice(0, 10),
        keyBits === null ? keyType : `${keyType} ${keyBits}`,
        placeOf(location),
      ]),
      none: 'No certificates.',
    };
  }
  if (keys !== undefined) {
    yield {
      columns: [column('Private key', 12), column('Key', 10), column('Protected', 9), column('Mode', 10), column('Where', 30)],
      rows: keys.map(({ format, keyType, keyBits, encrypted, mode, location, hostKey }) => [
        hostKey ? `${format}, host key` : format,
        [keyType, keyBits].filter((each) => each !== null).join(' '),
        encrypted === null ? 'unknown' : encrypted ? 'yes' : 'no',
        modeText('file', mode),
        placeOf(location),
      ]),
      none: 'No private keys.',
    };
  }
  if (drift !== undefined) {
    yield {
      columns: [column('Drift', 8), column('Mode', 10), column('Package', 16), column('Where', 30)],
      rows: drift.map(({ kind, mode, package: owner, location }) => [kind, modeText('file', mode), owner ?? 'none', placeOf(location)]),
      none: 'No file differs from what the package manager put there.',
    };
  }
  if (malware !== undefined) {
    yield {
      columns: [column('Malware', 30), column('By', 12), column('Where', 40)],
      rows: malware.found.map(({ scanner, signature, location, deleted }) => [signature, scanner, `${placeOf(location)}${deleted ? ', deleted later' : ''}`]),
      none: `No malware is known to ${malware.scanners.map(({ name }) => name).join(', ') || 'anybody'}.`,
    };
  }
}
