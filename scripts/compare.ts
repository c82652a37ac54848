// `npm run compare`: compares the packages of the sample images with what Syft and Trivy list, and writes docs/comparison.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareImage, type SampleImage, sampleImages } from './comparison/compare-images.ts';
import { keyOf } from './comparison/listed.ts';
import { type Comparison, comparisonPage } from './comparison/page.ts';
import { type PeerList, peersOnPath, recordedPeers, runPeer } from './comparison/peers.ts';

const root = new URL('..', import.meta.url).pathname;
const shared = join(root, '..', 'shared');
const onPath = peersOnPath();

/** The peers' lists: of those on PATH, otherwise the recorded ones. */
function listsOf(image: SampleImage): PeerList[] {
  const { lists } = recordedPeers(join(shared, 'reference', 'peers'), image.name);
  if (onPath.size === 0) return lists;
  const directory = mkdtempSync(join(tmpdir(), 'compare-'));
  try {
    const source = `docker-archive:${image.file}${image.tag === null ? '' : `:${image.tag}`}`;
    const copied = spawnSync('skopeo', ['copy', '--quiet', image.name === 'alpine-multi' ? `oci-archive:${image.file}` : source, `oci:${directory}`], {
      encoding: 'utf8',
    });
    if (copied.status !== 0) {
      process.stderr.write(`${image.name}: skopeo could not copy it, so the recorded lists are used: ${copied.stderr ?? ''}\n`);
      return lists;
    }
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
process.exit(open === 0 ? 0 : 1);
