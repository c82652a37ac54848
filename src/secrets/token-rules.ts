import { isCompiled } from './place.ts';
import type { SecretRule } from './rule.ts';
import { entropyOf, holdsCredentials, isGenerated, isPlaceholder, isRandom } from './shape.ts';

/** The object that a part of a token holds; null when it is none. */
function objectIn(part: string | undefined): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** What says of a token who may do what, until when (RFC 7519, 4.1, and what the large issuers add). */
const claims =
  /^(?:iss|sub|aud|exp|nbf|iat|jti|scopes?|scp|roles?|azp|appid|oid|tid|client_?id|user(?:_?(?:id|name))?|uid|email|tenant(?:_?id)?|access|kubernetes\.io.*)$/i;

/** Whether it is a token that somebody issued, rather than the sample of a manual. A payload too long to be seen whole is taken for one. */
function isIssuedToken(token: string): boolean {
  const [header, payload] = token.split('.');
  const head = objectIn(header);
  if (head === null || typeof head.alg !== 'string') return false;
  const body = objectIn(payload);
  if (body === null) return (payload ?? '').length > 2000;
  if (body.sub === '1234567890' || isPlaceholder(JSON.stringify(body))) return false;
  return Object.keys(body).some((name) => claims.test(name));
}

const encoded = (text: string): string => Buffer.from(text, 'base64').toString('latin1');

/** The credentials of RFC 7617's example, and other words of manuals. */
const documentedCredentials = /^(?:user(?:name)?|aladdin|foo|admin|test|usr|name|login|a|u):(?:pass(?:word|wd)?|pwd|open ?sesame|bar|test|p|b|secret)$/i;

/** Tokens of protocols rather than of services: JWT, HTTP's authorization, registries of images. */
export const tokenRules: readonly SecretRule[] = [
  {
    name: 'registry-auth',
    reach: 4096,
    what: 'credentials of a registry',
    confidence: 'high',
    keywords: ['"auth"', '\\"auth\\"'],
    expression: /\\?"auth\\?"\s{0,10}:\s{0,10}\\?"(?<secret>[A-Za-z0-9+/=]{6,4000})\\?"/y,
    check: (secret, _, place) => holdsCredentials(secret) && !(place.isDoubtful && documentedCredentials.test(encoded(secret))),
    formerly: ['DOCKER_AUTH'],
  },
  {
    name: 'registry-encoded-auth',
    reach: 4096,
    what: 'credentials of a registry in base64',
    confidence: 'high',
    // `{"auths"`, also with blanks, line ends and indents
    keywords: ['eyjhdxrocyi6', 'eyaiyxv0ahmi', 'ewogicjhdxrocy', 'ewogicagimf1dghz', 'ewoiyxv0ahmi', 'ewojimf1dghz'],
    expression: /e[wy][A-Za-z0-9+/]{40,4000}={0,2}/y,
    check: (secret) => /"(?:auth|password|identitytoken)"\s*:\s*"[^"]{4}/.test(encoded(secret)),
  },
  {
    name: 'registry-identity-token',
    reach: 4096,
    what: 'an identity token of a registry',
    confidence: 'high',
    keywords: ['"identitytoken"', '"registrytoken"'],
    expression: /"(?:identity|registry)token"\s*:\s*"(?<secret>[^"\s]{16,4000})"/iy,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'jwt',
    reach: 4096,
    what: 'a JSON Web Token',
    confidence: 'medium',
    keywords: ['eyj'],
    expression: /eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,3000}\.[A-Za-z0-9_-]{20,1000}/y,
    shown: 3,
    word: true,
    check: (secret, match, place) => !isPlaceholder(secret) && (!(place.isSource || place.isDoubtful || isCompiled(match)) || isIssuedToken(secret)),
  },
  {
    name: 'encoded-jwt',
    reach: 4096,
    what: 'a JSON Web Token in base64',
    confidence: 'medium',
    // `eyJhbGciOiJ`, `eyJ0eXAiOiJ`, `eyJraWQiOiJ`, of which the first nine characters are the same in each alignment that is looked for
    keywords: ['zxlkagjhy2lpau', 'zxlkmgvyqwlpau', 'zxlkcmfxuwlpau'],
    expression: /ZXlK[A-Za-z0-9+/]{80,4000}={0,2}/y,
    check: (secret) => isIssuedToken(/^[A-Za-z0-9_.-]*/.exec(encoded(secret))?.[0] ?? ''),
  },
  {
    name: 'basic-authorization',
    what: 'a password in an Authorization header',
    confidence: 'medium',
    keywords: ['basic '],
    expression: /Basic (?<secret>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=])/iy,
    word: true,
    check: (secret, _, place) => !place.isDoubtful && holdsCredentials(secret) && !documentedCredentials.test(encoded(secret)),
  },
  {
    name: 'bearer-authorization',
    reach: 4096,
    what: 'a token in an Authorization header',
    confidence: 'medium',
    keywords: ['bearer '],
    expression: /Bearer (?<secret>[A-Za-z0-9._~+/-]{20,2000}={0,2})(?![A-Za-z0-9._~+/=-])/iy,
    word: true,
    check: (secret, match, place) => isGenerated(secret) && entropyOf(secret) >= 3.5 && !place.isDoubtful && !isCompiled(match) && !secret.startsWith('eyJ'),
  },
  {
    name: 'authorization-header',
    what: 'a token in a header of a request',
    confidence: 'medium',
    keywords: ['x-api-key:', 'private-token:', 'x-auth-token:', 'x-vault-token:', 'authorization: token ', 'job-token:', 'deploy-token:'],
    expression: /[A-Za-z-]{5,20}: (?:token )?(?<secret>[A-Za-z0-9._~+/=-]{16,300})/iy,
    check: (secret, match, place) => isGenerated(secret) && !place.isDoubtful && !isCompiled(match),
  },
  {
    name: 'django-secret-key',
    what: 'a secret key of Django',
    confidence: 'medium',
    keywords: ['django-insecure-'],
    expression: /django-insecure-[^\s'"]{20,100}/y,
    shown: 16,
    word: true,
    check: isRandom,
  },
  {
    name: 'laravel-key',
    what: 'the key of a Laravel application',
    confidence: 'high',
    keywords: ['app_key', "'key'"],
    expression: /(?:APP_KEY|'key')["']?\s{0,5}(?:=>|=|:)\s{0,5}["']?base64:(?<secret>[A-Za-z0-9+/]{43}=)/y,
    check: isRandom,
  },
];
