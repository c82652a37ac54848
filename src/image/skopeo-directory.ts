import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import type { ImageCandidate } from './candidate.ts';
import { type Container, directoryContainer, readRegion } from './container.ts';
import { digestOf, invalid } from './document.ts';
import { candidatesOf, imageOfManifest } from './oci-image.ts';
import type { OpenOptions } from './open-options.ts';

const VERSION = /^Directory Transport Version: 1\.[0-9]+\s*$/;

/** True for a directory of skopeo's `dir:` transport, which says so in the file `version`. */
export async function isSkopeoDirectory(path: string): Promise<boolean> {
  const version = join(path, 'version');
  const stats = await stat(version).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || stats.size > 100) return false;
  return VERSION.test(await readFile(version, 'latin1').catch(() => ''));
}

/** The same files as a layout has, under the names that skopeo gives them: `HEX`, once `HEX.tar`, and `HEX.manifest.json` below an index. */
function skopeoContainer(path: string): Container {
  const files = directoryContainer(path);
  return {
    path,
    find: async (name, wanted) => {
      const hex = /^blobs\/[a-z0-9]+\/([0-9a-f]+)$/.exec(name)?.[1];
      if (hex === undefined) return files.find(name);
      const names = wanted?.role === 'manifest' || wanted?.role === 'index' ? [`${hex}.manifest.json`] : [hex, `${hex}.tar`];
      for (const candidate of names) {
        const region = await files.find(candidate);
        if (region !== undefined) return region;
      }
      // The manifest of the whole has no digest in its name.
      const whole = wanted?.role === 'manifest' || wanted?.role === 'index' ? await files.find('manifest.json') : undefined;
      return whole;
    },
    isRepeated: () => false,
  };
}

/**
 * The images of a directory of skopeo's `dir:` transport.
 * @throws PortcullisError IMAGE_INVALID, IMAGE_FORMAT, IMAGE_LIMIT, IMAGE_DIGEST
 */
export async function listSkopeoDirectory(path: string, reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  const container = skopeoContainer(path);
  const region = await container.find('manifest.json');
  if (region === undefined) throw invalid(path, 'it has no manifest.json');
  const bytes = await readRegion(region, `manifest.json of ${path}`, options.limits);
  if (bytes.length === 0) throw new PortcullisError('IMAGE_INVALID', `manifest.json of ${path} is empty.`, { hint: 'Copy the image again.' });
  const image = await imageOfManifest(container, { bytes, digest: digestOf(bytes), mediaType: '' }, [], options.limits);
  return candidatesOf(container, image, [], reference, options);
}
