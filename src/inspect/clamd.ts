import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { PortcullisError } from '../errors.ts';
import { CLAMAV_MAX_BYTES, resultOf, scannerFactsOf } from './answer.ts';
import { type Job, ScanQueue } from './scan-queue.ts';
import type { MalwareScanner } from './scanner.ts';

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
    socket.on('close', () => {
      this.#hasEnded = true;
      this.#wake?.();
    });
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

  /** The answer; undefined when clamd left without one. @throws Error when it keeps silent for too long */
  async answer(): Promise<string | undefined> {
    while (this.isOpen) await this.#change();
    const end = this.#answer.indexOf(0);
    // clamd hangs up first: over TCP the port is then free at once, where thousands of contents go one after the other.
    if (end >= 0 && !this.#hasEnded) await Promise.race([this.#change(), delay(HANG_UP_TIME, undefined, { ref: false })]);
    return end < 0 ? undefined : this.#answer.toString('utf8', 0, end);
  }

  get failure(): string {
    return this.#failure?.message ?? 'it closed the connection';
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
  return 'path' in address ? address.path : `${address.host}:${address.port}`;
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

/**
 * Sends one content by INSTREAM: pieces with their length in front, an empty one at the end (clamd(8)). A clamd that leaves in the
 * middle says so by its limit of such streams; when it is not there any more afterwards, the scanner failed.
 * @throws PortcullisError SCANNER_UNAVAILABLE
 */
async function scanOne(address: ClamdAddress, job: Job, open: Set<Conversation>): Promise<void> {
  const conversation = await Conversation.open(address).catch((error: NodeJS.ErrnoException) => {
    throw unavailable(address, error.code ?? error.message);
  });
  open.add(conversation);
  try {
    await conversation.send(Buffer.from('zINSTREAM\0'));
    let sent = 0;
    for await (const piece of job.pieces()) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(piece.length);
      await conversation.send(Buffer.concat([length, piece]));
      sent += piece.length;
      if (!conversation.isOpen) break;
    }
    if (job.isAbandoned) return;
    await conversation.send(Buffer.alloc(4));
    const answer = await conversation.answer();
    if (answer !== undefined) job.report(resultOf(answer.replace(/^stream: /, '')));
    else {
      const why = conversation.failure;
      await ask(address, 'PING');
      job.report({ state: 'unscanned', why: `clamd gave up on it after ${sent} bytes (${why}): StreamMaxLength of clamd.conf says how many it takes` });
    }
  } finally {
    job.drop();
    conversation.destroy();
    open.delete(conversation);
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
  const open = new Set<Conversation>();
  const queue = new ScanQueue(CONNECTIONS, async (next) => {
    for (let job = await next(); job !== null; job = await next()) await scanOne(address, job, open);
  });
  return {
    about,
    maxBytes: CLAMAV_MAX_BYTES,
    scan: (report) => queue.add(report),
    ready: () => queue.ready(),
    finish: () => queue.finish(),
    close: async () => {
      queue.close();
      for (const conversation of open) conversation.destroy();
    },
  };
}
