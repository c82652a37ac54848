import type { Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { Descriptor } from '../model/index.ts';
import { type Container, readRegion } from './container.ts';
import { descriptorsOf, invalid, parseObject, refuseRepeated } from './document.ts';
import { INDEX_TYPES, IndexWalk, type OciImage } from './oci-image.ts';

function nameOf(descriptor: Descriptor): string | undefined {
  return descriptor.annotations?.['io.containerd.image.name'] ?? descriptor.annotations?.['org.opencontainers.image.ref.name'];
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
