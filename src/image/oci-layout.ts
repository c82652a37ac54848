import type { Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { Descriptor, Digest, Image, LayerBlob } from '../model/index.ts';
import { type Container, readRegion } from './container.ts';
import {
  blobPath,
  type ConfigDocument,
  createdBy,
  descriptorOf,
  descriptorsOf,
  invalid,
  parseConfig,
  parseObject,
  readBlob,
  refuseRepeated,
} from './document.ts';
import type { OpenOptions } from './open-options.ts';
import { formatPlatform, hostPlatform, platformFit } from './platform.ts';

const INDEX_TYPES = new Set(['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json']);
const MANIFEST_TYPES = new Set(['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']);
const CONFIG_TYPES = new Set(['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json', 'application/octet-stream', '']);
const MAX_NESTING = 4;
const MAX_MANIFESTS = 1000;
const MAX_DESCRIPTORS = 100_000;

/** One image of a layout: its name, and the manifests among which a platform chooses. */
export interface OciImage {
  /** As the layout annotates it; empty when it doesn't. */
  readonly tags: readonly string[];
  readonly manifests: readonly Descriptor[];
  /** True when an index offers the manifests: then the platform matters. */
  readonly choice: boolean;
}

function nameOf(descriptor: Descriptor): string | undefined {
  return descriptor.annotations?.['io.containerd.image.name'] ?? descriptor.annotations?.['org.opencontainers.image.ref.name'];
}

/** Attestations and the like ride along in indexes and aren't images (BuildKit's attestation storage). */
function isImageManifest(descriptor: Descriptor): boolean {
  return (
    descriptor.annotations?.['vnd.docker.reference.type'] === undefined &&
    !(descriptor.platform?.os === 'unknown' && descriptor.platform.architecture === 'unknown')
  );
}

/** Goes through indexes. Each is read once however often it is named, and what is looked at is counted. */
class IndexWalk {
  readonly #container: Container;
  readonly #limits: Limits;
  readonly #children = new Map<Digest, readonly Descriptor[]>();
  #looked = 0;
  #found = 0;

  constructor(container: Container, limits: Limits) {
    this.#container = container;
    this.#limits = limits;
  }

  /** The manifests below a descriptor. Platform manifests that the archive leaves out are no error here. */
  async manifests(descriptor: Descriptor, depth = 0): Promise<Descriptor[]> {
    if (++this.#looked > MAX_DESCRIPTORS) throw this.#over(`names more than ${MAX_DESCRIPTORS} descriptors`);
    if (INDEX_TYPES.has(descriptor.mediaType)) {
      if (depth >= MAX_NESTING) throw this.#over(`nests indexes more than ${MAX_NESTING} deep`);
      const found: Descriptor[] = [];
      for (const child of await this.#childrenOf(descriptor)) for (const manifest of await this.manifests(child, depth + 1)) found.push(manifest);
      return found;
    }
    if (!isImageManifest(descriptor) || (descriptor.mediaType !== '' && !MANIFEST_TYPES.has(descriptor.mediaType))) return [];
    if (++this.#found > MAX_MANIFESTS) throw this.#over(`lists more than ${MAX_MANIFESTS} manifests`);
    return [descriptor];
  }

  async #childrenOf(descriptor: Descriptor): Promise<readonly Descriptor[]> {
    const { digest } = descriptor;
    const known = this.#children.get(digest);
    if (known !== undefined) return known;
    const what = `index ${digest}`;
    const index = parseObject(await readBlob(this.#container, descriptor, 'index', this.#limits), what);
    const children = descriptorsOf(index.manifests, what);
    this.#children.set(digest, children);
    return children;
  }

  #over(what: string): PortcullisError {
    return new PortcullisError('IMAGE_LIMIT', `${this.#container.path} ${what}.`, { hint: 'Save the one image that is meant.' });
  }
}

/**
 * The images that an OCI layout's index.json names (OCI image-spec, image-layout.md).
 * @throws PortcullisError IMAGE_INVALID, IMAGE_DIGEST, IMAGE_LIMIT, IMAGE_FORMAT
 */
export async function listOciImages(container: Container, limits: Limits): Promise<OciImage[]> {
  const region = await container.find('index.json');
  if (region === undefined) throw invalid(container.path, 'it has no index.json');
  refuseRepeated(container, 'index.json');
  const what = `index.json of ${container.path}`;
  const index = parseObject(await readRegion(region, what, limits), what);
  const listed = descriptorsOf(index.manifests, what);
  const walk = new IndexWalk(container, limits);
  const images: OciImage[] = [];
  /** Manifests of one name, or without a name and for different platforms, are one image for several platforms. */
  const groups = new Map<string, { tags: string[]; manifests: Descriptor[]; choice: boolean }>();
  for (const descriptor of listed) {
    const manifests = await walk.manifests(descriptor);
    if (manifests.length === 0) continue;
    const name = nameOf(descriptor);
    const isIndex = INDEX_TYPES.has(descriptor.mediaType);
    const key = name !== undefined ? `name ${name}` : descriptor.platform !== undefined && !isIndex ? 'unnamed' : descriptor.digest;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { tags: name === undefined ? [] : [name], manifests, choice: isIndex });
    else {
      group.manifests.push(...manifests);
      group.choice = true;
    }
  }
  const byDigest = new Map<string, { tags: string[]; manifests: Descriptor[]; choice: boolean }>();
  for (const group of groups.values()) {
    // The same image under several names is one image.
    const key = group.manifests.map((manifest) => manifest.digest).join(' ');
    const same = byDigest.get(key);
    if (same !== undefined) same.tags.push(...group.tags);
    else byDigest.set(key, group);
  }
  images.push(...byDigest.values());
  if (images.length === 0) {
    throw new PortcullisError('IMAGE_FORMAT', `${container.path} is an OCI layout without an image in it.`, {
      hint:
        listed.length === 0
          ? 'Its index.json is empty.'
          : 'What it holds are artifacts of another kind (attestations, charts, policies), which cannot be gated as images.',
    });
  }
  return images;
}

/** The one manifest for the platform. @throws PortcullisError IMAGE_CHOICE */
export async function chooseManifest(container: Container, image: OciImage, options: OpenOptions): Promise<Descriptor> {
  if (!image.choice && image.manifests.length === 1) return image.manifests[0] as Descriptor;
  const offers: { descriptor: Descriptor; platform: Descriptor['platform'] }[] = [];
  for (const descriptor of image.manifests) {
    let platform = descriptor.platform;
    if (platform === undefined && (await container.find(blobPath(descriptor.digest), { role: 'manifest', descriptor })) !== undefined) {
      platform = (await readManifest(container, descriptor, options.limits)).config.platform;
    }
    offers.push({ descriptor, platform });
  }
  const wanted = options.platform ?? hostPlatform();
  let best: { descriptor: Descriptor; fit: number } | undefined;
  for (const offer of offers) {
    const fit = offer.platform === undefined ? undefined : platformFit(wanted, offer.platform);
    if (fit !== undefined && (best === undefined || fit < best.fit)) best = { descriptor: offer.descriptor, fit };
  }
  if (best !== undefined) return best.descriptor;
  if (options.platform === null && offers.length === 1) return image.manifests[0] as Descriptor;
  const known = offers.map((offer) => (offer.platform === undefined ? 'unknown' : formatPlatform(offer.platform))).join(', ');
  throw new PortcullisError('IMAGE_CHOICE', `${container.path} has no image for ${formatPlatform(wanted)}.`, {
    hint: `It has: ${known}. Choose with --platform.`,
  });
}

interface Manifest {
  readonly configDigest: Digest;
  readonly config: ConfigDocument;
  readonly layers: readonly Descriptor[];
}

/** A manifest with its configuration, both verified. @throws PortcullisError IMAGE_FORMAT for what isn't an image */
export async function readManifest(container: Container, descriptor: Descriptor, limits: Limits): Promise<Manifest> {
  const what = `manifest ${descriptor.digest}`;
  const manifest = parseObject(await readBlob(container, descriptor, 'manifest', limits), what);
  if (manifest.schemaVersion === 1) {
    throw new PortcullisError('IMAGE_FORMAT', `${what} has Docker's schema 1, which is obsolete.`, {
      hint: 'Push or save the image again with a current tool.',
    });
  }
  if (Array.isArray(manifest.manifests)) throw invalid(what, 'it is an index where a manifest belongs');
  const config = descriptorOf(manifest.config, what);
  if (!CONFIG_TYPES.has(config.mediaType)) {
    throw new PortcullisError('IMAGE_FORMAT', `${what} is an artifact of type ${config.mediaType}, not an image.`, {
      hint: 'Only container images can be gated.',
    });
  }
  const bytes = await readBlob(container, config, 'configuration', limits);
  return { configDigest: config.digest, config: parseConfig(bytes, `configuration ${config.digest}`), layers: descriptorsOf(manifest.layers, what) };
}

/** Opens one image of a layout. @throws PortcullisError IMAGE_INVALID, IMAGE_DIGEST, IMAGE_FORMAT, IMAGE_LIMIT */
export async function openOciImage(container: Container, descriptor: Descriptor, tags: readonly string[], reference: string, limits: Limits): Promise<Image> {
  const { config, configDigest, layers } = await readManifest(container, descriptor, limits);
  const what = `manifest ${descriptor.digest}`;
  if (layers.length > limits.layers) throw new PortcullisError('IMAGE_LIMIT', `${what} has ${layers.length} layers, over the limit of ${limits.layers}.`);
  if (layers.length !== config.diffIds.length) throw invalid(what, `it has ${layers.length} layers, its configuration ${config.diffIds.length}`);
  const lines = createdBy(config.configuration, layers.length);
  const blobs: LayerBlob[] = [];
  for (const [index, layer] of layers.entries()) {
    if (/encrypted/.test(layer.mediaType))
      throw new PortcullisError('IMAGE_FORMAT', `Layer ${index} of ${container.path} is encrypted, so it cannot be judged.`, {
        hint: 'Decrypt the image first.',
      });
    const region = await container.find(blobPath(layer.digest), { role: 'layer', descriptor: layer });
    if (region === undefined) throw invalid(container.path, `it does not hold layer ${index}, ${layer.digest}`);
    if (region.length !== layer.size) throw invalid(container.path, `layer ${index} has ${region.length} bytes where the manifest says ${layer.size}`);
    blobs.push({ index, source: region, digest: layer.digest, diffId: config.diffIds[index] as Digest, createdBy: lines[index] ?? null });
  }
  return {
    facts: {
      reference,
      digest: descriptor.digest,
      imageId: configDigest,
      platform: config.platform,
      tags,
      layers: blobs.map(({ index, diffId, createdBy: line }) => ({ index, diffId, createdBy: line })),
      verified: true,
    },
    configuration: config.configuration,
    layers: blobs,
  };
}
