import { stat } from 'node:fs/promises';
import type { Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { InputDocument } from '../model/index.ts';
import { parserMessage } from '../parser-message.ts';
import { cannotOpen, headOf, readRegion } from './container.ts';

const MiB = 1024 * 1024;

/** Bounds on a document that stands in place of an image. The SBOM of an image with 100,000 files stays below a tenth. */
const MAX_BYTES = 256 * MiB;
/** Objects and lists in one another. */
const MAX_DEPTH = 256;
/** Objects and lists together. */
const MAX_CONTAINERS = 5_000_000;
/** Values that are told apart by commas. */
const MAX_VALUES = 30_000_000;

const quote = 0x22;
const backslash = 0x5c;

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function afterMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Whether a file may be a JSON object: by its first bytes; a tar archive whose first name begins like one is none. */
export async function looksLikeJsonObject(path: string): Promise<boolean> {
  const head = await headOf(path, 512);
  let at = afterMark(head);
  while (isBlank(head[at])) at++;
  return head[at] === 0x7b && head.toString('latin1', 257, 262) !== 'ustar' && !head.includes(0);
}

/** A name may be written with escapes, and is the same name. */
function unescaped(key: string): string {
  if (!key.includes('\\')) return key;
  try {
    return JSON.parse(`"${key}"`) as string;
  } catch {
    return key;
  }
}

/** One pass over JSON text before it is parsed: nothing in it may take more than its share, and no member of the top stands twice. */
function checkJson(bytes: Buffer, what: string): void {
  const limit = (why: string): PortcullisError => new PortcullisError('IMAGE_LIMIT', `${what} ${why}.`, { hint: 'No SBOM of a real image is like that.' });
  const keys = new Set<string>();
  let depth = 0;
  let containers = 0;
  let values = 0;
  for (let at = afterMark(bytes); at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      const start = at + 1;
      for (at++; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
      if (depth !== 1) continue;
      let next = at + 1;
      while (isBlank(bytes[next])) next++;
      if (bytes[next] !== 0x3a) continue;
      const key = unescaped(bytes.toString('utf8', start, Math.min(at, start + 1000)));
      if (keys.has(key)) {
        throw new PortcullisError('IMAGE_INVALID', `${what} has the member "${key.slice(0, 100)}" twice, so programs would read different things in it.`, {
          hint: 'Write it again with one of the two.',
        });
      }
      keys.add(key);
    } else if (byte === 0x7b || byte === 0x5b) {
      containers++;
      depth++;
      if (depth > MAX_DEPTH) throw limit(`nests objects and lists deeper than ${MAX_DEPTH}`);
      if (containers > MAX_CONTAINERS) throw limit(`holds more than ${MAX_CONTAINERS} objects and lists`);
    } else if (byte === 0x7d || byte === 0x5d) depth--;
    else if (byte === 0x2c && ++values > MAX_VALUES) throw limit(`holds more than ${MAX_VALUES} values`);
  }
}

function unknownForm(path: string, why: string, hint: string): PortcullisError {
  return new PortcullisError('IMAGE_FORMAT', `${path} ${why}.`, { hint });
}

const readable = 'CycloneDX 1.2 to 1.7, SPDX 2.2 and 2.3, and Syft’s own form are read, each as JSON.';

/** @throws PortcullisError IMAGE_FORMAT */
function formatOf(path: string, content: Readonly<Record<string, unknown>>): InputDocument['format'] {
  const { bomFormat, specVersion, spdxVersion, schema } = content;
  if (bomFormat === 'CycloneDX') {
    if (typeof specVersion === 'string' && /^1\.[2-7]$/.test(specVersion)) return 'cyclonedx';
    throw unknownForm(path, `is CycloneDX in the version ${JSON.stringify(specVersion ?? null).slice(0, 40)}, which is not known`, readable);
  }
  if (typeof spdxVersion === 'string') {
    if (spdxVersion === 'SPDX-2.2' || spdxVersion === 'SPDX-2.3') return 'spdx';
    throw unknownForm(path, `is SPDX in the version ${JSON.stringify(spdxVersion).slice(0, 40)}, which is not known`, readable);
  }
  if (schema === 'portcullis.evidence.v1') return 'evidence';
  if (typeof schema === 'string' && schema.startsWith('portcullis.')) {
    throw unknownForm(
      path,
      `is a document ${JSON.stringify(schema).slice(0, 60)}, which does not hold all that a judgement needs`,
      'portcullis evidence IMAGE writes one that does.',
    );
  }
  if (Array.isArray(content.artifacts) && typeof content.source === 'object' && content.source !== null) return 'syft';
  if ('@graph' in content) throw unknownForm(path, 'looks like SPDX 3, which is not read yet', readable);
  if ('predicate' in content || 'payload' in content) throw unknownForm(path, 'is an attestation', 'Take the SBOM out of its predicate first.');
  throw unknownForm(path, 'is JSON, but no SBOM that is known', readable);
}

/**
 * The document in a file: an SBOM or stored evidence.
 * @param path where its bytes lie
 * @param name what it is called in messages
 * @throws PortcullisError IMAGE_FORMAT, IMAGE_INVALID, IMAGE_LIMIT, IMAGE_UNREADABLE
 */
export async function readDocument(path: string, name: string, limits: Limits): Promise<Omit<InputDocument, 'index'>> {
  if (!(await looksLikeJsonObject(path))) throw unknownForm(name, 'is not a JSON object', readable);
  const { size } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(name, error);
  });
  const bytes = await readRegion({ kind: 'file', path, offset: 0, length: size }, name, { ...limits, documentBytes: MAX_BYTES });
  checkJson(bytes, name);
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new PortcullisError('IMAGE_INVALID', `${name} is not valid JSON in UTF-8 (${parserMessage(error)}).`, {
      hint: 'It may have been cut off: write it again.',
      cause: error,
    });
  }
  const fields = content as Readonly<Record<string, unknown>>;
  return { format: formatOf(name, fields), content: fields };
}
