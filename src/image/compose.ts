import { PortcullisError } from '../errors.ts';
import { interpolate } from './interpolate.ts';
import { ImageNames, isMapping, type Mapping, type NamedImages, parseYaml } from './named-images.ts';

const MAX_EXTENDS = 20;

/** The image of a service, its own or that of the service of the same file that it extends. */
function imageOf(name: string, services: Mapping, names: ImageNames): { image: unknown; isBuilt: boolean } {
  let isBuilt = false;
  let current: unknown = services[name];
  for (let steps = 0; isMapping(current) && steps < MAX_EXTENDS; steps++) {
    isBuilt ||= current.build !== undefined && current.build !== null;
    if (current.image !== undefined && current.image !== null) return { image: current.image, isBuilt };
    const base = current.extends;
    if (isMapping(base) && typeof base.file === 'string') {
      names.note(`Service ${name} extends one of ${base.file}, which is not read: name that file too.`);
      break;
    }
    const next = typeof base === 'string' ? base : isMapping(base) ? base.service : undefined;
    current = typeof next === 'string' && Object.hasOwn(services, next) ? services[next] : undefined;
  }
  return { image: undefined, isBuilt };
}

/**
 * The images that the services of a Compose file name, variables put in. What is only built (`build` without `image`) has
 * no name before it is built: that is said.
 * @param file for messages
 * @param variables the environment, over what the `.env` file sets
 * @throws PortcullisError USAGE_FILE when it can't be read, demands a variable or names no image
 */
export function imagesOfCompose(text: string, file: string, variables: Readonly<Record<string, string | undefined>>): NamedImages {
  const [document] = parseYaml(text, file);
  const services = isMapping(document) ? document.services : undefined;
  if (!isMapping(document) || !isMapping(services)) throw new PortcullisError('USAGE_FILE', `${file} has no services, so it is no Compose file.`);
  const names = new ImageNames();
  if (document.include !== undefined) names.note(`${file} includes other files, which are not read: name them too.`);
  const missing = (user: string) => (name: string) => names.note(`The variable ${name}, in the image of ${user}, is not set and counts as empty.`);
  const add = (image: string, user: string): void => {
    const reference = interpolate(image, variables, missing(user)).trim();
    if (reference === '') names.note(`${user} names an image that is empty.`);
    else names.add(reference, user);
  };
  for (const [name, service] of Object.entries(services)) {
    if (!isMapping(service)) continue;
    const user = `service ${name}`;
    const { image, isBuilt } = imageOf(name, services, names);
    if (typeof image === 'string') add(image, user);
    else if (isBuilt) names.note(`Service ${name} is built and names no image, so it is not gated here: gate what was built, docker:PROJECT-${name}.`);
    else names.note(`Service ${name} names no image.`);
    for (const volume of Array.isArray(service.volumes) ? service.volumes : []) {
      if (isMapping(volume) && volume.type === 'image' && typeof volume.source === 'string') add(volume.source, `${user}, a volume`);
    }
  }
  const result = names.result();
  if (result.images.length === 0) {
    throw new PortcullisError('USAGE_FILE', `${file} names no image.`, { hint: result.notes.slice(0, 3).join(' ') || 'It has no service.' });
  }
  return result;
}

/** What a `.env` file sets: `NAME=value` a line, quotes taken off, `#` begins a comment. */
export function parseEnvFile(text: string): Record<string, string> {
  const variables: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    if (match === null) continue;
    const value = (match[2] as string).trim();
    const quoted = /^(?:"([^"]*)"|'([^']*)')\s*(?:#.*)?$/.exec(value);
    variables[match[1] as string] = quoted === null ? value.replace(/\s+#.*$/, '') : (quoted[1] ?? quoted[2] ?? '');
  }
  return variables;
}
