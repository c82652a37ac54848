import { PackageURL } from 'packageurl-js';
import { asDigest, emptyReading, Faults, type Fields, fieldsIn, isFields, type SbomEntry, type SbomReading, short, text, texts } from './reading.ts';

/** Syft's names of catalogers, by what they find. */
const catalogers: readonly (readonly [RegExp, string])[] = [
  [/^dpkg-db-|^deb-/, 'deb'],
  [/^apk-db-/, 'apk'],
  [/^rpm-db-/, 'rpm'],
  [/^dpkg-db-/, 'opkg'],
  [/^alpm-db-/, 'alpm'],
  [/^portage-/, 'ebuild'],
  [/^nix-/, 'nix'],
  [/^r-package-/, 'cran'],
  [/^bitnami-/, 'bitnami'],
  [/^javascript-/, 'npm'],
  [/^python-/, 'pypi'],
  [/^java-archive-|^java-pom-|^graalvm-/, 'maven'],
  [/^go-module-/, 'golang'],
  [/^cargo-auditable-|^rust-/, 'cargo'],
  [/^ruby-/, 'gem'],
  [/^php-composer-/, 'composer'],
  [/^dotnet-/, 'nuget'],
  [/^conda-/, 'conda'],
  [/^binary-/, 'generic'],
];

/** The package types that it looked for, as its own record of the run says; null where it keeps none. */
function searchedIn(descriptor: Fields): string[] | null {
  const configuration = isFields(descriptor.configuration) ? descriptor.configuration : {};
  const used = isFields(configuration.catalogers) ? texts(configuration.catalogers.used) : [];
  if (used.length === 0) return null;
  return catalogers.filter(([pattern]) => used.some((name) => pattern.test(name))).map(([, type]) => type);
}

function licensesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((license: unknown) => (isFields(license) ? (text(license.spdxExpression) ?? text(license.value) ?? []) : (text(license) ?? [])));
}

/** A lock file's entry by the cataloger that found it. */
const lockfiles = /(?:^|-)(?:lock|gemfile)(?:-|$)|^python-package-cataloger$|^go-module-file-|^dotnet-packages-lock-/;

/** Syft's names of package types, where the purl's is another. */
const typeNames: Readonly<Record<string, string>> = {
  python: 'pypi',
  'java-archive': 'maven',
  'go-module': 'golang',
  'rust-crate': 'cargo',
  'php-composer': 'composer',
  dotnet: 'nuget',
};
/** Of these a name and a version make a whole purl; a Java archive wants its group. */
const nameable: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm', 'npm', 'pypi', 'cargo', 'gem', 'nuget']);

/** Older versions of Syft give some artifacts no purl, and say their type all the same. */
function purlOf({ purl, type, name, version }: Fields): string | undefined {
  const own = text(purl);
  const word = text(type) ?? '';
  const known = Object.hasOwn(typeNames, word) ? (typeNames[word] as string) : word;
  if (own !== undefined || !nameable.has(known) || text(name) === undefined) return own;
  try {
    const whole = text(name) as string;
    const [, scope, rest = whole] = /^(@[^/]+)\/(.+)$/s.exec(whole) ?? [];
    return new PackageURL(known, scope, rest, text(version), undefined, undefined).toString();
  } catch {
    return undefined;
  }
}

function entryOf(artifact: Fields, layers: ReadonlyMap<string, number>, owner: string | undefined): SbomEntry {
  const name = text(artifact.name) ?? '';
  const metadata = isFields(artifact.metadata) ? artifact.metadata : {};
  const source = text(metadata.source) ?? text(metadata.originPackage);
  const purl = purlOf(artifact);
  return {
    label: purl ?? (name === '' ? 'an artifact without a name' : name),
    purl,
    names: [name],
    version: text(artifact.version),
    licenses: licensesOf(artifact.licenses),
    locations: fieldsIn(artifact.locations).flatMap(({ path, layerID, diff_id: diffId }) => {
      const place = text(path);
      const layer = layers.get(text(layerID) ?? text(diffId) ?? '');
      return place?.startsWith('/') === true ? [{ path: place, ...(layer === undefined ? {} : { layer }) }] : [];
    }),
    ...(source === undefined ? {} : { source: { name: source, version: text(metadata.sourceVersion) ?? '' } }),
    lockfile: lockfiles.test(text(artifact.foundBy) ?? ''),
    ...(owner === undefined ? {} : { ownedBy: owner }),
  };
}

/** Which distribution package brought an artifact: Syft found its files among that package's. */
function ownersIn(content: Fields): ReadonlyMap<string, string> {
  const purls = new Map<string, string>();
  for (const artifact of fieldsIn(content.artifacts)) {
    const [id, purl] = [text(artifact.id), purlOf(artifact)];
    if (id !== undefined && purl !== undefined) purls.set(id, purl);
  }
  const owners = new Map<string, string>();
  for (const { parent, child, type } of fieldsIn(content.artifactRelationships)) {
    const owner = type === 'ownership-by-file-overlap' ? purls.get(text(parent) ?? '') : undefined;
    if (owner !== undefined && /^pkg:(?:deb|apk|rpm)\//.test(owner)) owners.set(text(child) ?? '', owner);
  }
  return owners;
}

function distributionIn(content: Fields, source: Fields): Fields {
  if (isFields(content.distro)) return content.distro;
  const image = isFields(source.image) ? source.image : {};
  // Docker Scout's.
  const { os_name: id, os_version: versionID, os_distro: versionCodename } = isFields(image.distro) ? image.distro : {};
  return { id, versionID, versionCodename };
}

/** Reads the JSON of Syft (with `artifacts`, `source` and `distro`), and Docker Scout's, which is much like it. */
export function readSyft(content: Fields): SbomReading {
  const schema = isFields(content.schema) ? content.schema : {};
  const descriptor = isFields(content.descriptor) ? content.descriptor : {};
  const isScout = descriptor.name === 'docker-scout';
  const reading = emptyReading(isScout ? 'Docker Scout JSON' : `Syft JSON ${text(schema.version) ?? ''}`.trim());
  const faults = new Faults(reading.problems);
  reading.generator = [text(descriptor.name), text(descriptor.version)].filter((word) => word !== undefined).join(' ') || null;
  reading.searched = searchedIn(descriptor);
  const source = isFields(content.source) ? content.source : {};
  const metadata = isFields(source.metadata) ? source.metadata : isFields(source.target) ? source.target : {};
  reading.subject = {
    name: text(source.name) ?? text(metadata.userInput) ?? null,
    version: text(source.version) ?? null,
    digest: asDigest(metadata.manifestDigest) ?? asDigest(metadata.imageID),
  };
  const [os, architecture] = [text(metadata.os), text(metadata.architecture)];
  if (os !== undefined && architecture !== undefined) reading.platform = `${os}/${architecture}`;
  reading.tags.push(...texts(metadata.tags));
  const layers = new Map<string, number>();
  for (const { digest } of fieldsIn(metadata.layers)) {
    layers.set(text(digest) ?? '', reading.layers.length);
    reading.layers.push({ index: reading.layers.length, diffId: asDigest(digest), createdBy: null });
  }
  const distro = distributionIn(content, source);
  const id = text(distro.id) ?? text(distro.name);
  if (id !== undefined) {
    reading.systems.push({
      id: id.toLowerCase(),
      version: text(distro.versionID) ?? text(distro.version) ?? '',
      name: text(distro.prettyName) ?? '',
      like: Array.isArray(distro.idLike) ? texts(distro.idLike) : (text(distro.idLike)?.split(/\s+/) ?? []),
      codename: text(distro.versionCodename) ?? null,
    });
  }
  const owners = ownersIn(content);
  const seen = new Set<string>();
  for (const artifact of content.artifacts as readonly unknown[]) {
    if (!isFields(artifact)) {
      faults.add('unreadable', 'artifact', 'an artifact of the SBOM', 'it is not an object');
      continue;
    }
    const reference = text(artifact.id);
    if (reference !== undefined) {
      if (seen.has(reference)) faults.add('contradiction', `id ${reference}`, short(reference), 'the SBOM has several artifacts of this id');
      seen.add(reference);
    }
    // What it calls unknown is a file that it could not name.
    reading.entries.push(entryOf(artifact, layers, reference === undefined ? undefined : owners.get(reference)));
  }
  return reading;
}
