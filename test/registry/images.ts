import { randomBytes } from 'node:crypto';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import { listImages, type OpenOptions, type PlatformChoice } from '../../src/image/index.ts';
import type { Evidence, Request } from '../../src/model/index.ts';
import { defaultRegistryLimits, defaultRegistryOptions, type RegistryOptions } from '../../src/transport/index.ts';
import { type Compression, type ImageSpec, layer } from '../support/image-builder.ts';

/** An image with a package database, its names drawn at random, and layers large enough to be cut in the middle. */
export function makeImage(architecture = 'amd64', compression: Compression = 'gzip'): ImageSpec {
  const id = randomBytes(4).toString('hex');
  const packages = ['one', 'two', 'three'].map((name) => `P:${name}-${id}\nV:1.${name.length}-r0\nA:x86_64\nT:a package\nL:MIT\n\n`).join('');
  return {
    platform: { os: 'linux', architecture },
    config: { User: 'nobody' },
    layers: [
      layer([{ path: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n' }], { compression }),
      layer(
        [
          { path: 'lib/apk/db/installed', content: packages },
          { path: 'opt/data', content: randomBytes(300_000) },
        ],
        { compression },
      ),
      layer([{ path: 'opt/more', content: randomBytes(200_000) }], { compression }),
    ],
  };
}

/** Fast pauses and short waits, so that faults are over soon. */
export const fastLimits = { ...defaultRegistryLimits, connectTime: 2000, headersTime: 400, idleTime: 400, attempts: 4, pause: 10, longestPause: 2000 };

/** An environment without credentials, engines and proxies, with a home of its own. */
export function cleanEnvironment(home: string, more: Record<string, string> = {}): Record<string, string> {
  return { HOME: home, PATH: process.env.PATH ?? '', DOCKER_HOST: `unix://${home}/no.sock`, CONTAINER_HOST: `unix://${home}/no.sock`, ...more };
}

export function registryOptions(env: Record<string, string>, more: Partial<RegistryOptions> = {}): RegistryOptions {
  return { ...defaultRegistryOptions(env), limits: fastLimits, ...more };
}

const requests: readonly Request[] = [{ kind: 'packages' }, { kind: 'distribution' }, { kind: 'accounts' }, { kind: 'configuration' }];

/** Opens every image of a reference and reads all its layers. */
export async function readAll(reference: string, registry: RegistryOptions, options: Partial<OpenOptions> = {}): Promise<Evidence[]> {
  const closing: (() => Promise<void>)[] = [];
  const platform: PlatformChoice = null;
  try {
    const evidence: Evidence[] = [];
    const open = { platform, tag: null, limits: defaultLimits, registry, onClose: (close: () => Promise<void>) => void closing.push(close), ...options };
    for (const candidate of await listImages(reference, open)) {
      evidence.push(await catalog(await candidate.open(), requests, { limits: defaultLimits, dockerfile: null }));
    }
    return evidence;
  } finally {
    for (const close of closing) await close();
  }
}

/** What doesn't depend on where the image lies. */
export function content({ facts, coverage, problems, image }: Evidence): object {
  const { image: _, ...rest } = facts;
  return { facts: rest, coverage, problems, imageId: image.imageId, platform: image.platform, diffIds: image.layers.map(({ diffId }) => diffId) };
}

/** `CODE: message` of what reading ends in. */
export async function outcome(work: Promise<readonly Evidence[]>): Promise<string> {
  return work.then(
    (evidence) => evidence.map(({ facts }) => `read ${facts.packages?.length} packages`).join(', '),
    (error) => `${(error as { code?: string }).code}: ${(error as Error).message}`,
  );
}
