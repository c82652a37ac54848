import type { Digest, Distribution, LayerFacts, Location, Package, PackageType, Problem } from '../../model/index.ts';
import { distributionTypes } from '../package-types.ts';
import { problemOf } from '../problem.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of a list that are objects; nothing where there is no list. */
export function fieldsIn(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** A text that isn't empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string' && each !== '') : [];
}

/** JSON that an SBOM carries in a text; undefined where it is none. */
export function parsed(value: string | undefined): unknown {
  if (value === undefined) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

export const packageTypes: readonly PackageType[] = [
  ...distributionTypes,
  'npm',
  'pypi',
  'maven',
  'golang',
  'cargo',
  'gem',
  'composer',
  'nuget',
  'conda',
  'cran',
  'bitnami',
  'generic',
];

/** What an SBOM says of one package, in whatever words its format has. */
export interface SbomEntry {
  /** How messages name it. */
  readonly label: string;
  readonly purl: string | undefined;
  /** The name as the format has it, and with its group in front; the first that fits the purl counts. */
  readonly names: readonly string[];
  readonly version: string | undefined;
  readonly licenses: readonly string[];
  readonly locations: readonly Location[];
  readonly source?: Package['source'];
  /** What Portcullis itself wrote beside (`portcullis:package`). */
  readonly details?: unknown;
  /** Found in a lock file, as far as the writer says so. */
  readonly lockfile?: boolean;
  /** The purl of the distribution package that brought it, as far as the writer says so. */
  readonly ownedBy?: string;
}

/** What was read of an SBOM, whatever its format. */
export interface SbomReading {
  readonly format: string;
  generator: string | null;
  subject: { name: string | null; version: string | null; digest: string | null };
  platform: string | null;
  readonly tags: string[];
  readonly layers: LayerFacts[];
  readonly entries: SbomEntry[];
  /** What it says of the distribution, beside the purls. */
  readonly systems: Pick<Distribution, 'id' | 'version' | 'name' | 'like' | 'codename'>[];
  /** The package types that it says were looked for; `all`: whatever there is. */
  searched: readonly string[] | 'all' | null;
  /** Why not everything is in it, in its own words; null where it says nothing of the kind. */
  lacks: string | null;
  /** What stands in it and is no package, counted by kind. */
  readonly aside: Map<string, number>;
  readonly problems: Problem[];
  readonly notes: string[];
}

export function emptyReading(format: string): SbomReading {
  return {
    format,
    generator: null,
    subject: { name: null, version: null, digest: null },
    platform: null,
    tags: [],
    layers: [],
    entries: [],
    systems: [],
    searched: null,
    lacks: null,
    aside: new Map(),
    problems: [],
    notes: [],
  };
}

export function countAside(reading: SbomReading, kind: string, count = 1): void {
  if (count > 0) reading.aside.set(kind, (reading.aside.get(kind) ?? 0) + count);
}

/** How many faults of one kind are named one by one. */
const MOST_NAMED = 20;

/** Faults of an SBOM, of each kind the first twenty one by one and the rest as one. */
export class Faults {
  readonly #counts = new Map<string, number>();
  readonly #problems: Problem[];

  constructor(problems: Problem[]) {
    this.#problems = problems;
  }

  /** @param subject tells faults of one kind apart; a fault that was told already is not told again */
  add(kind: 'unreadable' | 'contradiction' | 'limit', subject: string, what: string, why: string, ecosystem?: string): void {
    const key = `${kind} ${ecosystem ?? ''}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > MOST_NAMED + 1) return;
    const isRest = count === MOST_NAMED + 1;
    this.#problems.push(
      problemOf({
        kind,
        evidence: 'packages',
        cause: 'outside',
        ...(ecosystem === undefined ? {} : { ecosystem }),
        what: isRest ? 'the SBOM' : what,
        why: isRest ? `it has more faults of this kind than the ${MOST_NAMED} that are named` : why,
        subject: isRest ? 'more' : subject,
      }),
    );
  }
}

const digestForm = /^sha256:[0-9a-f]{64}$|^sha512:[0-9a-f]{128}$/;

export function asDigest(value: unknown): Digest | null {
  return typeof value === 'string' && digestForm.test(value) ? (value as Digest) : null;
}

/** A layer as Portcullis wrote it. */
export function layerOf(value: unknown, index: number): LayerFacts {
  const fields = isFields(value) ? value : {};
  return { index, diffId: asDigest(fields.diffId), createdBy: text(fields.createdBy) ?? null };
}

/** A name, shortened for a message. */
export function short(value: string): string {
  return value.length <= 100 ? value : `${value.slice(0, 100)}…`;
}
