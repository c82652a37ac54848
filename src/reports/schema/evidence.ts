import * as z from 'zod';
import { advisories } from './advisories.ts';
import { account, layerFacts, packageFields, scopedProblem } from './catalog.ts';
import { certificate, contentMatch, driftedFile, file, group, malwareScan, privateKey, secret } from './image-facts.ts';
import { digest, imageInput, location, packageType, problem, tool } from './parts.ts';
import { service } from './services.ts';
import { needed, vulnerability } from './vulnerabilities.ts';

const image = z.object({
  reference: z.string().describe('As the caller typed it.'),
  digest: digest.nullable(),
  imageId: digest.nullable(),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().exactOptional() }),
  tags: z.array(z.string()),
  layers: z.array(layerFacts),
  verified: z.boolean(),
  input: imageInput.exactOptional(),
});

const configuration = z.object({
  user: z.string(),
  exposedPorts: z.array(z.string()),
  env: z.array(z.string()).describe('NAME=***: values are not kept.'),
  entrypoint: z.array(z.string()),
  cmd: z.array(z.string()),
  workingDir: z.string(),
  labels: z.record(z.string(), z.string()).describe('***: values are not kept.'),
  volumes: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }).nullable(),
  created: z.string().nullable(),
  history: z.array(z.object({ createdBy: z.string(), comment: z.string().exactOptional(), emptyLayer: z.boolean(), layer: z.int().min(0).nullable() })),
});

const dockerfile = z.object({
  mode: z.enum(['given', 'rebuilt', 'none']),
  path: z.string().nullable(),
  instructions: z.array(z.object({ keyword: z.string(), arguments: z.string(), line: z.int(), stage: z.int().min(0) })),
});

const distribution = z.object({
  id: z.string(),
  version: z.string(),
  name: z.string(),
  like: z.array(z.string()),
  codename: z.string().nullable(),
  location,
});

const feeds = z.object({
  digest: z.string().nullable(),
  sources: z.array(z.object({ ecosystem: z.string(), records: z.int().min(0), asOf: z.string().nullable(), importedAt: z.string() })),
  exploitation: advisories.shape.exploitation,
  needed,
});

const facts = z.object({
  image: image.exactOptional(),
  configuration: configuration.exactOptional(),
  dockerfile: dockerfile.exactOptional(),
  distribution: distribution.nullable().exactOptional(),
  packages: z.array(z.object({ ...packageFields, locations: z.array(location) })).exactOptional(),
  accounts: z.array(account).exactOptional(),
  groups: z.array(group).exactOptional(),
  files: z.array(file).exactOptional(),
  contents: z.array(contentMatch).exactOptional(),
  secrets: z.array(secret).exactOptional(),
  certificates: z.array(certificate).exactOptional(),
  keys: z.array(privateKey).exactOptional(),
  drift: z.array(driftedFile).exactOptional(),
  malware: malwareScan.exactOptional(),
  services: z.array(service).exactOptional(),
  vulnerabilities: z.array(vulnerability.omit({ layer: true })).exactOptional(),
  feeds: feeds.exactOptional(),
});

const binaryRule = z
  .object({
    name: z.string(),
    paths: z.array(z.string()),
    compiled: z.boolean().exactOptional(),
    contains: z.array(z.string()).exactOptional(),
    before: z.string().exactOptional(),
    version: z.string(),
    after: z.string().exactOptional(),
    again: z.string().exactOptional(),
    seriesInName: z.boolean().exactOptional(),
  })
  .describe('As the caller gave it (--binary-rules; docs/binary-rules.md).');

const coverage = z.object({
  request: z.object({
    kind: problem.shape.evidence,
    detail: z
      .object({
        types: z.array(packageType).exactOptional(),
        licenses: z.boolean().exactOptional(),
        ownership: z.boolean().exactOptional(),
        checksums: z.boolean().exactOptional(),
        binaryRules: z.array(binaryRule).exactOptional(),
        services: z.array(z.string()).exactOptional(),
        files: z
          .object({
            names: z.array(z.string()).exactOptional(),
            modeBits: z.int().exactOptional(),
            capabilities: z.boolean().exactOptional(),
            digests: z.array(z.string()).exactOptional(),
          })
          .exactOptional(),
        digests: z.array(z.enum(['md5', 'sha1', 'sha256'])).exactOptional(),
        patterns: z.array(z.string()).exactOptional(),
        owners: z.boolean().exactOptional(),
      })
      .exactOptional(),
  }),
  state: z.enum(['collected', 'not-asked', 'not-applicable', 'incomplete']),
  problems: z.array(z.string()).describe('Ids of problems.'),
});

/**
 * Schema of `portcullis.evidence.v1`. Stored evidence is checked with it when it is read: by itself, so that reports load no zod.
 * @public
 */
export const evidenceDocument = z
  .object({
    schema: z.literal('portcullis.evidence.v1'),
    tool,
    images: z.array(z.object({ image, facts, coverage: z.array(coverage), problems: z.array(scopedProblem) })),
    readers: z.object({
      digest: z.string().describe('Over all names and versions.'),
      list: z.array(z.object({ name: z.string(), version: z.int() })).describe('What read the image.'),
    }),
    advisories: z.string().nullable().describe('Digest of the advisory store that vulnerabilities were matched with; null: nothing was loaded.'),
    evaluatedAt: z.string().describe('RFC 3339.'),
    digest: digest.describe('SHA-256 over everything else, as portcullis wrote it: without it, or with another, no rule is decided for certain.'),
  })
  .meta({ title: 'Portcullis evidence', description: 'What portcullis evidence writes: everything known about images, to be judged again.' });
