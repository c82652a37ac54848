import { PackageURL } from 'packageurl-js';
import type { Location, Package, PackageOrigin, PackageType } from '../../model/index.ts';
import { redact } from '../../secrets/index.ts';
import { parseSourceRpm } from '../os/rpm/source-rpm.ts';
import { locationOf } from './own-words.ts';
import { packageTypeIn } from './package-type.ts';
import { type Faults, type Fields, isFields, packageTypes, type SbomEntry, short, text, texts } from './reading.ts';

const LONGEST_PURL = 4096;
const origins: readonly PackageOrigin[] = ['vcs', 'archive', 'directory', 'editable'];

/** How names are compared where a format writes them otherwise than the purl does (case; `.`, `-` and `_` in Python). */
function loose(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Types whose namespace is no part of the package's name: it says the distribution, or nothing. */
const namesOnly: ReadonlySet<string> = new Set(['deb', 'apk', 'alpine', 'rpm', 'alpm', 'opkg', 'nix', 'generic', 'conda']);

/** The names that a purl can mean, the likeliest first. */
function namesIn({ type, namespace, name, subpath }: PackageURL): string[] {
  const own = name ?? '';
  if (!namespace || namesOnly.has(type ?? '')) return [own];
  if (type === 'maven') return [`${namespace}:${own}`];
  const whole = `${namespace}/${own}`;
  // Syft cuts a Go module's path after its third part.
  return type === 'golang' && subpath ? [`${whole}/${subpath}`, whole] : [whole];
}

/** Whether a name may be meant by the purl although it isn't its own: with an ecosystem or a group in front, or without. */
function isLike(given: string, { type, name, version }: PackageURL): boolean {
  const own = loose(name ?? '');
  const other = loose(given);
  // Kubernetes' bom puts the version behind.
  return (
    other === own ||
    other === loose(`${name}-${version}`) ||
    other.endsWith(`/${own}`) ||
    other.endsWith(`:${own}`) ||
    (type === 'maven' && other.endsWith(`-${own}`))
  );
}

/** A range where a version belongs: what a manifest asks for, not what there is. */
function isRange(version: string, type: PackageType): boolean {
  return !isDistributionType(type) && type !== 'generic' && /^[<>=^~*]|[<>*|,\s]/.test(version);
}

/** The version with rpm's epoch in front, which a purl has as a qualifier. */
function versionIn({ type, version, qualifiers }: PackageURL): string {
  const own = version ?? '';
  const epoch = qualifiers?.epoch;
  if (type !== 'rpm' && type !== 'deb') return own;
  return epoch === undefined || !/^[1-9]\d*$/.test(epoch) || own.includes(':') ? own : `${epoch}:${own}`;
}

/** What two writings of one version have in common. */
function bare(version: string): string {
  return version.replace(/^\d+:/, '').replace(/^(?:go|v)(?=\d)/, '');
}

/** The source package in the qualifiers of Syft, Grype and Scout (`upstream`), or of SCALIBR (`source`, `sourcerpm`, `origin`). */
function sourceInPurl({ type, qualifiers }: PackageURL, version: string): Package['source'] {
  const words = qualifiers ?? {};
  if (type === 'rpm') return parseSourceRpm(words.upstream ?? words.sourcerpm ?? '');
  const upstream = words.upstream ?? words.source ?? words.origin ?? '';
  if (upstream === '') return null;
  if (words.sourceversion) return { name: upstream, version: words.sourceversion };
  const at = upstream.lastIndexOf('@');
  return at <= 0 ? { name: upstream, version } : { name: upstream.slice(0, at), version: upstream.slice(at + 1) };
}

function sourceIn(entry: SbomEntry, details: Fields, url: PackageURL, version: string): Package['source'] {
  const own = details.source;
  if (isFields(own) && text(own.name) !== undefined) return { name: own.name as string, version: text(own.version) ?? '' };
  if (entry.source) return entry.source.version === '' ? { ...entry.source, version } : entry.source;
  return isDistributionType(packageTypeIn(url)) ? sourceInPurl(url, version) : null;
}

function isDistributionType(type: PackageType | undefined): boolean {
  return type === 'deb' || type === 'apk' || type === 'rpm';
}

function parsePurl(purl: string): PackageURL | undefined {
  try {
    return purl.length > LONGEST_PURL ? undefined : PackageURL.fromString(purl);
  } catch {
    return undefined;
  }
}

/** The purl as it is written, but for secrets in the addresses that it holds (`vcs_url=git+https://user:token@…`). */
function withoutSecrets(purl: string, { type, namespace, name, version, qualifiers, subpath }: PackageURL): string {
  const given = Object.entries(qualifiers ?? {}) as [string, string][];
  const masked = given.map(([key, value]) => [key, redact(value, 'address')] as const);
  if (masked.every(([, value], index) => value === given[index]?.[1])) return purl;
  return new PackageURL(type as string, namespace, name as string, version, Object.fromEntries(masked), subpath).toString();
}

/** Portcullis adds the source package to the purls of an SBOM (`upstream`), and says beside it what the purl was without. */
function ownPurl(purl: string, details: Fields): string {
  const own = text(details.purl);
  return own !== undefined && purl.startsWith(own) && /^[?&]upstream=[^&#]*$/.test(purl.slice(own.length)) ? own : purl;
}

/** A package of an SBOM with the parts of its purl; null where it is none that can be judged. */
export interface SbomPackage {
  readonly package: Package;
  readonly url: PackageURL;
  /** False: whether it is built from a source package of another name is not said. */
  readonly namesSource: boolean;
  /** It says that it has none. */
  readonly isSourceless: boolean;
}

/**
 * A package out of an SBOM's entry. The purl says what it is; names and versions beside it count only as another
 * writing of the same. What can't be used is a fault, what names no package is counted in `others`.
 */
export function packageOf(entry: SbomEntry, faults: Faults, others: Map<string, number>): SbomPackage | null {
  const label = short(entry.label);
  if (entry.purl === undefined) {
    faults.add('unreadable', `no-purl ${entry.label}`, label, 'the SBOM gives it no purl, so what it is cannot be known');
    return null;
  }
  const url = parsePurl(entry.purl);
  if (url === undefined || !url.name) {
    const type = packageTypes.find((each) => entry.purl?.startsWith(`pkg:${each}/`));
    faults.add('unreadable', `purl ${entry.purl}`, label, `its purl ${short(entry.purl)} is not valid`, type);
    return null;
  }
  const details = isFields(entry.details) ? entry.details : {};
  const known = packageTypeIn(url);
  if (known === undefined) {
    others.set(url.type ?? '', (others.get(url.type ?? '') ?? 0) + 1);
    return null;
  }
  // A purl without an ecosystem (a jar without a group has no other) leaves it to the details.
  const type = packageTypes.find((each) => url.type === 'generic' && each === details.type) ?? known;
  const wanted = namesIn(url);
  const names = [...(text(details.name) === undefined ? [] : [details.name as string]), ...entry.names].filter((each) => each !== '');
  const same = wanted.flatMap((each) => names.find((name) => loose(name) === loose(each)) ?? []);
  const name = same[0] ?? (wanted.at(-1) as string);
  if (same.length === 0 && names.length > 0 && known === url.type && !names.some((each) => isLike(each, url))) {
    faults.add('contradiction', `name ${entry.purl}`, label, `the SBOM gives it the name ${short(names[0] as string)} and the purl ${short(entry.purl)}`, type);
  }
  const stated = versionIn(url);
  const versions = [text(details.version), entry.version].filter((each) => each !== undefined);
  // Trivy once left the release to the purl alone.
  const isPart = (given: string): boolean => isDistributionType(type) && bare(stated).startsWith(`${bare(given)}-`);
  const given = versions.find((each) => stated === '' || bare(each) === bare(stated));
  if (given === undefined && versions.length > 0 && !versions.some(isPart)) {
    faults.add(
      'contradiction',
      `version ${entry.purl}`,
      label,
      `the SBOM gives it the version ${short(versions[0] as string)} and the purl ${short(entry.purl)}`,
      type,
    );
  }
  // Of two writings the one with the epoch says more; epoch 0 is none.
  const whole = (given !== undefined && (/^\d+:/.test(given) || !/^\d+:/.test(stated)) ? given : stated).replace(type === 'rpm' ? /^0:/ : /^$/, '');
  const version = text(details.version) === undefined && isRange(whole, type) ? '' : whole;
  const located = (Array.isArray(details.locations) ? details.locations.map(locationOf) : [...entry.locations]).filter(
    (each): each is Location => each !== undefined,
  );
  const source = sourceIn(entry, details, url, version);
  const origin = origins.find((each) => each === details.origin);
  const module = text(details.module) ?? url.qualifiers?.rpmmod;
  return {
    url,
    namesSource: source !== null,
    isSourceless: details.source === null,
    package: {
      purl: ownPurl(withoutSecrets(entry.purl, url), details),
      type,
      name,
      version,
      source,
      architecture: text(details.architecture) ?? (details.architecture === null ? null : (url.qualifiers?.arch ?? null)),
      licenses: Array.isArray(details.licenses) ? texts(details.licenses) : entry.licenses,
      locations: located,
      ownedBy: text(details.ownedBy) ?? entry.ownedBy ?? null,
      lockfile: details.lockfile === true || entry.lockfile === true,
      cataloger: text(details.cataloger) ?? 'sbom',
      ...(origin === undefined ? {} : { origin }),
      ...(type !== 'rpm' || module === undefined ? {} : { module }),
    },
  };
}
