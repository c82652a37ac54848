import { isUtf8 } from 'node:buffer';
import { releasedBases } from './ecosystem.ts';
import { baseEcosystem } from './package-name.ts';

/** OSV record, schema 1.7 (ossf.github.io/osv-schema), as far as matching reads it. Every list is there; nothing is null but dates. */
export interface OsvRecord {
  readonly id: string;
  /** RFC 3339, as written; null when absent, not a date, or the zero time. */
  readonly modified: string | null;
  readonly published: string | null;
  readonly withdrawn: boolean;
  readonly aliases: readonly string[];
  readonly upstream: readonly string[];
  readonly related: readonly string[];
  readonly summary: string | null;
  readonly severity: readonly OsvSeverity[];
  /** `database_specific.severity`. */
  readonly severityWord: string | null;
  readonly affected: readonly OsvAffected[];
}

export interface OsvSeverity {
  readonly type: string;
  /** A vector, or a word. */
  readonly score: string;
}

export interface OsvAffected {
  /** null: the entry names no package (only GIT ranges). */
  readonly package: { readonly ecosystem: string; readonly name: string } | null;
  readonly severity: readonly OsvSeverity[];
  /** Without GIT ranges, which need a commit graph. */
  readonly ranges: readonly OsvRange[];
  readonly versions: readonly string[];
  /** True when a part of the entry isn't as the schema demands, so that it may say less than it should. */
  readonly malformed: boolean;
  /** What matching reads of `ecosystem_specific` and, where that is silent, of `database_specific`: text values only. */
  readonly specific: Readonly<Record<string, string>>;
}

export interface OsvRange {
  readonly type: 'SEMVER' | 'ECOSYSTEM';
  readonly events: readonly OsvEvent[];
}

export type OsvEventKind = 'introduced' | 'fixed' | 'last_affected' | 'limit';
export interface OsvEvent {
  readonly kind: OsvEventKind;
  readonly version: string;
}

export type OsvParsed = { readonly record: OsvRecord } | { readonly rejected: string };

/** Bytes of one record; real ones stay below 2 MiB. */
export const maxRecordBytes = 32 * 1024 * 1024;

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): readonly string[] => list(value).filter((item): item is string => typeof item === 'string' && item !== '');
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/**
 * Reads one OSV record. Forgives what real databases write: `null` for a list, missing lists, a zero or future
 * `modified`. Refuses what isn't UTF-8 JSON, has no usable id or no `affected`; never throws.
 */
export function parseOsv(bytes: Uint8Array): OsvParsed {
  if (bytes.length > maxRecordBytes) return { rejected: `is larger than ${maxRecordBytes} bytes` };
  if (!isUtf8(bytes)) return { rejected: 'is not UTF-8' };
  let value: unknown;
  try {
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    value = JSON.parse(source.charCodeAt(0) === 0xfeff ? source.slice(1) : source);
  } catch {
    return { rejected: 'is not JSON' };
  }
  return readRecord(value);
}

function readRecord(value: unknown): OsvParsed {
  if (!isObject(value)) return { rejected: 'is not a JSON object' };
  const { id, affected } = value;
  // Ids stand in reports and in index keys: what isn't printable ASCII can't be one.
  if (typeof id !== 'string' || !/^[!-~]{1,256}$/.test(id)) return { rejected: 'has no usable id' };
  if (affected === undefined || (affected !== null && !Array.isArray(affected))) return { rejected: 'has no list "affected"' };
  const specific = isObject(value.database_specific) ? value.database_specific : {};
  return {
    record: {
      id,
      modified: date(value.modified),
      published: date(value.published),
      withdrawn: text(value.withdrawn) !== null,
      aliases: texts(value.aliases),
      upstream: texts(value.upstream),
      related: texts(value.related),
      summary: text(value.summary),
      severity: severities(value.severity),
      severityWord: text(specific.severity),
      affected: list(affected).map(readAffected),
    },
  };
}

/** Go's own repository writes the zero time where the bucket has a date. */
function date(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T/.test(value) || value.startsWith('0001-')) return null;
  return Number.isNaN(Date.parse(value)) ? null : value;
}

function severities(value: unknown): readonly OsvSeverity[] {
  return list(value).flatMap((item) =>
    isObject(item) && typeof item.type === 'string' && typeof item.score === 'string' ? [{ type: item.type, score: item.score }] : [],
  );
}

function readAffected(value: unknown): OsvAffected {
  const entry = isObject(value) ? value : {};
  const named = isObject(entry.package) ? entry.package : {};
  const ecosystem = text(named.ecosystem)?.trim() ?? '';
  const name = text(named.name)?.trim() ?? '';
  let malformed =
    !isObject(value) || !isNullableList(entry.ranges) || !isNullableList(entry.versions) || (isObject(entry.package) && (ecosystem === '' || name === ''));
  const ranges: OsvRange[] = [];
  for (const item of list(entry.ranges)) {
    const range = readRange(item);
    if (range === 'malformed') malformed = true;
    else if (range !== 'git') ranges.push(range);
  }
  const versions = texts(entry.versions).filter((version) => !version.includes('\n'));
  if (versions.length !== list(entry.versions).length) malformed = true;
  return {
    package: ecosystem === '' || name === '' ? null : { ecosystem, name },
    severity: severities(entry.severity),
    ranges,
    versions,
    malformed,
    specific: { ...textFields(entry.database_specific), ...textFields(entry.ecosystem_specific) },
  };
}

const isNullableList = (value: unknown): boolean => value === undefined || value === null || Array.isArray(value);

function textFields(value: unknown): Record<string, string> {
  const fields: Record<string, string> = {};
  if (!isObject(value)) return fields;
  for (const name of ['urgency', 'ubuntu_priority', 'severity', 'status', 'state', 'informational']) {
    const field = value[name];
    if (typeof field === 'string') fields[name] = field;
  }
  return fields;
}

function readRange(value: unknown): OsvRange | 'git' | 'malformed' {
  if (!isObject(value)) return 'malformed';
  if (value.type === 'GIT') return 'git';
  if ((value.type !== 'SEMVER' && value.type !== 'ECOSYSTEM') || !Array.isArray(value.events)) return 'malformed';
  const events: OsvEvent[] = [];
  for (const item of value.events) {
    if (!isObject(item)) return 'malformed';
    let known = false;
    for (const kind of ['introduced', 'fixed', 'last_affected', 'limit'] as const) {
      const version = item[kind];
      if (version === undefined || version === null) continue;
      if (typeof version !== 'string' || version === '') return 'malformed';
      events.push({ kind, version });
      known = true;
    }
    if (!known) return 'malformed';
  }
  // Without a beginning a range says nothing (schema: at least one `introduced`).
  return events.some((event) => event.kind === 'introduced') ? { type: value.type, events } : 'malformed';
}

/**
 * Whether an entry counts for its ecosystem. A base ecosystem that has releases, named without one, counts for every
 * release, unless the record names further ecosystems: there it is a by-product whose versions belong elsewhere.
 */
export function isScoped(record: OsvRecord, affected: OsvAffected): boolean {
  const named = affected.package?.ecosystem;
  if (named === undefined || named.includes(':') || !releasedBases.has(named)) return true;
  return record.affected.every((other) => other.package === null || other.package.ecosystem === named);
}

/** A distribution's bug-fix or enhancement notice (ALBA, RHEA…) that names no CVE: not a vulnerability. */
export function isMaintenanceNotice(record: OsvRecord): boolean {
  return /^(?:AL|RH|RL|RX)[BE]A-/.test(record.id) && ![...record.aliases, ...record.upstream, ...record.related].some((name) => name.startsWith('CVE-'));
}

/** The class of a record that is no ordinary vulnerability: malicious packages (`MAL-`), RustSec's informational ones. */
export function recordClass(record: OsvRecord, affected: OsvAffected): 'malware' | 'informational' | null {
  if (record.id.startsWith('MAL-') || record.aliases.some((alias) => alias.startsWith('MAL-'))) return 'malware';
  return affected.specific.informational === undefined ? null : 'informational';
}

/** The base ecosystem of the first package that a record names; null when it names none. */
export function homeEcosystem(record: OsvRecord): string | null {
  const first = record.affected.find((entry) => entry.package !== null)?.package?.ecosystem;
  return first === undefined ? null : baseEcosystem(first);
}
