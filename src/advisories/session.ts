import { PortcullisError } from '../errors.ts';
import type { Distribution, Package } from '../model/index.ts';
import { type Advisories, type OpenOptions, openAdvisories } from './advisories.ts';
import { defaultDataDir } from './data-directory.ts';
import { neededEcosystems, rememberEcosystems } from './needed-ecosystems.ts';
import { baseEcosystem } from './package-name.ts';
import { type SyncOptions, syncFeeds } from './sync.ts';

export interface SessionOptions extends OpenOptions {
  /** How to fetch what was never loaded; null: never (offline, or a given state). */
  readonly fetch: SyncOptions | null;
  /** From where; default: OSV's own bucket. */
  readonly source?: string;
  /** Told when something couldn't be fetched: what it leaves undecided is said in the verdict. */
  readonly warn: (message: string) => void | Promise<void>;
}

/**
 * The advisories of one run: opened once, and fetched for ecosystems that an image needs and that nothing was loaded of. What can't be
 * fetched is a warning, and the rules that need it are undecided: never a verdict that looks clean.
 */
export class AdvisorySession {
  readonly #options: SessionOptions;
  readonly #opened: Advisories[] = [];
  readonly #tried = new Set<string>();
  #current: Advisories | null;

  private constructor(options: SessionOptions, current: Advisories | null) {
    this.#options = options;
    this.#current = current;
    if (current !== null) this.#opened.push(current);
  }

  /** @throws {PortcullisError} STORE_UNREADABLE, STORE_DAMAGED, FEED_NOT_FOUND when a given file isn't there */
  static async open(options: SessionOptions): Promise<AdvisorySession> {
    return new AdvisorySession(options, await openAdvisories(options));
  }

  get current(): Advisories | null {
    return this.#current;
  }

  /** The advisories for an image with these packages. @throws {PortcullisError} STORE_DAMAGED */
  async prepare(packages: readonly Package[], distribution: Distribution | null): Promise<Advisories | null> {
    if (this.#options.file !== undefined) return this.#current;
    const dataDir = this.#options.dataDir ?? defaultDataDir();
    const needed = neededEcosystems(packages, distribution);
    if (needed.length > 0) await rememberEcosystems(dataDir, needed);
    const { fetch, warn } = this.#options;
    // What somebody imported is what they mean to judge by, also when it is a few records of their own.
    const loaded = new Set(this.#current?.state.sources.map(({ ecosystem }) => baseEcosystem(ecosystem)));
    const missing = needed.filter((name) => this.#current?.ecosystems.has(name) !== true && !loaded.has(name) && !this.#tried.has(name));
    if (fetch === null || missing.length === 0) return this.#current;
    for (const name of missing) this.#tried.add(name);
    try {
      const source = this.#options.source === undefined ? {} : { source: this.#options.source };
      const { sources, state } = await syncFeeds({ ecosystems: missing, missingOnly: true, ...source }, { ...fetch, dataDir });
      const failed = new Map<string, string[]>();
      for (const { name, error } of sources) if (error !== null) failed.set(error.message, [...(failed.get(error.message) ?? []), name]);
      for (const [message, names] of failed) await warn(`advisories for ${names.join(', ')} could not be fetched: ${message}`);
      const absent = sources.filter(({ how, name }) => how === 'absent' && missing.includes(name)).map(({ name }) => name);
      if (absent.length > 0) await warn(`the source has no advisories for ${absent.join(', ')}.`);
      // Another process may have fetched it meanwhile: what is there now counts.
      if (state !== null || sources.length === 0) await this.#reopen(dataDir);
    } catch (error) {
      if (!(error instanceof PortcullisError) || error.code === 'STORE_DAMAGED') throw error;
      await warn(`advisories for ${missing.join(', ')} could not be fetched: ${error.message}`);
    }
    return this.#current;
  }

  async #reopen(dataDir: string): Promise<void> {
    const opened = await openAdvisories({ dataDir });
    if (opened === null) return;
    this.#opened.push(opened);
    this.#current = opened;
  }

  close(): void {
    for (const each of this.#opened) each.close();
  }
}
