/** The order of versions in one ecosystem. */
export interface VersionOrder {
  /** Short name, unique among the orders: `dpkg`. */
  readonly name: string;
  /** Link to the text or program that defines the order. */
  readonly specification: string;
  /** True when the text has a place in this order. */
  valid(text: string): boolean;
  /**
   * -1 when `a` is older than `b`, 1 when it is newer, 0 when neither is.
   * `undefined` when a text is not valid: the two cannot be compared. Never a guess.
   */
  compare(a: string, b: string): -1 | 0 | 1 | undefined;
}

/** How an order reads a text and compares what it has read. */
export interface VersionOrderParts<Version> {
  readonly name: string;
  readonly specification: string;
  /** The version that the text says, or `undefined` when it says none. Must not throw. */
  parse(text: string): Version | undefined;
  /** Negative, zero or positive. Must not throw. */
  compare(a: Version, b: Version): number;
}

const memoryEntries = 4096;
const memoryTextLength = 128;

/**
 * Makes an order out of a parser and a comparison.
 * It remembers the last versions read, because matching compares the same texts many times; the memory is bounded.
 */
export function defineOrder<Version>(parts: VersionOrderParts<Version>): VersionOrder {
  const memory = new Map<string, Version | undefined>();
  const read = (text: string): Version | undefined => {
    const known = memory.get(text);
    if (known !== undefined || memory.has(text)) return known;
    const version = parts.parse(text);
    if (text.length <= memoryTextLength) {
      if (memory.size >= memoryEntries) memory.clear();
      memory.set(text, version);
    }
    return version;
  };
  return {
    name: parts.name,
    specification: parts.specification,
    valid: (text) => read(text) !== undefined,
    compare(a, b) {
      const left = read(a);
      const right = read(b);
      if (left === undefined || right === undefined) return undefined;
      const result = parts.compare(left, right);
      return result < 0 ? -1 : result > 0 ? 1 : 0;
    },
  };
}
