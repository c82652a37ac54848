import { stat } from 'node:fs/promises';
import type { Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { InputDocument } from '../model/index.ts';
import { withoutEnvelope } from './attestation.ts';
import { cannotOpen, readRegion } from './container.ts';
import { isObject, type JsonObject } from './document.ts';
import { afterMark, type TextForm, textFormOf } from './document-text.ts';
import { parseJsonTexts } from './json-text.ts';
import { readTagValue } from './spdx-tag-value.ts';

const MiB = 1024 * 1024;

/** Bytes of a document that stands in place of an image. The SBOM of an image with 100,000 files stays below a tenth. */
const MAX_BYTES = 256 * MiB;

/** A document, without which of its images is meant. */
export type ReadDocument = Omit<InputDocument, 'index'>;

const readable =
  'CycloneDX 1.2 to 1.7 (JSON, XML), SPDX 2.2 and 2.3 (JSON, tag-value) and the JSON of Syft and Docker Scout are read, also out of an in-toto attestation.';

function unknownForm(name: string, why: string, hint = readable): PortcullisError {
  return new PortcullisError('IMAGE_FORMAT', `${name} ${why}.`, { hint });
}

/** @throws PortcullisError IMAGE_FORMAT */
function formatOf(name: string, content: JsonObject, form: TextForm): InputDocument['format'] {
  const { bomFormat, specVersion, spdxVersion, schema, descriptor } = content;
  if (bomFormat === 'CycloneDX') {
    if (typeof specVersion === 'string' && (form === 'xml' ? /^1\.[0-7]$/ : /^1\.[2-7]$/).test(specVersion)) return 'cyclonedx';
    throw unknownForm(name, `is CycloneDX in the version ${JSON.stringify(specVersion ?? null).slice(0, 40)}, which is not known`);
  }
  if (typeof spdxVersion === 'string') {
    if (spdxVersion === 'SPDX-2.2' || spdxVersion === 'SPDX-2.3') return 'spdx';
    throw unknownForm(name, `is SPDX in the version ${JSON.stringify(spdxVersion).slice(0, 40)}, which is not known`);
  }
  if (schema === 'portcullis.evidence.v1') return 'evidence';
  if (typeof schema === 'string' && schema.startsWith('portcullis.')) {
    throw unknownForm(
      name,
      `is a document ${JSON.stringify(schema).slice(0, 60)}, which does not hold all that a judgement needs`,
      'portcullis evidence IMAGE writes one that does.',
    );
  }
  const isScout = isObject(descriptor) && descriptor.name === 'docker-scout';
  if (Array.isArray(content.artifacts) && (isObject(content.source) || isScout)) return 'syft';
  if ('@graph' in content) throw unknownForm(name, 'looks like SPDX 3, which is not read', `Write it as SPDX 2.3 or CycloneDX. ${readable}`);
  throw unknownForm(name, 'is JSON, but no SBOM that is known');
}

/** Where a JSON text holds several documents (an attestation a line), the one that is an SBOM. */
async function documentIn(texts: readonly unknown[], name: string): Promise<ReadDocument> {
  const found: ReadDocument[] = [];
  let refusal: unknown;
  for (const content of texts) {
    try {
      if (!isObject(content)) throw unknownForm(name, 'is JSON, but not an object');
      found.push(await unwrapped(content, name));
    } catch (error) {
      refusal ??= error;
    }
  }
  const [first] = found;
  if (first === undefined) throw refusal;
  if (found.length > 1) {
    throw new PortcullisError('IMAGE_CHOICE', `${name} holds ${found.length} SBOMs, one after the other.`, { hint: 'Give a file with one of them.' });
  }
  return first;
}

async function unwrapped(given: JsonObject, name: string): Promise<ReadDocument> {
  const { content, subject } = withoutEnvelope(given, name, (payload) => parseJsonTexts(Buffer.from(payload), name)[0]);
  const attested = subject === undefined ? {} : { attested: subject };
  if (typeof content === 'string') return { ...(await readText(Buffer.from(content), name)), ...attested };
  return { format: formatOf(name, content, 'json'), content, ...attested };
}

function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new PortcullisError('IMAGE_INVALID', `${name} is not UTF-8.`, { hint: 'Write it again in UTF-8.', cause: error });
  }
}

async function readText(bytes: Buffer, name: string): Promise<ReadDocument> {
  const form = textFormOf(bytes.subarray(0, 4096));
  switch (form) {
    case 'json':
      return documentIn(parseJsonTexts(bytes, name), name);
    case 'xml': {
      // The parser is loaded where it is needed.
      const { readCyclonedxXml } = await import('./cyclonedx-xml.ts');
      const content = readCyclonedxXml(bytes.subarray(afterMark(bytes)), name);
      return { format: formatOf(name, content, form), content };
    }
    case 'tag-value': {
      const { content, doubts } = readTagValue(decoded(bytes, name), name);
      return { format: formatOf(name, content, form), content, doubts };
    }
    case 'yaml':
      throw unknownForm(name, 'is YAML, as SPDX can be written, which is not read', 'Convert it: pyspdxtools --infile FILE --outfile sbom.spdx.json');
    case 'utf-16':
      throw unknownForm(name, 'is a text in UTF-16', 'Write it again in UTF-8: iconv -f UTF-16 -t UTF-8 FILE, in PowerShell Set-Content -Encoding utf8.');
    default:
      throw unknownForm(name, 'is no SBOM that is known');
  }
}

/**
 * The document in a file: an SBOM, also within an attestation, or stored evidence.
 * @param path where its bytes lie
 * @param name what it is called in messages
 * @throws PortcullisError IMAGE_FORMAT, IMAGE_INVALID, IMAGE_LIMIT, IMAGE_CHOICE, IMAGE_UNREADABLE
 */
export async function readDocument(path: string, name: string, limits: Limits): Promise<ReadDocument> {
  const { size } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(name, error);
  });
  const bytes = await readRegion({ kind: 'file', path, offset: 0, length: size }, name, { ...limits, documentBytes: MAX_BYTES });
  return readText(bytes, name);
}
