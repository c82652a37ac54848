// `npm run compare`: compares the packages of the sample images with what Syft and Trivy list, and writes docs/comparison.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAdvisories } from '../src/advisories/index.ts';
import { compareImage, packagesOf, type SampleImage, sampleImages } from './comparison/compare-images.ts';
import { byCause, compareWithGrype, runGrype } from './comparison/grype.ts';
import { keyOf } from './comparison/listed.ts';
import { type Comparison, comparisonPage } from './comparison/page.ts';
import { type PeerList, peersOnPath, recordedPeers, runPeer } from './comparison/peers.ts';

const root = new URL('..', import.meta.url).pathname;
const shared = join(root, '..', 'shared');
const onPath = peersOnPath();

/** Copies an image into an OCI layout directory, which every peer reads; says why it can't be done. */
function copied(image: SampleImage, directory: string): boolean {
  const source = `docker-archive:${image.file}${image.tag === null ? '' : `:${image.tag}`}`;
  const { status, stderr } = spawnSync(
    'skopeo',
    ['copy', '--quiet', image.name === 'alpine-multi' ? `oci-archive:${image.file}` : source, `oci:${directory}`],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) process.stderr.write(`${image.name}: skopeo could not copy it: ${stderr ?? ''}\n`);
  return status === 0;
}

/** The peers' lists: of those on PATH, otherwise the recorded ones. */
function listsOf(image: SampleImage): PeerList[] {
  const { lists } = recordedPeers(join(shared, 'reference', 'peers'), image.name);
  if (onPath.size === 0) return lists;
  const directory = mkdtempSync(join(tmpdir(), 'compare-'));
  try {
    if (!copied(image, directory)) return lists;
    return lists.map((list) => (onPath.has(list.tool) ? runPeer(list.tool, onPath.get(list.tool) ?? '', directory) : list));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const images = sampleImages(shared);
if (images.length === 0) {
  process.stderr.write('The sample images and recorded lists (../shared) are absent: there is nothing to compare with.\n');
  process.exit(3);
}
const comparisons: Comparison[] = [];
for (const image of images) comparisons.push(...(await compareImage(image, listsOf(image))));
writeFileSync(join(root, 'docs', 'comparison.md'), comparisonPage(comparisons));
process.stdout.write('docs/comparison.md\n');
let open = 0;
for (const { image, tool, onlyOurs, onlyTheirs } of comparisons) {
  for (const [whose, list] of [
    ['only Portcullis', onlyOurs],
    [`only ${tool}`, onlyTheirs],
  ] as const) {
    for (const { listed, name } of list) {
      if (name !== null) continue;
      open++;
      process.stdout.write(`not explained: ${image}: ${whose}: ${keyOf(listed)}\n`);
    }
  }
}
if (spawnSync('grype', ['version']).error === undefined) await compareVulnerabilities();
else process.stdout.write('grype is not on PATH: vulnerabilities are not compared.\n');
process.exit(open === 0 ? 0 : 1);

/** Lists what only one of Grype, with its database, and Portcullis, with the feeds that are loaded, tells; by cause. */
async function compareVulnerabilities(): Promise<void> {
  const advisories = await openAdvisories();
  if (advisories === null) {
    process.stdout.write('No advisories are loaded: vulnerabilities are not compared. Load them with: portcullis feeds sync\n');
    return;
  }
  try {
    for (const image of images) {
      const directory = mkdtempSync(join(tmpdir(), 'compare-'));
      try {
        if (!copied(image, directory)) continue;
        const theirs = runGrype(directory);
        if (theirs === null) {
          process.stdout.write(`${image.name}: grype gave no matches (has it a database?)\n`);
          continue;
        }
        const { packages, distribution } = await packagesOf(image);
        const { matches } = advisories.match(packages, distribution, new Date());
        const differences = compareWithGrype(matches, theirs, packages, distribution, advisories);
        process.stdout.write(`${image.name}: ${matches.length} matches, grype ${theirs.length}, different ${differences.length}\n`);
        for (const { only, cause, count, examples } of byCause(differences))
          process.stdout.write(`  only ${only}: ${count}: ${cause} (${examples.join('; ')})\n`);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }
  } finally {
    advisories.close();
  }
}
