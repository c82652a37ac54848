import * as z from 'zod';

/** A digest (OCI image-spec, descriptor.md). */
export const digest = z
  .templateLiteral([z.enum(['sha256', 'sha512']), ':', z.string().regex(/[0-9a-f]+/)])
  .meta({ id: 'digest', description: 'Algorithm and lower-case hex.' });

export const action = z.enum(['go', 'warn', 'stop']).meta({ id: 'action', description: 'Ordered: go < warn < stop.' });

export const tool = z.object({ name: z.literal('portcullis'), version: z.string() });

/** Where a fact comes from. */
export const location = z
  .object({
    path: z.string().describe('Absolute path in the image.'),
    layer: z.int().min(0).exactOptional().describe('Index of the layer, from 0, the base; absent where the source has no layers.'),
    line: z.int().min(1).exactOptional().describe('From 1.'),
    member: z.string().exactOptional().describe("Within an archive: the member's path; in archives within it joined by !/."),
  })
  .meta({ id: 'location' });

/** An image that could not be judged or read. */
export const imageError = z.object({
  reference: z.string().describe('As the caller typed it.'),
  error: z.object({
    code: z.string().describe('Stands in docs/errors.md.'),
    message: z.string(),
    hint: z.string().nullable().describe('The way out.'),
  }),
});

/** What could not be known. */
export const problem = z.object({
  id: z.string().describe('Stable; exceptions name it.'),
  kind: z.enum(['unreadable', 'unsupported', 'incomparable', 'limit', 'removed', 'contradiction', 'no-data', 'stale']),
  evidence: z
    .enum([
      'image',
      'configuration',
      'dockerfile',
      'distribution',
      'packages',
      'accounts',
      'groups',
      'files',
      'contents',
      'secrets',
      'certificates',
      'keys',
      'drift',
      'malware',
      'services',
      'vulnerabilities',
      'feeds',
    ])
    .describe('The kind of evidence that is not known for certain.'),
  what: z.string(),
  why: z.string(),
  location: location.nullable(),
});

/** What stands in place of an image: an SBOM or stored evidence. */
export const imageInput = z
  .object({
    kind: z.enum(['sbom', 'evidence']),
    format: z.string().describe('CycloneDX 1.6, SPDX-2.3, Syft JSON 16.0.1, portcullis.evidence.v1.'),
    generator: z.string().nullable().describe('The program that wrote it, in its own words.'),
    subject: z
      .object({ name: z.string().nullable(), version: z.string().nullable(), digest: z.string().nullable() })
      .describe('The image that it says it describes: shown, never trusted.'),
    notes: z.array(z.string()).describe('What of it was left aside.'),
  })
  .meta({ id: 'input', description: 'A document that stands in place of an image. Nothing of it was verified.' });

export const packageType = z
  .enum([
    'deb',
    'apk',
    'rpm',
    'alpm',
    'ebuild',
    'opkg',
    'nix',
    'npm',
    'pypi',
    'maven',
    'golang',
    'cargo',
    'gem',
    'composer',
    'nuget',
    'conda',
    'cran',
    'bitnami',
    'generic',
  ])
  .describe('purl type.');

/** Which image, as every document says it. */
export const imageHead = {
  reference: z.string().describe('As the caller typed it.'),
  digest: digest.nullable().describe('Of the manifest; null where the source has none.'),
  imageId: digest.nullable().describe('Digest of the configuration; null where the source has none.'),
  platform: z.string().describe('linux/amd64, linux/arm/v7.'),
  tags: z.array(z.string()).describe('Names that the archive or registry gives the image: shown, never trusted.'),
  verified: z.boolean().describe('False: nothing was checked against a digest (a directory or a document).'),
  input: imageInput.exactOptional().describe('A document that stands in place of the image.'),
  distribution: z.object({ id: z.string(), version: z.string(), name: z.string() }).nullable(),
};
