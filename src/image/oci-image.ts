import type { Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { Descriptor, Digest, Image, LayerBlob, Platform } from '../model/index.ts';
import type { ImageCandidate } from './candidate.ts';
import type { Container } from './container.ts';
import { blobPath, type ConfigDocument, createdBy, descriptorOf, descriptorsOf, invalid, parseConfig, parseObject, readBlob } from './document.ts';
import type { OpenOptions } from './open-options.ts';
import { formatPlatform, hostPlatform, platformFit } from './platform.ts';

export const INDEX_TYPES = new Set(['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json']);
const MANIFEST_TYPES = new Set(['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']);
const CONFIG_TYPES = new Set(['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json', 'application/octet-stream', '']);
const MAX_NESTING = 4;
const MAX_MANIFESTS = 1000;
const MAX_DESCRIPTORS = 100_000;

/** One image of a layout or repository: its name, and the manifests among which a platform chooses. */
export interface OciImage {
  /** As the layout annotates it; empty when it doesn't. */
  readonly tags: readonly string[];
  readonly manifests: readonly Descriptor[];
  /** True when an index offers the manifests: then the platform matters. */
  readonly choice: boolean;
}

/** Attestations and the like ride along in indexes and aren't images (BuildKit's attestation storage). */
function isImageManifest(descriptor: Descriptor): boolean {
  return (
    descriptor.annotations?.['vnd.docker.reference.type'] === undefined &&
    !(descriptor.platform?.os === 'unknown' && descriptor.platform.architecture === 'unknown')
  );
}

/** Goes through indexes. Each is read once however often it is named, and what is looked at is counted. */
export class IndexWalk {
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

/** A manifest or index as it was found, its bytes verified. */
export interface FoundManifest {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** As whoever keeps it says; empty when nobody does. */
  readonly mediaType: string;
}

/**
 * What a manifest or index by itself is: one image, for one platform or several.
 * @throws PortcullisError IMAGE_FORMAT for what isn't an image, IMAGE_INVALID for what could be taken for either
 */
export async function imageOfManifest(container: Container, found: FoundManifest, tags: readonly string[], limits: Limits): Promise<OciImage> {
  const what = `manifest ${found.digest} of ${container.path}`;
  const document = parseObject(found.bytes, what);
  if (document.schemaVersion === 1) throw obsolete(what);
  const hasManifests = document.manifests !== undefined;
  // What one tool takes for an index and another for an image could be judged as one and run as the other.
  if (hasManifests && (document.layers !== undefined || document.config !== undefined)) throw invalid(what, 'it is both an index and an image');
  const isKnown = (type: unknown): type is string => typeof type === 'string' && (INDEX_TYPES.has(type) || MANIFEST_TYPES.has(type));
  const own = document.mediaType;
  if (isKnown(own) && isKnown(found.mediaType) && own !== found.mediaType) throw invalid(what, `it says that it is ${own}, but is kept as ${found.mediaType}`);
  if (typeof own === 'string' && own !== '' && !isKnown(own)) throw notAnImage(what, own);
  const guessed = hasManifests ? 'application/vnd.oci.image.index.v1+json' : 'application/vnd.oci.image.manifest.v1+json';
  const mediaType = isKnown(own) ? own : isKnown(found.mediaType) ? found.mediaType : guessed;
  if (INDEX_TYPES.has(mediaType) !== hasManifests) throw invalid(what, `it is not what its type says, ${mediaType}`);
  const root: Descriptor = { mediaType, digest: found.digest, size: found.bytes.length };
  const manifests = await new IndexWalk(container, limits).manifests(root);
  if (manifests.length > 0) return { tags, manifests, choice: hasManifests };
  throw new PortcullisError('IMAGE_FORMAT', `${what} is an index without an image in it.`, {
    hint: 'What it names are artifacts of another kind (attestations, charts, policies), which cannot be gated as images.',
  });
}

function obsolete(what: string): PortcullisError {
  return new PortcullisError('IMAGE_FORMAT', `${what} has Docker's schema 1, which is obsolete.`, {
    hint: 'Push or save the image again with a current tool.',
  });
}

function notAnImage(what: string, type: string): PortcullisError {
  return new PortcullisError('IMAGE_FORMAT', `${what} is an artifact of type ${type.slice(0, 200)}, not an image.`, {
    hint: 'Only container images can be gated.',
  });
}

/** The one manifest for the platform. @throws PortcullisError IMAGE_CHOICE */
export async function chooseManifest(container: Container, image: OciImage, platform: Platform | null, limits: Limits): Promise<Descriptor> {
  if (!image.choice && image.manifests.length === 1) return image.manifests[0] as Descriptor;
  const offers: { descriptor: Descriptor; platform: Descriptor['platform'] }[] = [];
  for (const descriptor of image.manifests) {
    let offered = descriptor.platform;
    if (offered === undefined && (await container.find(blobPath(descriptor.digest), { role: 'manifest', descriptor })) !== undefined) {
      offered = (await readManifest(container, descriptor, limits)).config.platform;
    }
    offers.push({ descriptor, platform: offered });
  }
  const wanted = platform ?? hostPlatform();
  let best: { descriptor: Descriptor; fit: number } | undefined;
  for (const offer of offers) {
    const fit = offer.platform === undefined ? undefined : platformFit(wanted, offer.platform);
    if (fit !== undefined && (best === undefined || fit < best.fit)) best = { descriptor: offer.descriptor, fit };
  }
  if (best !== undefined) return best.descriptor;
  if (platform === null && offers.length === 1) return image.manifests[0] as Descriptor;
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
  if (manifest.schemaVersion === 1) throw obsolete(what);
  if (Array.isArray(manifest.manifests)) throw invalid(what, 'it is an index where a manifest belongs');
  const config = descriptorOf(manifest.config, what);
  const artifact = typeof manifest.artifactType === 'string' && manifest.artifactType !== '' ? manifest.artifactType : config.mediaType;
  if (!CONFIG_TYPES.has(config.mediaType)) throw notAnImage(what, artifact);
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

/** One candidate for the platform, or one for each when all are meant. */
export function candidatesOf(
  container: Container,
  image: OciImage,
  tags: readonly string[],
  reference: string,
  options: OpenOptions,
): readonly ImageCandidate[] {
  const open = (manifest: Descriptor): ReturnType<typeof openOciImage> => openOciImage(container, manifest, tags, reference, options.limits);
  const { platform } = options;
  if (platform !== 'all') return [{ tags, open: async () => open(await chooseManifest(container, image, platform, options.limits)) }];
  const manifests = new Map(image.manifests.map((manifest) => [manifest.digest, manifest]));
  return [...manifests.values()].map((manifest) => ({
    tags,
    ...(manifest.platform === undefined ? {} : { platform: formatPlatform(manifest.platform) }),
    open: () => open(manifest),
  }));
}
