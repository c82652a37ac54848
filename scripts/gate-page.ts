import * as z from 'zod';
import type { Gate, LineName, Trigger, TriggerExample } from '../src/gates/index.ts';
import { block, code, plain, table } from './markdown.ts';

/** `docs/gates/README.md`: every gate with its checks. */
export function gateIndexPage(gates: readonly { readonly gate: Gate; readonly triggers: readonly Trigger[] }[]): string {
  const lines = gates.flatMap(({ triggers }) => triggers.flatMap((trigger) => trigger.translates.map((line) => ({ trigger, line }))));
  return `
# Gates

${table(
  ['Gate', 'What it looks at', 'Checks'],
  gates.map(({ gate, triggers }) => [`[${gate.name}](${gate.name}.md)`, plain(gate.summary), triggers.map(({ name }) => code(name)).join(' ')]),
)}

## By the words of a policy line

${table(
  ['Line', 'What it finds', 'Described in'],
  lines
    .map(({ trigger, line }) => [code(lineName(line)), plain(line.summary ?? trigger.summary), `[${trigger.gate}](${trigger.gate}.md#${trigger.name})`])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
)}
`;
}

/** `docs/gates/GATE.md`: each check with its reason, remedy, lines, parameters and the examples that the tests execute. */
export function gatePage(gate: Gate, triggers: readonly Trigger[]): string {
  const sections = triggers.length === 0 ? ['No check of this gate is available yet.'] : triggers.flatMap(triggerSection);
  return paragraphs([`# ${gate.name}`, plain(gate.summary), ...sections]);
}

function triggerSection(trigger: Trigger): string[] {
  return [
    `## ${trigger.name}`,
    `${plain(trigger.summary)} Since ${trigger.since}.`,
    `**Why.** ${plain(trigger.why)}`,
    `**What to do.** ${plain(trigger.remedy)}`,
    parameters(trigger),
    ...trigger.translates.flatMap((line) => lineSection(trigger, line)),
  ];
}

function parameters(trigger: Trigger): string {
  const names = Object.keys(trigger.parameters);
  if (names.length === 0) return 'It has no parameters.';
  const schema = z.toJSONSchema(z.object(trigger.parameters), { io: 'input', unrepresentable: 'any' });
  const rows = names.map((name) => {
    const described = schema.properties?.[name];
    const { description = '', default: preset, ...type } = typeof described === 'object' ? described : {};
    const standing = preset === undefined ? (schema.required?.includes(name) ? 'required' : '') : code(JSON.stringify(preset));
    return [code(name), typeName(type), standing, plain(description)];
  });
  return table(['Parameter', 'Type', 'Default', 'Meaning'], rows);
}

/** A JSON Schema type in few words. */
function typeName(schema: z.core.JSONSchema.BaseSchema): string {
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(' ');
  if (schema.type === 'array') return `list of ${typeof schema.items === 'object' && !Array.isArray(schema.items) ? typeName(schema.items) : 'values'}`;
  if (schema.type === 'object')
    return (
      Object.keys(schema.properties ?? {})
        .map(code)
        .join(' with ') || 'object'
    );
  if (schema.anyOf) return schema.anyOf.map((each) => (typeof each === 'object' ? typeName(each) : 'any')).join(' or ');
  return [schema.type ?? 'any'].flat().join(' or ');
}

function lineSection(trigger: Trigger, line: LineName): string[] {
  const name = lineName(line);
  const written = Object.entries(line.parameters).map(([word, { to, syntax }]) => [code(word), code(to), syntaxes[syntax]]);
  const examples = trigger.examples.filter(({ as }) => (as ?? defaultName(trigger)) === name);
  return [
    `### ${name}`,
    line.summary === undefined ? '' : plain(line.summary),
    block('', sample(line)),
    written.length === 0 ? '' : table(['In the line', 'Parameter', 'Written as'], written),
    line.requiresOneOf === undefined ? '' : `Needs ${line.requiresOneOf.map(code).join(' or ')}.`,
    line.note === undefined ? '' : plain(line.note),
    line.formerly === undefined ? '' : `Also read as ${line.formerly.map(code).join(', ')}.`,
    examples.length === 0 ? '' : table(['Example', 'With', 'Fires for'], examples.map(exampleRow)),
  ];
}

function exampleRow({ title, line, fires, undecided = [] }: TriggerExample): string[] {
  const outcomes = [
    ...fires.map((subject) => (subject === '' ? 'the image' : code(subject))),
    ...undecided.map((subject) => (subject === '' ? 'undecided' : `undecided: ${code(subject)}`)),
  ];
  return [plain(title), line === '' ? '' : code(line), outcomes.join(', ') || 'nothing'];
}

const syntaxes = {
  list: '`a,b`',
  pairs: '`name\\|version,name\\|version`',
  regexps: '`expression\\|expression`, each anchored at the start',
  text: 'text',
  number: 'a number',
  boolean: '`true` or `false`',
} as const;

function lineName(line: LineName): string {
  return `${line.gate}:${line.trigger}`;
}

function defaultName(trigger: Trigger): string {
  const [first] = trigger.translates;
  return first === undefined ? '' : lineName(first);
}

function sample({ gate, trigger, sample }: LineName): string {
  return [gate, trigger, sample.action.toUpperCase(), ...(sample.parameters === '' ? [] : [sample.parameters])].join(':');
}

function paragraphs(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}
