import { createHmac } from 'node:crypto';
import { type Hit, mayHoldSecret, SecretScanner, secretsIn } from './scanner.ts';

/** The form of a secret that may be shown: what all of its kind have in common, and its length. */
export function masked({ rule, secret }: Pick<Hit, 'rule' | 'secret'>): string {
  const start = secret.slice(0, rule.shown ?? 0);
  // What a rule finds by a name beside it has no beginning in common with the others.
  const isCommon = rule.before !== undefined || rule.keywords.some((keyword) => keyword.startsWith(start.toLowerCase()));
  const shown = secret.length > 16 && isCommon ? start.replace(/[^\x21-\x7e]/g, '') : '';
  const length = secret.length > 200 ? 'more than 200' : secret.length > 16 ? String(secret.length) : 'up to 16';
  return `${shown}… (${length} characters)`;
}

/**
 * The same text for the same secret under the same key; without the key nothing can be learnt from it, not even by trying all
 * likely passwords. 64 bits of HMAC-SHA-256. Line ends within a key don't count.
 */
export function fingerprintOf(secret: string, key: Uint8Array): string {
  // A key of several lines is the same however they are joined.
  const plain = /\s|\\[rn]/.test(secret) ? secret.replace(/\\[rn]|["']\s*\+\s*["']|[\s"',\\*#>|]/g, '') : secret;
  return createHmac('sha256', key).update(plain.slice(0, 1000), 'latin1').digest('hex').slice(0, 16);
}

/** What stands for a secret where a program reads on: it needs no quotes anywhere. */
const WORD = 'masked';

/**
 * A text with each secret in it replaced.
 * @param place as `SecretScanner` takes it
 * @param by what: its masked form for people, or a word for programs
 */
export function redact(text: string, place: string, by: 'form' | 'word' = 'form'): string {
  const hits = mayHoldSecret(text, place) ? secretsIn(text, place) : [];
  if (hits.length === 0) return text;
  const bytes = Buffer.from(text, 'utf8');
  const parts: string[] = [];
  let at = 0;
  for (const hit of hits) {
    parts.push(bytes.toString('utf8', at, hit.start), by === 'word' ? WORD : masked(hit));
    at = hit.end;
  }
  return parts.join('') + bytes.toString('utf8', at);
}

/**
 * A file with each secret in it replaced by a word, so that programs read the rest as before: lines stay where they are, and the word needs no
 * quotes in any configuration. A copy.
 * @param path as `SecretScanner` takes it
 */
export function withSecretsMasked(content: Buffer, path: string): Uint8Array {
  const scanner = new SecretScanner(path);
  scanner.write(content);
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end, secret } of scanner.end()) {
    // Those in UTF-16 stand elsewhere: no program reads its configuration so.
    if (start < at || content.toString('latin1', start, end) !== secret) continue;
    parts.push(content.subarray(at, start), Buffer.from(`${WORD}${secret.replace(/[^\n]/g, '')}`));
    at = end;
  }
  parts.push(content.subarray(at));
  return Uint8Array.from(Buffer.concat(parts));
}
