import { createHash } from 'node:crypto';
import { PortcullisError } from '../errors.ts';
import type { Digest } from '../model/index.ts';
import { type Answer, readBody } from './answer.ts';

function digestOf(bytes: Uint8Array, algorithm: string): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest;
}

function wrongDigest(what: string, stated: string, actual: string): PortcullisError {
  return new PortcullisError('IMAGE_DIGEST', `${what} is named ${stated}, but its bytes have ${actual}.`, {
    hint: 'The registry, or something on the way from it, gives other bytes than it should: do not use the image.',
  });
}

/** The digest of a manifest: the one it was asked by, else its own, which has to be the one that the registry states. @throws {PortcullisError} IMAGE_DIGEST */
export function verified(bytes: Buffer, asked: Digest | null, stated: string | undefined, what: string): Digest {
  if (asked !== null) {
    const actual = digestOf(bytes, asked.slice(0, asked.indexOf(':')));
    if (actual !== asked) throw wrongDigest(what, asked, actual);
    return asked;
  }
  const algorithm = stated?.startsWith('sha512:') ? 'sha512' : 'sha256';
  const actual = digestOf(bytes, algorithm);
  if (stated !== undefined && stated !== actual) throw wrongDigest(what, stated.slice(0, 200), actual);
  return actual;
}

/** The error for a blob that is longer than the image says. */
export function tooLong(what: string, size: number): PortcullisError {
  return new PortcullisError('REGISTRY_ANSWER', `The registry sends more for ${what} than the ${size} bytes that the image names.`, {
    hint: 'The registry, or something on the way from it, gives other bytes than it should: do not use the image.',
  });
}

/** Where in the blob an answer begins: at its start, or where it was asked for. @throws {PortcullisError} REGISTRY_ANSWER when it is anything else */
export function startOf(answer: Answer, at: number, size: number, what: string): number {
  const wrong = (why: string): PortcullisError =>
    new PortcullisError('REGISTRY_ANSWER', `The registry answers the request for ${what} ${why}.`, {
      hint: 'The registry, or something on the way from it, gives other bytes than it should: do not use the image.',
    });
  const length = answer.header('content-length');
  if (answer.status === 200) {
    if (length !== undefined && Number(length) !== size) throw wrong(`with ${length.slice(0, 20)} bytes where the image names ${size}`);
    return 0;
  }
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(answer.header('content-range') ?? '');
  if (range === null || Number(range[1]) !== at || (range[3] !== '*' && Number(range[3]) !== size)) throw wrong('with another part of it than was asked for');
  return at;
}

/** What a registry says of an error (distribution-spec, "Error Codes"), in one line; empty when it says nothing. */
export async function errorText(answer: Answer): Promise<string> {
  try {
    const document = JSON.parse((await readBody(answer, 64 * 1024, 'the error')).toString('utf8')) as { errors?: unknown };
    const [first] = Array.isArray(document.errors) ? (document.errors as { code?: unknown; message?: unknown }[]) : [];
    return [first?.code, first?.message]
      .filter((part) => typeof part === 'string' && part !== '')
      .join(': ')
      .slice(0, 300);
  } catch {
    return '';
  }
}
