import type { Limits } from '../archive/index.ts';
import type { EntryStream, RecordedEntry, Results, Selection, Selector } from '../layer/index.ts';
import type { Request } from '../model/index.ts';
import { parserMessage } from '../parser-message.ts';
import { withSecretsMasked } from '../secrets/index.ts';
import type { CatalogContext, Cataloger, CatalogProblem, EntryHeader, Fact, PieceReader } from './cataloger.ts';
import { resultWithoutSecrets } from './facts-without-secrets.ts';
import { isDistributionType } from './package-types.ts';
import { catalogerByName, catalogers } from './registry.ts';

/** A cataloger at work for a request: plain data. */
export interface PlannedReader {
  readonly name: string;
  readonly request: Request;
}

/**
 * What to take from a layer: plain data, so that it crosses to worker threads. With `only`, nothing but these
 * entries (by index in the layer), each under the path where its readers expect it.
 */
export interface ReadPlan {
  readonly readers: readonly PlannedReader[];
  readonly only?: Readonly<Record<number, { readonly path: string; readonly readers: readonly string[]; readonly keep: boolean }>>;
  readonly limits: Limits;
  /** Key of fingerprints; not a part of what is kept. */
  readonly fingerprintKey?: Uint8Array;
}

/** A result of one reader on one file, as a layer record holds it. */
export type ReaderResult =
  | { readonly fact: unknown; readonly kind: string }
  | { readonly problem: { readonly kind: string; readonly what: string; readonly why: string; readonly line?: number; readonly member?: string } };

/** The readers that answer the requests, each with what it must find. */
export function planReaders(requests: readonly Request[]): PlannedReader[] {
  const planned: PlannedReader[] = [];
  const packages = requests.filter((request) => request.kind === 'packages');
  const wantsAll = packages.some((request) => request.detail?.types === undefined);
  const types = new Set(packages.flatMap((request) => request.detail?.types ?? []));
  const wantsLanguages = wantsAll || [...types].some((type) => !isDistributionType(type));
  const wantsLicenses = packages.some((request) => request.detail?.licenses === true);
  const binaryRules = packages.find((request) => request.detail?.binaryRules !== undefined)?.detail?.binaryRules;
  const ownRules = binaryRules === undefined ? {} : { binaryRules };
  const wantsChecksums = requests.some(({ kind, detail }) => kind === 'drift' || detail?.owners === true);
  for (const cataloger of catalogers) {
    if (cataloger.wanted !== undefined) {
      const request = cataloger.wanted(requests);
      if (request !== null) planned.push({ name: cataloger.name, request });
    } else if (cataloger.evidence === 'packages') {
      if (packages.length === 0) continue;
      const isDistribution = isDistributionType(cataloger.ecosystem);
      // Languages' packages are told apart from the distribution's by its database: it is read with them.
      const isWanted = wantsAll || (isDistribution ? wantsLanguages : false) || (cataloger.ecosystem !== undefined && types.has(cataloger.ecosystem));
      if (!isWanted) continue;
      planned.push({
        name: cataloger.name,
        request: {
          kind: 'packages',
          detail: { ownership: wantsLanguages, licenses: wantsLicenses, ...(wantsChecksums ? { checksums: true } : {}), ...(isDistribution ? ownRules : {}) },
        },
      });
    } else if (cataloger.evidence === 'distribution') {
      if (packages.length > 0 || requests.some((request) => request.kind === 'distribution'))
        planned.push({ name: cataloger.name, request: { kind: 'distribution' } });
    } else if (requests.some((request) => request.kind === cataloger.evidence)) {
      planned.push({ name: cataloger.name, request: { kind: cataloger.evidence } });
    }
  }
  return planned;
}

/** A reader that fails on a file is a problem of that file, not the end of the run: the rules that need it are undecided. */
function readerFailed(path: string, error: unknown): ReaderResult {
  return { problem: { kind: 'unreadable', what: `/${path}`, why: `its reader failed on it (${parserMessage(error)})` } };
}

/** What a reader gives, up to the limit of facts. */
function resultsOf(path: string, facts: number, give: () => Iterable<Fact | CatalogProblem>): ReaderResult[] {
  const results: ReaderResult[] = [];
  try {
    const given = give();
    // Most files give nothing, at once.
    if (Array.isArray(given) && given.length === 0) return results;
    for (const result of given) {
      results.push(resultWithoutSecrets(result) as ReaderResult);
      if (results.length > facts) {
        results.push({ problem: { kind: 'limit', what: `/${path}`, why: `it holds more than ${facts} facts` } });
        break;
      }
    }
  } catch (error) {
    results.push(readerFailed(path, error));
  }
  return results;
}

function contextOf({ limits, fingerprintKey }: ReadPlan): CatalogContext {
  return { limits: { facts: limits.facts, depth: limits.depth }, ...(fingerprintKey === undefined ? {} : { fingerprintKey }) };
}

/** A planned reader with what is known of it for every file. */
interface Reader {
  readonly cataloger: Cataloger;
  readonly request: Request;
  /** Bytes of the largest file that it takes as a whole. */
  readonly most: number;
}

function readerOf({ name, request }: PlannedReader, { limits }: ReadPlan): Reader {
  const cataloger = catalogerByName.get(name) as Cataloger;
  return { cataloger, request, most: Math.min(cataloger.maxBytes ?? limits.fileBytes, limits.keptBytes) };
}

/** Hands a whole file to its readers, all of them the same object. */
function runReaders(readers: readonly Reader[], path: string, mode: number, bytes: Buffer, plan: ReadPlan, results: Record<string, ReaderResult[]>): void {
  const context = contextOf(plan);
  let text: string | undefined;
  const file = {
    path,
    mode,
    bytes,
    text: () => {
      text ??= bytes.toString('utf8');
      return text;
    },
  };
  for (const { cataloger, request } of readers) {
    const found = resultsOf(path, plan.limits.facts, () => cataloger.read(file, request, context));
    if (found.length > 0) results[cataloger.name] = found;
  }
}

/** Hands the pieces of a file to several readers; one that fails leaves the others alone. */
function streamTo(readers: readonly Reader[], path: string, mode: number, plan: ReadPlan): EntryStream {
  const failures = new Map<string, ReaderResult>();
  const guarded = <T>(name: string, run: () => T): T | undefined => {
    try {
      return failures.has(name) ? undefined : run();
    } catch (error) {
      failures.set(name, readerFailed(path, error));
      return undefined;
    }
  };
  const open = readers.map(({ cataloger, request }) => ({
    name: cataloger.name,
    reader: guarded(cataloger.name, () => cataloger.pieces?.({ path, mode }, request, contextOf(plan)) as PieceReader),
  }));
  const each = (call: (reader: PieceReader) => void): void => {
    for (const { name, reader } of open) if (reader !== undefined) guarded(name, () => call(reader));
  };
  const failed = (name: string): ReaderResult[] => [failures.get(name) as ReaderResult];
  return {
    write: (piece) => each((reader) => reader.write(piece)),
    skip: (zeros) => each((reader) => reader.skip(zeros)),
    fail: (why) => Object.fromEntries(open.map(({ name }) => [name, [{ problem: { kind: 'limit', what: `/${path}`, why } }]])),
    end: () =>
      Object.fromEntries(
        open.flatMap(({ name, reader }) => {
          const found = failures.has(name) || reader === undefined ? failed(name) : resultsOf(path, plan.limits.facts, () => reader.end());
          return found.length === 0 ? [] : [[name, found]];
        }),
      ),
  };
}

/** Above it a file goes in pieces to the readers that can take it so. */
const WHOLE_BYTES = 1024 * 1024;

function tooLarge(path: string, size: number, most: number): ReaderResult {
  return { problem: { kind: 'limit', what: `/${path}`, why: `it has ${size} bytes, more than the ${most} that are read` } };
}

/** Whether a kept file's bytes are wanted after the layer has been read. */
function keeps(cataloger: Cataloger): boolean {
  return cataloger.provides.includes('content');
}

function selection(path: string, entry: RecordedEntry, readers: readonly Reader[], keep: boolean, plan: ReadPlan): Selection {
  const { limits } = plan;
  const notes: Record<string, ReaderResult[]> = {};
  const able: Reader[] = [];
  const streaming: Reader[] = [];
  for (const reader of readers) {
    const { cataloger, most } = reader;
    if (entry.size > WHOLE_BYTES && cataloger.pieces !== undefined) streaming.push(reader);
    else if (entry.size > most) notes[cataloger.name] = [tooLarge(path, entry.size, most)];
    else able.push(reader);
  }
  const keepBytes = (keep || able.some(({ cataloger }) => keeps(cataloger))) && entry.size <= limits.fileBytes;
  const wantsContent = able.length > 0 || keepBytes;
  return {
    notes: wantsContent ? null : notes,
    read: wantsContent
      ? (content) => {
          const results: Record<string, ReaderResult[]> = { ...notes };
          runReaders(able, path, entry.mode, content, plan, results);
          if (streaming.length > 0) Object.assign(results, inOnePiece(streamTo(streaming, path, entry.mode, plan), content));
          return results;
        }
      : null,
    stream: wantsContent || streaming.length === 0 ? null : () => streamTo(streaming, path, entry.mode, plan),
    keep: keepBytes ? (content) => withSecretsMasked(content, path) : null,
  };
}

/** Where somebody else wants the whole content, the readers of pieces get it as one. */
function inOnePiece(stream: EntryStream, content: Buffer): Results {
  stream.write(content);
  return stream.end();
}

/** The selector that carries a plan out. Call it once for each entry of the layer, in order. */
export function selectorFor(plan: ReadPlan): Selector {
  const readers = plan.readers.map((reader) => readerOf(reader, plan));
  const { only } = plan;
  let index = -1;
  return (entry) => {
    index++;
    if (only !== undefined) {
      const wanted = only[index];
      if (wanted === undefined) return null;
      const named = readers.filter(({ cataloger }) => wanted.readers.includes(cataloger.name));
      return selection(wanted.path, entry, named, wanted.keep, plan);
    }
    if (entry.type !== 'file') return null;
    let selected: Reader[] | null = null;
    for (const reader of readers) {
      if (!reader.cataloger.selects(entry as EntryHeader, reader.request)) continue;
      if (selected === null) selected = [reader];
      else selected.push(reader);
    }
    return selected === null ? null : selection(entry.path, entry, selected, false, plan);
  };
}
