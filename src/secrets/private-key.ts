/** What stands between the characters of a key: line ends, also as `\n`, and what joins the lines of one in source code. */
const joint = String.raw`\\[rn]|["']\s{0,3}[+.,]?\s{0,20}["']|[\s"',\\*#>|]`;

/**
 * A PEM label, and what follows: headers (RFC 1421, or of an armour), and base64 on the same line or the next ones.
 */
export const pem = (label: string): RegExp =>
  new RegExp(
    String.raw`-----BEGIN (?<name>${label})-----(?:\\r|\\n|[\s"'+,.*#>|])*(?:(?:Proc-Type|DEK-Info|Comment|Version|Charset|Hash)[^\r\n\\]{0,200}(?:\\r|\\n|[\r\n])+[ \t]{0,20}){0,5}(?<secret>[A-Za-z0-9+/=](?:[A-Za-z0-9+/=]|${joint}){14,4000})`,
    'y',
  );

/** The bytes of a key as it stands in a text. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text.replace(new RegExp(joint, 'g'), ''), 'base64');
}

/** The length that a DER SEQUENCE at the beginning says of itself, header and all; 0 when there is none. */
function sequenceLength(bytes: Buffer): number {
  const [tag, first] = bytes;
  if (tag !== 0x30 || first === undefined) return 0;
  if (first < 0x80) return first + 2;
  const count = first - 0x80;
  return count < 1 || count > 3 || bytes.length < count + 2 ? 0 : bytes.readUIntBE(2, count) + count + 2;
}

/** How much of the cut-off keys of manuals isn't there. */
const HALF = 0.5;

/**
 * What the base64 of a private key holds, by its first bytes: `plain` (PKCS #1, PKCS #8 and SEC 1 begin with a version number,
 * OpenSSH's own form names its cipher, OpenPGP's with a packet of a secret key), `encrypted`, or null for anything else and for keys of
 * which less than half is there.
 * @param label of the PEM block
 */
export function privateKeyIn(label: string, text: string): 'plain' | 'encrypted' | null {
  const bytes = bytesOf(text);
  if (label.includes('PGP')) {
    // RFC 9580, 4.2: the tag of a secret key or subkey is 5 or 7, in the old form or the new one.
    const tag = bytes[0] ?? 0;
    const packet = (tag & 0x40) === 0 ? (tag >> 2) & 0x0f : tag & 0x3f;
    return (tag & 0x80) !== 0 && (packet === 5 || packet === 7) && bytes.length > 40 ? 'plain' : null;
  }
  if (label.includes('OPENSSH')) {
    if (bytes.toString('latin1', 0, 14) !== 'openssh-key-v1') return null;
    return bytes.toString('latin1', 19, 23) === 'none' ? 'plain' : 'encrypted';
  }
  const length = sequenceLength(bytes);
  // Of a very long key no more than the beginning is seen.
  if (label.includes('ENCRYPTED') && bytes[0] === 0x7b) return 'encrypted'; // cosign's: JSON
  if (length === 0 || bytes.length < Math.min(length, 2000) * HALF) return null;
  const body = bytes.subarray((bytes[1] as number) < 0x80 ? 2 : (bytes[1] as number) - 0x80 + 2);
  if (body[0] === 0x02 && body[1] === 0x01 && (body[2] as number) < 4) return 'plain';
  return body[0] === 0x30 && label.includes('ENCRYPTED') ? 'encrypted' : null;
}
