import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import { listImages } from '../../src/image/index.ts';
import type { Distribution, Package } from '../../src/model/index.ts';
import { classOf } from './classes.ts';
import { byKey, keyOf, type Listed } from './listed.ts';
import type { Classified, Comparison } from './page.ts';
import type { PeerList } from './peers.ts';

/** A sample image: its name, the archive that holds it, and how to choose it there. */
export interface SampleImage {
  readonly name: string;
  readonly file: string;
  readonly tag: string | null;
  readonly platform: { readonly os: string; readonly architecture: string } | null;
}

/** The images of which recorded lists are there; none where they are absent. */
export function sampleImages(shared: string): SampleImage[] {
  const peers = join(shared, 'reference', 'peers');
  if (!existsSync(peers)) return [];
  return readdirSync(peers)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
    .map((name) => {
      const own = join(shared, 'images', `${name}.tar`);
      const truth = JSON.parse(readFileSync(join(shared, 'images', 'truth', `${name}.truth.json`), 'utf8')) as { image: string };
      if (!existsSync(own)) return { name, file: join(shared, 'images', 'debian-family.tar'), tag: truth.image, platform: null };
      return { name, file: own, tag: null, platform: name === 'alpine-multi' ? { os: 'linux', architecture: 'amd64' } : null };
    });
}

function classified(listed: Listed, item: Classified['item'], others: readonly Listed[]): Classified {
  const difference = { listed, item, others };
  return { ...difference, name: classOf(difference)?.name ?? null };
}

/** What we list of an image. @throws PortcullisError when it can't be read */
export async function packagesOf(image: SampleImage): Promise<{ readonly packages: readonly Package[]; readonly distribution: Distribution | null }> {
  const [candidate] = await listImages(image.file, { platform: image.platform, tag: image.tag, limits: defaultLimits });
  if (candidate === undefined) throw new Error(`${image.file} holds no image.`);
  const { facts } = await catalog(await candidate.open(), [{ kind: 'packages' }, { kind: 'distribution' }], { limits: defaultLimits, dockerfile: null });
  return { packages: facts.packages ?? [], distribution: facts.distribution ?? null };
}

/** Our list of an image against each peer's. @throws PortcullisError when the image can't be read */
export async function compareImage(image: SampleImage, lists: readonly PeerList[]): Promise<Comparison[]> {
  const ours = byKey((await packagesOf(image)).packages);
  return lists.map(({ tool, version, packages }) => {
    const theirs = new Map((packages ?? []).map((listed) => [keyOf(listed), listed]));
    const isShared = (key: string): boolean => ours.has(key) && theirs.has(key);
    const ourList = [...ours.values()].map(({ listed }) => listed);
    const theirList = [...theirs.values()];
    return {
      image: image.name,
      tool,
      version,
      ours: ours.size,
      theirs: packages === null ? null : theirs.size,
      same: [...ours.keys()].filter(isShared).length,
      onlyOurs: packages === null ? [] : [...ours].filter(([key]) => !isShared(key)).map(([, { listed, item }]) => classified(listed, item, theirList)),
      onlyTheirs: [...theirs].filter(([key]) => !isShared(key)).map(([, listed]) => classified(listed, null, ourList)),
    };
  });
}
