import { defaultLimits } from './archive/index.ts';
import { catalog, type GivenDockerfile } from './catalog/index.ts';
import { eachImage, type ImageChoice, withBinaryRules } from './each-image.ts';
import { type InspectionChoice, inspect } from './inspection.ts';
import type { LayerCache } from './layer/index.ts';
import { advisoriesInDocument, type MatchingChoice, match, withOneState } from './matching.ts';
import type { Action, EvidenceKind, ImageError, ImageVerdict, Policy, Request, VerdictDocument, VerdictSetting } from './model/index.ts';
import { judge, requestsOf } from './policy/index.ts';
import { version } from './version.ts';

/** An image to judge, as the caller names it. */
export interface ImageRequest {
  readonly reference: string;
  readonly dockerfile: GivenDockerfile | null;
  /** Where to look for it, where that isn't everywhere: a name in a manifest is no file. */
  readonly places?: ImageChoice['places'];
}

export interface GateRequest extends ImageChoice, InspectionChoice, MatchingChoice {
  readonly images: readonly ImageRequest[];
  readonly policy: Policy;
  /** What changes a verdict, and where it came from: shown in the report. */
  readonly settings: readonly VerdictSetting[];
  /** Records of layers that were read before; without one everything is read. */
  readonly cache?: LayerCache | undefined;
  /** Told what is being done, in plain words. */
  readonly progress?: (message: string) => void;
}

function worst(verdicts: readonly ImageVerdict[]): Action | null {
  const order: readonly Action[] = ['stop', 'warn', 'go'];
  return order.find((action) => verdicts.some((verdict) => verdict.verdict === action)) ?? null;
}

/**
 * The line: reference → image → layers → catalogue → inspection → matching → evidence → judgement → verdict. An image that can't
 * be read gets an error in its place; the others are judged.
 * @throws PortcullisError for what concerns all images; anything else is a defect
 */
export async function gate(request: GateRequest): Promise<VerdictDocument> {
  const { now, vex } = request;
  const { result: images, advisories } = await withOneState(request, (choice, used) => judgeImages({ ...request, ...choice }, used));
  return {
    schema: 'portcullis.verdict.v1',
    tool: { name: 'portcullis', version },
    verdict: worst(images.filter((image): image is ImageVerdict => 'verdict' in image)),
    images,
    advisories: advisoriesInDocument(advisories),
    ...(vex === undefined || vex.isEmpty ? {} : { vex: vex.report() }),
    settings: request.settings,
    evaluatedAt: now.toISOString(),
  };
}

/** Evidence that needs no layer. */
const withoutLayers: ReadonlySet<EvidenceKind> = new Set(['image', 'configuration', 'dockerfile']);

/** The report names the image's distribution; where layers are read anyway, that costs nothing. */
function withDistribution(requests: readonly Request[]): readonly Request[] {
  if (requests.some(({ kind }) => kind === 'distribution') || requests.every(({ kind }) => withoutLayers.has(kind))) return requests;
  return [...requests, { kind: 'distribution' } as const].sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

async function judgeImages(request: GateRequest, used: (advisories: GateRequest['advisories']) => void): Promise<(ImageVerdict | ImageError)[]> {
  const { policy, now, progress } = request;
  const requests = withBinaryRules(withDistribution(requestsOf(policy)), request);
  const images: (ImageVerdict | ImageError)[] = [];
  for (const { reference, dockerfile, places = request.places } of request.images) {
    const judged = eachImage(
      reference,
      { ...request, places },
      async (image) => {
        const inventory = await catalog(image, requests, { limits: defaultLimits, dockerfile, cache: request.cache });
        const inspected = await inspect(image, inventory, requests, request, progress);
        const { evidence, advisories } = await match(inspected, requests, request);
        used(advisories);
        return judge(policy, evidence, { now });
      },
      progress,
    );
    images.push(...(await judged));
  }
  return images;
}
