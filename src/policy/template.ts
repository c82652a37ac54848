import { type Catalogue, catalogue as ownCatalogue } from '../gates/index.ts';
import { gateHelp, type TriggerHelp } from './help.ts';
import { vocabularyOf } from './vocabulary.ts';

const width = 110;

/** A comment, broken at blanks. */
function comment(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length + 1 > width - indent.length) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `# ${indent}${each}`.trimEnd());
}

function triggerLines(help: TriggerHelp, isActive: boolean): string[] {
  const parameters = help.parameters.flatMap((parameter) => {
    const needed = { yes: ' (required)', 'one-of': ' (one of these is required)', no: '' }[parameter.required];
    const more = `${needed}${parameter.default === null ? '' : ` (default ${parameter.default})`}`;
    return comment(`${parameter.name}=${parameter.form}: ${parameter.description}${more}`, '  ');
  });
  return ['', ...comment(help.summary), ...(help.note === null ? [] : comment(help.note)), ...parameters, `${isActive ? '' : '#'}${help.example}`];
}

/**
 * A policy to start from: every available gate, trigger and parameter, described in comments, with an example line each.
 * All but a few lines are comments, so that it is valid as it stands.
 */
export function policyTemplate(catalogue: Catalogue = ownCatalogue): string {
  const { gates } = vocabularyOf(catalogue);
  const lines = [
    ...comment('A policy for portcullis. Remove the # before a line to make it a rule, and change it to what you need:'),
    '#',
    '# GATE:TRIGGER:ACTION',
    '# GATE:TRIGGER:ACTION:PARAMETER=value PARAMETER=value',
    '#',
    ...comment('ACTION is STOP, WARN or GO. Values hold no blanks and no quotes. Several lines may name one trigger; all of them count.'),
  ];
  for (const gate of gateHelp(catalogue)) {
    if (gate.triggers.length === 0) continue;
    lines.push('', '', ...comment(`${gate.gate}: ${gate.summary}`));
    for (const help of gate.triggers) lines.push(...triggerLines(help, gates.get(gate.gate)?.get(help.trigger)?.line.sample.active === true));
  }
  return `${lines.join('\n')}\n`;
}
