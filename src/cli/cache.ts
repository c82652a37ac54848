import { defaultDataDir } from '../advisories/index.ts';
import { PortcullisError } from '../errors.ts';
import { defaultCacheDir, type LayerCache, openLayerCache } from '../layer/index.ts';
import { buildId } from '../version.ts';
import type { CommandCall } from './command.ts';

const MiB = 1024 * 1024;
const defaultLimit = 2048;

/**
 * How many bytes the layer cache may take: `PORTCULLIS_CACHE_LIMIT` in MiB, else 2 GiB.
 * @throws PortcullisError USAGE
 */
export function cacheLimit(env: Readonly<Record<string, string | undefined>>): number {
  const text = env.PORTCULLIS_CACHE_LIMIT;
  if (text === undefined || text === '') return defaultLimit * MiB;
  return parseMebibytes(text, 'PORTCULLIS_CACHE_LIMIT');
}

/** @throws PortcullisError USAGE */
export function parseMebibytes(text: string, what: string): number {
  if (!/^[0-9]{1,9}$/.test(text))
    throw new PortcullisError('USAGE', `${what} is "${text}", which is not a number of MiB.`, { hint: 'Write a whole number, for example 2048.' });
  return Number(text) * MiB;
}

/** The layer cache of this user; undefined with `--no-cache`, where it can't be used, and from sources that aren't built. */
export async function layerCache({ options, io, messages }: CommandCall): Promise<LayerCache | undefined> {
  if (options.cache === false || buildId === undefined) return undefined;
  return openLayerCache({
    directory: defaultCacheDir(io.env),
    secretDirectory: defaultDataDir(io.env),
    limit: cacheLimit(io.env),
    onTrouble: (why) => void messages.detail(why),
  });
}
