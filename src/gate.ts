import { type Advisories, matchAdvisories } from './advisories/index.ts';
import { defaultLimits } from './archive/index.ts';
import { catalog, type GivenDockerfile } from './catalog/index.ts';
import { eachImage, type ImageChoice } from './each-image.ts';
import type { LayerCache } from './layer/index.ts';
import type { Action, Coverage, Evidence, ImageError, ImageVerdict, Policy, Request, VerdictDocument, VerdictSetting } from './model/index.ts';
import { judge, requestsOf } from './policy/index.ts';
import { version } from './version.ts';

/** An image to judge, as the caller names it. */
export interface ImageRequest {
  readonly reference: string;
  readonly dockerfile: GivenDockerfile | null;
}

export interface GateRequest extends ImageChoice {
  readonly images: readonly ImageRequest[];
  readonly policy: Policy;
  /** null: nothing has been loaded yet. */
  readonly advisories: Advisories | null;
  readonly now: Date;
  /** What changes a verdict, and where it came from: shown in the report. */
  readonly settings: readonly VerdictSetting[];
  /** Records of layers that were read before; without one everything is read. */
  readonly cache?: LayerCache | undefined;
  /** Told what is being done, in plain words. */
  readonly progress?: (message: string) => void;
}

/** Adds what matching makes of the packages: vulnerabilities and the state of the feeds, when they are asked for. */
function match(inventory: Evidence, requests: readonly Request[], advisories: Advisories | null, now: Date): Evidence {
  const asked = requests.filter((request) => request.kind === 'vulnerabilities' || request.kind === 'feeds');
  if (asked.length === 0) return inventory;
  const { matches, feeds, problems } = matchAdvisories(advisories, inventory.facts.packages ?? [], inventory.facts.distribution ?? null, now);
  const coverage = inventory.coverage.map((item): Coverage => {
    if (!asked.some((request) => request.kind === item.request.kind)) return item;
    const own = problems.filter((problem) => problem.evidence === item.request.kind).map((problem) => problem.id);
    return { ...item, state: own.length === 0 ? 'collected' : 'incomplete', problems: own };
  });
  return { ...inventory, facts: { ...inventory.facts, vulnerabilities: matches, feeds }, coverage, problems: [...inventory.problems, ...problems] };
}

function worst(verdicts: readonly ImageVerdict[]): Action | null {
  const order: readonly Action[] = ['stop', 'warn', 'go'];
  return order.find((action) => verdicts.some((verdict) => verdict.verdict === action)) ?? null;
}

/**
 * The line: reference → image → layers → catalogue → matching → evidence → judgement → verdict. An image that can't
 * be read gets an error in its place; the others are judged.
 * @throws PortcullisError for what concerns all images; anything else is a defect
 */
export async function gate(request: GateRequest): Promise<VerdictDocument> {
  const { policy, advisories, now, progress } = request;
  const requests = requestsOf(policy);
  const images: (ImageVerdict | ImageError)[] = [];
  for (const { reference, dockerfile } of request.images) {
    const judged = eachImage(
      reference,
      request,
      async (image) => {
        const inventory = await catalog(image, requests, { limits: defaultLimits, dockerfile, cache: request.cache });
        const evidence = match(inventory, requests, advisories, now);
        return judge(policy, evidence, { now });
      },
      progress,
    );
    images.push(...(await judged));
  }
  return {
    schema: 'portcullis.verdict.v1',
    tool: { name: 'portcullis', version },
    verdict: worst(images.filter((image): image is ImageVerdict => 'verdict' in image)),
    images,
    advisories: {
      digest: advisories?.state.digest ?? null,
      sources: (advisories?.state.sources ?? []).map(({ ecosystem, records, asOf }) => ({ ecosystem, records, asOf })),
    },
    settings: request.settings,
    evaluatedAt: now.toISOString(),
  };
}
