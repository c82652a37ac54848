import * as z from 'zod';
import { advisories, severity, vexDocuments, vexStatement } from './advisories.ts';
import { digest, imageError, imageHead, location, packageType, problem, tool } from './parts.ts';

/** One match. */
export const vulnerability = z.object({
  id: z.string().describe("The advisory's own id."),
  aliases: z.array(z.string()).describe('Other names of it, the CVE among them.'),
  severity,
  severitySource: z.string().nullable().describe('Which record and field said so; null when nobody did.'),
  cvss: z.array(
    z.object({
      version: z.enum(['2.0', '3.0', '3.1', '4.0']),
      vector: z.string(),
      score: z.number().min(0).max(10),
      source: z.string().describe('The record.'),
    }),
  ),
  kev: z
    .object({ dateAdded: z.string(), dueDate: z.string(), ransomware: z.boolean().describe('Known to be used by ransomware.') })
    .nullable()
    .describe("CISA's entry; null when not listed or not loaded (see advisories.exploitation)."),
  epss: z
    .object({ score: z.number().min(0).max(1), percentile: z.number().min(0).max(1), date: z.string() })
    .nullable()
    .describe("FIRST's highest score of its CVEs."),
  package: z.object({ purl: z.string(), name: z.string(), version: z.string(), type: packageType }),
  fixState: z.enum(['fixed', 'not-fixed', 'wont-fix', 'unknown']),
  fixedIn: z.string().nullable(),
  published: z.string().nullable(),
  modified: z.string().nullable(),
  summary: z.string().nullable(),
  source: z.string().describe('The ecosystem whose advisory matched: Debian:12.'),
  matchedBy: z.object({
    name: z.string(),
    version: z.string().describe('The version that was compared.'),
    range: z.string(),
    through: z.enum(['package', 'source']).describe('source: the package was looked up by its source package.'),
  }),
  location: location.nullable(),
  vex: z
    .object({ source: z.string().describe('The file as typed.'), ...vexStatement.shape })
    .exactOptional()
    .describe("A VEX statement that says it doesn't count here."),
  lockfile: z.boolean().exactOptional().describe('true: only a lock file names the package; nothing shows that it is installed.'),
  class: z.enum(['malware', 'informational']).exactOptional().describe('Absent for a vulnerability.'),
  layer: z.object({ index: z.int().min(0), diffId: digest.nullable(), createdBy: z.string().nullable() }).nullable(),
});

/** The ecosystems of an image. */
export const needed = z
  .array(z.object({ ecosystem: z.string(), state: z.enum(['available', 'no-data', 'unsupported', 'end-of-life']) }))
  .describe("The ecosystems that the image's packages need, and whether their advisories are there.");

/** Schema of `portcullis.vulnerabilities.v1`. */
export const vulnerabilitiesDocument = z
  .object({
    schema: z.literal('portcullis.vulnerabilities.v1'),
    tool,
    images: z.array(
      z.union([
        z.object({
          ...imageHead,
          vulnerabilities: z.array(vulnerability),
          needed,
          problems: z.array(problem),
        }),
        imageError,
      ]),
    ),
    advisories,
    vex: vexDocuments.exactOptional(),
    evaluatedAt: z.string().describe('RFC 3339.'),
  })
  .meta({ title: 'Portcullis vulnerabilities', description: 'What portcullis vulnerabilities -o json prints.' });
