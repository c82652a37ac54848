import { compareDigits, type Digits, digits, isDigitCode, isDigits, isLetterCode } from './digits.ts';
import { defineOrder } from './order.ts';

interface DpkgVersion {
  readonly epoch: Digits;
  readonly upstream: string;
  readonly revision: string;
}

const largestEpoch = '2147483647';

/**
 * Debian's order, as `dpkg --compare-versions` has it: `[epoch:]upstream[-revision]`, the revision after the last hyphen.
 * Like dpkg it takes signs that policy forbids (`_`) and an upstream version that begins with a letter; dpkg only warns of them.
 * Not valid: an empty part, white space within, an epoch that is no number or above 2^31-1, anything outside ASCII.
 */
export const dpkg = defineOrder<DpkgVersion>({
  name: 'dpkg',
  specification: 'https://www.debian.org/doc/debian-policy/ch-controlfields.html#version',
  parse(text) {
    const trimmed = text.trim();
    if (!/^[!-~]+$/.test(trimmed)) return undefined;
    const colon = trimmed.indexOf(':');
    const epoch = colon < 0 ? '0' : trimmed.slice(0, colon);
    if (!isDigits(epoch) || compareDigits(digits(epoch), largestEpoch) > 0) return undefined;
    const rest = trimmed.slice(colon + 1);
    const hyphen = rest.lastIndexOf('-');
    const upstream = hyphen < 0 ? rest : rest.slice(0, hyphen);
    const revision = hyphen < 0 ? '' : rest.slice(hyphen + 1);
    if (upstream === '' || (hyphen >= 0 && revision === '')) return undefined;
    return { epoch: digits(epoch), upstream, revision };
  },
  compare: (a, b) => compareDigits(a.epoch, b.epoch) || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision),
});

/** The weight of the sign at `at`: `~`, then a digit or the end, then letters, then all else. */
function weight(text: string, at: number): number {
  if (at >= text.length) return 0;
  const code = text.charCodeAt(at);
  if (isDigitCode(code)) return 0;
  if (isLetterCode(code)) return code;
  return code === 126 ? -1 : code + 256;
}

function compareParts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigitCode(a.charCodeAt(i))) || (j < b.length && !isDigitCode(b.charCodeAt(j)))) {
      const difference = weight(a, i) - weight(b, j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
    const startA = i;
    const startB = j;
    while (i < a.length && isDigitCode(a.charCodeAt(i))) i++;
    while (j < b.length && isDigitCode(b.charCodeAt(j))) j++;
    const difference = compareDigits(digits(a.slice(startA, i) || '0'), digits(b.slice(startB, j) || '0'));
    if (difference !== 0) return difference;
  }
  return 0;
}
