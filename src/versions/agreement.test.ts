import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generators } from './testing/generators.ts';
import { apkProgram } from './testing/oracles/apk.ts';
import { composerLibrary } from './testing/oracles/composer.ts';
import { dpkgLibrary, dpkgProgram } from './testing/oracles/dpkg.ts';
import { goLibrary } from './testing/oracles/go.ts';
import { mavenLibrary } from './testing/oracles/maven.ts';
import { npmLibrary } from './testing/oracles/npm.ts';
import type { Oracle, Pair } from './testing/oracles/oracle.ts';
import { pythonPackaging } from './testing/oracles/python.ts';
import { rpmProgram } from './testing/oracles/rpm.ts';
import { rubyGems } from './testing/oracles/ruby.ts';
import { versionsOfFeeds } from './testing/versions-of-feeds.ts';

// Each run draws other pairs; the seed stands in the title, and VERSIONS_SEED draws the same pairs again.
const seed = Number(process.env.VERSIONS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const oracles = [apkProgram, composerLibrary, dpkgLibrary, dpkgProgram, goLibrary, mavenLibrary, npmLibrary, pythonPackaging, rpmProgram, rubyGems];

describe.each(oracles)('$order.name agrees with $tool', (oracle) => {
  const reason = oracle.absent();
  const title = reason === undefined ? '' : ` (skipped: ${reason})`;

  test.skipIf(reason !== undefined)(`on generated versions, seed ${seed}${title}`, () => {
    const version = (generators[oracle.order.name] ?? fc.constant('0')).filter((text) => /^[!-~]+$/.test(text));
    expectAgreement(oracle, fc.sample(fc.tuple(version, version), { numRuns: oracle.pairs, seed }), oracle.pairs / 20);
  });

  const real = reason === undefined ? versionsOfFeeds(oracle.ecosystems) : [];
  const feeds = real.length > 0 || reason !== undefined ? title : ' (skipped: no feeds beside the repository, or no unzip)';

  test.skipIf(real.length === 0)(`on versions of advisories, seed ${seed}${feeds}`, () => {
    expectAgreement(oracle, neighbours(real, oracle.pairs), oracle.pairs / 4);
  });
});

/** Pairs of versions that stand near each other in the sorted list, one in eight from anywhere. */
function neighbours(versions: readonly string[], count: number): Pair[] {
  const place = fc.nat(versions.length - 1);
  const drawn = fc.sample(fc.tuple(place, fc.integer({ min: -6, max: 6 }), place, fc.nat(7)), { numRuns: count, seed });
  return drawn.map(([at, step, anywhere, die]) => {
    const other = die === 0 ? anywhere : Math.min(Math.max(at + step, 0), versions.length - 1);
    return [versions[at] ?? '0', versions[other] ?? '0'];
  });
}

function expectAgreement(oracle: Oracle, drawn: readonly Pair[], atLeast: number): void {
  const pairs = drawn.filter(([a, b]) => oracle.skips?.(a, b) !== true);
  const theirs = oracle.compare(pairs);
  expect(theirs).toHaveLength(pairs.length);
  const differences: string[] = [];
  let compared = 0;
  for (const [i, [a, b]] of pairs.entries()) {
    const ours = oracle.order.compare(a, b);
    const expected = theirs[i];
    if (ours !== undefined && expected !== undefined) compared++;
    else if (!oracle.judgesValidity) continue;
    if (ours !== expected) differences.push(`${a} ${b}: ${ours}, expected ${expected}`);
  }
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(atLeast);
}
