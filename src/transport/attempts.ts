import { setTimeout as sleep } from 'node:timers/promises';
import { PortcullisError } from '../errors.ts';
import type { Answer } from './answer.ts';
import { Passing } from './passing.ts';
import type { RegistryLimits } from './registry-options.ts';

/** `Retry-After` (RFC 9110, section 10.2.3) in milliseconds; null where it is absent or rubbish. */
export function retryAfter(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  if (/^\s*[0-9]{1,9}\s*$/.test(text)) return Number(text) * 1000;
  // Node reads a date out of almost anything; a date of HTTP begins with the day of the week.
  const time = /^\s*[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}

/** Status codes of what may pass: time-outs, rate limits, trouble of the server. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status === 500 || status === 502 || status === 503 || status === 504;
}

/** Drops the answer of a status that may pass and says so. */
export async function passing(answer: Answer): Promise<Passing> {
  await answer.drop();
  return new Passing(`the server answers ${answer.status}`, { status: answer.status, wait: retryAfter(answer.header('retry-after'), Date.now()) });
}

/** The pause in milliseconds before another attempt: never less than the server asks for; else twice as long each time, cut short at random so that many clients don't come back at once. */
export function pauseBefore(failed: number, error: Passing, limits: RegistryLimits): number {
  const own = Math.min(limits.pause * 2 ** (failed - 1), limits.longestPause) * (0.5 + Math.random() / 2);
  return error.wait === null ? own : error.wait + own / 4;
}

/** Counts failures of one piece of work and waits between them. */
export class Attempts {
  readonly #limits: RegistryLimits;
  readonly #signal: AbortSignal;
  readonly #what: string;
  #failed = 0;

  /** @param what what is fetched, for the error that ends the attempts */
  constructor(what: string, limits: RegistryLimits, signal: AbortSignal) {
    this.#what = what;
    this.#limits = limits;
    this.#signal = signal;
  }

  /** There was progress: earlier failures no longer count. */
  succeeded(): void {
    this.#failed = 0;
  }

  /** Waits until the next attempt. @throws {PortcullisError} REGISTRY_UNREACHABLE, REGISTRY_LIMITED when there is none */
  async after(error: Passing): Promise<void> {
    this.#failed++;
    const isLimited = error.status === 429;
    const waitsTooLong = error.wait !== null && error.wait > this.#limits.longestPause;
    if (this.#failed >= this.#limits.attempts || waitsTooLong) {
      if (isLimited) {
        throw new PortcullisError('REGISTRY_LIMITED', `${this.#what} can't be fetched: the registry limits how often it may be asked.`, {
          hint: `${error.wait === null ? 'Try again later' : `It asks to wait ${Math.ceil(error.wait / 1000)} seconds`}; who logs in is usually allowed more.`,
          cause: error,
        });
      }
      const times = this.#failed === 1 ? '' : ` (${this.#failed} attempts)`;
      throw new PortcullisError('REGISTRY_UNREACHABLE', `${this.#what} can't be fetched: ${error.message}${times}.`, {
        hint: 'Check the network and the registry, and try again.',
        cause: error,
      });
    }
    await sleep(pauseBefore(this.#failed, error, this.#limits), undefined, { signal: this.#signal }).catch(() => this.#signal.throwIfAborted());
  }
}

/** Does the work until it goes well or there is no next attempt. */
export async function withAttempts<T>(what: string, limits: RegistryLimits, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const attempts = new Attempts(what, limits, signal);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      await attempts.after(error);
    }
  }
}
