import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../cataloger.ts';

const ROOT = 'opt/bitnami/';
const COMPONENTS = `${ROOT}.bitnami_components.json`;
const document = /\/\.spdx-[^/]+\.spdx$/;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const entriesOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

function problem({ path }: SelectedFile, why: string): CatalogProblem {
  return { problem: { kind: 'unreadable', what: `/${path}`, why } };
}

function fact(
  file: SelectedFile,
  name: string,
  version: string,
  of: { readonly architecture: string | null; readonly distro: string | null; readonly licenses: string[] },
): Fact<'packages'> {
  const qualifiers = { ...(of.architecture === null ? {} : { arch: of.architecture }), ...(of.distro === null ? {} : { distro: of.distro }) };
  const locations = [{ path: `/${file.path}` }];
  return {
    kind: 'packages',
    fact: {
      type: 'bitnami',
      name,
      version,
      source: null,
      architecture: of.architecture,
      licenses: of.licenses,
      locations,
      lockfile: false,
      purl: { qualifiers },
    },
  };
}

/** `pkg:bitnami/NAME@VERSION?arch=…&distro=…` among an SPDX package's references. */
function bitnamiPurl(item: Fields): URL | undefined {
  for (const { referenceType, referenceLocator } of entriesOf(item.externalRefs)) {
    const locator = text(referenceLocator);
    if (referenceType === 'purl' && locator?.startsWith('pkg:bitnami/') === true && URL.canParse(locator)) return new URL(locator);
  }
  return undefined;
}

/** The SPDX document that Bitnami puts beside each of its components; what it lists of other ecosystems is read where it lies. */
function* readDocument(file: SelectedFile, content: Fields): Generator<Fact<'packages'> | CatalogProblem> {
  if (!Array.isArray(content.packages)) {
    yield problem(file, 'it has no list of packages');
    return;
  }
  let wrong = 0;
  for (const item of content.packages as unknown[]) {
    const purl = isFields(item) ? bitnamiPurl(item) : undefined;
    const name = isFields(item) ? text(item.name) : null;
    const version = isFields(item) ? text(item.versionInfo) : null;
    if (isFields(item) && purl === undefined && name !== null) continue;
    if (!isFields(item) || purl === undefined || name === null || version === null) {
      wrong++;
      continue;
    }
    const licence = [item.licenseDeclared, item.licenseConcluded].map(text).find((each) => each !== null && each !== 'NOASSERTION' && each !== 'NONE');
    const architecture = purl.searchParams.get('arch');
    yield fact(file, name, version, { architecture, distro: purl.searchParams.get('distro'), licenses: licence == null ? [] : [licence] });
  }
  if (wrong > 0) yield problem(file, `${wrong} of its packages have no name or no version`);
}

/** What older images list of their components: `{ "redis": { "version": "7.0.5-0", "arch": "amd64", "distro": "debian-11" } }`. */
function* readComponents(file: SelectedFile, content: Fields): Generator<Fact<'packages'> | CatalogProblem> {
  for (const [name, component] of Object.entries(content)) {
    const version = isFields(component) ? text(component.version) : null;
    if (!isFields(component) || name === '' || version === null) yield problem(file, `its component ${name.slice(0, 100)} has no version`);
    else yield fact(file, name, version, { architecture: text(component.arch), distro: text(component.distro), licenses: [] });
  }
}

export default defineCataloger({
  name: 'os/bitnami',
  version: 1,
  summary: "Components of Bitnami's images, from the SPDX documents beside them and from .bitnami_components.json",
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'bitnami',
  maxBytes: 16 * 1024 * 1024,
  wellKnown: [COMPONENTS],
  selects: ({ path, type }) => type === 'file' && path.startsWith(ROOT) && (path === COMPONENTS || document.test(path)),
  *read(file) {
    let content: unknown;
    try {
      content = JSON.parse(file.text().replace(/^\uFEFF/, ''));
    } catch {
      content = null;
    }
    if (!isFields(content)) yield problem(file, 'it is not a JSON object');
    else if (file.path === COMPONENTS) yield* readComponents(file, content);
    else yield* readDocument(file, content);
  },
});
