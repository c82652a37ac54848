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

function entryOf(artifact: Fields, layers: ReadonlyMap<string, number>): SbomEntry {
  const name = text(artifact.name) ?? '';
  const metadata = isFields(artifact.metadata) ? artifact.metadata : {};
  const source = text(metadata.source) ?? text(metadata.originPackage);
  const purl = text(artifact.purl);
  return {
    label: purl ?? (name === '' ? 'an artifact without a name' : name),
    purl,
    names: [name],
    version: text(artifact.version),
    licenses: licensesOf(artifact.licenses),
    locations: fieldsIn(artifact.locations).flatMap(({ path, layerID }) => {
      const place = text(path);
      const layer = layers.get(text(layerID) ?? '');
      return place?.startsWith('/') === true ? [{ path: place, ...(layer === undefined ? {} : { layer }) }] : [];
    }),
    ...(source === undefined ? {} : { source: { name: source, version: text(metadata.sourceVersion) ?? '' } }),
    lockfile: lockfiles.test(text(artifact.foundBy) ?? ''),
  };
}

/** Reads the JSON of Syft (schema 3 and newer: with `artifacts`, `source` and `distro`). */
export function readSyft(content: Fields): SbomReading {
  const schema = isFields(content.schema) ? content.schema : {};
  const reading = emptyReading(`Syft JSON ${text(schema.version) ?? ''}`.trim());
  const faults = new Faults(reading.problems);
  const descriptor = isFields(content.descriptor) ? content.descriptor : {};
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
  const distro = isFields(content.distro) ? content.distro : {};
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
    reading.entries.push(entryOf(artifact, layers));
  }
  return reading;
}
