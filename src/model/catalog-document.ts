import type { Account, Group } from './account.ts';
import type { Certificate, PrivateKey } from './certificate.ts';
import type { Problem } from './evidence.ts';
import type { DriftedFile, FileFact } from './file-fact.ts';
import type { Digest, ImageInput, LayerFacts } from './image.ts';
import type { Location } from './location.ts';
import type { MalwareScan } from './malware.ts';
import type { Package, PackageType } from './package.ts';
import type { Secret } from './secret.ts';
import type { ImageError } from './verdict.ts';

/** Where a package was read from, with what brought it. */
export interface CatalogLocation extends Location {
  /** The history line that made the layer; null where nothing tells it. */
  readonly createdBy: string | null;
}

/** A package as the catalogue lists it. */
export interface CatalogPackage extends Omit<Package, 'locations'> {
  /** The SPDX expression that the declaration is, normalised; null where one could only be guessed. */
  readonly licenseExpression: string | null;
  readonly locations: readonly CatalogLocation[];
}

/** What is in one image. A kind that was not asked for is absent. */
export interface ImageCatalog {
  readonly reference: string;
  readonly digest: Digest | null;
  readonly imageId: Digest | null;
  readonly platform: string;
  readonly tags: readonly string[];
  readonly verified: boolean;
  readonly distribution: { readonly id: string; readonly version: string; readonly name: string } | null;
  /** Absent for an image. */
  readonly input?: ImageInput;
  readonly layers: readonly LayerFacts[];
  readonly packages?: readonly CatalogPackage[];
  /** The package types that were looked for: of these what isn't listed wasn't found. */
  readonly searched?: readonly PackageType[];
  readonly accounts?: readonly Account[];
  readonly groups?: readonly Group[];
  readonly files?: readonly FileFact[];
  readonly secrets?: readonly Secret[];
  readonly certificates?: readonly Certificate[];
  readonly keys?: readonly PrivateKey[];
  readonly drift?: readonly DriftedFile[];
  readonly malware?: MalwareScan;
  readonly problems: readonly Problem[];
}

/** The catalogue document (`catalog -o json`, `schemas/catalog.v1.json`). */
export interface CatalogDocument {
  readonly schema: 'portcullis.catalog.v1';
  readonly tool: { readonly name: 'portcullis'; readonly version: string };
  readonly images: readonly (ImageCatalog | ImageError)[];
  /** RFC 3339: `--now`, else the clock. */
  readonly evaluatedAt: string;
}
