import { PortcullisError } from '../errors.ts';
import type { Image, InputDocument } from '../model/index.ts';
import type { ImageCandidate } from './candidate.ts';
import { emptyConfiguration } from './empty-configuration.ts';
import type { OpenOptions } from './open-options.ts';
import { readDocument } from './read-document.ts';

/** Documents that stand in place of an image. */
export type DocumentForm = 'sbom' | 'evidence';

function imageOf(document: InputDocument, reference: string): Image {
  const platform = { os: 'linux', architecture: 'unknown' };
  return {
    facts: { reference, digest: null, imageId: null, platform, tags: [], layers: [], verified: false },
    configuration: emptyConfiguration,
    layers: [],
    document,
  };
}

function tagsOf(image: unknown): string[] {
  const tags = (image as { image?: { tags?: unknown } } | null)?.image?.tags;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/**
 * What an SBOM or an evidence file stands for, as images without layers: the whole is read, what it says is the catalogue's matter.
 * @param path where its bytes lie
 * @param name what it is called in messages
 * @param form what the caller says it is; null: it says so itself
 * @throws PortcullisError IMAGE_FORMAT, IMAGE_INVALID, IMAGE_LIMIT, IMAGE_UNREADABLE, IMAGE_CHOICE
 */
export async function listDocument(
  path: string,
  name: string,
  form: DocumentForm | null,
  reference: string,
  options: OpenOptions,
): Promise<readonly ImageCandidate[]> {
  const read = await readDocument(path, name, options.limits);
  const { format, content } = read;
  const isEvidence = format === 'evidence';
  if (form !== null && (form === 'evidence') !== isEvidence) {
    const prefix = isEvidence ? 'evidence' : 'sbom';
    throw new PortcullisError('IMAGE_FORMAT', `${name} is ${isEvidence ? 'an evidence file' : 'an SBOM'}.`, { hint: `Write ${prefix}:${name}` });
  }
  if (!isEvidence) {
    if (options.tag !== null) {
      throw new PortcullisError('IMAGE_CHOICE', `${name} is an SBOM: there is no tag to choose by.`, { hint: 'Leave --tag away.' });
    }
    return [{ tags: [], open: async () => imageOf({ ...read, index: 0 }, reference) }];
  }
  const { images } = content;
  if (!Array.isArray(images) || images.length === 0) {
    throw new PortcullisError('IMAGE_INVALID', `${name} is an evidence file without images.`, { hint: 'Write it again with portcullis evidence.' });
  }
  const all = images.map((image: unknown, index) => ({ tags: tagsOf(image), open: async () => imageOf({ format, content, index }, reference) }));
  const found = options.tag === null ? all : all.filter(({ tags }) => tags.includes(options.tag as string));
  if (found.length > 0) return found;
  throw new PortcullisError('IMAGE_CHOICE', `${name} has no image with the tag ${options.tag}.`, {
    hint: `It has: ${
      all
        .flatMap(({ tags }) => tags)
        .slice(0, 20)
        .join(', ') || 'images without tags'
    }.`,
  });
}
