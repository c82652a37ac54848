import { PortcullisError } from '../errors.ts';
import { ImageNames, isMapping, type Mapping, type NamedImages, parseYaml } from './named-images.ts';

const LISTS: readonly (readonly [string, string])[] = [
  ['initContainers', 'init container'],
  ['containers', 'container'],
  ['ephemeralContainers', 'ephemeral container'],
];
const MAX_DEPTH = 100;

function nameOf(value: Mapping, otherwise: string): string {
  return typeof value.name === 'string' && value.name !== '' ? value.name : otherwise;
}

function titleOf(object: Mapping): string {
  const metadata = isMapping(object.metadata) ? object.metadata : {};
  const generated = typeof metadata.generateName === 'string' ? `${metadata.generateName}…` : '(no name)';
  return `${typeof object.kind === 'string' ? object.kind : '(no kind)'}/${nameOf(metadata, generated)}`;
}

/** The containers of a pod specification, and images that it mounts as volumes. */
function addPod(spec: Mapping, title: string, names: ImageNames): void {
  for (const [list, word] of LISTS) {
    const containers = spec[list];
    if (!Array.isArray(containers)) continue;
    for (const [index, container] of containers.entries()) {
      if (!isMapping(container)) continue;
      const user = `${title}, ${word} ${nameOf(container, `${index + 1}`)}`;
      const image = typeof container.image === 'string' ? container.image.trim() : '';
      if (image === '') names.note(`${user} names no image.`);
      else names.add(image, user);
    }
  }
  for (const volume of Array.isArray(spec.volumes) ? spec.volumes : []) {
    const image = isMapping(volume) && isMapping(volume.image) ? volume.image.reference : undefined;
    if (typeof image === 'string' && image !== '') names.add(image, `${title}, volume ${nameOf(volume as Mapping, '(no name)')}`);
  }
}

function isPod(value: Mapping): boolean {
  return LISTS.some(([list]) => {
    const containers = value[list];
    return Array.isArray(containers) && containers.some((container) => isMapping(container) && ('image' in container || 'name' in container));
  });
}

/**
 * Every pod specification in an object, wherever it stands: at the known places of Pod, Deployment, StatefulSet, DaemonSet,
 * ReplicaSet, Job, CronJob and so on, and of kinds that others define in the same manner.
 */
function addObject(value: unknown, title: string, names: ImageNames, depth: number): void {
  if (depth > MAX_DEPTH) throw new PortcullisError('USAGE_FILE', `The manifest ${title} is nested more than ${MAX_DEPTH} deep.`);
  if (Array.isArray(value)) for (const item of value) addObject(item, title, names, depth + 1);
  if (!isMapping(value)) return;
  // An object inside of a List, or of another object, has a name of its own.
  const own = depth > 0 && typeof value.kind === 'string' && typeof value.apiVersion === 'string' && isMapping(value.metadata) ? titleOf(value) : title;
  if (isPod(value)) addPod(value, own, names);
  for (const item of Object.values(value)) if (typeof item === 'object') addObject(item, own, names, depth + 1);
}

/**
 * The images that Kubernetes manifests name: containers, init and ephemeral containers and image volumes of every kind of
 * workload, in all documents of the stream and in Lists.
 * @param text YAML or JSON
 * @param file for messages
 * @throws PortcullisError USAGE_FILE when it can't be read or names no image
 */
export function imagesOfKubernetes(text: string, file: string): NamedImages {
  const names = new ImageNames();
  for (const document of parseYaml(text, file)) {
    if (isMapping(document)) addObject(document, titleOf(document), names, 0);
    else if (document !== null && document !== undefined) names.note(`${file} holds a document that is no Kubernetes object.`);
  }
  const result = names.result();
  if (result.images.length === 0) {
    throw new PortcullisError('USAGE_FILE', `${file} names no image.`, { hint: 'Give Kubernetes manifests with workloads: Pod, Deployment, Job and so on.' });
  }
  return result;
}
