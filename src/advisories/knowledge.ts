import type { KnowledgeKind } from './store-file.ts';

/** What a file says of CVEs. */
export interface KnowledgeFile {
  readonly kind: KnowledgeKind;
  /** Of the catalogue, or the model's name. */
  readonly version: string;
  /** When the source was in this state (RFC 3339), by its own words; null: it doesn't say. */
  readonly asOf: string | null;
  readonly entries: readonly (readonly [cve: string, value: unknown])[];
  /** Entries that can't be used. */
  readonly rejected: number;
}

/** Knowledge to be imported. */
export interface KnowledgeSource extends KnowledgeFile {
  /** Sets of one kind and name replace each other. */
  readonly name: string;
  readonly origin: string;
}
