import { PortcullisError } from '../errors.ts';

/** zstd's own default limit for a frame's window (`--memory`): 128 MiB. */
const MAX_WINDOW = 128 * 1024 * 1024;
const MAX_BLOCK = 128 * 1024;

/** What is gathered as a whole, and what is passed over. */
type Fields = 'magic' | 'skip-size' | 'descriptor' | 'header' | 'block-header';
type State = Fields | 'block' | 'checksum' | 'skip';

function damaged(why: string): PortcullisError {
  return new PortcullisError('IMAGE_INVALID', `The compressed data is damaged: ${why}.`);
}

/** Bytes of a frame header after its magic number, from its descriptor (RFC 8878, 3.1.1.1). */
function headerLength(descriptor: number): number {
  const singleSegment = (descriptor & 0x20) !== 0;
  const contentSize = ([singleSegment ? 1 : 0, 2, 4, 8] as const)[(descriptor >> 6) as 0 | 1 | 2 | 3];
  return 1 + (singleSegment ? 0 : 1) + ([0, 1, 2, 4] as const)[(descriptor & 3) as 0 | 1 | 2 | 3] + contentSize;
}

function windowOf(header: Buffer): number {
  const descriptor = header[0] as number;
  if ((descriptor & 0x20) === 0) {
    const window = header[1] as number;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  let size = 0;
  const from = 1 + (([0, 1, 2, 4] as const)[(descriptor & 3) as 0 | 1 | 2 | 3] as number);
  for (let at = header.length - 1; at >= from; at--) size = size * 256 + (header[at] as number);
  return descriptor >> 6 === 1 ? size + 256 : size;
}

/**
 * Walks the frames and blocks of zstd data that is pushed in chunks (RFC 8878), without decompressing: checks what
 * each frame asks for before a decompressor allocates it, and tells where blocks or frames end, for decompressors
 * that must be fed piece by piece.
 */
export class ZstdFrames {
  #state: State = 'magic';
  readonly #gathered = Buffer.alloc(16);
  #fill = 0;
  #need = 4;
  /** Bytes of the block, checksum or skippable frame that are still to come. */
  #left = 0;
  #lastBlock = false;
  #hasChecksum = false;
  #window = 0;
  #frames = 0;

  /** Whether the data may end here: between two frames. */
  get isComplete(): boolean {
    return this.#state === 'magic' && this.#fill === 0;
  }

  /** Bytes of the window that the current frame asks for. */
  get window(): number {
    return this.#window;
  }

  /** Frames with content that have begun. */
  get frames(): number {
    return this.#frames;
  }

  /**
   * Gives the offsets in the chunk at which blocks, or frames, end.
   * @throws PortcullisError IMAGE_LIMIT for a window over 128 MiB, IMAGE_INVALID for what is no zstd
   */
  *ends(chunk: Uint8Array, of: 'block' | 'frame'): Generator<number> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'block' || this.#state === 'checksum' || this.#state === 'skip') {
        const take = Math.min(this.#left, chunk.length - at);
        at += take;
        this.#left -= take;
        if (this.#left > 0) return;
        if (this.#state === 'block' && of === 'block') yield at;
        this.#afterData();
        if (of === 'frame' && this.isComplete) yield at;
      } else {
        const take = Math.min(this.#need - this.#fill, chunk.length - at);
        this.#gathered.set(chunk.subarray(at, at + take), this.#fill);
        this.#fill += take;
        at += take;
        if (this.#fill < this.#need) return;
        const fields = this.#gathered.subarray(0, this.#fill);
        this.#fill = 0;
        this.#fields(fields);
        if ((this.#state as State) === 'block' && this.#left === 0) {
          if (of === 'block') yield at;
          this.#afterData();
        }
        if (of === 'frame' && this.isComplete) yield at;
      }
    }
  }

  #expect(state: Fields, bytes: number): void {
    this.#state = state;
    this.#need = bytes;
  }

  #afterData(): void {
    if (this.#state !== 'block') this.#expect('magic', 4);
    else if (!this.#lastBlock) this.#expect('block-header', 3);
    else if (this.#hasChecksum) {
      this.#state = 'checksum';
      this.#left = 4;
    } else this.#expect('magic', 4);
  }

  #fields(bytes: Buffer): void {
    switch (this.#state) {
      case 'magic': {
        const magic = bytes.readUInt32LE(0);
        if (magic === 0xfd2fb528) this.#expect('descriptor', 1);
        else if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) this.#expect('skip-size', 4);
        else throw damaged('no zstd frame begins where one should');
        break;
      }
      case 'skip-size':
        this.#left = bytes.readUInt32LE(0);
        if (this.#left === 0) this.#expect('magic', 4);
        else this.#state = 'skip';
        break;
      case 'descriptor': {
        const descriptor = bytes[0] as number;
        if ((descriptor & 8) !== 0) throw damaged('a frame has a reserved bit set');
        this.#hasChecksum = (descriptor & 4) !== 0;
        this.#expect('header', headerLength(descriptor));
        this.#fill = 1; // the descriptor stays in its place
        break;
      }
      case 'header':
        this.#window = windowOf(bytes);
        this.#frames++;
        if (this.#window > MAX_WINDOW) {
          throw new PortcullisError('IMAGE_LIMIT', 'The zstd data asks for a window over 128 MiB.', { hint: 'Compress the layer without --ultra or --long.' });
        }
        this.#expect('block-header', 3);
        break;
      default: {
        const block = bytes.readUIntLE(0, 3);
        const size = block >> 3;
        const type = (block >> 1) & 3;
        if (type === 3) throw damaged('a block is of a reserved type');
        if (size > MAX_BLOCK) throw damaged('a block is too large');
        this.#lastBlock = (block & 1) === 1;
        this.#state = 'block';
        this.#left = type === 1 ? 1 : size;
      }
    }
  }
}
