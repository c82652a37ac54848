import type { Limits } from '../archive/index.ts';
import type { RecordedEntry, Selection, Selector } from '../layer/index.ts';
import type { Request } from '../model/index.ts';
import type { Cataloger, EntryHeader } from './cataloger.ts';
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
}

/** A result of one reader on one file, as a layer record holds it. */
export type ReaderResult =
  | { readonly fact: unknown; readonly kind: string }
  | { readonly problem: { readonly kind: string; readonly what: string; readonly why: string; readonly line?: number; readonly member?: string } };

const DISTRIBUTION_TYPES = new Set(['deb', 'apk', 'rpm']);

/** The readers that answer the requests, each with what it must find. */
export function planReaders(requests: readonly Request[]): PlannedReader[] {
  const planned: PlannedReader[] = [];
  const packages = requests.filter((request) => request.kind === 'packages');
  const wantsAll = packages.some((request) => request.detail?.types === undefined);
  const types = new Set(packages.flatMap((request) => request.detail?.types ?? []));
  const wantsLanguages = wantsAll || [...types].some((type) => !DISTRIBUTION_TYPES.has(type));
  const wantsLicenses = packages.some((request) => request.detail?.licenses === true);
  for (const cataloger of catalogers) {
    if (cataloger.evidence === 'packages') {
      if (packages.length === 0) continue;
      const isDistribution = cataloger.ecosystem !== undefined && DISTRIBUTION_TYPES.has(cataloger.ecosystem);
      // Languages' packages are told apart from the distribution's by its database: it is read with them.
      const isWanted = wantsAll || (isDistribution ? wantsLanguages : false) || (cataloger.ecosystem !== undefined && types.has(cataloger.ecosystem));
      if (!isWanted) continue;
      planned.push({ name: cataloger.name, request: { kind: 'packages', detail: { ownership: wantsLanguages, licenses: wantsLicenses } } });
    } else if (cataloger.evidence === 'distribution') {
      if (packages.length > 0 || requests.some((request) => request.kind === 'distribution'))
        planned.push({ name: cataloger.name, request: { kind: 'distribution' } });
    } else if (requests.some((request) => request.kind === cataloger.evidence)) {
      planned.push({ name: cataloger.name, request: { kind: cataloger.evidence } });
    }
  }
  return planned;
}

function runReader(cataloger: Cataloger, request: Request, path: string, mode: number, bytes: Buffer, limits: Limits): ReaderResult[] {
  const results: ReaderResult[] = [];
  const file = { path, mode, bytes, text: () => bytes.toString('utf8') };
  try {
    for (const result of cataloger.read(file, request, { limits: { facts: limits.facts, depth: limits.depth } })) {
      results.push(result as ReaderResult);
      if (results.length > limits.facts) {
        results.push({ problem: { kind: 'limit', what: `/${path}`, why: `it holds more than ${limits.facts} facts` } });
        break;
      }
    }
  } catch (error) {
    // A reader that fails on a file is a problem of that file, not the end of the run: the rules that need it are undecided.
    results.push({ problem: { kind: 'unreadable', what: `/${path}`, why: `its reader failed on it (${(error as Error).message.slice(0, 200)})` } });
  }
  return results;
}

function tooLarge(path: string, size: number, most: number): ReaderResult {
  return { problem: { kind: 'limit', what: `/${path}`, why: `it has ${size} bytes, more than the ${most} that are read` } };
}

/** Whether a kept file's bytes are wanted after the layer has been read. */
function keeps(cataloger: Cataloger): boolean {
  return cataloger.provides.includes('content');
}

function selection(path: string, entry: RecordedEntry, readers: readonly PlannedReader[], keep: boolean, limits: Limits): Selection {
  const notes: Record<string, ReaderResult[]> = {};
  const able: { cataloger: Cataloger; request: Request }[] = [];
  for (const reader of readers) {
    const cataloger = catalogerByName.get(reader.name) as Cataloger;
    const most = Math.min(cataloger.maxBytes ?? limits.fileBytes, limits.keptBytes);
    if (entry.size > most) notes[reader.name] = [tooLarge(path, entry.size, most)];
    else able.push({ cataloger, request: reader.request });
  }
  const keepBytes = (keep || able.some(({ cataloger }) => keeps(cataloger))) && entry.size <= limits.fileBytes;
  const wantsContent = able.length > 0 || keepBytes;
  return {
    notes: wantsContent ? null : notes,
    read: wantsContent
      ? (content) => ({
          ...notes,
          ...Object.fromEntries(able.map(({ cataloger, request }) => [cataloger.name, runReader(cataloger, request, path, entry.mode, content, limits)])),
        })
      : null,
    keep: keepBytes,
  };
}

/** The selector that carries a plan out. Call it once for each entry of the layer, in order. */
export function selectorFor(plan: ReadPlan): Selector {
  const readers = plan.readers.map((reader) => ({ reader, cataloger: catalogerByName.get(reader.name) as Cataloger }));
  const { only } = plan;
  let index = -1;
  return (entry) => {
    index++;
    if (only !== undefined) {
      const wanted = only[index];
      if (wanted === undefined) return null;
      const named = plan.readers.filter((reader) => wanted.readers.includes(reader.name));
      return selection(wanted.path, entry, named, wanted.keep, plan.limits);
    }
    if (entry.type !== 'file') return null;
    let selected: PlannedReader[] | null = null;
    for (const { reader, cataloger } of readers) {
      if (!cataloger.selects(entry as EntryHeader, reader.request)) continue;
      if (selected === null) selected = [reader];
      else selected.push(reader);
    }
    return selected === null ? null : selection(entry.path, entry, selected, false, plan.limits);
  };
}
