import { PortcullisError } from '../errors.ts';
import type { Digest } from '../model/index.ts';
import { dockerHub } from './defaults.ts';

/** The name of an image in a registry, complete. */
export interface RegistryReference {
  /** Host and port as credentials are kept under: `docker.io`, `ghcr.io`, `localhost:5000`, `[::1]:5000`. */
  readonly domain: string;
  /** `library/nginx` */
  readonly path: string;
  /** null where a digest stands alone; `latest` where neither was written. */
  readonly tag: string | null;
  readonly digest: Digest | null;
  /** What stood before the name; null: nothing, which means https (or plain HTTP on this machine). */
  readonly scheme: 'http' | 'https' | null;
}

const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]{2,39}\\])(?::([0-9]{1,5}))?$`);
const MAX_NAME = 255;
const MAX_TEXT = 1024;

function refused(text: string, why: string): PortcullisError {
  return new PortcullisError('USAGE', `"${text.slice(0, 200)}" is not the name of an image in a registry: ${why}.`, {
    hint: 'Write it as HOST/NAME:TAG or HOST/NAME@sha256:DIGEST; without HOST it is one of Docker Hub.',
  });
}

function digestIn(text: string, whole: string): Digest {
  if (/^sha256:[0-9a-f]{64}$/.test(text) || /^sha512:[0-9a-f]{128}$/.test(text)) return text as Digest;
  throw refused(whole, 'its digest is not sha256 or sha512 with all its lower-case hexadecimal digits');
}

/**
 * Reads the name of an image by the grammar of Docker (distribution/reference): `nginx:1.27` is
 * `docker.io/library/nginx:1.27`. A leading `http://` or `https://` names the protocol.
 * @throws {PortcullisError} USAGE when the text isn't such a name
 */
export function parseReference(text: string): RegistryReference {
  if (text.length > MAX_TEXT) throw refused(text, 'it is too long');
  const scheme = text.startsWith('http://') ? 'http' : text.startsWith('https://') ? 'https' : null;
  let rest = scheme === null ? text : text.slice(scheme.length + 3);
  const at = rest.indexOf('@');
  const digest = at < 0 ? null : digestIn(rest.slice(at + 1), text);
  if (at >= 0) rest = rest.slice(0, at);
  const colon = rest.lastIndexOf(':');
  let tag: string | null = null;
  if (colon > rest.lastIndexOf('/') && !(scheme !== null && !rest.includes('/'))) {
    tag = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
    if (!TAG.test(tag)) throw refused(text, 'its tag may hold letters, digits, ".", "_" and "-", at most 128 of them');
  }
  const slash = rest.indexOf('/');
  if (scheme !== null && slash < 0) throw refused(text, 'it has no name after the host');
  const first = slash < 0 ? '' : rest.slice(0, slash);
  const hasDomain = slash >= 0 && (scheme !== null || /[.:A-Z]/.test(first) || first === 'localhost');
  const domain = hasDomain ? first : dockerHub.domain;
  const path = hasDomain ? rest.slice(slash + 1) : rest;
  const port = DOMAIN.exec(domain);
  if (port === null || Number(port[1] ?? 1) > 65535 || port[1] === '0') throw refused(text, `"${domain.slice(0, 100)}" is not a host`);
  if (path === '') throw refused(text, 'it has no name after the host');
  if (!path.split('/').every((part) => PATH.test(part))) {
    throw refused(text, 'a name holds lower-case letters and digits, separated by single ".", "_", "__", "-" and "/"');
  }
  if (path.length + domain.length + 1 > MAX_NAME) throw refused(text, `it has more than ${MAX_NAME} characters`);
  if (!hasDomain && /^[0-9a-f]{64}$/.test(path)) throw refused(text, 'it is an id, which only the engine that made it knows');
  const isHub = domain === dockerHub.domain || domain === dockerHub.alias;
  return {
    domain: isHub ? dockerHub.domain : domain,
    path: isHub && !path.includes('/') ? `library/${path}` : path,
    tag: tag ?? (digest === null ? 'latest' : null),
    digest,
    scheme,
  };
}

/** The name in full: `docker.io/library/nginx:1.27`. */
export function formatReference({ domain, path, tag, digest }: RegistryReference): string {
  return `${domain}/${path}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}
