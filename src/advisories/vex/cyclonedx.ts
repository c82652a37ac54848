import { type Fields, fieldsOf, identityOf, listOf, textOf, textsOf, type VexClaim, type VexIdentity, type VexProduct, type VexReading } from './claim.ts';
import { isImagePurl, productFor } from './openvex.ts';

const excepting = new Set(['not_affected', 'false_positive', 'resolved', 'resolved_with_pedigree']);
const states = new Set([...excepting, 'exploitable', 'in_triage']);
/** Levels of nested components; real ones have three or four. */
const deepest = 100;

interface Component {
  readonly identity: VexIdentity;
  readonly text: string;
}

/** Whether a JSON document is CycloneDX. */
export function isCycloneDx(json: Fields): boolean {
  return json.bomFormat === 'CycloneDX' && Array.isArray(json.vulnerabilities);
}

/**
 * Reads the `vulnerabilities` of a CycloneDX document (cyclonedx.org, 1.4 and newer) that have an analysis. `affects[].ref` is
 * a bom-ref of the document, a BOM-Link into another, or a package URL itself. Where the document describes an image
 * (`metadata.component` with a package URL of one), its statements hold for that image alone.
 */
export function readCycloneDx(json: Fields): VexReading {
  const metadata = fieldsOf(json.metadata);
  const components = new Map<string, Component>();
  collect([...listOf(json.components), metadata.component], components, 0);
  const main = fieldsOf(metadata.component);
  const image = isImagePurl(textOf(main.purl) ?? '') ? componentOf(main).identity : undefined;
  const claims: VexClaim[] = [];
  const refused: VexReading['refused'][number][] = [];
  for (const item of listOf(json.vulnerabilities)) {
    const vulnerability = fieldsOf(item);
    const analysis = fieldsOf(vulnerability.analysis);
    const status = textOf(analysis.state);
    if (status === null) continue; // a finding without analysis says nothing of whether it counts
    const names = [textOf(vulnerability.id), ...listOf(vulnerability.references).map((each) => textOf(fieldsOf(each).id))].flatMap((name) => name ?? []);
    const products = listOf(vulnerability.affects).flatMap((each) => productsOf(fieldsOf(each), components, image, textOf(main['bom-ref'])));
    const why = !states.has(status)
      ? `it has no known state (${status.slice(0, 40)})`
      : names.length === 0
        ? 'it names no vulnerability'
        : products.length === 0
          ? 'it affects nothing'
          : undefined;
    if (why !== undefined) {
      refused.push({ vulnerability: names[0] ?? 'a vulnerability', product: products[0]?.text ?? 'no product', why });
      continue;
    }
    const justification =
      [textOf(analysis.justification), textOf(analysis.detail)].flatMap((text) => text ?? []).join(': ') || textsOf(analysis.response).join(', ');
    const timestamp = textOf(analysis.lastUpdated) ?? textOf(analysis.firstIssued) ?? textOf(vulnerability.updated) ?? textOf(metadata.timestamp);
    for (const product of products) {
      claims.push({ names, product, status, excepts: excepting.has(status), justification: justification === '' ? null : justification, timestamp });
    }
  }
  return { author: authorOf(metadata), claims, refused };
}

function authorOf(metadata: Fields): string | null {
  const people = listOf(metadata.authors).flatMap((each) => textOf(fieldsOf(each).name) ?? textOf(fieldsOf(each).email) ?? []);
  const companies = [metadata.manufacturer, metadata.manufacture, metadata.supplier].flatMap((each) => textOf(fieldsOf(each).name) ?? []);
  return [...people, ...companies][0] ?? null;
}

function componentOf(value: unknown): Component {
  const { purl, cpe, name, version, hashes, group } = fieldsOf(value);
  const identifiers = [textOf(purl), textOf(cpe)].flatMap((text) => text ?? []);
  const digests = listOf(hashes).flatMap((hash) => textOf(fieldsOf(hash).content) ?? []);
  const text = identifiers[0] ?? [textOf(group), textOf(name), textOf(version)].flatMap((part) => part ?? []).join(' ');
  return { identity: identityOf(identifiers, digests), text };
}

function collect(items: readonly unknown[], found: Map<string, Component>, depth: number): void {
  if (depth > deepest) return;
  for (const item of items) {
    const { 'bom-ref': ref, components } = fieldsOf(item);
    const name = textOf(ref);
    if (name !== null && !found.has(name)) found.set(name, componentOf(item));
    if (Array.isArray(components)) collect(components, found, depth + 1);
  }
}

/** `urn:cdx:…/1#ref`: the fragment is the other document's bom-ref, often a package URL. */
function linked(ref: string): string {
  const fragment = /^urn:cdx:[^#]+#(.+)$/.exec(ref)?.[1];
  if (fragment === undefined) return ref;
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function productsOf(affects: Fields, components: ReadonlyMap<string, Component>, image: VexIdentity | undefined, mainRef: string | null): VexProduct[] {
  const ref = textOf(affects.ref);
  if (ref === null) return [];
  const target = linked(ref);
  const component = components.get(ref) ?? components.get(target) ?? { identity: identityOf([target]), text: target };
  const product = productFor(component.identity, component.text === '' ? ref : component.text);
  const inImage = image === undefined || product.part === undefined || ref === mainRef ? product : { ...product, whole: image };
  const versions = listOf(affects.versions).map(fieldsOf);
  if (versions.length === 0) return [inImage];
  return versions.flatMap((entry): VexProduct[] => {
    const version = textOf(entry.version);
    const range = textOf(entry.range);
    if (version === null)
      return range === null ? [] : [{ text: `${inImage.text} in ${range} (ranges are not supported)`, whole: identityOf([]), part: identityOf([]) }];
    return [{ ...inImage, text: `${inImage.text} ${version}`, ...(inImage.part === undefined ? {} : { part: withVersion(inImage.part, version) }) }];
  });
}

/** Package URLs that say no version get the one that the statement says. */
function withVersion(identity: VexIdentity, version: string): VexIdentity {
  const purls = identity.purls.map((purl) => {
    const [path = '', rest = ''] = [purl.replace(/[?#].*$/s, ''), /[?#].*$/s.exec(purl)?.[0] ?? ''];
    const at = path.lastIndexOf('@');
    return at > path.lastIndexOf('/') ? `${path.slice(0, at)}@${encodeURIComponent(version)}${rest}` : `${path}@${encodeURIComponent(version)}${rest}`;
  });
  return { ...identity, purls };
}
