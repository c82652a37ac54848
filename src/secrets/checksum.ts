import { crc32 } from 'node:zlib';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Whether the last six characters of a token of GitHub or npm are the CRC-32, in base 62, of those between prefix and checksum
 * ("Behind GitHub's new authentication token formats", 2021; npm's tokens follow it).
 */
export function hasChecksum(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1);
  let rest = crc32(body.slice(0, -6));
  let checksum = '';
  for (let place = 0; place < 6; place++) {
    checksum = (digits[rest % 62] as string) + checksum;
    rest = Math.floor(rest / 62);
  }
  return checksum === body.slice(-6);
}
