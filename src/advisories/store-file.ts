/**
 * The layout of the store: one SQLite file that is never changed once it has its name.
 *
 * - `source_set`: what was imported together and is replaced together, an ecosystem of the bucket or a folder of records.
 * - `record`: OSV records whole, deflated; number = set * setSize + ordinal.
 * - `bucket`: what is needed to match, by hash of ecosystem and package name; number = set * setSize + hash.
 * - `name`: ids and aliases of records.
 * - `listing`: of an ecosystem that was fetched from a bucket, its `modified_id.csv`, deflated: what the next sync compares with.
 *
 * Sets of the kinds `kev`, `epss` and `severity` have no records: their buckets hold what is known of each CVE.
 *
 * How damage is noticed: at opening, the file's length against the one in its header, and the seal over the list of sets.
 * When used, each bucket against its checksum and each record against the one in its bucket. Every bucket number below the
 * set's count has a row, so that a package without advisories is told from a lost row. What is never read is never checked:
 * `verifyStore` reads everything.
 */
export const storeFileName = 'state.db';
/** Raised when the layout or the reading of records changes; other versions are refused. */
export const schemaVersion = 2;
/** `PRAGMA application_id`: "PCAD". */
export const applicationId = 0x50434144;
/** Records and buckets of one set are numbered below this. */
export const setSize = 2 ** 24;

export const schema = `
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE source_set (number INTEGER PRIMARY KEY, description TEXT NOT NULL);
  CREATE TABLE record (number INTEGER PRIMARY KEY, digest BLOB NOT NULL, body BLOB NOT NULL);
  CREATE TABLE bucket (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
  CREATE TABLE listing (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
  CREATE TABLE name (name TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (name, record)) WITHOUT ROWID;
`;

/** What is known of a CVE beside its records: exploited (CISA), how likely (FIRST), how severe (NVD's form). */
export type KnowledgeKind = 'kev' | 'epss' | 'severity';

/** Whether a set holds records, not knowledge of CVEs. */
export function holdsRecords(set: Pick<SourceSet, 'kind'>): boolean {
  return set.kind === 'ecosystem' || set.kind === 'records';
}

/** Records that were imported together and are replaced together. */
export interface SourceSet {
  readonly number: number;
  /** An ecosystem's base name (`Debian`), or the folder or file that loose records came from. */
  readonly name: string;
  readonly kind: 'ecosystem' | 'records' | KnowledgeKind;
  /** Where it was read: the path or address as given, without credentials. */
  readonly origin: string;
  /** When the source was in this state (RFC 3339); null: unknown. */
  readonly asOf: string | null;
  readonly importedAt: string;
  readonly records: number;
  /** Of these, how many are withdrawn. */
  readonly withdrawn: number;
  /** How many were refused. */
  readonly rejected: number;
  /** Over ids and contents. */
  readonly digest: string;
  readonly buckets: number;
  /** Records that can match, by ecosystem with release. */
  readonly ecosystems: Readonly<Record<string, number>>;
  /** CRC-32 of the keys of packages of other ecosystems, which are few as a rule; null: too many to list. */
  readonly foreign: readonly number[] | null;
  /** Of knowledge: the catalogue's version or the model's name. */
  readonly version?: string;
  /** SHA-256 (hex) of the bucket's listing that goes with the records. */
  readonly listing?: string;
}

/** Why an entry can't match: nothing in it can be compared, or its record is withdrawn. */
export type EntryFlag = 'usable' | 'unusable' | 'withdrawn';
export const entryFlags: readonly EntryFlag[] = ['usable', 'unusable', 'withdrawn'];

/**
 * One `affected` entry in a bucket: record's ordinal, index in its `affected`, CRC-32 of the record, flag, ranges (type
 * letter, then events: kind letter and version), versions as `joinVersions` gives them.
 */
export type StoredEntry = readonly [ordinal: number, index: number, crc: number, flag: number, ranges: readonly (readonly string[])[], versions: string];

/** The key of a package in a bucket, as JSON text: a line of a bucket is `key:entries`. */
export function bucketKey(ecosystem: string, normalizedName: string): string {
  return JSON.stringify(`${ecosystem}\0${normalizedName}`);
}

/** What a bucket's checksum is made of: its place too, so that a row found at the wrong place is noticed. */
export function bucketSeal(number: number, text: string): string {
  return `${number}:${text}`;
}

/** The key of a CVE in a bucket of knowledge, as JSON text. */
export function knowledgeKey(cve: string): string {
  return JSON.stringify(cve);
}
