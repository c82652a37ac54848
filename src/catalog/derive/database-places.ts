import type { DistributionPackageType, FileEntry, ImageFiles } from '../../model/index.ts';

/** Where each kind of package database lies, the first place first; a place that ends in `/` is a directory of files. */
export const databasePlaces: Readonly<Record<DistributionPackageType, readonly string[]>> = {
  deb: ['/var/lib/dpkg/status', '/var/lib/dpkg/status.d/', '/usr/lib/dpkg/status', '/usr/lib/dpkg/status.d/', '/var/lib/chisel/manifest.wall'],
  apk: ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'],
  rpm: [
    '/var/lib/rpm/rpmdb.sqlite',
    '/var/lib/rpm/Packages',
    '/var/lib/rpm/Packages.db',
    '/usr/lib/sysimage/rpm/rpmdb.sqlite',
    '/usr/lib/sysimage/rpm/Packages',
    '/usr/lib/sysimage/rpm/Packages.db',
    '/usr/share/rpm/rpmdb.sqlite',
    '/usr/share/rpm/Packages',
    '/usr/share/rpm/Packages.db',
    '/var/lib/rpmmanifest/container-manifest-2',
  ],
  alpm: ['/var/lib/pacman/local/'],
  ebuild: ['/var/db/pkg/'],
  opkg: ['/usr/lib/opkg/status', '/var/lib/opkg/status', '/opt/lib/opkg/status'],
  nix: ['/nix/store/'],
};

/** What stands at a database's place. `unusable`: something that no package manager could read. */
export type PlaceState =
  | { readonly state: 'absent' }
  | { readonly state: 'present'; readonly entry: FileEntry }
  | { readonly state: 'unusable'; readonly why: string; readonly entry: FileEntry };

/** Looks at a database's place through links, as its package manager would. */
export function placeState(files: ImageFiles, place: string): PlaceState {
  const isDirectory = place.endsWith('/');
  const path = isDirectory ? place.slice(0, -1) : place;
  const entry = files.stat(path);
  if (entry === undefined) return danglingLink(files, path) ?? { state: 'absent' };
  if (entry.type === (isDirectory ? 'directory' : 'file')) {
    return isDirectory && files.list(path).length === 0 ? { state: 'absent' } : { state: 'present', entry };
  }
  return { state: 'unusable', why: `it is a ${entry.type} where a ${isDirectory ? 'directory' : 'file'} is expected`, entry };
}

/** The path itself, or the package manager's own directories above it, may be a link that leads nowhere. */
function danglingLink(files: ImageFiles, path: string): PlaceState | undefined {
  const names = path.split('/');
  // Not above the third: a link in place of /var or /usr/lib concerns more than packages.
  for (let end = names.length; end > 3; end--) {
    const at = names.slice(0, end).join('/');
    const entry = files.lstat(at);
    if (entry === undefined) continue;
    if (entry.type !== 'symlink' || files.stat(at) !== undefined) return undefined;
    const why = `${at === path ? 'it' : `its directory ${at}`} is a link to ${entry.linkTarget}, which leads nowhere`;
    return { state: 'unusable', why, entry };
  }
  return undefined;
}
