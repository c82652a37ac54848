import type { CatalogDocument, ImageCatalog } from '../../model/index.ts';

const mask = (1n << 128n) - 1n;

/** FNV-1a, 128 bits, in hex: names a document where no digest does. */
function fingerprint(text: string): string {
  let hash = 0x6c62272e07bb014262b821756295c58dn;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    for (const byte of [unit & 0xff, unit >> 8]) hash = ((hash ^ BigInt(byte)) * 0x1000000000000000000013bn) & mask;
  }
  return hash.toString(16).padStart(32, '0');
}

/**
 * A UUID (RFC 9562, version 8) that names what is written of an image: from its digest, else from its packages. The same
 * image has the same.
 */
export function documentUuid(image: ImageCatalog): string {
  const digest = image.digest ?? image.imageId;
  const hex =
    digest === null ? fingerprint((image.packages ?? []).map(({ purl }) => purl).join('\n')) : digest.slice(digest.indexOf(':') + 1, digest.indexOf(':') + 33);
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What the image is called: a name that it was given, else the reference's last part. */
export function subjectName(image: ImageCatalog): string {
  return image.tags[0] ?? image.input?.subject.name ?? image.reference.slice(image.reference.lastIndexOf('/') + 1);
}

/** `pkg:oci/NAME@DIGEST` (purl-spec, type oci); null without a digest or a name to make it of. */
export function subjectPurl(image: ImageCatalog): string | null {
  const tag = image.tags[0];
  if (image.digest === null || tag === undefined) return null;
  const path = tag.replace(/@.*$/s, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  const colon = last.indexOf(':');
  const name = (colon < 0 ? last : last.slice(0, colon)).toLowerCase();
  return name === '' ? null : `pkg:oci/${encodeURIComponent(name)}@${encodeURIComponent(image.digest)}`;
}

/** The one image of a document; an SBOM is about one. Undefined where there are none or several, or it could not be read. */
export function onlyImage({ images }: CatalogDocument): ImageCatalog | undefined {
  const [image] = images;
  return images.length === 1 && image !== undefined && !('error' in image) ? image : undefined;
}

/** What a package is beyond the words of an SBOM format, so that nothing is lost on the way: the value of `portcullis:package`. */
export function packageDetails(item: NonNullable<ImageCatalog['packages']>[number]): string {
  const { type, name, version, source, architecture, licenses, ownedBy, lockfile, cataloger, origin, module } = item;
  const locations = item.locations.map(({ createdBy: _, ...location }) => location);
  return JSON.stringify({
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
