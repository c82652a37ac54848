import type { CatalogDocument, CatalogPackage, ImageCatalog } from '../../model/index.ts';

const lanes = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const;

/** Four mixed lanes of 32 bits, in hex: tells documents apart, proves nothing. */
function fingerprint(texts: readonly string[]): string {
  const hash = Uint32Array.from(lanes);
  const take = (unit: number): void => {
    for (let lane = 0; lane < lanes.length; lane++) {
      const mixed = Math.imul((hash[lane] as number) ^ unit, lanes[lane] as number);
      hash[lane] = (mixed << 13) | (mixed >>> 19);
    }
  };
  for (const text of texts) {
    for (let index = 0; index < text.length; index++) take(text.charCodeAt(index));
    take(0x10000);
  }
  for (let round = 0; round < 8; round++) take((hash[round % lanes.length] as number) >>> 7);
  return [...hash].map((lane) => lane.toString(16).padStart(8, '0')).join('');
}

/**
 * A UUID (RFC 9562, version 8) that names what is written of an image: from the image, what was found, the time and the
 * version of Portcullis, as both SBOM formats want another name for another content. The same image and time have the same.
 */
export function documentUuid({ tool, evaluatedAt }: CatalogDocument, image: ImageCatalog): string {
  const { digest, imageId, platform, packages = [], problems } = image;
  const hex = fingerprint([
    ...[digest ?? '', imageId ?? '', platform, tool.version, evaluatedAt],
    ...packages.map(({ purl }) => purl),
    ...problems.map(({ id }) => id),
  ]);
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What the image is called: a name that it was given, else the reference's last part. */
export function subjectName(image: ImageCatalog): string {
  const path = image.reference.replace(/\/+$/, '');
  return image.tags[0] || image.input?.subject.name || path.slice(path.lastIndexOf('/') + 1) || 'image';
}

/** Which bytes it is about: the manifest's digest, else the configuration's, else what the SBOM claims from which this is written. */
export function subjectDigest({ digest, imageId, input }: ImageCatalog): string | null {
  return digest ?? imageId ?? input?.subject.digest ?? null;
}

/** Percent-encoded (purl-spec, "Character encoding"); half of a surrogate pair can't be. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\ufffd'));
}

/**
 * `pkg:oci/NAME@DIGEST?arch=…&repository_url=…&tag=…` (purl-spec, type oci); null without a digest or a name to make it of. The
 * registry is named only where the image's name holds one.
 */
export function subjectPurl({ digest, tags, platform }: ImageCatalog): string | null {
  const [whole = ''] = tags;
  const [path = ''] = whole.split('@', 1);
  const colon = path.indexOf(':', path.lastIndexOf('/') + 1);
  const repository = colon < 0 ? path : path.slice(0, colon);
  const name = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase();
  if (digest === null || name === '') return null;
  const [, architecture = 'unknown'] = platform.split('/');
  const host = repository.split('/', 1)[0] ?? '';
  const hasHost = host !== repository && (host === 'localhost' || /[.:]/.test(host));
  const qualifiers = [
    ...(architecture === 'unknown' ? [] : [`arch=${encoded(architecture)}`]),
    ...(hasHost ? [`repository_url=${encoded(repository)}`] : []),
    ...(colon < 0 || colon === path.length - 1 ? [] : [`tag=${encoded(path.slice(colon + 1))}`]),
  ];
  return `pkg:oci/${encoded(name)}@${encoded(digest)}${qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`}`;
}

/** The source package as `upstream` names it: what programs that match by source packages read (Syft’s and Grype’s convention). */
function upstreamOf({ type, name, version, source }: CatalogPackage): string | null {
  if (source === null) return null;
  if (type === 'rpm') return source.version === '' ? null : `${source.name}-${source.version.replace(/^\d+:/, '')}.src.rpm`;
  if (source.name === name && (source.version === version || source.version === '')) return null;
  return source.version === version || source.version === '' ? source.name : `${source.name}@${source.version}`;
}

/** A package's purl as SBOMs have it: with its source package, without which an SBOM is not enough to look up vulnerabilities. */
export function purlWithSource(item: CatalogPackage): string {
  const { purl } = item;
  const upstream = upstreamOf(item);
  // No real name holds a `%`, which some parsers of purls decode twice.
  if (upstream === null || upstream.includes('%') || purl.includes('#') || /[?&]upstream=/.test(purl)) return purl;
  return `${purl}${purl.includes('?') ? '&' : '?'}upstream=${encoded(upstream)}`;
}

/** The one image of a document; an SBOM is about one. Undefined where there are none or several, or it could not be read. */
export function onlyImage({ images }: CatalogDocument): ImageCatalog | undefined {
  const [image] = images;
  return images.length === 1 && image !== undefined && !('error' in image) ? image : undefined;
}

/** What a package is beyond the words of an SBOM format, so that nothing is lost on the way: the value of `portcullis:package`. */
export function packageDetails(item: CatalogPackage): string {
  const { type, name, version, source, architecture, licenses, ownedBy, lockfile, cataloger, origin, module } = item;
  const locations = item.locations.map(({ createdBy: _, ...location }) => location);
  return JSON.stringify({
    ...(purlWithSource(item) === item.purl ? {} : { purl: item.purl }),
    type,
    name,
    version,
    source,
    architecture,
    licenses,
    locations,
    ownedBy,
    lockfile,
    cataloger,
    ...(origin === undefined ? {} : { origin }),
    ...(module === undefined ? {} : { module }),
  });
}

/** What of an image's problems an SBOM is about. */
export function packageProblems({ problems }: ImageCatalog): ImageCatalog['problems'] {
  return problems.filter(({ evidence }) => evidence === 'packages' || evidence === 'distribution');
}

/** The distinct declarations of a package's licences, in order; those that say nothing are left out. */
export function declaredLicenses({ licenses }: CatalogPackage): string[] {
  return [...new Set(licenses.map((license) => license.trim()))].filter((license) => license !== '');
}

/** What a licence declaration is called, and whether that is less than the whole: some packages put the licence's text there. */
export function licenseName(declaration: string): { readonly name: string; readonly isCut: boolean } {
  const [line = ''] = declaration.split(/[\r\n]/, 1);
  const name = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  return { name, isCut: name !== declaration };
}

/** Where a package was found, in one text. */
export function placeOf({ path, member }: CatalogPackage['locations'][number]): string {
  return member === undefined ? path : `${path}!/${member}`;
}
