import type { Limits, TarSink } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import { EntryTable, FileTable, type LayerRecord, type RecordedEntry, type RecordedFile } from './record.ts';

/** What readers found, by their names; a file of which nothing is said is not recorded. */
export type Results = Readonly<Record<string, readonly unknown[]>>;

/** What is wanted of one regular file. */
export interface Selection {
  /** Results that need no content (it is too large, say); null: none. */
  readonly notes: Results | null;
  /** Called with the whole content; gives all results by reader's name. Must not keep the bytes. null: no content is wanted. */
  readonly read: ((content: Buffer) => Results) | null;
  /** Gives what of the content is kept in the record; null: nothing is. */
  readonly keep: ((content: Buffer) => Uint8Array) | null;
  /** Takes the content piece by piece; used where nobody wants it whole. null: nobody takes it so. */
  readonly stream?: (() => EntryStream) | null;
}

/** Takes one entry's content piece by piece, must not keep the pieces, and gives all results by reader's name in the end. */
export interface EntryStream {
  write(piece: Buffer): void;
  /** So many zeros follow. */
  skip(zeros: number): void;
  /** The rest can't be had, for this reason. */
  fail(why: string): Results;
  end(): Results;
}

/** Says what is wanted of an entry; called once for each, in order. */
export type Selector = (entry: RecordedEntry) => Selection | null;

/** Collects a record while a layer, or a directory in place of one, is walked. */
export class RecordBuilder {
  readonly entries = new EntryTable();
  readonly files = new FileTable();
  readonly #select: Selector;
  readonly #limits: Limits;
  #kept = 0;
  #names = 0;
  constructor(select: Selector, limits: Limits) {
    this.#select = select;
    this.#limits = limits;
  }
  /** Adds an entry; gives what is to be called with its content when that is wanted. */
  add(entry: RecordedEntry): ((content: Buffer) => void) | TarSink | null {
    this.#names += entry.path.length + entry.linkName.length;
    if (this.#names > this.#limits.nameBytes) {
      throw new PortcullisError('IMAGE_LIMIT', `The names in one layer have more than ${this.#limits.nameBytes} bytes.`);
    }
    const index = this.entries.add(entry);
    const { path } = entry;
    const selection = this.#select(entry);
    if (selection === null) return null;
    const { read } = selection;
    if (read === null && selection.stream != null) {
      const stream = selection.stream();
      const done = (results: Results): void => this.#push({ entry: index, path, results: { ...selection.notes, ...results }, content: null });
      return {
        write: (piece) => stream.write(piece),
        skip: (zeros) => stream.skip(zeros),
        fail: (why) => done(stream.fail(why)),
        end: () => done(stream.end()),
      };
    }
    if (read === null) {
      if (selection.notes !== null) this.#push({ entry: index, path, results: selection.notes, content: null });
      return null;
    }
    return (content) => {
      const { keep } = selection;
      if (keep !== null) {
        this.#kept += content.length;
        if (this.#kept > this.#limits.keptBytes) {
          throw new PortcullisError('IMAGE_LIMIT', `The files to be kept from one layer exceed ${this.#limits.keptBytes} bytes.`);
        }
      }
      this.#push({ entry: index, path, results: read(content), content: keep === null ? null : keep(content) });
    };
  }
  #push(file: RecordedFile): void {
    if (file.content !== null || Object.keys(file.results).length > 0) this.files.add(file);
  }
  record(): LayerRecord {
    return { entries: this.entries, files: this.files };
  }
}
