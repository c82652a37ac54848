import { StringDecoder } from 'node:string_decoder';
import { FAILED, MATCHED, type Pattern, type Progress, pattern } from '../patterns/index.ts';
import { defineCataloger, type Fact, type PieceReader } from './cataloger.ts';

/** Looks for the first line that an expression fits; what is searched comes in parts. */
class LineSearch {
  readonly pattern: Pattern;
  #progress: Progress;
  #line = 1;
  /** The line that fits, from 1; null: none so far. */
  found: number | null = null;

  constructor(source: string) {
    this.pattern = pattern(source);
    this.#progress = this.pattern.begin();
  }

  write(text: string): void {
    let at = 0;
    while (at < text.length && this.found === null) {
      const newline = text.indexOf('\n', at);
      const end = newline < 0 ? text.length : newline;
      if (this.#progress !== FAILED) this.#progress = this.pattern.advance(this.#progress, text, at, end);
      if (this.#progress === MATCHED) this.found = this.#line;
      else if (newline >= 0) this.endLine();
      at = end + 1;
    }
  }

  endLine(): void {
    if (this.found === null && this.#progress !== FAILED && this.pattern.ends(this.#progress)) this.found = this.#line;
    this.#progress = this.pattern.begin();
    this.#line++;
  }
}

function reader(path: string, patterns: readonly string[]): PieceReader<'contents'> {
  const searches = patterns.map((source) => new LineSearch(source));
  const decoder = new StringDecoder('utf8');
  /** A CR at the end of a part, which may belong to a line's end. */
  let held = '';
  let size = 0;
  const search = (decoded: string): void => {
    let text = held + decoded;
    held = text.endsWith('\r') ? '\r' : '';
    if (held !== '') text = text.slice(0, -1);
    if (text.includes('\r\n')) text = text.replaceAll('\r\n', '\n');
    for (const each of searches) if (each.found === null) each.write(text);
  };
  return {
    write: (piece) => {
      size += piece.length;
      if (searches.some(({ found }) => found === null)) search(decoder.write(piece));
    },
    // A hole ends a line: nothing that is text goes on behind it.
    skip: () => search(`${decoder.end()}\n`),
    *end(): Generator<Fact<'contents'>> {
      search(decoder.end());
      if (size === 0) return;
      for (const each of searches) {
        each.endLine();
        if (each.found !== null) yield { kind: 'contents', fact: { pattern: each.pattern.source, location: { path: `/${path}`, line: each.found } } };
      }
    },
  };
}

export default defineCataloger({
  name: 'contents',
  version: 1,
  summary: 'Lines that the policy’s expressions fit: where they are, never what they say',
  provides: ['contents'],
  evidence: 'contents',
  wanted: (requests) => requests.find(({ kind, detail }) => kind === 'contents' && (detail?.patterns ?? []).length > 0) ?? null,
  selects: ({ type }) => type === 'file',
  pieces: ({ path }, request) => reader(path, request.detail?.patterns ?? []),
  *read(file, request) {
    const whole = reader(file.path, request.detail?.patterns ?? []);
    whole.write(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength));
    yield* whole.end() as Iterable<Fact<'contents'>>;
  },
});
