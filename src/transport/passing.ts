import { PortcullisError } from '../errors.ts';

/** Something that may go well when it is tried again. */
export class Passing extends Error {
  /** Milliseconds that the server asks to wait; null: it doesn't say. */
  readonly wait: number | null;
  readonly status: number | null;
  constructor(message: string, options: { wait?: number | null; status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'Passing';
    this.wait = options.wait ?? null;
    this.status = options.status ?? null;
  }
}

/** Node's reasons, the innermost first: `getaddrinfo ENOTFOUND …` says more than `fetch failed`. */
export function reasonOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause instanceof Error; depth++) current = current.cause;
  if (!(current instanceof Error)) return String(current);
  if (current instanceof AggregateError && current.errors[0] instanceof Error) current = current.errors[0];
  const { message, name } = current as Error;
  const tls = /:SSL routines:[^:]*:([^:]+):/.exec(message);
  if (tls !== null) return `TLS failed: ${tls[1]}`;
  return message === '' ? ((current as NodeJS.ErrnoException).code ?? name) : message.replace(/\.$/, '').slice(0, 500);
}

/** The code of an error or of what caused it. */
export function codeOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    const code = (current as NodeJS.ErrnoException).code ?? ((current as AggregateError).errors?.[0] as NodeJS.ErrnoException | undefined)?.code;
    if (typeof code === 'string' && !(current instanceof PortcullisError)) return code;
  }
  return '';
}

/** What another attempt doesn't change: names, certificates, closed ports. */
const LASTING =
  /^(?:ENOTFOUND|ECONNREFUSED|EACCES|EPROTO|ERR_TLS_|ERR_SSL_|ERR_OSSL_|ERR_PROXY_|ERR_INVALID|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH)/;

export function isLasting(error: unknown): boolean {
  return LASTING.test(codeOf(error));
}
