import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareImage, sampleImages } from '../../scripts/comparison/compare-images.ts';
import { keyOf } from '../../scripts/comparison/listed.ts';
import { type Comparison, comparisonPage } from '../../scripts/comparison/page.ts';
import { recordedPeers } from '../../scripts/comparison/peers.ts';
import { repository, shared } from '../support/cli.ts';

const images = sampleImages(shared);
const comparisons: Comparison[] = [];

test.skipIf(images.length > 0)('the recorded lists of other tools (../shared/reference/peers) are absent: nothing is compared with them', () => {});

describe.skipIf(images.length === 0)('every difference from the recorded lists has its reason', () => {
  test.each(images.map((image) => [image.name, image] as const))('%s', async (_, image) => {
    const { lists } = recordedPeers(join(shared, 'reference', 'peers'), image.name);
    const compared = await compareImage(image, lists);
    comparisons.push(...compared);
    const open = compared.flatMap(({ tool, onlyOurs, onlyTheirs }) =>
      [...onlyOurs, ...onlyTheirs]
        .filter(({ name }) => name === null)
        .map(({ listed, item }) => `${item === null ? `only ${tool}` : 'only ours'}: ${keyOf(listed)}`),
    );
    expect(open).toEqual([]);
  });

  test('docs/comparison.md says so (npm run compare writes it)', () => {
    expect(comparisonPage(comparisons)).toBe(readFileSync(join(repository, 'docs', 'comparison.md'), 'utf8'));
  });
});
