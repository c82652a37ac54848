import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import type { CatalogDocument, CatalogPackage, ImageCatalog } from '../../model/index.ts';

const digest = (seed: string): `sha256:${string}` => `sha256:${seed.repeat(64).slice(0, 64)}`;

/** A package of a catalogue with what matters; the rest is what an npm package looks like. */
export function listedPackage(changes: Partial<CatalogPackage> = {}): CatalogPackage {
  return {
    purl: 'pkg:npm/left-pad@1.3.0',
    type: 'npm',
    name: 'left-pad',
    version: '1.3.0',
    source: null,
    architecture: null,
    licenses: ['MIT'],
    licenseExpression: 'MIT',
    locations: [{ path: '/app/node_modules/left-pad/package.json', layer: 1, createdBy: 'RUN npm ci' }],
    ownedBy: null,
    lockfile: false,
    cataloger: 'language/npm',
    ...changes,
  };
}

const hostile = 'x\u001b[31m\u202e"<script>\\\u0000\ud800 ::warning::';

const packages: readonly CatalogPackage[] = [
  listedPackage({
    purl: 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12',
    type: 'deb',
    name: 'libssl3',
    version: '3.0.11-1~deb12u2',
    source: { name: 'openssl', version: '3.0.11-1~deb12u2' },
    architecture: 'amd64',
    licenses: ['Apache-2.0', 'GPL-2+', 'Artistic'],
    licenseExpression: null,
    locations: [{ path: '/var/lib/dpkg/status', layer: 0, line: 1200, createdBy: 'ADD file:abc in /' }],
  }),
  listedPackage({
    licenses: ['(MIT OR LicenseRef-mine)'],
    licenseExpression: '(MIT OR LicenseRef-mine)',
    name: '@example/left-pad',
    purl: 'pkg:npm/%40example/left-pad@1.3.0',
  }),
  listedPackage({ locations: [], licenses: [], licenseExpression: null, lockfile: true }),
  listedPackage(),
  listedPackage({
    purl: 'pkg:maven/org.example/orders@1.0',
    type: 'maven',
    name: 'org.example:orders',
    version: '1.0',
    locations: [{ path: '/app.war', member: 'WEB-INF/lib/orders.jar!/META-INF/MANIFEST.MF', layer: 1, createdBy: null }],
  }),
  listedPackage({
    purl: 'pkg:generic/x',
    type: 'generic',
    name: hostile,
    version: '',
    licenses: [hostile],
    licenseExpression: null,
    locations: [{ path: `/${hostile}`, createdBy: hostile }],
  }),
];

/** A catalogue of one image with the awkward packages. */
export function catalogDocumentWith(changes: Partial<ImageCatalog> = {}): CatalogDocument {
  return {
    schema: 'portcullis.catalog.v1',
    tool: { name: 'portcullis', version: '0.1.0' },
    images: [
      {
        reference: '/images/shop.tar',
        digest: digest('a1'),
        imageId: digest('b2'),
        platform: 'linux/amd64',
        tags: ['registry.example/team/Shop:1.0'],
        verified: true,
        distribution: { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
        layers: [
          { index: 0, diffId: digest('c3'), createdBy: 'ADD file:abc in /' },
          { index: 1, diffId: digest('d4'), createdBy: hostile },
        ],
        packages,
        searched: ['deb', 'generic', 'maven', 'npm'],
        accounts: [],
        problems: [
          {
            id: 'p-1',
            kind: 'unreadable',
            evidence: 'packages',
            scope: { ecosystem: 'maven', path: '/app/broken.jar', layer: 1 },
            cause: 'image',
            what: '/app/broken.jar',
            why: 'it is damaged',
            location: { path: '/app/broken.jar', layer: 1 },
          },
        ],
        ...changes,
      },
    ],
    evaluatedAt: '2026-01-31T12:00:00.000Z',
  };
}

const schemas = join(dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')), 'res', 'schema');
const schema = (name: string): object => JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;
const validators = new Map<string, (value: unknown) => string[]>();

/** What CycloneDX's own schema says against a document; nothing when it is valid. */
export function cyclonedxFaults(value: unknown, version: '1.5' | '1.6' | '1.7' = '1.6'): string[] {
  let validate = validators.get(version);
  if (validate === undefined) {
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      formats: {
        'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
        'iri-reference': /^\S*$/,
        email: /^\S+@\S+$/,
        'idn-email': /^\S+@\S+$/,
        uri: /^[a-z][a-z0-9+.-]*:\S*$/i,
        time: true,
        date: true,
      },
    });
    for (const name of ['spdx', 'jsf-0.82', ...(version === '1.7' ? ['cryptography-defs'] : [])])
      ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    const compiled = ajv.compile(schema(`bom-${version}`));
    validate = (document) => {
      compiled(document);
      return (compiled.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    };
    validators.set(version, validate);
  }
  return validate(value);
}
