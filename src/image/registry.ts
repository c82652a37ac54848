import { PortcullisError } from '../errors.ts';
import type { Digest } from '../model/index.ts';
import { defaultRegistryOptions, formatReference, parseReference, RegistryClient, type RegistryReference } from '../transport/index.ts';
import type { ImageCandidate } from './candidate.ts';
import type { Container, Wanted } from './container.ts';
import { candidatesOf, type FoundManifest, imageOfManifest } from './oci-image.ts';
import type { OpenOptions } from './open-options.ts';

/** Layers whose publisher keeps them elsewhere (OCI image-spec, layer.md, "Non-Distributable Layers"; Docker's foreign layers). */
const FOREIGN = /nondistributable|foreign/;

/** A repository as a container of blobs. Nothing is fetched before it is read. */
class Repository implements Container {
  readonly path: string;
  readonly #client: RegistryClient;
  readonly #reference: RegistryReference;
  readonly #limits: OpenOptions['limits'];
  readonly #manifests = new Map<Digest, Buffer>();

  constructor(client: RegistryClient, reference: RegistryReference, limits: OpenOptions['limits']) {
    this.path = `${reference.domain}/${reference.path}`;
    this.#client = client;
    this.#reference = reference;
    this.#limits = limits;
  }

  isRepeated(): boolean {
    return false;
  }

  /** The manifest or index that the reference names. */
  async root(): Promise<FoundManifest> {
    const manifest = await this.#client.manifest(this.#reference);
    this.#manifests.set(manifest.digest, manifest.bytes);
    return manifest;
  }

  async find(_name: string, wanted?: Wanted): ReturnType<Container['find']> {
    if (wanted === undefined) return undefined;
    const { role, descriptor } = wanted;
    if (role === 'index' || role === 'manifest') return { kind: 'stream', length: descriptor.size, open: () => this.#manifest(descriptor.digest) };
    if (descriptor.size > this.#limits.layerBytes) {
      throw new PortcullisError('IMAGE_LIMIT', `${role} ${descriptor.digest} of ${this.path} has ${descriptor.size} bytes, over the limit.`, {
        hint: 'That is no ordinary image.',
      });
    }
    const bytes = (): AsyncGenerator<Buffer> => this.#client.blob(this.#reference, descriptor, `${role} ${descriptor.digest}`);
    const open = FOREIGN.test(descriptor.mediaType) ? () => foreign(bytes(), `Layer ${descriptor.digest} of ${this.path}`) : bytes;
    return { kind: 'stream', length: descriptor.size, open };
  }

  async *#manifest(digest: Digest): AsyncGenerator<Buffer> {
    const known = this.#manifests.get(digest) ?? (await this.#client.manifest(this.#reference, digest)).bytes;
    this.#manifests.set(digest, known);
    yield known;
  }
}

/** A foreign layer is taken from the registry if it has it; the URLs that the image names are never asked. */
async function* foreign(bytes: AsyncGenerator<Buffer>, what: string): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    if (!(error instanceof PortcullisError) || error.code !== 'REGISTRY_ANSWER') throw error;
    throw new PortcullisError('REGISTRY_ANSWER', `${what} is kept by its publisher elsewhere, and the registry has no copy.`, {
      hint: 'Addresses that an image names are not fetched. Push the image to a registry with all its layers.',
      cause: error,
    });
  }
}

/**
 * The images that a name stands for in its registry. Fetches the manifest, and the configuration when an image is
 * opened; layers when they are read.
 * @throws PortcullisError USAGE for what is no name; IMAGE_NOT_FOUND, IMAGE_CHOICE, IMAGE_FORMAT, IMAGE_INVALID, IMAGE_DIGEST,
 * IMAGE_LIMIT, REGISTRY_*
 */
export async function listRegistry(name: string, reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  const parsed = parseReference(name);
  if (options.tag !== null) {
    throw new PortcullisError('IMAGE_CHOICE', `${reference} is an image of a registry: --tag chooses among the images of an archive.`, {
      hint: 'Write the tag after the name: NAME:TAG.',
    });
  }
  const client = new RegistryClient(options.registry ?? defaultRegistryOptions(process.env));
  options.onClose?.(() => client.close());
  const repository = new Repository(client, parsed, options.limits);
  // Where a tag and a digest are given, the digest alone counts: the tag may say something else by now.
  const tags = parsed.digest === null ? [formatReference(parsed)] : [];
  const image = await imageOfManifest(repository, await repository.root(), tags, options.limits);
  return candidatesOf(repository, image, tags, reference, options);
}
