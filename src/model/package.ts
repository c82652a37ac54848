import type { Location } from './location.ts';

/** The package types that a distribution's package manager installs. */
export type DistributionPackageType = 'deb' | 'apk' | 'rpm' | 'alpm' | 'ebuild' | 'opkg' | 'nix';

/** purl types (package-url/purl-spec; `ebuild` and `nix` are candidates there, `opkg` has none). */
export type PackageType =
  | DistributionPackageType
  | 'npm'
  | 'pypi'
  | 'maven'
  | 'golang'
  | 'cargo'
  | 'gem'
  | 'composer'
  | 'nuget'
  | 'conda'
  | 'cran'
  | 'bitnami'
  | 'generic';

/**
 * Where a package was taken from in place of a registry, in the words of PEP 610: a repository (`vcs`), an archive, a directory; `editable`: it
 * is used where it lies.
 */
export type PackageOrigin = 'vcs' | 'archive' | 'directory' | 'editable';

export interface Package {
  /** Compare by fields, never by text. */
  readonly purl: string;
  readonly type: PackageType;
  readonly name: string;
  /** Complete, as the ecosystem writes it: `1:9.2p1-2+deb12u3`, `5.1.8-9.el9`; an rpm epoch stands in front. */
  readonly version: string;
  /** The source package (deb `Source`, apk origin, rpm SOURCERPM); null where the ecosystem has none. */
  readonly source: { readonly name: string; readonly version: string } | null;
  readonly architecture: string | null;
  /** As declared, unparsed. */
  readonly licenses: readonly string[];
  readonly locations: readonly Location[];
  /** purl of the distribution package that owns this package's files; null when none does. */
  readonly ownedBy: string | null;
  /** True when it is only named: by a lock file, or by a .NET application’s list without any file of its own. */
  readonly lockfile: boolean;
  readonly cataloger: string;
  /** Absent for what comes from a registry, and where nothing says. An address that others can reach stands in the purl (`vcs_url`, `download_url`). */
  readonly origin?: PackageOrigin;
  /** rpm's module build (`nodejs:18:…`, tag 5096); absent elsewhere. */
  readonly module?: string;
}

/** os-release(5) or its older relatives. */
export interface Distribution {
  /** os-release `ID`, lower case: `debian`. */
  readonly id: string;
  /** os-release `VERSION_ID`; `''` when absent (testing, sid, rolling). */
  readonly version: string;
  /** `PRETTY_NAME`. */
  readonly name: string;
  /** os-release `ID_LIKE`, split. */
  readonly like: readonly string[];
  readonly codename: string | null;
  readonly location: Location;
}
