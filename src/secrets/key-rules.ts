import { isCompiled, Place } from './place.ts';
import { pem, privateKeyIn } from './private-key.ts';
import { prefixed, type SecretRule } from './rule.ts';
import { entropyOf } from './shape.ts';

/**
 * `plain` or `encrypted`, by headers and bytes. Where no samples are to be expected, whatever looks like the bytes of a key is taken for one:
 * it may be of a form of its own, or damaged.
 */
function stateOf(match: RegExpExecArray, place: Place): ReturnType<typeof privateKeyIn> {
  const { name = '', secret = '' } = match.groups ?? {};
  const isEncrypted = /Proc-Type[^\r\n\\]{0,40}ENCRYPTED|DEK-Info/.test(match[0]);
  if (isEncrypted) return Buffer.from(secret, 'base64').length < 32 ? null : 'encrypted';
  const state = privateKeyIn(name, secret);
  if (state !== null || place.isDoubtful || isCompiled(match)) return state;
  const body = secret.replace(/\\[rn]|[^A-Za-z0-9+/=]/g, '');
  return body.length >= 48 && entropyOf(body) >= 4 ? (name.includes('ENCRYPTED') ? 'encrypted' : 'plain') : null;
}

const label = '(?:[A-Z][A-Z0-9]{1,9} ){0,2}PRIVATE KEY(?: BLOCK)?';

/** A private key as PEM, which stands in base64 once more: in a kubeconfig, a variable of a CI, a Kubernetes secret. */
function holdsPrivateKey(text: string): boolean {
  const match = pem(label).exec(Buffer.from(text, 'base64').toString('latin1'));
  return match !== null && stateOf(match, new Place('')) === 'plain';
}

/** Private keys. */
export const keyRules: readonly SecretRule[] = [
  {
    name: 'private-key',
    reach: 4096,
    what: 'a private key',
    confidence: 'high',
    keywords: ['-----begin'],
    expression: pem(label),
    check: (_, match, place) => stateOf(match, place) === 'plain',
    formerly: ['PRIV_KEY', 'PRIVKEY', 'PRIVATE_KEY'],
  },
  {
    name: 'encrypted-private-key',
    reach: 4096,
    what: 'a private key under a passphrase',
    confidence: 'low',
    keywords: ['-----begin'],
    expression: pem(label),
    check: (_, match, place) => stateOf(match, place) === 'encrypted',
  },
  {
    name: 'encoded-private-key',
    reach: 4096,
    what: 'a private key in base64',
    confidence: 'high',
    // `-----BEGIN `
    keywords: ['ls0tls1crudjtib'],
    expression: /LS0tLS1CRUdJTiB[A-Za-z0-9+/]{60,4000}={0,2}/y,
    check: holdsPrivateKey,
  },
  {
    name: 'putty-key',
    reach: 4096,
    what: 'a private key of PuTTY',
    confidence: 'high',
    keywords: ['putty-user-key-file-'],
    expression: /PuTTY-User-Key-File-[23]: (?<secret>[\s\S]{0,100}?Encryption: none[\s\S]{20,1500})/y,
  },
  prefixed('age-key', 'a private key of age', ['age-secret-key-1'], 'AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}'),
  {
    name: 'jwk-private-key',
    reach: 4096,
    what: 'a private key in a JSON Web Key',
    confidence: 'high',
    keywords: ['"kty"'],
    // RFC 7518, 6: `d` is the private part of RSA and elliptic curves, `k` the whole of a symmetric one.
    expression: /"kty"\s{0,5}:\s{0,5}"(?:RSA|EC|OKP|oct)"[^{}]{0,3000}?"[dk]"\s{0,5}:\s{0,5}"(?<secret>[A-Za-z0-9_-]{20,800})"/y,
  },
  {
    name: 'wireguard-key',
    what: 'a private key of WireGuard',
    confidence: 'high',
    keywords: ['privatekey', 'presharedkey'],
    path: /\.conf$|(?:^|\/)wireguard\//,
    expression: /(?:PrivateKey|PresharedKey)\s{0,5}=\s{0,5}(?<secret>[A-Za-z0-9+/]{43}=)/y,
  },
];
