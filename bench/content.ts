/** Numbers that are the same on every machine (xorshift32). */
export class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }
  /** From 0 to 2^32. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state;
  }
  below(limit: number): number {
    return this.next() % limit;
  }
  /** Small numbers far more often than large ones, as words of a text or instructions of a program are. */
  often(limit: number): number {
    return Math.floor(limit ** (this.next() / 2 ** 32)) - 1;
  }
  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.next().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }
}

const POOL = 24 * 1024 * 1024;

function words(chance: Chance, count: number): string[] {
  return Array.from({ length: count }, () => {
    let word = '';
    for (let length = 2 + chance.below(9); length > 0; length--) word += 'etaoinshrdlucmfwypvbgkjqxz'[chance.often(26)];
    return word;
  });
}

function textPool(chance: Chance, glue: readonly string[]): Buffer {
  const vocabulary = words(chance, 8_000);
  const pool = Buffer.alloc(POOL);
  let line = 0;
  for (let at = 0; at < POOL; ) {
    const word = `${vocabulary[chance.often(vocabulary.length)]}${glue[chance.often(glue.length)]}`;
    line += word.length;
    at += pool.write(line > 70 ? `${word.trimEnd()}\n` : word, at, 'latin1');
    if (line > 70) line = 0;
  }
  return pool;
}

/** Words of 4 bytes, few of them often: gzip shrinks it as it does machine code. */
function codePool(chance: Chance): Buffer {
  const instructions = Array.from({ length: 20_000 }, () => chance.next());
  const pool = Buffer.alloc(POOL);
  for (let at = 0; at < POOL; at += 4) {
    const isImmediate = chance.below(6) === 0;
    pool.writeUInt32LE(isImmediate ? chance.below(4096) : (instructions[chance.often(instructions.length)] as number), at);
  }
  return pool;
}

function noisePool(chance: Chance): Buffer {
  const pool = Buffer.alloc(POOL);
  for (let at = 0; at < POOL; at += 4) pool.writeUInt32LE(chance.next(), at);
  return pool;
}

/** Contents of files as they stand in images, cut out of pools at random. */
export class Content {
  readonly chance: Chance;
  readonly #pools: Readonly<Record<'text' | 'script' | 'code' | 'noise', Buffer>>;
  constructor(seed: number) {
    this.chance = new Chance(seed);
    this.#pools = {
      text: textPool(this.chance, [' ', ', ', '. ', ' ', '; ', ' (', ') ']),
      script: textPool(this.chance, [' = ', '(', ') ', '.', '; ', ' { ', ' }\n  ', ', ', "'", ': ', ' => ', '\n  ', ' - ', '/* ', ' */ ']),
      code: codePool(this.chance),
      noise: noisePool(this.chance),
    };
  }
  /** A part of a pool, not a copy: at most 24 MiB. */
  of(kind: 'text' | 'script' | 'code' | 'noise', size: number): Buffer {
    const start = this.chance.below(Math.max(1, (POOL - size) >> 2)) << 2;
    return this.#pools[kind].subarray(start, start + size);
  }
  /** A size around a mean: many small ones, few large. */
  size(mean: number): number {
    return Math.max(16, Math.round(-Math.log(1 - this.chance.next() / 2 ** 32) * mean));
  }
}
