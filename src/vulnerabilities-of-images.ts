import { defaultLimits } from './archive/index.ts';
import { catalog } from './catalog/index.ts';
import { eachImage, type ImageChoice, withBinaryRules } from './each-image.ts';
import { distributionInDocument, identityInDocument, problemsInDocument } from './image-in-document.ts';
import type { LayerCache } from './layer/index.ts';
import { advisoriesInDocument, type MatchingChoice, match, withOneState } from './matching.ts';
import type { Evidence, FindingLayer, ImageError, ImageVulnerabilities, Match, Request, VulnerabilitiesDocument } from './model/index.ts';
import { worstFirst } from './reports/index.ts';
import { version } from './version.ts';

/** What must be known of an image for its vulnerabilities. */
export const vulnerabilityRequests: readonly Request[] = [{ kind: 'vulnerabilities' }, { kind: 'feeds' }, { kind: 'packages' }, { kind: 'distribution' }];

/** Which images, and what they are matched with. */
export interface VulnerabilitiesRequest extends ImageChoice, MatchingChoice {
  /** Records of layers that were read before; without one everything is read. */
  readonly cache?: LayerCache | undefined;
  readonly progress?: (message: string) => void;
}

/** The layer that a match's package came with; null where the source has no layers. */
export function layerOf({ location }: Pick<Match, 'location'>, image: Evidence['image']): FindingLayer | null {
  if (location?.layer === undefined) return null;
  const layer = image.layers.find((each) => each.index === location.layer);
  return { index: location.layer, diffId: layer?.diffId ?? null, createdBy: layer?.createdBy ?? null };
}

function vulnerabilitiesIn({ image, facts, problems }: Evidence): ImageVulnerabilities {
  return {
    ...identityInDocument(image),
    ...(image.input === undefined ? {} : { input: image.input }),
    distribution: distributionInDocument(facts.distribution),
    vulnerabilities: worstFirst((facts.vulnerabilities ?? []).map((each) => ({ ...each, layer: layerOf(each, image) }))),
    needed: facts.feeds?.needed ?? [],
    problems: problemsInDocument(problems),
  };
}

/** The vulnerabilities of images, worst first; an image that can't be read gets an error in its place. */
export async function vulnerabilitiesOfImages(references: readonly string[], request: VulnerabilitiesRequest): Promise<VulnerabilitiesDocument> {
  const { result: images, advisories } = await withOneState(request, async (choice, used) => {
    const found: (ImageVulnerabilities | ImageError)[] = [];
    for (const reference of references) {
      const listed = eachImage(
        reference,
        request,
        async (image) => {
          const requests = withBinaryRules(vulnerabilityRequests, request);
          const inventory = await catalog(image, requests, { limits: defaultLimits, dockerfile: null, cache: request.cache });
          const matched = await match(inventory, requests, choice);
          used(matched.advisories);
          return vulnerabilitiesIn(matched.evidence);
        },
        request.progress,
      );
      found.push(...(await listed));
    }
    return found;
  });
  const { vex, now } = request;
  return {
    schema: 'portcullis.vulnerabilities.v1',
    tool: { name: 'portcullis', version },
    images,
    advisories: advisoriesInDocument(advisories),
    ...(vex === undefined || vex.isEmpty ? {} : { vex: vex.report() }),
    evaluatedAt: now.toISOString(),
  };
}
