import type { Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { Digest, Image, LayerBlob } from '../model/index.ts';
import { type Container, readRegion } from './container.ts';
import { asDigest, createdBy, digestOf, invalid, parseConfig, parseJson, refuseRepeated, verifyDigest } from './document.ts';

const MAX_IMAGES = 1000;

/** One image of `docker save`'s manifest.json. */
export interface DockerImage {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
}

/** @throws PortcullisError IMAGE_INVALID */
export async function listDockerImages(container: Container, limits: Limits): Promise<DockerImage[]> {
  const region = await container.find('manifest.json');
  if (region === undefined) {
    if ((await container.find('repositories')) !== undefined) {
      throw new PortcullisError('IMAGE_FORMAT', `${container.path} was saved by a Docker before 1.10, whose images have no digests.`, {
        hint: 'Load it and save it again with a current Docker.',
      });
    }
    throw invalid(container.path, 'it has no manifest.json');
  }
  refuseRepeated(container, 'manifest.json');
  const what = `manifest.json of ${container.path}`;
  const list = parseJson(await readRegion(region, what, limits), what);
  if (!Array.isArray(list) || list.length === 0) throw invalid(what, 'it lists no image');
  if (list.length > MAX_IMAGES) throw new PortcullisError('IMAGE_LIMIT', `${what} lists ${list.length} images, over the limit of ${MAX_IMAGES}.`);
  return list.map((item: unknown) => {
    const entry = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
    const { Config: config, RepoTags: tags, Layers: layers } = entry;
    if (typeof config !== 'string' || !Array.isArray(layers) || !layers.every((layer) => typeof layer === 'string')) {
      throw invalid(what, 'an image has no Config or no Layers');
    }
    return { config, layers: layers as string[], tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [] };
  });
}

/** The digest that a member's name states: `blobs/sha256/HEX`, `HEX.json`, `sha256:HEX`; undefined when it states none. */
function statedDigest(name: string): Digest | undefined {
  const blob = /^blobs\/(sha256|sha512)\/([0-9a-f]+)$/.exec(name);
  if (blob !== null) return asDigest(`${blob[1]}:${blob[2]}`);
  const plain = /^(?:sha256:)?([0-9a-f]{64})(?:\.json)?$/.exec(name);
  return plain === null ? undefined : asDigest(`sha256:${plain[1]}`);
}

async function readConfig(container: Container, image: DockerImage, limits: Limits): Promise<{ id: Digest; bytes: Buffer }> {
  const region = await container.find(image.config);
  if (region === undefined) throw invalid(container.path, `it does not hold the configuration ${image.config}`);
  const bytes = await readRegion(region, `configuration ${image.config}`, limits);
  const stated = statedDigest(image.config);
  if (stated !== undefined) verifyDigest(bytes, stated, `configuration ${image.config}`);
  return { id: stated ?? digestOf(bytes), bytes };
}

/** The image id: the digest of the configuration, as its name states it, else computed. */
export async function dockerImageId(container: Container, image: DockerImage, limits: Limits): Promise<Digest> {
  return statedDigest(image.config) ?? (await readConfig(container, image, limits)).id;
}

/**
 * Opens one image of an archive of `docker save`, old form (`ID/layer.tar`) or new (`blobs/sha256/…`).
 * @throws PortcullisError IMAGE_INVALID, IMAGE_DIGEST, IMAGE_LIMIT
 */
export async function openDockerImage(container: Container, image: DockerImage, reference: string, limits: Limits): Promise<Image> {
  const { id, bytes } = await readConfig(container, image, limits);
  const config = parseConfig(bytes, `configuration ${image.config}`);
  if (image.layers.length > limits.layers)
    throw new PortcullisError('IMAGE_LIMIT', `${container.path} has ${image.layers.length} layers, over the limit of ${limits.layers}.`);
  if (image.layers.length !== config.diffIds.length) {
    throw invalid(container.path, `manifest.json names ${image.layers.length} layers, the configuration ${config.diffIds.length}`);
  }
  const lines = createdBy(config.configuration, image.layers.length);
  const layers: LayerBlob[] = [];
  for (const [index, name] of image.layers.entries()) {
    const region = await container.find(name);
    if (region === undefined) throw invalid(container.path, `it does not hold layer ${index}, ${name}`);
    layers.push({
      index,
      source: region,
      digest: /^blobs\//.test(name) ? (statedDigest(name) ?? null) : null,
      diffId: config.diffIds[index] as Digest,
      createdBy: lines[index] ?? null,
    });
  }
  return {
    facts: {
      reference,
      digest: null,
      imageId: id,
      platform: config.platform,
      tags: image.tags,
      layers: layers.map(({ index, diffId, createdBy: line }) => ({ index, diffId, createdBy: line })),
      verified: true,
    },
    configuration: config.configuration,
    layers,
  };
}
