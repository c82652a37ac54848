import type { ScannerFacts } from '../model/index.ts';

/** What a scanner says of one content. `unscanned`: it gave no answer to rely on, and why. */
export type ScanResult =
  | { readonly state: 'clean' }
  | { readonly state: 'infected'; readonly signature: string }
  | { readonly state: 'unscanned'; readonly why: string };

/** Takes one content piece by piece. */
export interface ContentScan {
  /** The piece is copied: it may be a part of a larger buffer. */
  write(piece: Buffer): void;
  /** So many zeros follow. */
  skip(zeros: number): void;
  end(): void;
  /** The rest of the content can't be had: there will be no result. */
  abandon(): void;
}

/** A malware scanner, opened. One content is handed over after the other; results come when they come. */
export interface MalwareScanner {
  /** The program and its signatures, as they were when it was opened. */
  readonly about: ScannerFacts;
  /** Bytes of a content that it takes; null: any number. */
  readonly maxBytes: number | null;
  /** Begins a content; `report` is called once, unless it is abandoned. */
  scan(report: (result: ScanResult) => void): ContentScan;
  /**
   * Waits until there is room for more: what is handed over in between is held in memory.
   * @throws PortcullisError SCANNER_UNAVAILABLE
   */
  ready(): Promise<void>;
  /**
   * Waits until every content that was handed over has been reported.
   * @throws PortcullisError SCANNER_UNAVAILABLE
   */
  finish(): Promise<void>;
  /** Ends everything at once; may be called at any time, and again. */
  close(): Promise<void>;
}
