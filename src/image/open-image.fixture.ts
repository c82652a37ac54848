import { defaultLimits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { Image } from '../model/index.ts';
import { listImages } from './open.ts';
import { parsePlatform } from './platform.ts';

export interface Choice {
  readonly platform?: string;
  readonly tag?: string;
}

/** Opens every image that a reference to a file or directory holds. */
export async function openAll(reference: string, { platform = 'linux/amd64', tag }: Choice = {}): Promise<Image[]> {
  const images: Image[] = [];
  const options = { platform: platform === '' ? null : parsePlatform(platform), tag: tag ?? null, limits: defaultLimits, places: ['files' as const] };
  for (const candidate of await listImages(reference, options)) images.push(await candidate.open());
  return images;
}

/** The code, message and hint of the error that opening ends in; fails when it doesn't. */
export async function refusal(reference: string, choice: Choice = {}): Promise<{ code: string; message: string; hint: string | null }> {
  try {
    await openAll(reference, choice);
  } catch (error) {
    if (!(error instanceof PortcullisError)) throw error;
    return { code: error.code, message: error.message, hint: error.hint };
  }
  throw new Error(`${reference} was opened`);
}
