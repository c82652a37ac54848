import { createHash } from 'node:crypto';

const longest = 300;
const kept = 200;
const special = /[\s%*\p{Cc}\p{Cf}\p{Cs}]/gu;

function percentEncode(text: string): string {
  const escaped = text.replaceAll(special, (character) =>
    Array.from(new TextEncoder().encode(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  if (escaped.length <= longest) return escaped;
  return `${escaped.slice(0, kept)}~${createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16)}`;
}

/**
 * The id of a finding: `GATE+TRIGGER+subject`, and `@path` where the place tells it apart. Blanks, control characters, `%`
 * and `*` are percent-encoded (RFC 3986), so that an id is one word of a whitelist line and no pattern; the rest of a very
 * long subject is replaced by its hash. Never built from a message.
 */
export function findingId(gate: string, trigger: string, subject: string, path?: string): string {
  return `${gate}+${trigger}+${percentEncode(subject)}${path === undefined ? '' : `@${percentEncode(path)}`}`;
}
