import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { PortcullisError } from '../errors.ts';
import { type Answer, readBody } from './answer.ts';
import { Attempts, isPassingStatus, passing } from './attempts.ts';
import { Connections } from './connections.ts';
import { exchange } from './exchange.ts';
import { shownUrl } from './http.ts';
import { Passing, reasonOf } from './passing.ts';
import { defaultRegistryLimits, defaultRegistryOptions, type RegistryLimits } from './registry-options.ts';

/** How to reach feeds. */
export interface FeedClientOptions {
  /** Proxies and further certificates (`NODE_EXTRA_CA_CERTS`) are taken from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Certificates (PEM) that are trusted in addition; null: none. */
  readonly caFile: string | null;
  readonly limits?: Partial<RegistryLimits>;
}

/** Something that was fetched. */
export interface Fetched {
  /** `Last-Modified` (RFC 9110, section 8.8.2) as RFC 3339; null when the server doesn't say. */
  readonly lastModified: string | null;
  readonly bytes: Buffer;
}

/** A file that was downloaded. */
export interface FetchedFile {
  readonly lastModified: string | null;
  readonly size: number;
}

/** Downloads that go on and on with a byte each time are ended too. */
const mostInterruptions = 100;
const mostBytes = 4 * 1024 * 1024 * 1024;

/** What is known of a download that isn't complete: beside it, so that a later run goes on with it. */
interface PartialDownload {
  readonly url: string;
  /** A strong ETag, else the time of the last change: with either a server knows whether it has changed (RFC 9110, section 13.1.5). */
  readonly validator: string;
  readonly lastModified: string | null;
}

/**
 * Fetches feeds over http and https: keeps connections open, follows redirects, tries again with growing pauses what may pass, goes on with
 * downloads that were cut. Honours proxies, `--ca-file` and `NODE_EXTRA_CA_CERTS`. Close it after use.
 *
 * All methods throw a PortcullisError FEED_NOT_FOUND when something can't be fetched for good, USAGE_FILE when the certificate file can't
 * be read.
 */
export class FeedClient {
  readonly #connections: Connections;
  readonly #limits: RegistryLimits;

  constructor({ env, caFile, limits }: FeedClientOptions) {
    this.#limits = { ...defaultRegistryLimits, ...limits };
    this.#connections = new Connections({ ...defaultRegistryOptions(env), caFile, limits: this.#limits });
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }

  /** Something small, whole; null when the server doesn't have it. `most`: bytes. */
  async read(url: string, most: number, signal: AbortSignal): Promise<Fetched | null> {
    return await this.#attempt(url, signal, async () => {
      const answer = await this.#ask(url, 'GET', {}, signal);
      if (isAbsent(answer)) return null;
      const announced = answer.header('content-length');
      const bytes = await readBody(answer, most, shownUrl(url));
      if (announced !== undefined && Number(announced) !== bytes.length) throw new Passing(`the server announced ${announced} bytes and sent ${bytes.length}`);
      return { bytes, lastModified: timeOf(answer) };
    });
  }

  /** How many bytes something has; null when the server doesn't have it or doesn't say. */
  async size(url: string, signal: AbortSignal): Promise<number | null> {
    return await this.#attempt(url, signal, async () => {
      const answer = await this.#ask(url, 'HEAD', {}, signal);
      const length = answer.header('content-length');
      answer.cancel();
      return isAbsent(answer) || length === undefined || !/^\d{1,15}$/.test(length) ? null : Number(length);
    });
  }

  /**
   * Downloads into a file; null when the server doesn't have it. What an earlier call left in the file and its companion `PATH.json` is gone
   * on with when the server says that it is still the same.
   */
  async download(url: string, path: string, signal: AbortSignal, progress?: (done: number, total: number | null) => void): Promise<FetchedFile | null> {
    const attempts = new Attempts(shownUrl(url), this.#limits, signal);
    for (let interruptions = 0; ; interruptions++) {
      const before = await lengthOf(path);
      try {
        return await this.#downloadOn(url, path, signal, progress);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Passing)) throw await asFeedError(error);
        if ((await lengthOf(path)) > before && interruptions < mostInterruptions) attempts.succeeded();
        await attempts.after(error).catch(async (failure) => {
          throw await asFeedError(failure);
        });
      }
    }
  }

  async #downloadOn(
    url: string,
    path: string,
    signal: AbortSignal,
    progress: ((done: number, total: number | null) => void) | undefined,
  ): Promise<FetchedFile | null> {
    const known = await partialOf(path, url);
    let at = known === null ? 0 : await lengthOf(path);
    const answer = await this.#ask(url, 'GET', at === 0 || known === null ? {} : { range: `bytes=${at}-`, 'if-range': known.validator }, signal, [416]);
    if (isAbsent(answer)) return null;
    if (answer.status === 416) {
      await answer.drop();
      const total = /^bytes \*\/(\d{1,15})$/.exec(answer.header('content-range') ?? '')?.[1];
      if (Number(total) === at && known !== null) return { size: at, lastModified: known.lastModified };
      await forget(path);
      throw new Passing('the server has another file than before');
    }
    if (answer.status === 206) {
      if (!new RegExp(`^bytes ${at}-\\d{1,15}/(?:\\d{1,15}|\\*)$`).test(answer.header('content-range') ?? '')) {
        answer.cancel();
        await forget(path);
        throw new Passing('the server sends another part than was asked for');
      }
    } else {
      at = 0;
      await forget(path);
    }
    const encoding = answer.header('content-encoding') ?? 'identity';
    if (encoding !== 'identity') {
      answer.cancel();
      throw failed(url, `the server sends it in the encoding ${encoding}, which wasn't asked for`);
    }
    const announced = answer.header('content-length');
    const total = announced !== undefined && /^\d{1,15}$/.test(announced) ? at + Number(announced) : null;
    if (total !== null && total > mostBytes) {
      answer.cancel();
      throw failed(url, `it is larger than ${mostBytes} bytes`);
    }
    const lastModified = timeOf(answer) ?? known?.lastModified ?? null;
    if (at === 0) await remember(path, url, answer, lastModified);
    const size = await append(answer, path, at, total, url, progress);
    return { size, lastModified };
  }

  async #ask(
    url: string,
    method: 'GET' | 'HEAD',
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    also: readonly number[] = [],
  ): Promise<Answer> {
    const answer = await exchange(this.#connections, { url: parsed(url), method, headers, limits: this.#limits, signal });
    const { status } = answer;
    if (isAbsent(answer)) await answer.drop();
    if (status === 200 || status === 206 || isAbsent(answer) || also.includes(status)) return answer;
    if (isPassingStatus(status)) throw await passing(answer);
    await answer.drop();
    throw failed(url, `the server answers ${status}`);
  }

  async #attempt<T>(url: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const attempts = new Attempts(shownUrl(url), this.#limits, signal);
    for (;;) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Passing)) throw await asFeedError(error);
        await attempts.after(error).catch(async (failure) => {
          throw await asFeedError(failure);
        });
      }
    }
  }
}

function parsed(url: string): URL {
  const result = URL.canParse(url) ? new URL(url) : undefined;
  if (result !== undefined && (result.protocol === 'https:' || result.protocol === 'http:')) return result;
  throw new PortcullisError('USAGE', 'The address to fetch is not an http or https URL.', { hint: 'Give one like https://example.org/osv' });
}

const isAbsent = ({ status }: Answer): boolean => status === 404 || status === 410;

function timeOf(answer: Answer): string | null {
  const time = Date.parse(answer.header('last-modified') ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

async function lengthOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function forget(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.json`, { force: true });
}

async function partialOf(path: string, url: string): Promise<PartialDownload | null> {
  try {
    const known = JSON.parse(await readFile(`${path}.json`, 'utf8')) as PartialDownload;
    return known.url === shownUrl(url) && typeof known.validator === 'string' && /^[!-~ ]{1,200}$/.test(known.validator) ? known : null;
  } catch {
    return null;
  }
}

async function remember(path: string, url: string, answer: Answer, lastModified: string | null): Promise<void> {
  const etag = answer.header('etag');
  const validator = etag !== undefined && /^"[!-~]{0,190}"$/.test(etag) ? etag : answer.header('last-modified');
  if (validator === undefined) return;
  const known: PartialDownload = { url: shownUrl(url), validator, lastModified };
  await writeFile(`${path}.json.new`, JSON.stringify(known), { mode: 0o600 });
  await rename(`${path}.json.new`, `${path}.json`);
}

/** Writes the body behind what is there. Gives the file's length. */
async function append(
  answer: Answer,
  path: string,
  from: number,
  total: number | null,
  url: string,
  progress: ((done: number, total: number | null) => void) | undefined,
): Promise<number> {
  let at = from;
  let file: FileHandle | undefined;
  try {
    file = await open(path, from === 0 ? 'w' : 'a', 0o600);
    for await (const chunk of answer.body) {
      at += chunk.length;
      if (at > (total ?? mostBytes)) break;
      await file.writeFile(chunk);
      progress?.(at, total);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'write' || (error as NodeJS.ErrnoException).syscall === 'open') throw error;
    throw new Passing(reasonOf(error), { cause: error });
  } finally {
    await file?.close();
    answer.cancel();
  }
  if (total === null && at > mostBytes) throw failed(url, `it is larger than ${mostBytes} bytes`);
  if (total !== null && at !== total) {
    if (at > total) await forget(path);
    throw new Passing(`the server announced ${total} bytes and sent ${at > total ? 'more' : at}`);
  }
  return at;
}

function failed(url: string, why: string, cause?: unknown): PortcullisError {
  return new PortcullisError('FEED_NOT_FOUND', `${shownUrl(url)} can't be fetched: ${why}.`, {
    hint: 'Check the address, the network and the proxy (HTTPS_PROXY, NO_PROXY, --ca-file); an exported file can be imported without a network.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What the exchange says of registries, said of feeds. */
async function asFeedError(error: unknown): Promise<unknown> {
  if (!(error instanceof PortcullisError) || error.code === 'FEED_NOT_FOUND' || error.code.startsWith('USAGE')) return error;
  return new PortcullisError('FEED_NOT_FOUND', error.message, {
    hint: 'Check the address, the network and the proxy (HTTPS_PROXY, NO_PROXY, --ca-file); an exported file can be imported without a network.',
    cause: error,
  });
}
