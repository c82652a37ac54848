/** What is said of one vulnerability in one product. */
export interface VexClaim {
  /** The vulnerability's id and aliases. */
  readonly names: readonly string[];
  readonly product: VexProduct;
  /** In the words of its format. */
  readonly status: string;
  /** True when the status says that the vulnerability doesn't count for the product. */
  readonly excepts: boolean;
  readonly justification: string | null;
  /** RFC 3339, as written. */
  readonly timestamp: string | null;
}

/** What a claim is about: each part that is there must match. */
export interface VexProduct {
  /** For messages. */
  readonly text: string;
  /** The image or other thing as a whole; absent: any that holds the package. */
  readonly whole?: VexIdentity;
  /** A package in it; absent: every package. */
  readonly part?: VexIdentity;
}

/** Names of one thing; any of them is enough. */
export interface VexIdentity {
  readonly purls: readonly string[];
  /** CPE 2.2 or 2.3. */
  readonly cpes: readonly string[];
  /** Hex digests, SHA-256 or SHA-512. */
  readonly hashes: readonly string[];
  /** Other identifiers: the image as it is called on the command line. */
  readonly ids: readonly string[];
}

/** A document, read. */
export interface VexReading {
  readonly author: string | null;
  readonly claims: readonly VexClaim[];
  /** Statements that can't be used, and why. */
  readonly refused: readonly { readonly vulnerability: string; readonly product: string; readonly why: string }[];
}

export type Fields = Readonly<Record<string, unknown>>;

/** An object's members; none for what is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A list's items; none for what is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text that says something, at most 4000 characters of it; null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.slice(0, 4000) : null;
}

/** The texts of a list. */
export function textsOf(value: unknown): string[] {
  return listOf(value).flatMap((item) => textOf(item) ?? []);
}

/** An identity from loose identifiers: package URLs, CPEs, others. */
export function identityOf(identifiers: readonly string[], hashes: readonly string[] = []): VexIdentity {
  return {
    purls: identifiers.filter((text) => text.startsWith('pkg:')),
    cpes: identifiers.filter((text) => text.startsWith('cpe:')),
    hashes: hashes.map((hash) => hash.toLowerCase()).filter((hash) => /^(?:[0-9a-f]{64}|[0-9a-f]{128})$/.test(hash)),
    ids: identifiers.filter((text) => !text.startsWith('pkg:') && !text.startsWith('cpe:')),
  };
}
