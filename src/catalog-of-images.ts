import { defaultLimits } from './archive/index.ts';
import { catalog, distributionTypes, licenseExpression, packageTypesRead, touchesTypes } from './catalog/index.ts';
import { eachImage, type ImageChoice, withBinaryRules } from './each-image.ts';
import { distributionInDocument, identityInDocument } from './image-in-document.ts';
import { type InspectionChoice, inspect } from './inspection.ts';
import type { LayerCache } from './layer/index.ts';
import type { CatalogDocument, CatalogPackage, Evidence, ImageCatalog, ImageError, Package, PackageType, Problem, Request } from './model/index.ts';
import { version } from './version.ts';

/** What `catalog` can list, and what must be asked for it. */
const requestsFor = {
  packages: [{ kind: 'packages', detail: { licenses: true } }, { kind: 'distribution' }],
  accounts: [{ kind: 'accounts' }],
  groups: [{ kind: 'groups' }],
  files: [{ kind: 'files', detail: { owners: true } }, { kind: 'packages', detail: { types: distributionTypes } }, { kind: 'distribution' }],
  secrets: [{ kind: 'secrets' }],
  certificates: [{ kind: 'certificates' }],
  keys: [{ kind: 'keys' }],
  drift: [{ kind: 'drift' }, { kind: 'packages' }, { kind: 'distribution' }],
  malware: [{ kind: 'malware' }],
} as const satisfies Record<string, readonly Request[]>;
export type CatalogKind = keyof typeof requestsFor;

/** Every kind that `catalog` can list. */
export const catalogKinds = Object.keys(requestsFor) as CatalogKind[];

/** Kinds that are listed as they are. */
const plain = ['accounts', 'groups', 'files', 'secrets', 'certificates', 'keys', 'drift', 'malware'] as const;

export interface CatalogRequest extends ImageChoice, InspectionChoice {
  readonly references: readonly string[];
  readonly kinds: readonly CatalogKind[];
  readonly now: Date;
  /** Records of layers that were read before; without one everything is read. */
  readonly cache?: LayerCache | undefined;
  readonly progress?: (message: string) => void;
}

/** What an image is in the documents of listing commands. */
function headOf({ image, facts }: Evidence) {
  return {
    ...identityInDocument(image),
    distribution: distributionInDocument(facts.distribution),
    ...(image.input === undefined ? {} : { input: image.input }),
    layers: image.layers,
  };
}

function listed(item: Package, lines: ReadonlyMap<number, string | null>): CatalogPackage {
  const { licenses, locations, ...rest } = item;
  return {
    ...rest,
    licenses,
    licenseExpression: licenseExpression(item),
    locations: locations.map((location) => ({ ...location, createdBy: location.layer === undefined ? null : (lines.get(location.layer) ?? null) })),
  };
}

/** Whether a problem says of a package type that nobody looked for it (an SBOM that lists none). */
function isUnsearched(problem: Problem, type: PackageType): boolean {
  return problem.evidence === 'packages' && problem.kind === 'no-data' && touchesTypes(problem, [type]);
}

function catalogIn(evidence: Evidence, kinds: readonly CatalogKind[]): ImageCatalog {
  const { facts, image, problems } = evidence;
  const lines = new Map(image.layers.map(({ index, createdBy }) => [index, createdBy]));
  const types = [...packageTypesRead].sort();
  const asked = new Set(kinds.flatMap((kind) => requestsFor[kind].map((request) => request.kind as string)));
  return {
    ...headOf(evidence),
    ...(kinds.includes('packages')
      ? {
          packages: (facts.packages ?? []).map((item) => listed(item, lines)),
          searched: types.filter((type) => !problems.some((problem) => isUnsearched(problem, type))),
        }
      : {}),
    ...Object.fromEntries(plain.flatMap((kind) => (kinds.includes(kind) && facts[kind] !== undefined ? [[kind, facts[kind]]] : []))),
    problems: problems.filter((problem) => asked.has(problem.evidence)),
  };
}

/** What is in images; an image that can't be read gets an error in its place. */
export async function catalogOfImages(request: CatalogRequest): Promise<CatalogDocument> {
  const { references, kinds, now, cache, progress } = request;
  const requests = withBinaryRules(
    kinds.flatMap((kind) => requestsFor[kind] as readonly Request[]),
    request,
  );
  const images: (ImageCatalog | ImageError)[] = [];
  for (const reference of references) {
    const found = eachImage(
      reference,
      request,
      async (image) => {
        const inventory = await catalog(image, requests, { limits: defaultLimits, dockerfile: null, cache });
        return catalogIn(await inspect(image, inventory, requests, request, progress), kinds);
      },
      progress,
    );
    images.push(...(await found));
  }
  return { schema: 'portcullis.catalog.v1', tool: { name: 'portcullis', version }, images, evaluatedAt: now.toISOString() };
}
