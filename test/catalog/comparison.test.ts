import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareImage, sampleImages } from '../../scripts/comparison/compare-images.ts';
import { keyOf } from '../../scripts/comparison/listed.ts';
import { type Comparison, comparisonPage } from '../../scripts/comparison/page.ts';
import { peersOnPath, recordedPeers, runPeer } from '../../scripts/comparison/peers.ts';
import { repository, shared, temporaryDirectory, writeIn } from '../support/cli.ts';

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

describe('peers on PATH', () => {
  const directory = temporaryDirectory();
  const path = process.env.PATH;
  const program = (name: string, answer: string): void =>
    chmodSync(writeIn(directory, name, `#!/bin/sh\n[ "$1" = --version ] && { echo "${name} 1.2.3"; exit 0; }\n${answer}\n`), 0o755);
  beforeAll(() => {
    process.env.PATH = `${directory}:${path}`;
  });
  afterAll(() => {
    process.env.PATH = path;
  });

  test('each is asked in its own words, and one that fails is said to', () => {
    const purls = ['pkg:apk/alpine/musl@1.2.3-r4?arch=x86_64', 'pkg:golang/stdlib@1.21.0'];
    const artifacts = JSON.stringify({ artifacts: [...purls.map((purl) => ({ purl })), { name: 'none' }, { purl: 'bogus' }] });
    program('syft', `[ "$2" = "oci-dir:/layout" ] && echo '${artifacts}'`);
    const results = JSON.stringify({ Results: [{ Packages: purls.map((PURL) => ({ Identifier: { PURL } })) }, {}] });
    program('trivy', `[ "$3" = "/layout" ] && echo '${results}'`);
    expect(peersOnPath()).toEqual(
      new Map([
        ['syft', '1.2.3'],
        ['trivy', '1.2.3'],
      ]),
    );
    const packages = [
      { type: 'apk', name: 'musl', version: '1.2.3-r4' },
      { type: 'golang', name: 'stdlib', version: '1.21.0' },
    ];
    for (const tool of ['syft', 'trivy']) {
      expect(runPeer(tool, '1.2.3', '/layout')).toEqual({ tool, version: '1.2.3', packages });
      program(tool, 'exit 1');
      expect(runPeer(tool, '1.2.3', '/layout').packages).toBeNull();
      program(tool, 'echo "{"');
      expect(runPeer(tool, '1.2.3', '/layout').packages).toBeNull();
    }
  });
});
