import { createHash } from 'node:crypto';
import { defaultLimits } from './archive/index.ts';
import { catalog, catalogers, type GivenDockerfile } from './catalog/index.ts';
import { eachImage, type ImageChoice, withBinaryRules } from './each-image.ts';
import { type ErrorCode, PortcullisError } from './errors.ts';
import { evidenceDigest } from './evidence-digest.ts';
import { type InspectionChoice, inspect } from './inspection.ts';
import type { LayerCache } from './layer/index.ts';
import { type MatchingChoice, match, withOneState } from './matching.ts';
import type { Evidence, EvidenceDocument, ImageConfiguration, Request } from './model/index.ts';
import { version } from './version.ts';

/** Everything that can be known of an image without a policy's own words (patterns of contents are these, and digests of files). */
const everything: readonly Request[] = [
  { kind: 'accounts' },
  { kind: 'certificates' },
  { kind: 'configuration' },
  { kind: 'distribution' },
  { kind: 'dockerfile' },
  { kind: 'drift' },
  { kind: 'feeds' },
  { kind: 'files', detail: { owners: true } },
  { kind: 'groups' },
  { kind: 'keys' },
  // Also that nobody looked, where no scanner was named.
  { kind: 'malware' },
  { kind: 'packages', detail: { licenses: true } },
  { kind: 'secrets' },
  { kind: 'services' },
  { kind: 'vulnerabilities' },
];

export interface EvidenceRequest extends ImageChoice, InspectionChoice, MatchingChoice {
  readonly reference: string;
  readonly dockerfile: GivenDockerfile | null;
  /** Records of layers that were read before; without one everything is read. */
  readonly cache?: LayerCache | undefined;
  readonly progress?: (message: string) => void;
}

const hidden = '***';

/** Values of variables and labels may be secrets, and no rule reads them. */
function withoutValues(configuration: ImageConfiguration): ImageConfiguration {
  return {
    ...configuration,
    env: configuration.env.map((line) => (line.includes('=') ? `${line.slice(0, line.indexOf('='))}=${hidden}` : line)),
    labels: Object.fromEntries(Object.keys(configuration.labels).map((name) => [name, hidden])),
  };
}

function storable({ facts: { image: _, configuration, ...facts }, ...evidence }: Evidence): Evidence {
  const stored = { ...facts, ...(configuration === undefined ? {} : { configuration: withoutValues(configuration) }) };
  // What nobody could collect yet isn't covered.
  const coverage = evidence.coverage.filter(({ request, state }) => state !== 'collected' || stored[request.kind as keyof typeof stored] !== undefined);
  return { ...evidence, facts: stored, coverage };
}

function readersInUse(): EvidenceDocument['readers'] {
  const list = catalogers.map(({ name, version: revision }) => ({ name, version: revision })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = list.map(({ name, version: revision }) => `${name} ${revision}\n`).join('');
  return { digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, list };
}

/**
 * Everything known about the images of a reference, as one document that can be judged later.
 * @throws PortcullisError when one of them can't be read: what is stored is whole
 */
export async function evidenceOfImages(request: EvidenceRequest): Promise<EvidenceDocument> {
  const { reference, dockerfile, cache, now, progress } = request;
  const requests = withBinaryRules(everything, request);
  const { result: images, advisories } = await withOneState(request, async (choice, used) =>
    eachImage(
      reference,
      request,
      async (image) => {
        const inventory = await catalog(image, requests, { limits: defaultLimits, dockerfile, cache });
        const matched = await match(await inspect(image, inventory, requests, request, progress), requests, choice);
        used(matched.advisories);
        return storable(matched.evidence);
      },
      progress,
    ),
  );
  const whole = images.map((image) => {
    if (!('error' in image)) return image;
    const { code, message, hint } = image.error;
    throw new PortcullisError(code as ErrorCode, message, hint === null ? {} : { hint });
  });
  const document = {
    schema: 'portcullis.evidence.v1',
    tool: { name: 'portcullis', version },
    images: whole,
    readers: readersInUse(),
    advisories: advisories?.state.digest ?? null,
    evaluatedAt: now.toISOString(),
  } as const;
  return { ...document, digest: evidenceDigest(document) };
}
