import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { PortcullisError } from '../errors.ts';
import { CLAMAV_MAX_BYTES, LIMIT_ALERT, resultOf, scannerFactsOf } from './answer.ts';
import { type Job, ScanQueue } from './scan-queue.ts';
import type { MalwareScanner, ScanResult } from './scanner.ts';

/** Where clamd listens: a Unix socket's path, or a host and port. */
export type ClamdAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** Contents at a time; clamd has ten threads unless told otherwise. */
const CONNECTIONS = 4;
/** Longer than any answer. */
const MAX_ANSWER = 64 * 1024;
/** clamd ends a scan by itself after two minutes unless told otherwise (MaxScanTime). */
const SILENCE = 300_000;
const CONNECT_TIME = 10_000;
const HANG_UP_TIME = 1_000;
/** The least that MaxFileSize of clamd.conf is by the packages and by ClamAV itself. */
const SURELY_SCANNED = 25 * 1024 * 1024;
/** Deeper than MaxRecursion can be (100). */
const NESTED = 120;

/** A conversation of one command, as clamd(8) has it: `z` commands and answers end in a zero byte. */
class Conversation {
  readonly #socket: Socket;
  #answer = Buffer.alloc(0);
  #failure: Error | null = null;
  #hasEnded = false;
  #wake: (() => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (piece: Buffer) => {
      this.#answer = Buffer.concat([this.#answer, piece]);
      if (this.#answer.length > MAX_ANSWER) socket.destroy(new Error('its answer is too long'));
      this.#wake?.();
    });
    socket.setTimeout(SILENCE, () => socket.destroy(new Error(`it gave no answer within ${SILENCE / 1000} seconds`)));
    socket.on('error', (error) => {
      this.#failure ??= error;
      this.#wake?.();
    });
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.#hasEnded = true;
        this.#wake?.();
      });
    }
    socket.on('drain', () => this.#wake?.());
  }

  /** @throws the system's error when there is nobody */
  static async open(address: ClamdAddress): Promise<Conversation> {
    const socket = connect(address);
    const late = setTimeout(() => socket.destroy(new Error(`nobody answers within ${CONNECT_TIME / 1000} seconds`)), CONNECT_TIME);
    try {
      await once(socket, 'connect');
    } finally {
      clearTimeout(late);
    }
    return new Conversation(socket);
  }

  /** Whether more can be said: clamd may answer, or leave, before it has heard everything. */
  get isOpen(): boolean {
    return !this.#hasEnded && this.#failure === null && !this.#answer.includes(0);
  }

  async send(bytes: Buffer): Promise<void> {
    if (!this.isOpen || this.#socket.write(bytes)) return;
    while (this.isOpen && this.#socket.writableNeedDrain) await this.#change();
  }

  /** The answer; undefined when clamd left, or kept silent for too long, without a whole one: `failure` says more. */
  async answer(): Promise<string | undefined> {
    while (this.isOpen) await this.#change();
    const end = this.#answer.indexOf(0);
    // clamd hangs up first: over TCP the port is then free at once, where thousands of contents go one after the other.
    if (end >= 0 && !this.#hasEnded) await Promise.race([this.#change(), delay(HANG_UP_TIME, undefined, { ref: false })]);
    return end < 0 ? undefined : this.#answer.toString('utf8', 0, end);
  }

  /** Why there is no answer: its last words, which it doesn't end by a zero byte (`COMMAND READ TIMED OUT`), or what befell the connection. */
  get failure(): string {
    const words = this.#answer.toString('utf8', 0, 200).trim();
    return words !== '' ? `it says ${JSON.stringify(words)}` : (this.#failure?.message ?? 'it closed the connection');
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }
}

function placeOf(address: ClamdAddress): string {
  if ('path' in address) return address.path;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

function unavailable(address: ClamdAddress, why: string): PortcullisError {
  return new PortcullisError('SCANNER_UNAVAILABLE', `clamd at ${placeOf(address)} cannot be used: ${why}.`, {
    hint: 'See that it runs and has loaded its signatures (clamdscan --ping 5), or use --clamav clamscan.',
  });
}

async function ask(address: ClamdAddress, command: string): Promise<string> {
  const conversation = await Conversation.open(address).catch((error: NodeJS.ErrnoException) => {
    throw unavailable(address, error.code ?? error.message);
  });
  await conversation.send(Buffer.from(`z${command}\0`));
  const answer = await conversation.answer();
  conversation.destroy();
  if (answer === undefined) throw unavailable(address, conversation.failure);
  return answer;
}

/** What became of one content: clamd's answer and whether it had heard everything by then; undefined: there is no answer, and why. */
interface Sent {
  readonly answer: string | undefined;
  readonly isWhole: boolean;
  readonly bytes: number;
  readonly why: string;
}

/**
 * Sends one content by INSTREAM: pieces with their length in front, an empty one at the end (clamd(8)).
 * @throws PortcullisError SCANNER_UNAVAILABLE when clamd can't be reached
 */
async function stream(address: ClamdAddress, content: Pick<Job, 'pieces' | 'isAbandoned'>, open: Set<Conversation>): Promise<Sent> {
  const conversation = await Conversation.open(address).catch((error: NodeJS.ErrnoException) => {
    throw unavailable(address, error.code ?? error.message);
  });
  open.add(conversation);
  try {
    await conversation.send(Buffer.from('zINSTREAM\0'));
    let bytes = 0;
    for await (const piece of content.pieces()) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(piece.length);
      await conversation.send(Buffer.concat([length, piece]));
      bytes += piece.length;
      if (!conversation.isOpen) break;
    }
    if (content.isAbandoned) return { answer: undefined, isWhole: false, bytes, why: 'it was abandoned' };
    const isWhole = conversation.isOpen;
    await conversation.send(Buffer.alloc(4));
    return { answer: await conversation.answer(), isWhole, bytes, why: conversation.failure };
  } finally {
    conversation.destroy();
    open.delete(conversation);
  }
}

/** A text in archives, one in another, so deep that a clamd which tells of its limits (AlertExceedsMax) must do so. */
async function* nested(): AsyncGenerator<Buffer> {
  let content: Buffer = Buffer.from('nested');
  for (let depth = 0; depth < NESTED; depth++) content = gzipSync(content);
  yield content;
}

/** One clamd, and what is known of it. */
class Clamd {
  readonly #address: ClamdAddress;
  readonly #open = new Set<Conversation>();
  #tellsLimits: Promise<boolean> | null = null;

  constructor(address: ClamdAddress) {
    this.#address = address;
  }

  /**
   * Hands one content over and reports. When clamd leaves without an answer and isn't there any more afterwards, the scanner failed.
   * @throws PortcullisError SCANNER_UNAVAILABLE
   */
  async scan(job: Job): Promise<void> {
    try {
      const sent = await stream(this.#address, job, this.#open);
      if (!job.isAbandoned) {
        const result = await this.#resultOf(sent);
        if (!job.isAbandoned) job.report(result);
      }
    } finally {
      job.drop();
    }
  }

  async #resultOf({ answer, isWhole, bytes, why }: Sent): Promise<ScanResult> {
    if (answer === undefined) {
      await ask(this.#address, 'PING');
      return { state: 'unscanned', why: `clamd gave up on it after ${bytes} bytes (${why}): StreamMaxLength of clamd.conf says how many it takes` };
    }
    const result = resultOf(answer.replace(/^stream: /, ''));
    if (result.state !== 'clean') return result;
    if (!isWhole) return { state: 'unscanned', why: `clamd answered after ${bytes} bytes, before it had the rest` };
    if (bytes <= SURELY_SCANNED || (await this.#doesTellLimits())) return result;
    return {
      state: 'unscanned',
      why: `it has ${bytes} bytes, and clamd does not tell when it leaves a file out for its size: set AlertExceedsMax yes in clamd.conf`,
    };
  }

  /** Whether clamd says so when a limit keeps it from looking at all of a content. By default it calls such a content OK. */
  #doesTellLimits(): Promise<boolean> {
    this.#tellsLimits ??= stream(this.#address, { pieces: nested, isAbandoned: false }, this.#open).then(({ answer = '' }) => answer.includes(LIMIT_ALERT));
    return this.#tellsLimits;
  }

  close(): void {
    for (const conversation of this.#open) conversation.destroy();
  }
}

/**
 * ClamAV as a running clamd.
 * @throws PortcullisError SCANNER_UNAVAILABLE when it doesn't answer
 */
export async function openClamd(address: ClamdAddress): Promise<MalwareScanner> {
  const answer = await ask(address, 'VERSION');
  const about = scannerFactsOf(answer);
  if (about === undefined) throw unavailable(address, `it answers ${JSON.stringify(answer.slice(0, 100))}, which is not clamd's way`);
  const clamd = new Clamd(address);
  const queue = new ScanQueue(CONNECTIONS, async (next) => {
    for (let job = await next(); job !== null; job = await next()) await clamd.scan(job);
  });
  return {
    about,
    maxBytes: CLAMAV_MAX_BYTES,
    scan: (report) => queue.add(report),
    ready: () => queue.ready(),
    finish: () => queue.finish(),
    close: async () => {
      queue.close();
      clamd.close();
    },
  };
}
