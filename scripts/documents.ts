import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { binaryRuleFile, readBinaryRules } from '../src/binary-rule-file.ts';
import { catalogers } from '../src/catalog/index.ts';
import { errorCodes, exitCodes } from '../src/errors.ts';
import { catalogue } from '../src/gates/index.ts';
import { jsonSchemas } from '../src/reports/schema/index.ts';
import { secretRules } from '../src/secrets/index.ts';
import { catalogerPage } from './cataloger-page.ts';
import { errorPage } from './error-page.ts';
import { gateIndexPage, gatePage } from './gate-page.ts';
import { type GeneratedFile, generatedMark } from './generated-file.ts';
import { secretPage } from './secret-page.ts';

/** Folders that hold nothing generated but what `documents` gives. */
export const documentFolders = ['docs', 'docs/gates', 'schemas'];

/** Every page and schema that is made from declarations. */
export function documents(): GeneratedFile[] {
  return [
    ...catalogue.gates.map((gate) => ({ path: `docs/gates/${gate.name}.md`, text: page(gatePage(gate, triggersOf(gate.name))) })),
    { path: 'docs/gates/README.md', text: page(gateIndexPage(catalogue.gates.map((gate) => ({ gate, triggers: triggersOf(gate.name) })))) },
    { path: 'docs/catalogers.md', text: page(catalogerPage(catalogers)) },
    { path: 'docs/secrets.md', text: page(secretPage(secretRules)) },
    { path: 'docs/errors.md', text: page(errorPage(errorCodes, exitCodes)) },
    ...[...jsonSchemas(), ['binary-rules.v1.json', binaryRuleSchema()] as const].map(([file, schema]) => ({
      path: `schemas/${file}`,
      text: `${JSON.stringify({ $comment: generatedMark, ...schema }, null, 2)}\n`,
    })),
    { path: 'src/catalog/binaries/builtin-rules.generated.ts', text: builtinRules() },
  ];
}

/** Of what users write: unlike a document that others read it allows nothing that isn't known. */
function binaryRuleSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(binaryRuleFile, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: 'urn:portcullis:schema:binary-rules.v1', ...rest };
}

const builtinRuleFile = 'binary-rules/builtin.yaml';

/** As a module, so that nobody pays for reading YAML who gives no rules. */
function builtinRules(): string {
  const rules = readBinaryRules(readFileSync(new URL(`../${builtinRuleFile}`, import.meta.url), 'utf8'), builtinRuleFile);
  return [
    `// ${generatedMark}`,
    `// From ${builtinRuleFile}.`,
    "import type { BinaryRule } from '../../model/index.ts';",
    '',
    'export const builtinRules: readonly BinaryRule[] = [',
    ...rules.map((rule) => `  ${JSON.stringify(rule)},`),
    '];',
    '',
  ].join('\n');
}

const triggersOf = (gate: string) => catalogue.triggers.filter((trigger) => trigger.gate === gate);

function page(markdown: string): string {
  return `<!-- ${generatedMark} -->\n\n${markdown.trim()}\n`;
}
