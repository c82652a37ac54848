import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Image } from '../model/index.ts';
import { emptyConfiguration } from './empty-configuration.ts';
import { hostPlatform } from './platform.ts';

/** What a root file system has at its top; one of them is enough to take a directory for one. */
const marks = ['etc', 'usr', 'bin', 'lib', 'var', 'app', 'sbin'];

export async function looksLikeRootFilesystem(path: string): Promise<boolean> {
  for (const mark of marks) if ((await stat(join(path, mark)).catch(() => undefined))?.isDirectory()) return true;
  return false;
}

/** A directory as an image: no digests, so nothing is verified, and no configuration. */
export function openDirectory(path: string, reference: string): Image {
  const source = { kind: 'directory', path: resolve(path) } as const;
  return {
    facts: {
      reference,
      digest: null,
      imageId: null,
      platform: hostPlatform(),
      tags: [],
      layers: [{ index: 0, diffId: null, createdBy: null }],
      verified: false,
    },
    configuration: emptyConfiguration,
    layers: [{ index: 0, source, digest: null, diffId: null, createdBy: null }],
  };
}
