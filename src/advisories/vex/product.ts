import { PackageURL } from 'packageurl-js';
import type { Distribution, ImageFacts, Match } from '../../model/index.ts';
import type { VexIdentity, VexProduct } from './claim.ts';
import { isImagePurl } from './openvex.ts';

/** What claims are compared with. */
export interface VexSubject {
  readonly image: Pick<ImageFacts, 'reference' | 'digest' | 'imageId'>;
  readonly distribution: Distribution | null;
}

interface ParsedPurl {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
  /** null: every version. An rpm epoch stands in front. */
  readonly version: string | null;
  readonly qualifiers: Readonly<Record<string, string>>;
}

const parsed = new Map<string, ParsedPurl | null>();
const mostParsed = 50_000;

/** The parts of a package URL in the spelling in which equal ones are equal; null when it isn't one. */
function parsePurl(text: string): ParsedPurl | null {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  let result: ParsedPurl | null = null;
  try {
    const url = PackageURL.fromString(text);
    const type = url.type.toLowerCase();
    const folded = type === 'golang' || type === 'composer' || type === 'nuget' ? (part: string) => part.toLowerCase() : (part: string) => part;
    const name = type === 'pypi' ? url.name.toLowerCase().replace(/[-_.]+/g, '-') : folded(url.name);
    const { epoch, ...qualifiers } = (url.qualifiers ?? {}) as Record<string, string>;
    const version = url.version ?? null;
    const withEpoch = type === 'rpm' && version !== null && epoch !== undefined && epoch !== '0' && !version.includes(':') ? `${epoch}:${version}` : version;
    result = { type, namespace: folded(url.namespace ?? ''), name, version: type === 'rpm' ? (withEpoch?.replace(/^0:/, '') ?? null) : withEpoch, qualifiers };
  } catch {
    result = null;
  }
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(text, result);
  return result;
}

/** Whether a claim's package URL names a match's package: same type, namespace and name; its version and qualifiers, where it has some. */
function namesPackage(purl: string, match: Match): boolean {
  const wanted = parsePurl(purl);
  const present = parsePurl(match.package.purl);
  if (wanted === null || present === null || wanted.type !== present.type) return false;
  // Vendors' statements about a source package: what we compared is its name and version.
  const isSource = wanted.qualifiers.arch === 'source' || wanted.qualifiers.arch === 'src';
  const compared =
    isSource && match.matchedBy.through === 'source'
      ? { name: match.matchedBy.name, version: match.matchedBy.version }
      : { name: present.name, version: present.version };
  if (wanted.namespace !== present.namespace || wanted.name !== compared.name) return false;
  if (wanted.version !== null && wanted.version !== compared.version) return false;
  return Object.entries(wanted.qualifiers).every(([key, value]) => (isSource && key === 'arch') || present.qualifiers[key] === value);
}

/** `docker.io/library/nginx:1.25@sha256:…` as the caller typed it, in its parts. */
function repositoryOf(reference: string): { readonly repository: string; readonly tag: string | null } {
  const plain = reference.replace(/^[a-z-]+:\/\//, '').replace(/@sha\d+:.*$/, '');
  const tag = /:([\w][\w.-]{0,127})$/.exec(plain)?.[1] ?? null;
  const repository = tag === null ? plain : plain.slice(0, -tag.length - 1);
  const first = repository.split('/')[0] ?? '';
  if (!repository.includes('/')) return { repository: `docker.io/library/${repository}`, tag };
  return { repository: /[.:]|^localhost$/.test(first) ? repository : `docker.io/${repository}`, tag };
}

/** Whether a package URL names the image: by a digest that was verified, else by what the caller typed. */
function namesImage(purl: string, { image }: VexSubject): boolean {
  const wanted = parsePurl(purl);
  if (wanted === null) return false;
  if (wanted.version !== null && /^sha\d+:/.test(wanted.version)) return wanted.version === image.digest || wanted.version === image.imageId;
  const { repository, tag } = repositoryOf(image.reference);
  const { repository_url: url, tag: wantedTag } = wanted.qualifiers;
  const name = repository.split('/').at(-1)?.toLowerCase();
  if (wanted.name.toLowerCase() !== name) return false;
  const stated = wanted.version ?? wantedTag;
  if (stated !== undefined && stated !== null && stated !== tag) return false;
  if (url === undefined) return wanted.namespace === '' || repository.endsWith(`/${wanted.namespace}/${wanted.name}`);
  const place = repositoryOf(url).repository.toLowerCase();
  return place === repository.toLowerCase() || `${place}/${wanted.name}`.toLowerCase() === repository.toLowerCase();
}

/** Vendor and product of a CPE for os-release's ID (NVD's CPE dictionary). */
const cpeNames: Readonly<Record<string, readonly string[]>> = {
  rhel: ['redhat:enterprise_linux'],
  debian: ['debian:debian_linux'],
  ubuntu: ['canonical:ubuntu_linux'],
  alpine: ['alpinelinux:alpine_linux'],
  almalinux: ['almalinux:almalinux'],
  rocky: ['rocky:rocky', 'resf:rocky_linux'],
  sles: ['suse:sles', 'suse:linux_enterprise_server'],
  azurelinux: ['microsoft:azure_linux'],
};

/** Whether a CPE (2.2 or 2.3) names the image's distribution: its version, where given, is the image's or the beginning of it. */
function namesDistribution(cpe: string, { distribution }: VexSubject): boolean {
  if (distribution === null) return false;
  const [part = '', vendor = '', product = '', version = ''] = cpe.replace(/^cpe:(?:2\.3:|\/)/, '').split(':');
  const names = Object.hasOwn(cpeNames, distribution.id) ? (cpeNames[distribution.id] ?? []) : [];
  if (part !== 'o' && part !== 'a') return false;
  if (!names.includes(`${vendor}:${product}`.toLowerCase())) return false;
  return version === '' || version === '*' || version === '-' || version === distribution.version || distribution.version.startsWith(`${version}.`);
}

function isWhole(identity: VexIdentity, subject: VexSubject): boolean {
  const { digest, imageId, reference } = subject.image;
  const own = [digest, imageId].flatMap((each) => (each === null ? [] : [each.slice(each.indexOf(':') + 1)]));
  return (
    identity.purls.some((purl) => isImagePurl(purl) && namesImage(purl, subject)) ||
    identity.hashes.some((hash) => own.includes(hash)) ||
    identity.ids.includes(reference) ||
    identity.cpes.some((cpe) => namesDistribution(cpe, subject))
  );
}

/** Whether a claim's product is the match's package in this image. */
export function isProduct(product: VexProduct, match: Match, subject: VexSubject): boolean {
  if (product.whole === undefined && product.part === undefined) return false;
  if (product.whole !== undefined && !isWhole(product.whole, subject)) return false;
  return product.part === undefined || product.part.purls.some((purl) => namesPackage(purl, match));
}
