import { compareDigits, compareText, digits, isDigitCode, isLetterCode } from './digits.ts';
import { defineOrder } from './order.ts';

interface RpmVersion {
  readonly epoch: string;
  readonly version: string;
  /** `undefined` when the text has none: before every release of the same version. */
  readonly release: string | undefined;
}

const tilde = 126;
const caret = 94;

/**
 * RPM's order, as librpm's `rpmverCmp` has it: `[epoch:]version[-release]`, the release after the last hyphen, a missing epoch
 * is 0, a version without release stands before the same version with one (so that the order is one order: RPM's rule for
 * dependencies, which ignores a missing release, would make 1-1 = 1 = 1-2).
 * Not valid: an empty version or release, white space, anything outside ASCII.
 */
export const rpm = defineOrder<RpmVersion>({
  name: 'rpm',
  specification: 'https://rpm.org/docs/latest/man/rpm-version.7',
  parse(text) {
    if (!/^[!-~]+$/.test(text)) return undefined;
    const epoch = /^(\d*):/.exec(text);
    const rest = epoch === null ? text : text.slice(epoch[0].length);
    const hyphen = rest.lastIndexOf('-');
    const version = hyphen < 0 ? rest : rest.slice(0, hyphen);
    const release = hyphen < 0 ? undefined : rest.slice(hyphen + 1);
    if (version === '' || release === '') return undefined;
    return { epoch: digits(epoch?.[1] || '0'), version, release };
  },
  compare: (a, b) => compareDigits(a.epoch, b.epoch) || compareSegments(a.version, b.version) || compareReleases(a.release, b.release),
});

function compareReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  return compareSegments(a, b);
}

function isAlphanumeric(code: number): boolean {
  return isDigitCode(code) || isLetterCode(code);
}

function skipSeparators(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (isAlphanumeric(code) || code === tilde || code === caret) break;
    i++;
  }
  return i;
}

function endOfRun(text: string, at: number, belongs: (code: number) => boolean): number {
  let i = at;
  while (i < text.length && belongs(text.charCodeAt(i))) i++;
  return i;
}

/** `rpmvercmp`. */
function compareSegments(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    i = skipSeparators(a, i);
    j = skipSeparators(b, j);
    const x = i < a.length ? a.charCodeAt(i) : 0;
    const y = j < b.length ? b.charCodeAt(j) : 0;
    if (x === tilde || y === tilde) {
      if (x !== y) return x === tilde ? -1 : 1;
      i++;
      j++;
      continue;
    }
    if (x === caret || y === caret) {
      if (x === 0) return -1;
      if (y === 0) return 1;
      if (x !== y) return x === caret ? -1 : 1;
      i++;
      j++;
      continue;
    }
    if (x === 0 || y === 0) break;
    const numeric = isDigitCode(x);
    if (numeric !== isDigitCode(y)) return numeric ? 1 : -1;
    const belongs = numeric ? isDigitCode : isLetterCode;
    const endA = endOfRun(a, i, belongs);
    const endB = endOfRun(b, j, belongs);
    const left = a.slice(i, endA);
    const right = b.slice(j, endB);
    const difference = numeric ? compareDigits(digits(left), digits(right)) : compareText(left, right);
    if (difference !== 0) return difference;
    i = endA;
    j = endB;
  }
  return (i < a.length ? 1 : 0) - (j < b.length ? 1 : 0);
}
