/** Directories where rpm keeps its database: classic, Fedora and SUSE since 2021, rpm-ostree. */
const directories = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm'];

/** The paths of these files in every directory of rpm databases, without leading slash. */
export function databasePaths(...names: readonly string[]): string[] {
  return directories.flatMap((directory) => names.map((name) => `${directory}/${name}`));
}

/** The largest database that is read. Real ones take 30 to 130 KiB a package. */
export const maxDatabaseBytes = 256 * 1024 * 1024;
