import { stat } from 'node:fs/promises';
import { PortcullisError } from '../errors.ts';
import { formatReference, parseReference } from '../transport/index.ts';
import type { ImageCandidate } from './candidate.ts';
import { cannotOpen } from './container.ts';
import { engineAddress, engineHas, isEngineName, listEngine } from './engine.ts';
import { type LocalForm, listArchive, listLocal } from './local.ts';
import type { OpenOptions, Place } from './open-options.ts';
import { listRegistry } from './registry.ts';
import { type Spooled, spool } from './spool.ts';

/** The forms that a reference's prefix can force. */
export const prefixes = {
  'docker-archive': 'docker-archive',
  oci: 'oci',
  'oci-archive': 'oci',
  dir: 'directory',
  'skopeo-dir': 'skopeo-directory',
  sbom: 'sbom',
  evidence: 'evidence',
  docker: 'docker',
  podman: 'podman',
  registry: 'registry',
} as const;
type Form = LocalForm | 'docker' | 'podman' | 'registry';

function split(reference: string): { form: Form | null; rest: string } {
  // As skopeo and Kubernetes write it.
  if (reference.startsWith('docker://')) return { form: 'registry', rest: reference.slice('docker://'.length) };
  if (/^https?:\/\//.test(reference)) return { form: 'registry', rest: reference };
  const colon = reference.indexOf(':');
  const prefix = colon < 0 ? '' : reference.slice(0, colon);
  if (Object.hasOwn(prefixes, prefix)) return { form: prefixes[prefix as keyof typeof prefixes], rest: reference.slice(colon + 1) };
  return { form: null, rest: reference };
}

/**
 * The images that a reference holds. With a prefix it is looked for in that place alone. Without one it is a file or
 * directory that exists, else an image that an engine (Docker, then Podman) has, else one of a registry; `-` is standard input.
 * @throws PortcullisError USAGE, IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_FORMAT, IMAGE_INVALID, IMAGE_DIGEST, IMAGE_LIMIT, IMAGE_CHOICE,
 * ENGINE_UNREACHABLE, REGISTRY_*
 */
export async function listImages(reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  // Where files are no place, no prefix can make them one: such a reference comes out of a file that others wrote.
  if (options.places?.includes('files') === false) return listNamed(reference, options);
  if (reference === '-') return listStandardInput(options);
  const { form, rest } = split(reference);
  if (rest === '') throw new PortcullisError('USAGE', `"${reference}" names no image.`, { hint: 'Write the path or name after the colon.' });
  if (form === null) return listUnprefixed(reference, options);
  if (form === 'docker' || form === 'podman') return listEngine(form, rest, reference, options);
  if (form === 'registry') return listRegistry(rest, reference, options);
  return listLocal(rest, form, reference, options);
}

async function* standardInput(): AsyncGenerator<Buffer> {
  for await (const part of process.stdin) yield part as Buffer;
}

let standardInputSpool: Promise<Spooled> | undefined;

async function listStandardInput(options: OpenOptions): Promise<readonly ImageCandidate[]> {
  if (process.stdin.isTTY)
    throw new PortcullisError('USAGE', 'Standard input is a terminal.', { hint: 'Pipe an image into it: docker save IMAGE | portcullis gate -' });
  // It can be read once: whoever asks for it again gets the same.
  standardInputSpool ??= spool(standardInput(), 'standard input', { limits: options.limits });
  const spooled = await standardInputSpool;
  if (spooled.size === 0) {
    throw new PortcullisError('IMAGE_FORMAT', 'Standard input is empty.', { hint: 'Pipe an image into it: docker save IMAGE | portcullis gate -' });
  }
  return listArchive(spooled.path, 'standard input', null, '-', options);
}

/** What nobody would name an image, and what a path alone can be. */
function isPathOnly(text: string): boolean {
  return /^(?:\.{0,2}\/|~|\.\.?$)/.test(text) || /\.(?:tar|tgz|tar\.(?:gz|zst|zstd|xz|bz2)|tzst|oci)$/i.test(text) || text.endsWith('/');
}

/** The name in full, as a registry knows it; undefined when it is none. A protocol is no part of a name. */
function registryName(text: string): string | undefined {
  if (text.includes('://')) return undefined;
  try {
    return formatReference(parseReference(text));
  } catch {
    return undefined;
  }
}

async function listUnprefixed(reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  const error = await stat(reference).then(
    () => null,
    (reason: NodeJS.ErrnoException) => reason,
  );
  if (error === null) return listLocal(reference, null, reference, options);
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR' && error.code !== 'ENAMETOOLONG') throw cannotOpen(reference, error);
  options.note?.(`No file or directory lies at ${reference}`);
  if (isPathOnly(reference)) {
    throw new PortcullisError('IMAGE_NOT_FOUND', `No image lies at ${reference}: there is no such file or directory.`, { hint: 'Check the path.' });
  }
  return listNamed(reference, options);
}

/** An image by its name alone. */
async function listNamed(reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  const places = options.places ?? (['engines', 'registry'] satisfies readonly Place[]);
  const name = registryName(reference);
  if (places.includes('engines') && isEngineName(reference)) {
    for (const engine of ['docker', 'podman'] as const) {
      if (await isInEngine(engine, reference, options)) return listEngine(engine, reference, reference, options);
    }
  }
  if (name === undefined || !places.includes('registry')) {
    const isFilePlace = options.places === undefined || options.places.includes('files');
    const why = isFilePlace ? 'there is no such file or directory, and it is not the name of an image of a registry' : 'it is not the name of an image';
    throw new PortcullisError('IMAGE_NOT_FOUND', `No image lies at ${reference.slice(0, 300)}: ${why}.`, {
      hint: isFilePlace ? 'Check the path, or write the name as HOST/NAME:TAG.' : 'Write it as HOST/NAME:TAG.',
    });
  }
  options.note?.(`Asking the registry for ${name}`);
  return listRegistry(reference, reference, options);
}

/** An engine that isn't there or doesn't answer is told and passed over: nobody asked for it. */
async function isInEngine(engine: 'docker' | 'podman', name: string, options: OpenOptions): Promise<boolean> {
  try {
    const address = engineAddress(engine, options.registry?.env ?? process.env);
    if (address === null) {
      options.note?.(`${engine} is not there`);
      return false;
    }
    const has = await engineHas(address, name);
    options.note?.(`${engine} at ${address.shown} ${has ? 'has' : 'does not have'} ${name}`);
    return has;
  } catch (error) {
    if (!(error instanceof PortcullisError)) throw error;
    options.note?.(`${engine} is passed over: ${error.message}`);
    return false;
  }
}
