import type { ClientRequest, IncomingMessage } from 'node:http';
import { PortcullisError } from '../errors.ts';
import { Passing, reasonOf } from './passing.ts';
import type { RegistryLimits } from './registry-options.ts';

/** An answer whose body is still to be read, or to be dropped. */
export interface Answer {
  readonly status: number;
  /** Where the answer came from after redirects. */
  readonly url: URL;
  /** True when that isn't the origin that was asked. */
  readonly isElsewhere: boolean;
  header(name: string): string | undefined;
  headers(name: string): readonly string[];
  readonly body: AsyncIterable<Buffer>;
  /** Reads the little that is left, so that the connection can be used again, or ends it. */
  drop(): Promise<void>;
  /** Ends the answer where it is. */
  cancel(): void;
}

/** Bytes of a body that are rather read than cost a connection. */
const SMALL = 64 * 1024;
const DROP_TIME = 1000;

/** Sends a request and waits for the headers of its answer, no longer than the limits allow. */
export function headersOf(sent: ClientRequest, body: string | undefined, isTls: boolean, limits: RegistryLimits): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const inTime = (time: number, what: string): NodeJS.Timeout =>
      setTimeout(() => sent.destroy(Object.assign(new Error(`${what} within ${time / 1000} seconds`), { code: 'ETIMEDOUT' })), time);
    let timer = inTime(limits.connectTime, 'there is no connection');
    const connected = (): void => {
      clearTimeout(timer);
      timer = inTime(limits.headersTime, 'there is no answer');
    };
    sent.on('socket', (socket) => {
      if (sent.reusedSocket) connected();
      else socket.once(isTls ? 'secureConnect' : 'connect', connected);
    });
    // Stays until the end: what goes wrong with the connection later is told by the body, too.
    sent.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    sent.on('response', (response) => {
      clearTimeout(timer);
      response.on('error', () => {});
      resolve(response);
    });
    sent.end(body);
  });
}

/** The pieces of a body; one that doesn't come in time is an error, but a slow reader is none. */
async function* piecesOf(response: IncomingMessage, idleTime: number): AsyncGenerator<Buffer> {
  const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const timer = setTimeout(() => response.destroy(new Error(`nothing comes for ${idleTime / 1000} seconds`)), idleTime);
      const next = await pieces.next().finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    response.destroy();
  }
}

/** What came back, as the rest of the room sees it. */
export function answerOf(response: IncomingMessage, url: URL, isElsewhere: boolean, idleTime: number): Answer {
  const headers = (name: string): readonly string[] => response.headersDistinct[name] ?? [];
  const cancel = (): void => void response.destroy();
  return {
    status: response.statusCode ?? 0,
    url,
    isElsewhere,
    header: (name) => headers(name)[0],
    headers,
    body: piecesOf(response, idleTime),
    drop: () =>
      new Promise((resolve) => {
        if (Number(headers('content-length')[0] ?? SMALL) >= SMALL) {
          cancel();
          resolve();
          return;
        }
        const timer = setTimeout(cancel, DROP_TIME);
        response.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
        response.resume();
      }),
    cancel,
  };
}

/** The whole body, at most so many bytes. @throws {PortcullisError} IMAGE_LIMIT, {Passing} when it is cut off */
export async function readBody(answer: Answer, most: number, what: string): Promise<Buffer> {
  const tooLarge = (): PortcullisError =>
    new PortcullisError('IMAGE_LIMIT', `${what} is larger than ${most} bytes, the limit.`, { hint: 'That is no ordinary image.' });
  const announced = answer.header('content-length');
  if (announced !== undefined && Number(announced) > most) {
    answer.cancel();
    throw tooLarge();
  }
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer.body) {
      size += part.length;
      if (size > most) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    throw new Passing(reasonOf(error), { cause: error });
  }
  return Buffer.concat(parts, size);
}
