import { compareDigits, compareText, type Digits, digits, isDigits } from './digits.ts';
import { defineOrder } from './order.ts';

interface Pep440Version {
  readonly epoch: Digits;
  /** Without trailing zeros. */
  readonly release: readonly Digits[];
  /** Development release of the bare release, then pre-release a, b, rc, then none. */
  readonly phase: number;
  readonly phaseNumber: Digits;
  readonly post: Digits | undefined;
  readonly dev: Digits | undefined;
  readonly local: readonly string[] | undefined;
}

const phases: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 };
const devOfRelease = 0;
const noPreRelease = 4;

// PEP 440, appendix B.
const grammar = new RegExp(
  [
    /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)/,
    /(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d+)?)?/,
    /(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d+)?)?/,
    /(?:[-_.]?(dev)[-_.]?(\d+)?)?/,
    /(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/,
  ]
    .map((part) => part.source)
    .join(''),
);

/**
 * Python's order, PEP 440 as `packaging` has it: epoch, release padded with zeros, `.devN`, `aN`, `bN`, `rcN`, final, `.postN`,
 * local version. Every spelling that PEP 440 normalises is taken; older free-form versions are not valid.
 */
export const pep440 = defineOrder<Pep440Version>({
  name: 'pep440',
  specification: 'https://packaging.python.org/en/latest/specifications/version-specifiers/',
  parse(text) {
    const match = grammar.exec(asciiLowerCase(text.trim()));
    if (match === null) return undefined;
    const [, epoch, release = '', pre, preNumber, implicitPost, postWord, postNumber, devWord, devNumber, local] = match;
    const post = implicitPost ?? (postWord === undefined ? undefined : (postNumber ?? '0'));
    const dev = devWord === undefined ? undefined : (devNumber ?? '0');
    const barePhase = dev !== undefined && post === undefined ? devOfRelease : noPreRelease;
    return {
      epoch: digits(epoch ?? '0'),
      release: withoutTrailingZeros(release.split('.').map(digits)),
      phase: pre === undefined ? barePhase : (phases[pre] ?? noPreRelease),
      phaseNumber: digits(preNumber ?? '0'),
      post: post === undefined ? undefined : digits(post),
      dev: dev === undefined ? undefined : digits(dev),
      local: local?.split(/[-_.]/),
    };
  },
  compare: (a, b) =>
    compareDigits(a.epoch, b.epoch) ||
    compareReleases(a.release, b.release) ||
    a.phase - b.phase ||
    compareDigits(a.phaseNumber, b.phaseNumber) ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareLocals(a.local ?? [], b.local ?? []),
});

/** Lower case of ASCII letters only, so that no other sign becomes one. */
function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

function withoutTrailingZeros(numbers: Digits[]): Digits[] {
  while (numbers.at(-1) === '0') numbers.pop();
  return numbers;
}

function compareReleases(a: readonly Digits[], b: readonly Digits[]): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = compareDigits(a[i] ?? '0', b[i] ?? '0');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `absent`: where a missing number stands, -1 before all or 1 behind all. */
function compareOptional(a: Digits | undefined, b: Digits | undefined, absent: -1 | 1): number {
  if (a === undefined) return b === undefined ? 0 : absent;
  return b === undefined ? -absent : compareDigits(a, b);
}

function compareLocals(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const left = a[i] ?? '';
    const right = b[i] ?? '';
    const numeric = isDigits(left);
    if (numeric !== isDigits(right)) return numeric ? 1 : -1;
    const difference = numeric ? compareDigits(digits(left), digits(right)) : compareText(left, right);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
