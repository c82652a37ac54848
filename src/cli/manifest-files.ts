import { dirname, join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import type { ImageRequest } from '../gate.ts';
import { imagesOfCompose, imagesOfKubernetes, type NamedImages, parseEnvFile } from '../image/index.ts';
import type { ImageError, VerdictDocument } from '../model/index.ts';
import { readTextFile } from './files.ts';
import type { Io, Messages } from './io.ts';

/** Images that came from a file of manifests. */
export interface ManifestImages {
  readonly file: string;
  readonly requests: readonly ImageRequest[];
}

type Reader = (text: string, file: string) => NamedImages;

async function read(file: string, what: string, places: ImageRequest['places'], reader: Reader, messages: Messages): Promise<ManifestImages> {
  const { images, notes } = reader(await readTextFile(file, what, 'USAGE_FILE'), file);
  for (const note of notes) await messages.warn(`${file}: ${note}`);
  for (const { reference, usedBy } of images) await messages.detail(`${file}: ${reference} is used by ${usedBy.join('; ')}`);
  return { file, requests: images.map(({ reference }) => ({ reference, dockerfile: null, places })) };
}

/**
 * The images that files of manifests name. Names in them are never taken for files: those of Kubernetes are pulled from
 * registries, those of Compose may be known to an engine, too.
 * @throws PortcullisError USAGE_FILE
 */
export async function manifestImages(kubernetes: readonly string[], compose: readonly string[], io: Io, messages: Messages): Promise<ManifestImages[]> {
  const found: ManifestImages[] = [];
  for (const file of kubernetes) found.push(await read(file, 'The manifest', ['registry'], imagesOfKubernetes, messages));
  for (const file of compose) {
    const beside = await besideVariables(file);
    const reader: Reader = (text, name) => imagesOfCompose(text, name, { ...beside, ...io.env });
    found.push(await read(file, 'The Compose file', ['engines', 'registry'], reader, messages));
  }
  return found;
}

/** Compose reads `.env` beside the file. */
async function besideVariables(file: string): Promise<Record<string, string>> {
  const path = join(dirname(file), '.env');
  try {
    return parseEnvFile(await readTextFile(path, 'The file', 'USAGE_FILE'));
  } catch (error) {
    if (error instanceof PortcullisError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return {};
    throw error;
  }
}

/** One line on what became of a file's images. */
export function summaryOf({ file, requests }: ManifestImages, images: VerdictDocument['images']): string {
  const references = new Set(requests.map(({ reference }) => reference));
  const counts = { stop: 0, warn: 0, go: 0, error: 0 };
  for (const image of images) {
    const isOfFile = references.has(image.reference) || ('error' in image && [...references].some((reference) => isErrorOf(image, reference)));
    if (!isOfFile) continue;
    if ('error' in image) counts.error++;
    else counts[image.verdict]++;
  }
  const failed = counts.error === 0 ? '' : `, ${counts.error} could not be judged`;
  const plural = requests.length === 1 ? 'image' : 'images';
  return `${file}: ${requests.length} ${plural} named; ${counts.stop} STOP, ${counts.warn} WARN, ${counts.go} GO${failed}.`;
}

/** The block of an error says after the reference which of its images it is about. */
function isErrorOf(image: ImageError, reference: string): boolean {
  return image.reference.startsWith(`${reference} (`);
}
