/** One element of BER (X.690): its tag, what is in it, all its bytes, and where the next begins. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly raw: Buffer;
  readonly end: number;
}

/** How deep elements of indefinite length may lie in one another: real files have ten levels. */
const MAX_DEPTH = 32;
const CONSTRUCTED = 0x20;

/** The element at this place, of definite or indefinite length; undefined when the bytes don't hold it. */
export function element(bytes: Buffer, at: number, depth = 0): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  // Tags of several bytes don't occur in what is read here.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let from = at + 2;
  if (first === 0x80) return (tag & CONSTRUCTED) === 0 ? undefined : indefinite(bytes, at, from, depth);
  let length = first;
  if (first & 0x80) {
    const count = first & 0x7f;
    if (count > 4 || from + count > bytes.length) return undefined;
    length = bytes.readUIntBE(from, count);
    from += count;
  }
  const end = from + length;
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(from, end), raw: bytes.subarray(at, end), end };
}

/** An element that goes on until two zeros stand in an element's place. */
function indefinite(bytes: Buffer, at: number, from: number, depth: number): Element | undefined {
  if (depth >= MAX_DEPTH) return undefined;
  let end = from;
  while (bytes[end] !== 0 || bytes[end + 1] !== 0) {
    const inner = element(bytes, end, depth + 1);
    if (inner === undefined) return undefined;
    end = inner.end;
  }
  return { tag: bytes[at] as number, content: bytes.subarray(from, end), raw: bytes.subarray(at, end + 2), end: end + 2 };
}

/** Elements of one sequence: a store of certificates has some hundred. */
const MAX_ELEMENTS = 100_000;

/** The elements that stand in another, as far as they can be read. */
export function elementsIn(content: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length && found.length < MAX_ELEMENTS; ) {
    const next = element(content, at);
    if (next === undefined) break;
    found.push(next);
    at = next.end;
  }
  return found;
}

/** The bytes of an octet string, which BER may write in parts. */
export function octets({ tag, content }: Element, depth = 0): Buffer {
  if ((tag & CONSTRUCTED) === 0 || depth >= MAX_DEPTH) return content;
  return Buffer.concat(elementsIn(content).map((part) => octets(part, depth + 1)));
}

/** An object identifier in dotted form; undefined when the element is none. */
export function identifier(element: Element | undefined): string | undefined {
  if (element === undefined || element.tag !== 6 || element.content.length > 40) return undefined;
  const numbers: number[] = [];
  let value = 0;
  for (const byte of element.content) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (numbers.length === 0) numbers.push(Math.min(Math.floor(value / 40), 2), value - 40 * Math.min(Math.floor(value / 40), 2));
    else numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}

/** The elements of the sequence that a file consists of, wholly; undefined when it is none. */
export function wholeSequence(bytes: Uint8Array): Element[] | undefined {
  if (bytes[0] !== 0x30) return undefined;
  const sequence = element(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
  return sequence === undefined || sequence.end !== bytes.length ? undefined : elementsIn(sequence.content);
}
