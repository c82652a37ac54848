import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import type { Image } from '../model/index.ts';
import { type Container, cannotOpen, directoryContainer, headOf, tarContainer } from './container.ts';
import { looksLikeRootFilesystem, openDirectory } from './directory.ts';
import { dockerImageId, listDockerImages, openDockerImage } from './docker-archive.ts';
import { blobPath, refuseRepeated } from './document.ts';
import { chooseManifest, listOciImages, openOciImage, readManifest } from './oci-layout.ts';
import type { OpenOptions } from './open-options.ts';

/** The forms that a reference's prefix can force. */
export const prefixes = { 'docker-archive': 'docker-archive', oci: 'oci', 'oci-archive': 'oci', dir: 'directory' } as const;
type Form = (typeof prefixes)[keyof typeof prefixes];

function split(reference: string): { form: Form | null; path: string } {
  const colon = reference.indexOf(':');
  const prefix = colon < 0 ? '' : reference.slice(0, colon);
  if (Object.hasOwn(prefixes, prefix)) return { form: prefixes[prefix as keyof typeof prefixes], path: reference.slice(colon + 1) };
  return { form: null, path: reference };
}

/** An image that can be opened; one that can't be doesn't keep the others of its archive from it. */
export interface ImageCandidate {
  readonly tags: readonly string[];
  /** Verifies manifest and configuration. @throws PortcullisError IMAGE_INVALID, IMAGE_DIGEST, IMAGE_FORMAT, IMAGE_LIMIT, IMAGE_CHOICE */
  open(): Promise<Image>;
}

/**
 * The images that a reference holds.
 * Archives of `docker save` (old and new form), OCI layouts (directory or tar), and root file systems are told
 * apart by what is in them, or forced by `docker-archive:`, `oci:`, `dir:`.
 * @throws PortcullisError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_FORMAT, IMAGE_INVALID, IMAGE_DIGEST, IMAGE_LIMIT, IMAGE_CHOICE
 */
export async function listImages(reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  const { form, path } = split(reference);
  if (path === '') throw new PortcullisError('USAGE', `"${reference}" names no file.`, { hint: 'Write the path after the colon.' });
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw notFound(reference, path, error);
  });
  if (stats.isDirectory()) {
    const isLayout = form === 'oci' || (form === null && (await isFile(join(path, 'index.json'))) && (await isFile(join(path, 'oci-layout'))));
    if (isLayout) return listOci(directoryContainer(path), reference, options);
    if (form === 'docker-archive') return listDocker(directoryContainer(path), reference, options);
    if (form === 'directory' || (await looksLikeRootFilesystem(path))) {
      refuseTag(reference, options);
      return [{ tags: [], open: async () => openDirectory(path, reference) }];
    }
    throw new PortcullisError('IMAGE_FORMAT', `${path} is a directory, but neither an OCI layout nor a root file system.`, {
      hint: `Write dir:${path} to take it for a root file system all the same.`,
    });
  }
  if (form === 'directory') throw new PortcullisError('IMAGE_FORMAT', `${path} is not a directory.`, { hint: 'Leave the prefix dir: away.' });
  if (!stats.isFile()) throw new PortcullisError('IMAGE_FORMAT', `${path} is neither a file nor a directory.`);
  await refuseCompressed(path);
  const container = await tarContainer(path, options.limits);
  if (form === null) for (const list of ['manifest.json', 'index.json']) refuseRepeated(container, list);
  const hasDocker = (await container.find('manifest.json')) !== undefined || (await container.find('repositories')) !== undefined;
  const hasOci = (await container.find('index.json')) !== undefined;
  if (form === 'docker-archive' || (form === null && hasDocker && !hasOci)) return listDocker(container, reference, options);
  if (form === 'oci' || (form === null && hasOci && !hasDocker)) return listOci(container, reference, options);
  if (hasOci && hasDocker) return listBoth(container, reference, options);
  throw new PortcullisError('IMAGE_FORMAT', `${path} is a tar archive, but holds neither manifest.json (docker save) nor index.json (OCI layout).`, {
    hint: 'Save the image with `docker save IMAGE -o image.tar` or `skopeo copy … oci-archive:image.tar`. For an exported root file system unpack it and gate the directory.',
  });
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

function notFound(reference: string, path: string, error: NodeJS.ErrnoException): PortcullisError {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') return cannotOpen(path, error);
  const looksLikeName = /^[a-z0-9]+([._/:@-][a-zA-Z0-9._-]+)*$/.test(reference) && !reference.endsWith('.tar');
  return new PortcullisError('IMAGE_NOT_FOUND', `No image lies at ${reference}: there is no such file or directory.`, {
    hint: looksLikeName
      ? `To gate an image of a registry or an engine, save it first: docker save ${reference} -o image.tar (or skopeo copy docker://${reference} oci-archive:image.tar).`
      : 'Check the path.',
    cause: error,
  });
}

async function refuseCompressed(path: string): Promise<void> {
  const head = await headOf(path, 512);
  const magic: readonly [number[], string, string][] = [
    [[0x1f, 0x8b], 'gzip', 'gunzip'],
    [[0x28, 0xb5, 0x2f, 0xfd], 'zstd', 'unzstd'],
    [[0xfd, 0x37, 0x7a], 'xz', 'unxz'],
    [[0x42, 0x5a, 0x68], 'bzip2', 'bunzip2'],
  ];
  for (const [bytes, name, tool] of magic) {
    if (bytes.every((byte, index) => head[index] === byte)) {
      throw new PortcullisError('IMAGE_FORMAT', `${path} as a whole is compressed with ${name}.`, { hint: `Unpack it first: ${tool} -k ${path}` });
    }
  }
  if (head.length < 512) {
    throw new PortcullisError('IMAGE_FORMAT', `${path} has ${head.length} bytes: too few for an image.`, {
      hint: 'Give an archive of docker save, an OCI layout or a directory.',
    });
  }
  if (head.toString('latin1', 257, 262) !== 'ustar' && !/^[^\0]+\0/.test(head.toString('latin1', 0, 101))) {
    throw new PortcullisError('IMAGE_FORMAT', `${path} is not a tar archive.`, { hint: 'Give an archive of docker save, an OCI layout or a directory.' });
  }
}

function refuseTag(reference: string, options: OpenOptions): void {
  if (options.tag !== null) {
    throw new PortcullisError('IMAGE_CHOICE', `${reference} is a directory: there is no tag to choose by.`, { hint: 'Leave --tag away.' });
  }
}

/** `apache` → `docker.io/library/apache:latest`, as Docker completes names. */
function completed(tag: string): string {
  let name = tag;
  const first = name.slice(0, Math.max(name.indexOf('/'), 0));
  if (first === '') name = `docker.io/library/${name}`;
  else if (!/[.:]/.test(first) && first !== 'localhost') name = `docker.io/${name}`;
  return name.slice(name.lastIndexOf('/')).includes(':') ? name : `${name}:latest`;
}

function chosen<T extends { readonly tags: readonly string[] }>(images: readonly T[], reference: string, options: OpenOptions): readonly T[] {
  const wanted = options.tag;
  if (wanted === null) return images;
  // An OCI layout may carry the bare tag (`1.27`) in place of a name.
  const found = images.filter((image) => image.tags.some((tag) => tag === wanted || completed(tag) === completed(wanted)));
  if (found.length > 0) return found;
  const known = images.flatMap((image) => image.tags);
  throw new PortcullisError('IMAGE_CHOICE', `${reference} has no image with the tag ${wanted}.`, {
    hint: known.length === 0 ? 'Its images have no tags: leave --tag away.' : `It has: ${known.slice(0, 20).join(', ')}.`,
  });
}

async function listOci(container: Container, reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  return chosen(await listOciImages(container, options.limits), reference, options).map((image) => ({
    tags: image.tags,
    open: async () => openOciImage(container, await chooseManifest(container, image, options), image.tags, reference, options.limits),
  }));
}

async function listDocker(container: Container, reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  return chosen(await listDockerImages(container, options.limits), reference, options).map((image) => ({
    tags: image.tags,
    open: () => openDockerImage(container, image, reference, options.limits),
  }));
}

/**
 * An archive with both lists (docker save since 25). Which of them a runtime reads depends on the runtime: they
 * must name the same images, or one could pass for the other.
 * @throws PortcullisError IMAGE_CHOICE when they don't
 */
async function listBoth(container: Container, reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  const tagsById = new Map<string, string[]>();
  for (const image of await listDockerImages(container, options.limits)) {
    const id = await dockerImageId(container, image, options.limits);
    tagsById.set(id, [...(tagsById.get(id) ?? []), ...image.tags]);
  }
  const unmatched = new Set(tagsById.keys());
  const differ = (): PortcullisError =>
    new PortcullisError('IMAGE_CHOICE', `In ${reference} manifest.json and index.json name different images.`, {
      hint: `Different tools would load different images from it. Choose a list: docker-archive:${reference} or oci:${reference}.`,
    });
  let damaged = false;
  const images: ImageCandidate[] = [];
  for (const image of await listOciImages(container, options.limits)) {
    const ids: string[] = [];
    let failed = false;
    for (const manifest of image.manifests) {
      // A platform that the archive names but leaves out is no contradiction; one that can't be read is an error of its own.
      const isHere = (await container.find(blobPath(manifest.digest))) !== undefined;
      if (!isHere) continue;
      try {
        ids.push((await readManifest(container, manifest, options.limits)).configDigest);
      } catch (error) {
        if (!(error instanceof PortcullisError)) throw error;
        failed = true;
      }
    }
    damaged ||= failed;
    const named = ids.flatMap((id) => tagsById.get(id) ?? []);
    if (!failed && !ids.some((id) => tagsById.has(id))) throw differ();
    for (const id of ids) unmatched.delete(id);
    const tags = named.length > 0 ? named : image.tags;
    images.push({ tags, open: async () => openOciImage(container, await chooseManifest(container, image, options), tags, reference, options.limits) });
  }
  if (unmatched.size > 0 && !damaged) throw differ();
  return chosen(images, reference, options);
}
