import { type Content, type LayerRecord, type Node, pathOf, type RecordedFile, Squash } from '../layer/index.ts';
import type { Location, Problem } from '../model/index.ts';
import type { CatalogFacts, CatalogKind, EntryHeader } from './cataloger.ts';
import type { PlannedReader, ReaderResult } from './plan.ts';
import { problemOf } from './problem.ts';
import { catalogerByName } from './registry.ts';

/** A fact that survived squashing, with its reader. */
export interface MergedFact<K extends CatalogKind = CatalogKind> {
  readonly kind: K;
  readonly fact: CatalogFacts[K];
  readonly reader: string;
}

/** What is to be read again: entries of a layer by index, for readers that expect them at `path`. */
export type Wanted = Map<number, Map<number, { path: string; readers: Set<string>; keep: boolean }>>;

/** The layers' records put together: what each surviving file gave, and the tree of the squashed image. */
export class MergedLayers {
  readonly squash: Squash;
  readonly facts: MergedFact[] = [];
  readonly problems: Problem[] = [];
  readonly #contents = new Map<string, Uint8Array | { unreadable: string }>();
  /** `layer:entry reader`: of files that take in others those that have been read, or asked for. */
  readonly #included = new Set<string>();
  readonly #hasLayers: boolean;

  constructor(records: readonly LayerRecord[], readers: readonly PlannedReader[], hasLayers: boolean) {
    this.#hasLayers = hasLayers;
    const wellKnown = new Set(readers.flatMap((reader) => catalogerByName.get(reader.name)?.wellKnown ?? []));
    this.squash = new Squash((path) => wellKnown.has(path) || wellKnown.has(`${path.slice(0, path.lastIndexOf('/') + 1)}`));
    for (const [layer, record] of records.entries()) {
      this.squash.apply(layer, record.entries, record.files.entries());
    }
    for (const [layer, record] of records.entries()) this.#take(layer, record, null);
  }

  /** Adds what a later round read. */
  add(layer: number, record: LayerRecord, paths: ReadonlyMap<number, { path: string }>): void {
    this.#take(layer, record, paths);
  }

  #take(layer: number, record: LayerRecord, paths: ReadonlyMap<number, { path: string }> | null): void {
    for (const file of record.files) {
      const key = `${layer}:${file.entry}`;
      const node = this.squash.placeOf(layer, file.entry);
      if (paths === null && node === undefined) {
        this.#takeDeleted(layer, file);
        continue;
      }
      if (file.content !== null) this.#contents.set(key, file.content);
      const literal = paths?.get(file.entry)?.path ?? file.path;
      const path = paths === null && node !== undefined ? pathOf(node) : literal;
      for (const [reader, results] of Object.entries(file.results)) {
        if (catalogerByName.get(reader)?.provides.includes('includes') === true) this.#included.add(`${key} ${reader}`);
        for (const result of results as ReaderResult[]) this.#accept(result, reader, literal, path, layer);
      }
      if (file.content === null && paths !== null) {
        const note = Object.values(file.results)
          .flat()
          .find((result) => 'problem' in (result as object)) as { problem: { why: string } } | undefined;
        if (note !== undefined && !this.#contents.has(key)) this.#contents.set(key, { unreadable: note.problem.why });
      }
    }
  }

  /** Of a file that a later layer took away only what lies open all the same counts. */
  #takeDeleted(layer: number, file: RecordedFile): void {
    const path = file.path;
    for (const [reader, results] of Object.entries(file.results)) {
      if (catalogerByName.get(reader)?.findsDeleted !== true) continue;
      for (const result of results as ReaderResult[]) {
        if ('problem' in result) this.#accept(result, reader, path, path, layer);
        else this.#accept({ ...result, fact: { ...(result.fact as object), deleted: true } }, reader, path, path, layer);
      }
    }
  }

  #accept(result: ReaderResult, reader: string, literal: string, path: string, layer: number): void {
    const at = (location: Location): Location => ({
      ...location,
      path: location.path === `/${literal}` ? `/${path}` : location.path,
      ...(this.#hasLayers ? { layer } : {}),
    });
    if ('problem' in result) {
      const cataloger = catalogerByName.get(reader);
      const { kind, what, why, line, member } = result.problem;
      this.problems.push(
        problemOf({
          kind: kind as Problem['kind'],
          evidence: cataloger?.evidence ?? 'packages',
          ...(cataloger?.ecosystem === undefined ? {} : { ecosystem: cataloger.ecosystem }),
          what,
          why,
          location: at({ path: `/${literal}`, ...(line === undefined ? {} : { line }), ...(member === undefined ? {} : { member }) }),
          subject: [line ?? '', member ?? ''].join(' ').trim(),
        }),
      );
      return;
    }
    // It was made for this alone, out of the record's text.
    const fact = result.fact as Record<string, unknown>;
    if (Array.isArray(fact.locations)) fact.locations = (fact.locations as Location[]).map(at);
    if (typeof fact.location === 'object' && fact.location !== null) fact.location = at(fact.location as Location);
    this.facts.push({ kind: result.kind as CatalogKind, fact: fact as unknown as CatalogFacts[CatalogKind], reader });
  }

  /** Files that other files take in and that weren't read for that yet. What isn't in the image is not asked for. */
  included(): Wanted {
    const wanted: Wanted = new Map();
    for (const { fact, reader } of this.ofKind('includes')) {
      const { target, location } = fact;
      const node = this.squash.lookup(target.startsWith('/') ? target : `${location.path.slice(0, location.path.lastIndexOf('/'))}/${target}`, true);
      if (node === undefined || node.type !== 'file' || node.content.entry < 0) continue;
      const key = `${node.content.layer}:${node.content.entry} ${reader}`;
      if (!this.#included.has(key)) ask(wanted, node, pathOf(node), reader, false);
      this.#included.add(key);
    }
    return wanted;
  }

  ofKind<K extends CatalogKind>(kind: K): MergedFact<K>[] {
    return this.facts.filter((item): item is MergedFact<K> => item.kind === kind);
  }

  /** A file's content as far as it has been kept. */
  readonly contentOf = (node: Node): Content => this.#contents.get(`${node.content.layer}:${node.content.entry}`);

  /** Marks what could not be had, so that nobody waits for it again. */
  giveUp(node: Node, why: string): void {
    const key = `${node.content.layer}:${node.content.entry}`;
    if (!this.#contents.has(key)) this.#contents.set(key, { unreadable: why });
  }

  /**
   * Files that a reader would have selected where they are now, but that it didn't select by the path which they have in their layer:
   * behind links, as hard links, below a linked directory.
   */
  unread(readers: readonly PlannedReader[]): Wanted {
    const wanted: Wanted = new Map();
    const selects = ({ name, request }: PlannedReader, node: Node, path: string): boolean =>
      catalogerByName.get(name)?.selects(header(node, path), request) === true;
    const want = (node: Node, path: string, reader: PlannedReader): void => {
      if (node.type !== 'file' || node.content.entry < 0 || selects(reader, node, node.written ?? pathOf(node))) return;
      ask(wanted, node, path, reader.name, false);
    };
    for (const reader of readers) {
      for (const place of catalogerByName.get(reader.name)?.wellKnown ?? []) {
        const node = this.squash.lookup(place, true);
        if (node === undefined) continue;
        if (!place.endsWith('/')) want(node, place, reader);
        else {
          for (const name of node.children?.keys() ?? []) {
            const child = this.squash.lookup(`${place}${name}`, true);
            if (child?.type === 'file' && selects(reader, child, `${place}${name}`)) want(child, `${place}${name}`, reader);
          }
        }
      }
    }
    const wantSelected = (node: Node, path: string): void => {
      for (const reader of readers) if (selects(reader, node, path)) want(node, path, reader);
    };
    const linked = readers.flatMap(({ name, request }) => {
      const cataloger = catalogerByName.get(name);
      return cataloger?.throughLinks === true ? [{ cataloger, request }] : [];
    });
    const budget = { left: MAX_BEHIND_LINKS };
    for (const node of this.squash.nodes()) {
      if (node.type === 'file' && (node.hardlink || node.relocated)) wantSelected(node, pathOf(node));
      else if (node.type === 'symlink') {
        const path = pathOf(node);
        const named = linked.filter(({ cataloger, request }) => cataloger.selects({ path, type: 'file', mode: node.mode, size: 0 }, request));
        const isDirectory = budget.left > 0 && meaningfulName.test(path);
        if (named.length === 0 && !isDirectory) continue;
        const target = this.squash.lookup(path, true);
        if (target === undefined) continue;
        for (const { cataloger, request } of named) want(target, path, { name: cataloger.name, request });
        if (isDirectory && target.children !== null) for (const [file, at] of filesBelow(target, path, budget)) wantSelected(file, at);
      }
    }
    if (budget.left < 0) {
      this.problems.push(
        problemOf({
          kind: 'limit',
          evidence: 'packages',
          what: 'what lies behind links to packages of npm and Python',
          why: `there are more than ${MAX_BEHIND_LINKS} files behind them, so packages may be missing`,
        }),
      );
    }
    return wanted;
  }
}

/** A directory that a language looks for by its name, or a package in it: what lies behind such a link has another path of its own. */
const meaningfulName = /(?:^|\/)(?:node_modules(?:\/@[^/]+)?(?:\/[^/]+)?|(?:site|dist)-packages)$/;

/** Files and directories behind such links that are looked at, in one image. */
const MAX_BEHIND_LINKS = 500_000;

/** The files below a directory under the path by which a link leads to it; further links are not followed. */
function* filesBelow(directory: Node, path: string, budget: { left: number }): Generator<[Node, string]> {
  const pending: [Node, string][] = [[directory, path]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const child of next[0].children?.values() ?? []) {
      if (--budget.left < 0) return;
      const at = `${next[1]}/${child.name}`;
      if (child.type === 'file') yield [child, at];
      else if (child.children !== null) pending.push([child, at]);
    }
  }
}

function header(node: Node, path: string): EntryHeader {
  return { path, type: 'file', mode: node.mode, size: node.size };
}

/** Notes that a node's content is wanted, by a reader or to be kept. */
export function ask(wanted: Wanted, node: Node, path: string, reader: string | null, keep: boolean): void {
  const layer = wanted.get(node.content.layer) ?? new Map();
  wanted.set(node.content.layer, layer);
  const entry = layer.get(node.content.entry) ?? { path, readers: new Set<string>(), keep: false };
  layer.set(node.content.entry, entry);
  if (reader !== null) entry.readers.add(reader);
  entry.keep ||= keep;
}
