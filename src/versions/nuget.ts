import { type Digits, digits } from './digits.ts';
import { defineOrder } from './order.ts';
import { compareCores, compareIdentifiers } from './semver-text.ts';

interface NugetVersion {
  readonly numbers: readonly Digits[];
  readonly labels: readonly string[];
}

const grammar = /^(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/**
 * NuGet's order: one to four numbers, a missing one is 0, leading zeros do not count; then the labels of a pre-release as in
 * SemVer 2.0, without regard to case; build metadata is ignored. Numbers may have any size.
 * It was written from NuGet's documentation; NuGet itself was not at hand to test it against.
 */
export const nuget = defineOrder<NugetVersion>({
  name: 'nuget',
  specification: 'https://learn.microsoft.com/en-us/nuget/concepts/package-versioning',
  parse(text) {
    const match = grammar.exec(text.trim());
    if (match === null) return undefined;
    const [, numbers = '', labels] = match;
    return { numbers: numbers.split('.').map(digits), labels: labels === undefined ? [] : labels.toLowerCase().split('.') };
  },
  compare(a, b) {
    const difference = compareCores(a.numbers, b.numbers);
    if (difference !== 0) return difference;
    if (a.labels.length === 0 || b.labels.length === 0) return b.labels.length - a.labels.length;
    return compareIdentifiers(a.labels, b.labels);
  },
});
