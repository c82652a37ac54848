import { PortcullisError } from '../errors.ts';
import { isObject, type JsonObject } from './document.ts';

/** What an attestation says which image it is about. */
export interface AttestedSubject {
  readonly name: string | null;
  readonly digest: string | null;
}

/** What was in an envelope: still to be looked at. */
export interface Unwrapped {
  /** A text where the document was wrapped as one. */
  readonly content: JsonObject | string;
  /** Undefined: it was in no attestation. */
  readonly subject: AttestedSubject | undefined;
}

const MOST_ENVELOPES = 8;

function invalid(name: string, why: string): PortcullisError {
  return new PortcullisError('IMAGE_INVALID', `${name} is an attestation that is not valid: ${why}.`, { hint: 'Fetch it again.' });
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The payload of a DSSE envelope (secure-systems-lab/dsse, envelope.md): base64, standard or URL-safe. */
function payloadOf({ payload, payloadType }: JsonObject, name: string): string {
  if (typeof payload !== 'string' || !/^[\w+/-]*={0,2}$/.test(payload)) throw invalid(name, 'its payload is not base64');
  if (payloadType !== 'application/vnd.in-toto+json')
    throw invalid(name, `its payload is ${JSON.stringify(payloadType ?? null).slice(0, 100)}, not of in-toto`);
  return Buffer.from(payload, 'base64').toString('utf8');
}

/** The image that a statement names (in-toto Statement): where it names several digests, none. */
function subjectOf({ subject }: JsonObject): AttestedSubject {
  const subjects = Array.isArray(subject) ? subject.filter(isObject) : [];
  const digests = new Set(subjects.map(({ digest }) => (isObject(digest) ? text(digest.sha256) : null)));
  const [digest] = digests;
  return { name: text(subjects[0]?.name), digest: digests.size === 1 && digest ? `sha256:${digest}` : null };
}

/** The one SBOM that `docker buildx imagetools inspect --format '{{json .SBOM}}'` lists. */
function listedByBuildx(content: JsonObject, name: string): JsonObject | undefined {
  if (isObject(content.SPDX)) return content.SPDX;
  const platforms = Object.entries(content).filter(([platform, value]) => /^\w+\/\w+/.test(platform) && isObject(value) && isObject(value.SPDX));
  const [first] = platforms;
  if (first === undefined || platforms.length < Object.keys(content).length) return undefined;
  if (platforms.length > 1) {
    const listed = platforms.map(([platform]) => platform).slice(0, 20);
    throw new PortcullisError('IMAGE_CHOICE', `${name} holds an SBOM for each of ${listed.join(', ').slice(0, 300)}.`, {
      hint: `Take out one: jq '."${listed[0]?.slice(0, 50)}".SPDX' FILE`,
    });
  }
  return (first[1] as { SPDX: JsonObject }).SPDX;
}

/**
 * Takes a document out of what it may be wrapped in: a DSSE envelope, Sigstore's bundle around one, an in-toto statement
 * (as BuildKit and cosign write them), GitHub's answer, buildx's list. No signature is checked.
 * @param parse reads the JSON of a payload
 * @throws PortcullisError IMAGE_FORMAT, IMAGE_INVALID, IMAGE_CHOICE
 */
export function withoutEnvelope(given: JsonObject, name: string, parse: (payload: string) => unknown): Unwrapped {
  let content = given;
  let subject: AttestedSubject | undefined;
  for (let count = 0; count < MOST_ENVELOPES; count++) {
    if (isObject(content.dsseEnvelope)) content = content.dsseEnvelope;
    else if ('payload' in content && 'payloadType' in content) {
      const payload = parse(payloadOf(content, name));
      if (!isObject(payload)) throw invalid(name, 'its payload is not a JSON object');
      if (!('predicate' in payload)) throw invalid(name, 'its payload is no statement of in-toto');
      content = payload;
    } else if ('predicate' in content && ('predicateType' in content || '_type' in content)) {
      subject ??= subjectOf(content);
      const { predicate, predicateType } = content;
      // cosign wraps once more, and wraps what is no JSON as a text.
      const inner = isObject(predicate) && 'Data' in predicate ? predicate.Data : predicate;
      if (typeof inner === 'string') return { content: inner, subject };
      if (!isObject(inner) || !isSbom(inner)) {
        throw new PortcullisError('IMAGE_FORMAT', `${name} is an attestation of ${JSON.stringify(predicateType ?? null).slice(0, 100)}, which is no SBOM.`, {
          hint: 'Give the attestation that holds the SBOM: its type is https://spdx.dev/Document or https://cyclonedx.org/bom.',
        });
      }
      content = inner;
    } else if (isObject(content.sbom)) content = content.sbom;
    else {
      const listed = listedByBuildx(content, name);
      if (listed === undefined) return { content, subject };
      content = listed;
    }
  }
  throw invalid(name, `it is wrapped more than ${MOST_ENVELOPES} times`);
}

function isSbom(content: JsonObject): boolean {
  return 'bomFormat' in content || 'spdxVersion' in content || 'artifacts' in content || '@graph' in content || 'sbom' in content || 'SPDX' in content;
}
