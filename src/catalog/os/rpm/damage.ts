import type { ProblemKind } from '../../../model/index.ts';

/** `unreadable`: broken bytes; `unsupported`: a form of the format that isn't read; `limit`: more than is taken from one file; `contradiction`: a whole database without packages. */
export type DamageKind = Extract<ProblemKind, 'unreadable' | 'unsupported' | 'limit' | 'contradiction'>;

/** Thrown inside this folder where bytes can't be what the format says; every cataloger turns it into a problem. The message says what is wrong and where. */
export class Damage extends Error {
  readonly kind: DamageKind;
  constructor(message: string, kind: DamageKind = 'unreadable') {
    super(message);
    this.name = 'Damage';
    this.kind = kind;
  }
}

/** What a database reader gives: one header blob and where it lies (`row 12`), or what could not be read. */
export type DatabaseRecord = { readonly blob: Uint8Array; readonly place: string } | { readonly damage: Damage };

/** The damage itself; anything else that was thrown is a defect and goes on. */
export function damageOf(error: unknown): Damage {
  if (error instanceof Damage) return error;
  throw error;
}

/** The bytes from `offset` on, `length` long, without copying. Throws Damage when they reach over the end; `what` names them. */
export function slice(bytes: Uint8Array, offset: number, length: number, what: string): Uint8Array {
  if (offset < 0 || length < 0 || offset + length > bytes.length) {
    throw new Damage(`${what} at offset ${offset} with ${length} bytes reaches over the end at ${bytes.length}`);
  }
  return bytes.subarray(offset, offset + length);
}

/** A view for reading numbers; reading over its end throws a RangeError, so check first. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Joins chunks of known total length. */
export function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const only = chunks[0];
  if (chunks.length === 1 && only?.length === length) return only;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
