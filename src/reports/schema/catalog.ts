import * as z from 'zod';
import { certificate, driftedFile, file, group, malwareScan, privateKey, secret } from './image-facts.ts';
import { digest, imageError, imageHead, location, packageType, problem, tool } from './parts.ts';

/** A package as every document that lists them has it. */
export const packageFields = {
  purl: z.string().describe('Package URL. Compare by fields, never by text.'),
  type: packageType,
  name: z.string(),
  version: z.string().describe('As the ecosystem writes it, with the epoch.'),
  source: z.object({ name: z.string(), version: z.string() }).nullable().describe('The source package; null where the ecosystem has none.'),
  architecture: z.string().nullable(),
  licenses: z.array(z.string()).describe('As declared, unparsed.'),
  ownedBy: z.string().nullable().describe("purl of the distribution package that owns this package's files."),
  lockfile: z.boolean().describe('True when it is only named: by a lock file, or by a .NET application’s list without any file of its own.'),
  cataloger: z.string().describe('Who read it.'),
  origin: z
    .enum(['vcs', 'archive', 'directory', 'editable'])
    .exactOptional()
    .describe('What it was taken from in place of a registry; an address stands in the purl. editable: it is used where it lies.'),
  module: z.string().exactOptional().describe("rpm's module build."),
} as const;

export const account = z.object({
  name: z.string(),
  password: z.enum(['x', '*', '!', '', 'set']).describe('A password that stands here is never shown: set.'),
  uid: z.string(),
  gid: z.string(),
  gecos: z.string(),
  home: z.string(),
  shell: z.string(),
  location,
  shadow: z
    .object({
      password: z.enum(['', '*', '!', 'locked', 'set']).describe('locked: a password that is switched off.'),
      scheme: z.string().nullable().describe('How it is hashed; the hash is never shown.'),
      location,
    })
    .nullable()
    .exactOptional()
    .describe('Its entry in /etc/shadow; null: there is none.'),
});

export const layerFacts = z.object({
  index: z.int().min(0).describe('From 0, the base.'),
  diffId: digest.nullable(),
  createdBy: z.string().nullable().describe('The history line that made it.'),
});

/** A problem with what it touches. */
export const scopedProblem = problem.extend({
  scope: z.object({
    ecosystem: z.string().exactOptional().describe('Without one it touches packages of every type.'),
    ecosystems: z.array(z.string()).exactOptional().describe('Each of several.'),
    path: z.string().exactOptional(),
    layer: z.int().min(0).exactOptional(),
  }),
  cause: z.enum(['image', 'outside']).describe('image: the reason lies in the image; outside: in what the image was read from, or in what was not there.'),
});

const listedPackage = z.object({
  ...packageFields,
  licenseExpression: z.string().nullable().describe('The SPDX expression that the declaration is; null where one could only be guessed.'),
  locations: z.array(location.extend({ createdBy: z.string().nullable().describe('The history line that made the layer.') })),
});

/** Schema of `portcullis.catalog.v1`. */
export const catalogDocument = z
  .object({
    schema: z.literal('portcullis.catalog.v1'),
    tool,
    images: z.array(
      z.union([
        z.object({
          ...imageHead,
          layers: z.array(layerFacts),
          packages: z.array(listedPackage).exactOptional(),
          searched: z.array(packageType).exactOptional().describe("The package types that were looked for: of these what isn't listed wasn't found."),
          accounts: z.array(account).exactOptional().describe('Entries of /etc/passwd.'),
          groups: z.array(group).exactOptional().describe('Entries of /etc/group.'),
          files: z.array(file).exactOptional(),
          secrets: z.array(secret).exactOptional(),
          certificates: z.array(certificate).exactOptional(),
          keys: z.array(privateKey).exactOptional().describe('Private keys: never the keys themselves.'),
          drift: z.array(driftedFile).exactOptional().describe('Files that are not as the package manager put them.'),
          malware: malwareScan.exactOptional().describe('Only where a scanner was named.'),
          problems: z.array(scopedProblem),
        }),
        imageError,
      ]),
    ),
    evaluatedAt: z.string().describe('RFC 3339.'),
  })
  .meta({ title: 'Portcullis catalogue', description: 'What portcullis catalog -o json prints.' });
