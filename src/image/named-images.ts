import { parseAllDocuments } from 'yaml';
import { PortcullisError } from '../errors.ts';

/** An image that a file of manifests names, and who uses it. */
export interface NamedImage {
  readonly reference: string;
  /** `Deployment/web, container nginx`. */
  readonly usedBy: readonly string[];
}

/** What a file names: each image once, and what has to be said of the rest. */
export interface NamedImages {
  readonly images: readonly NamedImage[];
  readonly notes: readonly string[];
}

const MAX_IMAGES = 10_000;

export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Collects images in the order in which they are first named. */
export class ImageNames {
  readonly #users = new Map<string, string[]>();
  readonly #notes: string[] = [];

  add(reference: string, user: string): void {
    const users = this.#users.get(reference);
    if (users !== undefined) users.push(user);
    else if (this.#users.size < MAX_IMAGES) this.#users.set(reference, [user]);
    else throw new PortcullisError('USAGE_FILE', `The manifests name more than ${MAX_IMAGES} images.`, { hint: 'Split them into several files.' });
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  result(): NamedImages {
    return { images: [...this.#users].map(([reference, usedBy]) => ({ reference, usedBy })), notes: this.#notes };
  }
}

/**
 * The documents of a YAML stream, YAML 1.2 with merge keys.
 * @throws PortcullisError USAGE_FILE with line and column when it isn't YAML, or unfolds to far more than was written
 */
export function parseYaml(text: string, file: string): unknown[] {
  const refused = (why: string, cause?: unknown): PortcullisError => new PortcullisError('USAGE_FILE', `${file} can't be read: ${why}.`, { cause });
  try {
    const parsed = parseAllDocuments(text, { merge: true, logLevel: 'silent', prettyErrors: true });
    if (!Array.isArray(parsed)) return [];
    return parsed.map((document) => {
      const [error] = document.errors;
      if (error !== undefined) throw refused(error.message.split('\n')[0]?.replace(/[.:]+$/, '') ?? 'it is not YAML');
      return document.toJS({ maxAliasCount: 1000 }) as unknown;
    });
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    if (error instanceof RangeError) throw refused('it is nested too deep', error);
    throw refused((error as Error).message.split('\n')[0]?.replace(/\.$/, '') ?? 'it is not YAML', error);
  }
}
