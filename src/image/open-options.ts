import type { Limits } from '../archive/index.ts';
import type { Platform } from '../model/index.ts';
import type { RegistryOptions } from '../transport/index.ts';

/** Where a reference without a prefix is looked for. */
export type Place = 'files' | 'engines' | 'registry';

/** `all`: every image that is offered, one after the other; null: this machine's, where there is a choice. */
export type PlatformChoice = Platform | 'all' | null;

/** How to find an image and choose among what a reference holds. */
export interface OpenOptions {
  readonly platform: PlatformChoice;
  /** Only the image with this tag; null: all images of the archive. */
  readonly tag: string | null;
  readonly limits: Limits;
  /** In this order; all of them unless said otherwise. */
  readonly places?: readonly Place[] | undefined;
  /** How to reach registries; as the environment says unless given. */
  readonly registry?: RegistryOptions | undefined;
  /** Told where an image was looked for and found. */
  readonly note?: ((message: string) => void) | undefined;
  /** Given what has to be called when the images are no longer read: it closes connections and temporary files. */
  readonly onClose?: ((close: () => Promise<void>) => void) | undefined;
}
