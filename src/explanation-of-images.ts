import { defaultLimits } from './archive/index.ts';
import { catalog } from './catalog/index.ts';
import { eachImage, withBinaryRules } from './each-image.ts';
import { distributionInDocument, identityInDocument, problemsInDocument } from './image-in-document.ts';
import { advisoriesInDocument, match, withOneState } from './matching.ts';
import type { Comparison, Evidence, ExplainedPackage, ExplanationDocument, ImageError, ImageExplanation, Match, Package } from './model/index.ts';
import { resolutionsOf } from './resolution.ts';
import { version } from './version.ts';
import { layerOf, type VulnerabilitiesRequest, vulnerabilityRequests } from './vulnerabilities-of-images.ts';

/** A vulnerability, perhaps in one package alone. */
interface Wanted {
  readonly name: string;
  /** `''`: any. */
  readonly packageName: string;
}

/**
 * What a finding may mean: an id, `ID+PACKAGE`, or a verdict's `GATE+TRIGGER+ID+PACKAGE@path`. Names of packages hold `+` too, so each
 * part may be where the id ends.
 */
function meanings(finding: string): Wanted[] {
  const decode = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  const parts = finding.slice(0, 2000).split('+').slice(0, 20);
  return parts.map((part, index) => ({ name: decode(part), packageName: decode(parts.slice(index + 1).join('+')) }));
}

const isPackage = (wanted: Wanted, name: string): boolean =>
  wanted.packageName === '' || wanted.packageName === name || wanted.packageName.startsWith(`${name}@`);

const namesOf = ({ id, aliases }: Match): readonly string[] => [id, ...aliases];

function explain(evidence: Evidence, finding: string, compare: (name: string) => readonly Comparison[]): ImageExplanation {
  const { image, facts, problems } = evidence;
  const packages = facts.packages ?? [];
  const byPurl = new Map(packages.map((pkg) => [pkg.purl, pkg]));
  let found: { matches: readonly Match[]; comparisons: readonly Comparison[] } = { matches: [], comparisons: [] };
  for (const wanted of meanings(finding)) {
    const spelt = [wanted.name, wanted.name.toUpperCase()];
    const matches = (facts.vulnerabilities ?? []).filter((each) => namesOf(each).some((name) => spelt.includes(name)) && isPackage(wanted, each.package.name));
    const names = new Set([...spelt, ...matches.flatMap(namesOf)]);
    const all = [...names].flatMap(compare).filter(({ purl }) => isPackage(wanted, byPurl.get(purl)?.name ?? ''));
    const comparisons = [...new Map(all.map((each) => [JSON.stringify([each.purl, each.advisory, each.ecosystem, each.name, each.ranges]), each])).values()];
    if (matches.length > 0 || comparisons.length > 0) {
      found = { matches, comparisons };
      break;
    }
  }
  const purls = [...new Set([...found.matches.map((each) => each.package.purl), ...found.comparisons.map(({ purl }) => purl)])];
  const distribution = facts.distribution ?? null;
  return {
    ...identityInDocument(image),
    distribution: distributionInDocument(distribution),
    vulnerabilities: found.matches.map((each) => ({ ...each, layer: layerOf(each, image) })),
    comparisons: found.comparisons,
    packages: purls.flatMap((purl) => {
      const pkg = byPurl.get(purl);
      return pkg === undefined ? [] : [explained(pkg, found.matches, image)];
    }),
    needed: facts.feeds?.needed ?? [],
    problems: problemsInDocument(problems),
  };
}

function explained(pkg: Package, matches: readonly Match[], image: Evidence['image']): ExplainedPackage {
  const { purl, name, version: installed, source, ownedBy, locations } = pkg;
  const places = locations.map((location) => ({ location, layer: layerOf({ location }, image) }));
  const own = matches.filter((each) => each.package.purl === purl);
  const layer = places[0]?.layer ?? null;
  return { purl, name, version: installed, source, ownedBy, places, resolutions: [...new Set(own.flatMap((each) => resolutionsOf(each, layer)))] };
}

/** Explains a finding in images: the advisory's range, the comparison that was made, where the package came from, what would resolve it. */
export async function explanationOfImages(reference: string, finding: string, request: VulnerabilitiesRequest): Promise<ExplanationDocument> {
  const { result: images, advisories } = await withOneState(
    request,
    async (choice, used): Promise<(ImageExplanation | ImageError)[]> =>
      await eachImage(
        reference,
        request,
        async (image) => {
          const requests = withBinaryRules(vulnerabilityRequests, request);
          const inventory = await catalog(image, requests, { limits: defaultLimits, dockerfile: null, cache: request.cache });
          const { evidence, advisories: matched } = await match(inventory, requests, choice);
          used(matched);
          const { packages = [], distribution = null } = evidence.facts;
          return explain(evidence, finding, (name) => matched?.compare(name, packages, distribution) ?? []);
        },
        request.progress,
      ),
  );
  return {
    schema: 'portcullis.explanation.v1',
    tool: { name: 'portcullis', version },
    finding,
    images,
    advisories: advisoriesInDocument(advisories),
    evaluatedAt: request.now.toISOString(),
  };
}
