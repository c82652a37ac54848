/** A block of a PEM file (RFC 7468, and the older form with headers of RFC 1421). */
export interface PemBlock {
  readonly label: string;
  /** `-----BEGIN` to `-----END …-----`. */
  readonly text: string;
  readonly body: Buffer;
  /** `Proc-Type: 4,ENCRYPTED` and the like. */
  readonly headers: string;
  /** From 1. */
  readonly line: number;
}

const MAX_BLOCK = 400_000;

/** The blocks whose label ends like this, in order. Linear in the text. */
export function* pemBlocks(text: string, wanted: (label: string) => boolean): Generator<PemBlock> {
  let line = 1;
  let counted = 0;
  /** By label: where the next end of one stands; -1: there is none any more. Looked for once, not from each beginning. */
  const ends = new Map<string, number>();
  for (let at = text.indexOf('-----BEGIN '); at >= 0; at = text.indexOf('-----BEGIN ', at + 1)) {
    const label = /^-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text.slice(at, at + 70))?.[1];
    if (label === undefined || !wanted(label)) continue;
    const last = `-----END ${label}-----`;
    const start = at + label.length + 16;
    let end = ends.get(last) ?? start - 1;
    if (end >= 0 && end < start) end = text.indexOf(last, start);
    ends.set(last, end);
    for (; counted < at; counted++) if (text.charCodeAt(counted) === 10) line++;
    if (end < 0 || end - start > MAX_BLOCK) continue;
    // In sources and JSON the ends of lines are written out.
    const inside = text.slice(start, end).replace(/\\[rn]/g, '\n');
    const blank = /\r?\n[ \t]*\r?\n/.exec(inside);
    const headers = blank !== null && inside.slice(0, blank.index).includes(':') ? inside.slice(0, blank.index) : '';
    const body = Buffer.from(inside.slice(headers.length), 'base64');
    yield { label, text: `-----BEGIN ${label}-----${inside}${last}`, body, headers, line };
    at = end;
  }
}
