import { type Fields, fieldsOf, identityOf, listOf, textOf, textsOf, type VexClaim, type VexIdentity, type VexProduct, type VexReading } from './claim.ts';
import { productFor } from './openvex.ts';

/** Levels of the product tree; real ones have five or six. */
const deepest = 100;

const excepting = ['known_not_affected', 'fixed', 'first_fixed'];
const others = ['known_affected', 'first_affected', 'last_affected', 'under_investigation', 'recommended'];

interface Product {
  readonly identity: VexIdentity;
  readonly name: string;
}

/** Whether a JSON document is CSAF. */
export function isCsaf(json: Fields): boolean {
  return textOf(fieldsOf(json.document).csaf_version) !== null;
}

/**
 * Reads CSAF 2.0 and 2.1 (docs.oasis-open.org/csaf), any profile with vulnerabilities. A product of a relationship is a component
 * of a platform: both must match. Product ids resolve to package URLs and CPEs by `product_identification_helper`.
 */
export function readCsaf(json: Fields): VexReading {
  const document = fieldsOf(json.document);
  const tree = fieldsOf(json.product_tree);
  const products = new Map<string, Product>();
  for (const item of listOf(tree.full_product_names)) addProduct(item, products);
  collect(listOf(tree.branches), products, 0);
  const relations = relationsOf(listOf(tree.relationships), products);
  const groups = new Map(listOf(tree.product_groups).map((item) => [textOf(fieldsOf(item).group_id) ?? '', textsOf(fieldsOf(item).product_ids)]));
  const timestamp = textOf(fieldsOf(document.tracking).current_release_date);
  const claims: VexClaim[] = [];
  const refused: VexReading['refused'][number][] = [];
  for (const item of listOf(json.vulnerabilities)) {
    const vulnerability = fieldsOf(item);
    const names = [textOf(vulnerability.cve), ...listOf(vulnerability.ids).map((each) => textOf(fieldsOf(each).text))].flatMap((name) => name ?? []);
    if (names.length === 0) {
      refused.push({ vulnerability: 'a vulnerability', product: 'its products', why: 'it has neither a CVE nor an id' });
      continue;
    }
    const reasons = reasonsOf(vulnerability, groups);
    for (const status of [...excepting, ...others]) {
      for (const id of textsOf(fieldsOf(vulnerability.product_status)[status])) {
        const product = relations.get(id) ?? plain(id, products);
        if (product === undefined) refused.push({ vulnerability: names[0] ?? '', product: id, why: 'the product tree does not have the product' });
        else claims.push({ names, product, status, excepts: excepting.includes(status), justification: reasons.get(id) ?? null, timestamp });
      }
    }
  }
  return { author: textOf(fieldsOf(document.publisher).name), claims, refused };
}

function addProduct(value: unknown, products: Map<string, Product>): void {
  const { product_id: id, name, product_identification_helper: helper } = fieldsOf(value);
  const key = textOf(id);
  if (key === null || products.has(key)) return;
  const { purl, purls, cpe, hashes } = fieldsOf(helper);
  const identifiers = [textOf(purl), ...textsOf(purls), textOf(cpe)].flatMap((text) => text ?? []);
  const digests = listOf(hashes).flatMap((hash) => listOf(fieldsOf(hash).file_hashes).flatMap((each) => textOf(fieldsOf(each).value) ?? []));
  products.set(key, { identity: identityOf(identifiers, digests), name: textOf(name) ?? key });
}

function collect(branches: readonly unknown[], products: Map<string, Product>, depth: number): void {
  if (depth > deepest) return;
  for (const item of branches) {
    const { product, branches: further } = fieldsOf(item);
    if (product !== undefined) addProduct(product, products);
    if (Array.isArray(further)) collect(further, products, depth + 1);
  }
}

function plain(id: string, products: ReadonlyMap<string, Product>): VexProduct | undefined {
  const product = products.get(id);
  return product === undefined ? undefined : productFor(product.identity, product.identity.purls[0] ?? product.name);
}

/** `openssl` as a component of a platform, an image or a distribution. Of a chain of relationships the innermost component counts. */
function relationsOf(relationships: readonly unknown[], products: Map<string, Product>): Map<string, VexProduct> {
  const related = new Map<string, VexProduct>();
  for (const item of relationships) {
    const { product_reference: reference, relates_to_product_reference: platform, full_product_name: full } = fieldsOf(item);
    const id = textOf(fieldsOf(full).product_id);
    const own = fieldsOf(fieldsOf(full).product_identification_helper);
    const component = products.get(textOf(reference) ?? '') ?? undefined;
    const chained = related.get(textOf(reference) ?? '')?.part;
    const whole = products.get(textOf(platform) ?? '');
    if (id === null || whole === undefined || (component === undefined && chained === undefined)) continue;
    const stated = [textOf(own.purl), ...textsOf(own.purls)].flatMap((text) => text ?? []);
    const part = stated.length > 0 ? identityOf(stated) : (component?.identity ?? chained);
    if (part !== undefined) related.set(id, { text: `${textOf(fieldsOf(full).name) ?? id}`, whole: whole.identity, part });
  }
  return related;
}

/** Why each product is said not to be affected: its flag, else the impact that is described. */
function reasonsOf(vulnerability: Fields, groups: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const reasons = new Map<string, string>();
  const add = (value: Fields, reason: string | null): void => {
    if (reason === null) return;
    const ids = [...textsOf(value.product_ids), ...textsOf(value.group_ids).flatMap((group) => groups.get(group) ?? [])];
    for (const id of ids) if (!reasons.has(id)) reasons.set(id, reason);
  };
  for (const flag of listOf(vulnerability.flags).map(fieldsOf)) add(flag, textOf(flag.label));
  for (const threat of listOf(vulnerability.threats).map(fieldsOf)) if (threat.category === 'impact') add(threat, textOf(threat.details));
  return reasons;
}
