import * as z from 'zod';

export const severity = z.enum(['unknown', 'negligible', 'low', 'medium', 'high', 'critical']);

const asOf = z.string().nullable().describe('When the source was in this state (RFC 3339); null: unknown.');

/** The state of the store that was used. */
export const advisories = z.object({
  digest: z.string().nullable().describe('Of the whole state; null: nothing was loaded.'),
  sources: z.array(
    z.object({
      ecosystem: z.string().describe("OSV's name with the release: Debian:12, npm."),
      records: z.int().min(0),
      asOf,
    }),
  ),
  exploitation: z
    .object({
      kev: z.object({ version: z.string(), asOf }).nullable().describe("CISA's catalogue of known exploited vulnerabilities."),
      epss: z.object({ model: z.string(), asOf }).nullable().describe("FIRST's scores, the model that made them and their day."),
    })
    .exactOptional()
    .describe('null in it: not loaded.'),
});

/** What a VEX statement says of a finding. */
export const vexStatement = z.object({
  author: z.string().nullable().describe('Who made the document, in its own words.'),
  status: z.string().describe('In the words of its format: not_affected, fixed, resolved.'),
  justification: z.string().nullable(),
  timestamp: z.string().nullable().describe('Of the statement, or else of the document, as written.'),
});

/** The VEX documents that were given. */
export const vexDocuments = z.array(
  z.object({
    source: z.string().describe('The file as typed.'),
    format: z.enum(['openvex', 'cyclonedx', 'csaf']),
    author: z.string().nullable(),
    digest: z.string(),
    statements: z.int().min(0).describe('One for each vulnerability and product.'),
    matched: z.int().min(0).describe('Of these, how many named a vulnerability of some image.'),
    unmatched: z.array(z.object({ vulnerability: z.string(), product: z.string() })).describe('The first hundred that named none.'),
  }),
);
