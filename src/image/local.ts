import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import type { ImageCandidate } from './candidate.ts';
import { type Container, cannotOpen, directoryContainer, headOf, tarContainer } from './container.ts';
import { looksLikeRootFilesystem, openDirectory } from './directory.ts';
import { dockerImageId, listDockerImages, openDockerImage } from './docker-archive.ts';
import { blobPath, refuseRepeated } from './document.ts';
import { documentFormOf } from './document-text.ts';
import { candidatesOf, readManifest } from './oci-image.ts';
import { listOciImages } from './oci-layout.ts';
import { type DocumentForm, listDocument } from './open-document.ts';
import type { OpenOptions } from './open-options.ts';
import { isSkopeoDirectory, listSkopeoDirectory } from './skopeo-directory.ts';
import { fileBytes, spool } from './spool.ts';

/** Forms that lie in files. */
export type LocalForm = 'docker-archive' | 'oci' | 'directory' | 'skopeo-directory' | DocumentForm;

/**
 * The images that a file or directory holds. Archives of `docker save` (old and new form, also compressed as a whole),
 * OCI layouts (directory or tar), skopeo's directories and root file systems are told apart by what is in them, unless
 * a form is given.
 * @throws PortcullisError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_FORMAT, IMAGE_INVALID, IMAGE_DIGEST, IMAGE_LIMIT, IMAGE_CHOICE
 */
export async function listLocal(path: string, form: LocalForm | null, reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(path, error);
  });
  if (stats.isDirectory()) return listDirectory(path, form, reference, options);
  if (form === 'directory' || form === 'skopeo-directory') {
    throw new PortcullisError('IMAGE_FORMAT', `${path} is not a directory.`, { hint: `Leave the prefix away: ${path}` });
  }
  if (!stats.isFile() && !stats.isFIFO()) throw new PortcullisError('IMAGE_FORMAT', `${path} is neither a file nor a directory.`);
  // A pipe (`<(docker save x)`) can be read once, like what is compressed.
  const isSpooled = stats.isFIFO() || isCompressed(await headOf(path, 4));
  if (!isSpooled) return listArchive(path, path, form, reference, options);
  options.note?.(`${path} is ${stats.isFIFO() ? 'a pipe' : 'compressed'}: it is copied to a temporary file`);
  const spooled = await spool(fileBytes(path), path, options);
  return listArchive(spooled.path, path, form, reference, options);
}

async function listDirectory(path: string, form: LocalForm | null, reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  const isLayout = form === 'oci' || (form === null && (await isFile(join(path, 'index.json'))) && (await isFile(join(path, 'oci-layout'))));
  if (isLayout) return listOci(directoryContainer(path), reference, options);
  if (form === 'docker-archive') return listDocker(directoryContainer(path), reference, options);
  if (form === 'sbom' || form === 'evidence') throw new PortcullisError('IMAGE_FORMAT', `${path} is a directory.`, { hint: 'Name the file.' });
  if (form === 'skopeo-directory' || (form === null && (await isSkopeoDirectory(path)))) {
    refuseTag(reference, options);
    return listSkopeoDirectory(path, reference, options);
  }
  if (form === 'directory' || (await looksLikeRootFilesystem(path))) {
    refuseTag(reference, options);
    return [{ tags: [], open: async () => openDirectory(path, reference) }];
  }
  throw new PortcullisError('IMAGE_FORMAT', `${path} is a directory, but neither an OCI layout nor a root file system.`, {
    hint: `Write dir:${path} to take it for a root file system all the same, or registry:${path} for the image of that name.`,
  });
}

/**
 * The images of a tar archive, or of a document that stands in place of one.
 * @param path where its bytes lie
 * @param name what it is called in messages
 * @throws PortcullisError IMAGE_FORMAT, IMAGE_INVALID, IMAGE_DIGEST, IMAGE_LIMIT, IMAGE_CHOICE
 */
export async function listArchive(
  path: string,
  name: string,
  form: 'docker-archive' | 'oci' | DocumentForm | null,
  reference: string,
  options: OpenOptions,
): Promise<readonly ImageCandidate[]> {
  if (form === 'sbom' || form === 'evidence' || (form === null && (await documentFormOf(path)) !== null))
    return listDocument(path, name, form, reference, options);
  refuseOther(await headOf(path, 512), name);
  const container = await tarContainer(path, options.limits, name);
  if (form === null) for (const list of ['manifest.json', 'index.json']) refuseRepeated(container, list);
  const hasDocker = (await container.find('manifest.json')) !== undefined || (await container.find('repositories')) !== undefined;
  const hasOci = (await container.find('index.json')) !== undefined;
  if (form === 'docker-archive' || (form === null && hasDocker && !hasOci)) return listDocker(container, reference, options);
  if (form === 'oci' || (form === null && hasOci && !hasDocker)) return listOci(container, reference, options);
  if (hasOci && hasDocker) return listBoth(container, reference, options);
  throw new PortcullisError('IMAGE_FORMAT', `${name} is a tar archive, but holds neither manifest.json (docker save) nor index.json (OCI layout).`, {
    hint: 'Save the image with `docker save IMAGE -o image.tar` or `skopeo copy … oci-archive:image.tar`. For an exported root file system unpack it and gate the directory.',
  });
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

function isCompressed(head: Uint8Array): boolean {
  return (head[0] === 0x1f && head[1] === 0x8b) || (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd);
}

function refuseOther(head: Buffer, name: string): void {
  const magic: readonly [number[], string, string][] = [
    [[0x1f, 0x8b], 'gzip', 'gunzip'],
    [[0x28, 0xb5, 0x2f, 0xfd], 'zstd', 'unzstd'],
    [[0xfd, 0x37, 0x7a], 'xz', 'unxz'],
    [[0x42, 0x5a, 0x68], 'bzip2', 'bunzip2'],
  ];
  for (const [bytes, compression, tool] of magic) {
    if (bytes.every((byte, index) => head[index] === byte)) {
      throw new PortcullisError('IMAGE_FORMAT', `${name} as a whole is compressed with ${compression}.`, { hint: `Unpack it first with ${tool}.` });
    }
  }
  if (head.length < 512) {
    throw new PortcullisError('IMAGE_FORMAT', `${name} has ${head.length} bytes: too few for an image.`, {
      hint: 'Give an archive of docker save, an OCI layout, a directory or an SBOM.',
    });
  }
  if (head.toString('latin1', 257, 262) !== 'ustar' && !/^[^\0]+\0/.test(head.toString('latin1', 0, 101))) {
    throw new PortcullisError('IMAGE_FORMAT', `${name} is not a tar archive.`, {
      hint: 'Give an archive of docker save, an OCI layout, a directory or an SBOM.',
    });
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
  const images = chosen(await listOciImages(container, options.limits), reference, options);
  return images.flatMap((image) => candidatesOf(container, image, image.tags, reference, options));
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
    images.push(...candidatesOf(container, image, tags, reference, options));
  }
  if (unmatched.size > 0 && !damaged) throw differ();
  return chosen(images, reference, options);
}
