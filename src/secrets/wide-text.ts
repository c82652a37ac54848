/** Characters in a row, each beside a zero, before they count as a text. */
const LEAST = 12;
/** Characters that are handed on at once. */
const PART = 16_384;

const isText = Uint8Array.from({ length: 256 }, (_, byte) => ((byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d ? 1 : 0));

/** What takes the texts that are found. */
export interface WideTextSink {
  /** A text begins in this line. */
  begin(line: number): void;
  /** A part of it, one byte a character; it is valid during the call alone. */
  write(part: Buffer): void;
  end(): void;
}

/** Counts the lines of a piece as far as somebody asks. */
class LineCount {
  readonly #piece: Buffer;
  readonly #first: () => number;
  #line = 0;
  #counted = 0;

  constructor(piece: Buffer, first: () => number) {
    this.#piece = piece;
    this.#first = first;
  }

  /** Offsets are asked for in ascending order. */
  at(offset: number): number {
    if (this.#line === 0) this.#line = this.#first();
    for (; this.#counted < offset; this.#counted++) if (this.#piece[this.#counted] === 0x0a) this.#line++;
    return this.#line;
  }
}

/**
 * Finds text in UTF-16, of either byte order, with or without a mark, as a whole file and between other bytes (the strings of a
 * .NET program): its ASCII characters are bytes beside zeros. At any other character a text ends.
 */
export class WideText {
  readonly #sink: WideTextSink;
  /** Made when there is something to put in: most files have no such text. */
  #text: Buffer | null = null;
  #length = 0;
  /** A character without its zero so far; -1: none. */
  #pending = -1;
  /** Whether a part of this text has been handed on. */
  #begun = false;
  /** Whether a zero stood in front of its first character. */
  #isBigEndian = false;
  /** Where its first character stands in the piece; -1: in one before, in `#startLine`. */
  #startAt = -1;
  /** 0: the last byte of the piece before, of which the line isn't known yet. */
  #startLine = 1;
  #lastWasZero = false;

  constructor(sink: WideTextSink) {
    this.#sink = sink;
  }

  /** @param line in which the piece begins; asked only when it matters */
  write(piece: Buffer, line: () => number): void {
    const { length } = piece;
    if (length === 0) return;
    if (this.#pending >= 0 && this.#startLine === 0) {
      // It was the last byte of the piece before.
      if (piece[0] === 0) this.#startLine = line() - (this.#pending === 0x0a ? 1 : 0);
      else this.#pending = -1;
    }
    const isOpen = this.#length > 0 || this.#pending >= 0;
    // Text of one byte a character has no zeros.
    if (!isOpen && piece.indexOf(0) < 0) {
      const last = piece[length - 1] as number;
      if (isText[last] === 1) {
        this.#pending = last;
        this.#isBigEndian = length === 1 && this.#lastWasZero;
        this.#startLine = 0;
        this.#startAt = -1;
      }
      this.#lastWasZero = false;
      return;
    }
    const lines = new LineCount(piece, line);
    let at = 0;
    while (at < piece.length) {
      if (this.#pending < 0 && this.#length === 0 && at + 9 < piece.length) {
        // A text that begins here or in the next bytes would have one zero and one character there.
        const isZero = piece[at + 8] === 0;
        if (isZero === (piece[at + 9] === 0)) {
          this.#lastWasZero = isZero;
          at += 9;
          continue;
        }
      }
      this.#take(piece[at] as number, at, lines);
      at++;
    }
    if (this.#startAt >= 0) {
      // Of a single character nobody asks the line before there is a second one.
      this.#startLine = this.#length === 0 ? 0 : lines.at(this.#startAt);
      this.#startAt = -1;
    }
  }

  #take(byte: number, at: number, lines: LineCount): void {
    if (this.#pending >= 0) {
      if (byte === 0) {
        this.#append(this.#pending, lines);
        this.#pending = -1;
        return;
      }
      if (this.#isBigEndian && this.#length > 0) this.#append(this.#pending, lines);
      this.#close(lines);
    } else if (isText[byte] === 0) {
      if (this.#length > 0) this.#close(lines);
      this.#lastWasZero = byte === 0;
      return;
    }
    if (isText[byte] === 1) {
      if (this.#length === 0) {
        this.#isBigEndian = this.#lastWasZero;
        this.#startAt = at;
      }
      this.#pending = byte;
    } else this.#pending = -1;
    this.#lastWasZero = false;
  }

  end(): void {
    // Nothing but a big-endian text ends with half of a character.
    if (this.#pending >= 0 && this.#length > 0) this.#append(this.#pending, null);
    this.#close(null);
    this.#pending = -1;
    this.#lastWasZero = false;
  }

  #append(character: number, lines: LineCount | null): void {
    if (this.#length === PART) this.#emit(lines);
    this.#text ??= Buffer.alloc(PART);
    this.#text[this.#length++] = character;
  }

  /** Hands on what there is of a text. */
  #emit(lines: LineCount | null): void {
    if (!this.#begun) this.#sink.begin(this.#startAt < 0 || lines === null ? this.#startLine : lines.at(this.#startAt));
    this.#begun = true;
    if (this.#text !== null) this.#sink.write(this.#text.subarray(0, this.#length));
    this.#length = 0;
  }

  #close(lines: LineCount | null): void {
    if (this.#begun || this.#length >= LEAST) {
      this.#emit(lines);
      this.#sink.end();
    }
    this.#begun = false;
    this.#length = 0;
    this.#startAt = -1;
  }
}
