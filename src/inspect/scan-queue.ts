import type { ContentScan, ScanResult } from './scanner.ts';

/** Bytes that may wait in memory for the scanner. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** Contents that may wait, also where they are tiny. */
const MAX_WAITING = 1_000;
const ZEROS = Buffer.alloc(64 * 1024);

/** A content on its way to the scanner. */
export interface Job {
  readonly report: (result: ScanResult) => void;
  /** Its pieces, each once, as they arrive. Ends early when the content is abandoned: `isAbandoned` then says so. */
  pieces(): AsyncGenerator<Buffer>;
  readonly isAbandoned: boolean;
  /** Nobody will take the rest of the pieces; what has not been reported by then never is. */
  drop(): void;
}

class Pieces implements ContentScan, Job {
  readonly report: (result: ScanResult) => void;
  readonly #queue: ScanQueue;
  /** A number stands for so many zeros. */
  #waiting: (Buffer | number)[] = [];
  #hasEnded = false;
  #isDropped = false;
  isAbandoned = false;
  #wake: (() => void) | null = null;

  constructor(queue: ScanQueue, report: (result: ScanResult) => void) {
    this.#queue = queue;
    this.report = report;
  }

  write(piece: Buffer): void {
    if (this.#isDropped || piece.length === 0) return;
    this.#waiting.push(Buffer.from(piece));
    this.#queue.held(piece.length);
    this.#wake?.();
  }

  skip(zeros: number): void {
    if (this.#isDropped || zeros === 0) return;
    this.#waiting.push(zeros);
    this.#wake?.();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake?.();
  }

  abandon(): void {
    this.isAbandoned = true;
    this.end();
  }

  drop(): void {
    this.#isDropped = true;
    this.isAbandoned = true;
    for (const piece of this.#waiting) if (typeof piece !== 'number') this.#queue.held(-piece.length);
    this.#waiting = [];
    this.#queue.taken(this);
    this.#wake?.();
  }

  async *pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      const piece = this.#waiting.shift();
      if (piece === undefined) {
        if (this.#hasEnded || this.#isDropped) {
          this.#queue.taken(this);
          return;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      } else if (typeof piece === 'number') {
        for (let left = piece; left > 0 && !this.#isDropped; left -= ZEROS.length) yield left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS;
      } else {
        this.#queue.held(-piece.length);
        yield piece;
      }
    }
  }
}

/**
 * Contents that wait for a scanner, in order, with workers that take them. The reading of an image waits for the queue (`ready`), so
 * that memory stays bounded. The first failure of a worker is everybody's: nothing is taken after it.
 */
export class ScanQueue {
  readonly #jobs: Pieces[] = [];
  /** Waiting or at work. */
  readonly #open = new Set<Pieces>();
  #heldBytes = 0;
  #isClosed = false;
  #failure: unknown = null;
  readonly #waiters = new Set<() => void>();
  readonly #workers: Promise<void>[];

  /** @param work takes jobs with `next` until there is none; how many do so at a time is `workers` */
  constructor(workers: number, work: (next: () => Promise<Job | null>) => Promise<void>) {
    this.#workers = Array.from({ length: workers }, () =>
      work(() => this.#next()).catch((error: unknown) => {
        this.#failure ??= error;
        this.#isClosed = true;
        this.#dropAll();
      }),
    );
  }

  add(report: (result: ScanResult) => void): ContentScan {
    const job = new Pieces(this, report);
    if (this.#isClosed) job.drop();
    else {
      this.#jobs.push(job);
      this.#open.add(job);
    }
    this.#changed();
    return job;
  }

  /** Counts bytes that are held for the scanner, or let go. */
  held(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes < 0) this.#changed();
  }

  /** @throws what a worker threw */
  async ready(): Promise<void> {
    while (this.#failure === null && (this.#heldBytes > MAX_WAITING_BYTES || this.#jobs.length > MAX_WAITING)) await this.#change();
    if (this.#failure !== null) throw this.#failure;
  }

  /** Waits until every job is done. @throws what a worker threw */
  async finish(): Promise<void> {
    this.#isClosed = true;
    this.#changed();
    await Promise.all(this.#workers);
    if (this.#failure !== null) throw this.#failure;
  }

  /** A job whose pieces have all been taken. */
  taken(job: Pieces): void {
    this.#open.delete(job);
  }

  /** Lets everything go that waits or is at work. */
  close(): void {
    this.#isClosed = true;
    this.#dropAll();
  }

  #dropAll(): void {
    this.#jobs.length = 0;
    for (const job of this.#open) job.drop();
    this.#open.clear();
    this.#changed();
  }

  async #next(): Promise<Job | null> {
    for (;;) {
      if (this.#failure !== null) return null;
      const job = this.#jobs.shift();
      if (job !== undefined) {
        this.#changed();
        return job;
      }
      if (this.#isClosed) return null;
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.add(resolve);
    });
  }

  #changed(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const wake of waiters) wake();
  }
}
