import * as z from 'zod';
import { advisories, severity, vexDocuments, vexStatement } from './advisories.ts';
import { action, digest, imageError, imageHead, problem, tool } from './parts.ts';

const count = z.int().min(0);

const finding = z.object({
  id: z.string().describe('Stable: from gate, trigger, subject and location, never from the message. Exceptions name it.'),
  gate: z.string().describe("In the policy author's words."),
  trigger: z.string().describe("In the policy author's words."),
  action: action.describe('What it counts as; an undecided one may count as less than its rule says.'),
  state: z.enum(['fired', 'undecided', 'excepted']),
  message: z.string(),
  rule: z.object({ line: z.int().describe('Line of the rule in the policy.') }),
  package: z.object({ purl: z.string(), name: z.string(), version: z.string(), type: z.string().describe('purl type.') }).nullable(),
  vulnerability: z
    .object({
      id: z.string().describe("The advisory's own id."),
      aliases: z.array(z.string()).describe('Other names of it, the CVE among them.'),
      severity,
      fixedIn: z.string().nullable(),
    })
    .nullable(),
  file: z.object({ path: z.string(), line: z.int().min(1).nullable() }).nullable(),
  layer: z.object({ index: z.int().min(0), diffId: digest.nullable(), createdBy: z.string().nullable() }).nullable(),
  remediation: z.string().nullable().describe('What to do about it.'),
  exception: z
    .object({
      source: z.string().describe('On whose word: file and line.'),
      scope: z.enum(['global', 'image', 'vex']),
      statement: vexStatement.exactOptional().describe('With the scope vex: what the statement says.'),
    })
    .nullable(),
});

const imageVerdict = z.object({
  ...imageHead,
  policy: z.object({
    name: z.string(),
    version: z.string().nullable(),
    format: z.string(),
    source: z.string().describe('builtin:NAME, or the file as typed.'),
    digest: z.string().describe("Of the policy's text."),
  }),
  verdict: action,
  reason: z.enum(['policy', 'denied-image', 'allowed-image', 'no-mapping', 'no-rules']),
  counts: z.object({
    stop: count,
    warn: count,
    go: count,
    undecided: count.describe('Of the three above, how many are undecided.'),
    excepted: count.describe('Not among the others.'),
  }),
  findings: z.array(finding),
  problems: z.array(problem),
});

/** Schema of `portcullis.verdict.v1`. */
export const verdictDocument = z
  .object({
    schema: z.literal('portcullis.verdict.v1'),
    tool,
    verdict: action.nullable().describe('Worst of all images that could be judged; null when none could.'),
    images: z.array(z.union([imageVerdict, imageError])),
    advisories,
    vex: vexDocuments.exactOptional(),
    settings: z
      .array(z.object({ name: z.string(), value: z.string(), origin: z.string() }))
      .describe('Settings that can change a verdict, and where each came from.'),
    evaluatedAt: z.string().describe('RFC 3339.'),
  })
  .meta({ title: 'Portcullis verdict', description: 'What portcullis gate -o json prints.' });
