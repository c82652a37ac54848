import { SaxesParser } from 'saxes';
import { PortcullisError } from '../errors.ts';
import type { JsonObject } from './document.ts';

/** Elements in one another. */
const MAX_DEPTH = 256;
const MAX_ELEMENTS = 5_000_000;
/** Bytes that are decoded at once. */
const CHUNK = 1024 * 1024;

const namespace = /^http:\/\/cyclonedx\.org\/schema\/bom\/(\d{1,3}\.\d{1,3})$/;

/** Elements whose children are a list. */
const lists: ReadonlySet<string> = new Set([
  'components',
  'services',
  'licenses',
  'properties',
  'hashes',
  'occurrences',
  'compositions',
  'assemblies',
  'dependencies',
  'vulnerabilities',
  'tools',
]);
/** Elements whose children are members. */
const objects: ReadonlySet<string> = new Set([
  'bom',
  'metadata',
  'component',
  'service',
  'tool',
  'license',
  'evidence',
  'occurrence',
  'composition',
  'vulnerability',
  'analysis',
]);
/** Elements that hold a text. */
const texts: ReadonlySet<string> = new Set([
  'group',
  'name',
  'version',
  'description',
  'purl',
  'id',
  'expression',
  'property',
  'hash',
  'location',
  'line',
  'aggregate',
  'assembly',
  'dependency',
  'state',
]);

interface Frame {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly members: Record<string, unknown>;
  readonly items: unknown[];
  text: string;
}

function invalid(name: string, why: string, hint = 'It may be damaged: write it again.'): PortcullisError {
  return new PortcullisError('IMAGE_INVALID', `${name} is not valid XML: ${why}.`, { hint });
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The version of CycloneDX by the namespace of the outermost element. @throws PortcullisError IMAGE_FORMAT */
function versionOf({ name, attributes }: { name: string; attributes: Readonly<Record<string, string>> }, what: string): string {
  const prefix = name.includes(':') ? `xmlns:${name.slice(0, name.indexOf(':'))}` : 'xmlns';
  const found = local(name) === 'bom' ? namespace.exec(attributes[prefix] ?? '') : null;
  if (found?.[1] !== undefined) return found[1];
  if (name === 'rdf:RDF') {
    throw new PortcullisError('IMAGE_FORMAT', `${what} is RDF, as SPDX can be written, which is not read.`, {
      hint: 'Convert it: pyspdxtools --infile FILE --outfile sbom.spdx.json',
    });
  }
  throw new PortcullisError('IMAGE_FORMAT', `${what} is XML, but not of CycloneDX: its outermost element is ${JSON.stringify(name.slice(0, 100))}.`);
}

/** What JSON has for an element. */
function jsonOf({ name, attributes, members, items, text }: Frame): unknown {
  const word = text.trim();
  switch (name) {
    case 'property':
      return { name: attributes.name ?? '', value: word };
    case 'hash':
      return { alg: attributes.alg ?? '', content: word };
    case 'assembly':
    case 'dependency':
      return attributes.ref ?? '';
    case 'license':
      return { license: members };
    case 'expression':
      return { expression: word };
    case 'line':
      return Number(word);
    case 'tools':
      return items.length > 0 ? items : members;
    case 'component':
      return { type: attributes.type ?? '', ...(attributes['bom-ref'] === undefined ? {} : { 'bom-ref': attributes['bom-ref'] }), ...members };
    default:
      return lists.has(name) ? items : objects.has(name) ? members : word;
  }
}

/** Puts an element's value where it belongs in the element around it. */
function put(parent: Frame, child: Frame, what: string): void {
  const value = jsonOf(child);
  const isMember = parent.name === 'tools' ? child.name !== 'tool' : !lists.has(parent.name);
  if (!isMember) parent.items.push(value);
  else if (Object.hasOwn(parent.members, child.name)) {
    throw new PortcullisError('IMAGE_INVALID', `${what} has <${child.name}> twice in one <${parent.name}>, so programs would read different things in it.`, {
      hint: 'Write it again with one of the two.',
    });
  } else parent.members[child.name] = value;
}

/** Whether what an element holds is of use; everything else is passed over. */
function isWanted(parent: Frame, name: string): boolean {
  // Of the graph nothing is read; the ancestors of a component are not in the image.
  if (name === 'dependencies') return parent.name === 'composition';
  return lists.has(name) || objects.has(name) || texts.has(name);
}

/**
 * CycloneDX 1.0 to 1.7 in XML as its JSON, as far as packages go. Document types and entities of its own are refused.
 * @param what what it is called in messages
 * @throws PortcullisError IMAGE_FORMAT, IMAGE_INVALID, IMAGE_LIMIT
 */
export function readCyclonedxXml(bytes: Uint8Array, what: string): JsonObject {
  const parser = new SaxesParser({ position: false });
  const stack: Frame[] = [];
  let elements = 0;
  let depth = 0;
  /** How deep the parser is in an element that nobody wants; 0: in none. */
  let passed = 0;
  let content: JsonObject | undefined;
  parser.on('error', (error) => {
    throw invalid(what, error.message.replace(/\.$/, '').slice(0, 200));
  });
  parser.on('doctype', () => {
    throw invalid(what, 'it has a document type', 'Write it again without <!DOCTYPE …>.');
  });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
      throw new PortcullisError('IMAGE_FORMAT', `${what} is XML in ${encoding.slice(0, 40)}, which is not read.`, { hint: 'Write it again in UTF-8.' });
    }
  });
  parser.on('opentag', (tag) => {
    if (++elements > MAX_ELEMENTS) throw limit(what, `holds more than ${MAX_ELEMENTS} elements`);
    if (++depth > MAX_DEPTH) throw limit(what, `nests elements deeper than ${MAX_DEPTH}`);
    const name = local(tag.name);
    const parent = stack.at(-1);
    if (passed > 0 || (parent !== undefined && !isWanted(parent, name))) {
      passed++;
      return;
    }
    const attributes = tag.attributes as Record<string, string>;
    const frame: Frame = { name, attributes, members: {}, items: [], text: '' };
    if (parent === undefined) {
      Object.assign(frame.members, { bomFormat: 'CycloneDX', specVersion: versionOf(tag as { name: string; attributes: Record<string, string> }, what) });
    }
    stack.push(frame);
  });
  const take = (text: string): void => {
    const frame = stack.at(-1);
    if (passed === 0 && frame !== undefined && texts.has(frame.name)) frame.text += text;
  };
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('closetag', () => {
    depth--;
    if (passed > 0) {
      passed--;
      return;
    }
    const frame = stack.pop() as Frame;
    const parent = stack.at(-1);
    if (parent === undefined) content = frame.members;
    else put(parent, frame, what);
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let at = 0; at < bytes.length; at += CHUNK) parser.write(decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true }));
    parser.write(decoder.decode()).close();
  } catch (error) {
    throw error instanceof TypeError ? invalid(what, 'it is not UTF-8') : error;
  }
  if (content === undefined) throw invalid(what, 'it has no element');
  return content;
}

function limit(what: string, why: string): PortcullisError {
  return new PortcullisError('IMAGE_LIMIT', `${what} ${why}.`, { hint: 'No SBOM of a real image is like that.' });
}
