import { type Fields, fieldsOf, identityOf, listOf, textOf, textsOf, type VexClaim, type VexIdentity, type VexProduct, type VexReading } from './claim.ts';

const statuses = new Set(['not_affected', 'affected', 'fixed', 'under_investigation']);

/** Whether a JSON document is OpenVEX. */
export function isOpenVex(json: Fields): boolean {
  const context = json['@context'];
  return typeof context === 'string' && /^https:\/\/openvex\.dev\/ns(?:\/|$)/.test(context) && Array.isArray(json.statements);
}

/**
 * Reads OpenVEX (openvex/spec, 0.0.1 to 0.2.0). `not_affected` needs a justification or an impact statement; without one the
 * statement is refused. What a statement doesn't say of time and vulnerability or products comes from the document.
 */
export function readOpenVex(json: Fields): VexReading {
  const claims: VexClaim[] = [];
  const refused: VexReading['refused'][number][] = [];
  for (const item of listOf(json.statements)) {
    const statement = fieldsOf(item);
    const names = namesOf(statement.vulnerability);
    const products = listOf(statement.products).flatMap(productsOf);
    const status = textOf(statement.status) ?? '';
    const justification =
      textOf(statement.justification) ?? textOf(statement.impact_statement) ?? (status === 'fixed' ? textOf(statement.action_statement) : null);
    const why = !statuses.has(status)
      ? `it has no known status (${status.slice(0, 40)})`
      : names.length === 0
        ? 'it names no vulnerability'
        : products.length === 0
          ? 'it names no product'
          : status === 'not_affected' && justification === null
            ? 'not_affected needs a justification or an impact statement'
            : undefined;
    if (why !== undefined) {
      refused.push({ vulnerability: names[0] ?? 'a statement', product: products[0]?.text ?? 'no product', why });
      continue;
    }
    const timestamp = textOf(statement.last_updated) ?? textOf(statement.timestamp) ?? textOf(json.last_updated) ?? textOf(json.timestamp);
    for (const product of products) {
      claims.push({ names, product, status, excepts: status === 'not_affected' || status === 'fixed', justification, timestamp });
    }
  }
  return { author: textOf(json.author), claims, refused };
}

/** 0.0.1 had a text, later versions an object. */
function namesOf(value: unknown): string[] {
  const text = textOf(value);
  if (text !== null) return [text];
  const { name, aliases, '@id': id } = fieldsOf(value);
  return [...new Set([...[textOf(name) ?? textOf(id)].flatMap((each) => each ?? []), ...textsOf(aliases)])];
}

function componentOf(value: unknown): VexIdentity {
  const text = textOf(value);
  if (text !== null) return identityOf([text]);
  const { '@id': id, identifiers, hashes } = fieldsOf(value);
  const given = Object.values(fieldsOf(identifiers)).flatMap((each) => textOf(each) ?? []);
  return identityOf(
    [...new Set([...[textOf(id)].flatMap((each) => each ?? []), ...given])],
    Object.values(fieldsOf(hashes)).flatMap((each) => textOf(each) ?? []),
  );
}

const textFor = ({ purls, cpes, ids, hashes }: VexIdentity): string => purls[0] ?? cpes[0] ?? ids[0] ?? hashes[0] ?? 'a product without identifiers';

/** A package is a part, of whatever image; an image is a whole, perhaps with its parts. */
function productsOf(value: unknown): VexProduct[] {
  const identity = componentOf(value);
  const parts = listOf(fieldsOf(value).subcomponents).map(componentOf);
  if (parts.length > 0) return parts.map((part) => ({ text: `${textFor(identity)} > ${textFor(part)}`, whole: identity, part }));
  return [productFor(identity, textFor(identity))];
}

/** A thing that stands alone: a package by its package URL, anything else as a whole. */
export function productFor(identity: VexIdentity, text: string): VexProduct {
  return identity.purls.some((purl) => !isImagePurl(purl)) ? { text, part: identity } : { text, whole: identity };
}

/** `pkg:oci/…` and `pkg:docker/…` name images. */
export function isImagePurl(purl: string): boolean {
  return /^pkg:\/*(?:oci|docker)\//i.test(purl);
}
