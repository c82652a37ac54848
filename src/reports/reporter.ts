import type { VerdictDocument } from '../model/index.ts';

/** How a report is to look. It never changes the verdict. */
export interface RenderOptions {
  /** ANSI colours; only the caller knows whether a terminal reads along. */
  readonly color: boolean;
  /** Columns of the output; reports that aren't laid out in columns ignore it. */
  readonly width: number;
  /** Collapse nothing, and say more of each finding. */
  readonly verbose: boolean;
  /** Findings that an exception suppresses are shown too. */
  readonly showExcepted: boolean;
  /** Ids of findings and problems are shown: what an exception names. */
  readonly showIds: boolean;
}

/**
 * One way to write a document down. Pure: the same document and options give the same text; no clock, environment,
 * file or terminal is looked at. What comes from an image or a policy passes the neutralising function of the
 * report's language (`neutralize.ts`).
 */
export interface Reporter<Document = VerdictDocument> {
  /** What `-o` calls it: `table`, `classic-json`. */
  readonly name: string;
  /** One sentence for the help. */
  readonly summary: string;
  /** Media type of the output (RFC 6838), e.g. `application/json`. */
  readonly mediaType: string;
  /** The report in pieces; joined they are the whole text, ending in a line feed. */
  render(document: Document, options: RenderOptions): Iterable<string>;
}

/** Declares a reporter: the default export of its file, found by the registry's generator. */
export function defineReporter<Document = VerdictDocument>(reporter: Reporter<Document>): Reporter<Document> {
  return reporter;
}
