import * as z from 'zod';
import { advisories } from './advisories.ts';
import { digest, imageError, imageHead, location, problem, tool } from './parts.ts';
import { needed, vulnerability } from './vulnerabilities.ts';

const layer = z.object({ index: z.int().min(0), diffId: digest.nullable(), createdBy: z.string().nullable() });

const comparison = z.object({
  purl: z.string(),
  advisory: z.string().describe("The advisory's own id."),
  withdrawn: z.boolean(),
  ecosystem: z.string(),
  name: z.string().describe('The name that was looked up.'),
  through: z.enum(['package', 'source']),
  version: z.string().describe('The version that was compared.'),
  origin: z.string().describe('Where the advisory came from.'),
  order: z.object({ name: z.string(), specification: z.string() }).nullable().describe('By which order of versions.'),
  ranges: z.array(
    z.object({
      type: z.string(),
      events: z.array(
        z.object({
          event: z.string(),
          version: z.string(),
          comparison: z.enum(['<', '=', '>', '?']).describe("How the package's version stands to it; ?: it can't be compared."),
        }),
      ),
    }),
  ),
  listed: z.object({ count: z.int().min(0), contains: z.boolean() }).describe('How many versions the advisory lists, and whether this one is among them.'),
  result: z.enum(['affected', 'unaffected', 'incomparable']),
});

const explainedPackage = z.object({
  purl: z.string(),
  name: z.string(),
  version: z.string(),
  source: z.object({ name: z.string(), version: z.string() }).nullable(),
  ownedBy: z.string().nullable(),
  places: z.array(z.object({ location, layer: layer.nullable() })),
  resolutions: z.array(z.string()).describe('What would resolve it, one way each.'),
});

/** Schema of `portcullis.explanation.v1`. */
export const explanationDocument = z
  .object({
    schema: z.literal('portcullis.explanation.v1'),
    tool,
    finding: z.string().describe('As the caller typed it.'),
    images: z.array(
      z.union([
        z.object({
          ...imageHead,
          vulnerabilities: z.array(vulnerability),
          comparisons: z.array(comparison),
          packages: z.array(explainedPackage),
          needed,
          problems: z.array(problem),
        }),
        imageError,
      ]),
    ),
    advisories,
    evaluatedAt: z.string().describe('RFC 3339.'),
  })
  .meta({ title: 'Portcullis explanation', description: 'What portcullis explain -o json prints.' });
