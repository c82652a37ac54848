import type {
  Account,
  Certificate,
  ContentMatch,
  Distribution,
  DistributionPackageType,
  FileDigestAlgorithm,
  Group,
  Location,
  Package,
  PackageOrigin,
  PrivateKey,
  Problem,
  Request,
  Secret,
  ShadowEntry,
} from '../model/index.ts';

/** What a cataloger sees of an entry before it decides. Paths have no leading slash: `var/lib/dpkg/status`. */
export interface EntryHeader {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'device' | 'fifo' | 'other';
  readonly mode: number;
  readonly size: number;
}

/** A regular file that a cataloger selected. Never larger than the cataloger's `maxBytes`. */
export interface SelectedFile {
  /** Without a leading slash. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8; what isn't UTF-8 becomes U+FFFD. */
  text(): string;
}

/** Facts that catalogers read out of single files; what needs the whole image is derived from them. */
export interface CatalogFacts {
  readonly packages: PackageFact;
  readonly distribution: DistributionFact;
  readonly accounts: Account;
  readonly ownership: OwnershipFact;
  readonly content: ContentFact;
  readonly licenses: LicensesFact;
  readonly origins: OriginFact;
  readonly includes: IncludeFact;
  readonly shadow: ShadowFact;
  readonly groups: Group;
  readonly contents: ContentMatch;
  readonly secrets: Secret;
  readonly certificates: Certificate;
  readonly keys: Omit<PrivateKey, 'uid' | 'gid' | 'certificates'>;
  readonly digests: DigestsFact;
  readonly checksums: ChecksumsFact;
  readonly diversions: DiversionFact;
}
export type CatalogKind = keyof CatalogFacts;

/** A package as its file tells it; `ownedBy`, purl and layers come later. */
export type PackageFact = Omit<Package, 'purl' | 'ownedBy' | 'cataloger' | 'locations'> & {
  readonly locations: readonly Location[];
  /** Other names under which a package manager knows it (apk's `p:`), without versions. */
  readonly provides?: readonly string[];
  /** Overrides what the purl is made of. */
  readonly purl?: { readonly namespace?: string; readonly name?: string; readonly version?: string; readonly qualifiers?: Readonly<Record<string, string>> };
};
export type DistributionFact = Omit<Distribution, never>;
/** Files that a distribution package owns: absolute paths of files (and links), as the database writes them. */
export interface OwnershipFact {
  readonly package: string;
  readonly architecture: string | null;
  readonly type: DistributionPackageType;
  readonly files: readonly string[];
}
/** A file kept as it is for a deriver (service configuration). */
export interface ContentFact {
  readonly path: string;
}

/** Licences that a file beside the package database declares. */
export interface LicensesFact {
  /** Absolute path of that file. */
  readonly path: string;
  readonly licenses: readonly string[];
}

/** What an installer wrote down of a package's origin, to be joined with the package. */
export interface OriginFact {
  readonly origin: PackageOrigin;
  /** For the package's purl. */
  readonly qualifiers: Readonly<Record<string, string>>;
  /** Of a package that is used where it lies: that directory, absolute or as seen from the file's own. */
  readonly source?: string;
  /** Given when the file stands in place of metadata, which lie in `source` then; otherwise they lie beside the file. */
  readonly name?: string;
  readonly location: Location;
}

/** Another file that a file takes in, whatever it is called: the same cataloger reads it. */
export interface IncludeFact {
  /** Absolute, or as seen from the directory of the file. */
  readonly target: string;
  readonly location: Location;
}

/** An entry of /etc/shadow, to be joined with the account of that name. */
export interface ShadowFact extends ShadowEntry {
  readonly name: string;
}

/** What a regular file's content is named by. */
export interface DigestsFact {
  /** Absolute. */
  readonly path: string;
  readonly digests: Readonly<Partial<Record<FileDigestAlgorithm, string>>>;
}

/**
 * How a package manager knows a file: by a digest of its content (hexadecimal), as a `link` with a target, by an algorithm that isn't
 * computed here (`other`), or by its path alone.
 */
export type KnownFile = readonly [path: string, by: FileDigestAlgorithm | 'link' | 'other' | '', value: string];

/** What a package manager knows of the files that it put there. */
export interface ChecksumsFact {
  readonly package: string;
  readonly type: DistributionPackageType;
  /** Absolute paths; null: this says only which files may be changed. */
  readonly files: readonly KnownFile[] | null;
  /** Files that an administrator may change. */
  readonly configuration: readonly string[];
}

/** A file of whatever package lies elsewhere than the package says (dpkg-divert(1)). Absolute paths. */
export interface DiversionFact {
  readonly from: string;
  readonly to: string;
  /** Whose own file stays where it is; null: nobody's. */
  readonly package: string | null;
}

/** One fact, or a problem; `Problem` without what the envelope fills in. */
export type Fact<K extends CatalogKind = CatalogKind> = K extends CatalogKind ? { readonly kind: K; readonly fact: CatalogFacts[K] } : never;
export type CatalogProblem = {
  readonly problem: Pick<Problem, 'kind' | 'what' | 'why'> & { readonly ecosystem?: string; readonly line?: number; readonly member?: string };
};

export interface CatalogContext {
  readonly limits: { readonly facts: number; readonly depth: number };
  /** Key for fingerprints of what must not be kept itself; never kept either. */
  readonly fingerprintKey?: Uint8Array;
}

/** Reads a file that comes in pieces. A piece is valid during the call alone. */
export interface PieceReader<K extends CatalogKind = CatalogKind> {
  write(piece: Buffer): void;
  /** So many zeros follow: a hole of a sparse file. */
  skip(zeros: number): void;
  end(): Iterable<Fact<K> | CatalogProblem>;
}

/**
 * Reads facts out of one format's files. What can't be used is yielded as a problem, never dropped.
 * `selects` is pure and sees no content; `read` gets one whole file.
 */
export interface Cataloger<K extends CatalogKind = CatalogKind> {
  /** The path is the name: `os/dpkg`. */
  readonly name: string;
  /** Raised when results change. */
  readonly version: number;
  readonly summary: string;
  readonly provides: readonly K[];
  /** The evidence that a problem of this cataloger leaves incomplete. */
  readonly evidence: 'packages' | 'distribution' | 'accounts' | 'groups' | 'services' | 'files' | 'contents' | 'secrets' | 'certificates' | 'keys' | 'drift';
  /** The package type that it finds; problems carry it as their ecosystem. */
  readonly ecosystem?: Package['type'];
  /** Above it the file is a problem; default 64 MiB. */
  readonly maxBytes?: number;
  /** Files at fixed places, found through links too (`/lib` → `usr/lib`): paths without a leading slash; one ending in `/` is a directory whose files are meant. */
  readonly wellKnown?: readonly string[];
  readonly selects: (entry: EntryHeader, request: Request) => boolean;
  /** True when a symbolic link whose path it selects stands for the file that it leads to, whatever that is called. */
  readonly throughLinks?: boolean;
  read(file: SelectedFile, request: Request, context: CatalogContext): Iterable<Fact<NoInfer<K>> | CatalogProblem>;
  /** Reads larger files piece by piece, of any size. */
  pieces?(file: Pick<SelectedFile, 'path' | 'mode'>, request: Request, context: CatalogContext): PieceReader<NoInfer<K>>;
  /** With which request it runs, given everything that is asked for; null: it doesn't. By `evidence` otherwise. */
  wanted?(requests: readonly Request[]): Request | null;
  /** True when facts of files that a later layer deletes or replaces count too; they are given `deleted: true`. */
  readonly findsDeleted?: boolean;
}

export function defineCataloger<const K extends CatalogKind>(cataloger: Cataloger<K>): Cataloger<K> {
  return cataloger;
}
