import type { GateHelp, TriggerHelp } from '../policy/index.ts';

function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(indent + line);
  return `${lines.join('\n')}\n`;
}

const needs = { yes: 'required', 'one-of': 'one of these is required', no: null } as const;

function triggerText(trigger: TriggerHelp, width: number): string {
  let text = `  ${trigger.gate}:${trigger.trigger}\n${wrap(trigger.summary, width, '    ')}`;
  text += wrap(`Why: ${trigger.why}`, width, '    ');
  text += wrap(`Remedy: ${trigger.remedy}`, width, '    ');
  if (trigger.note !== null) text += wrap(`Note: ${trigger.note}`, width, '    ');
  for (const parameter of trigger.parameters) {
    const facts = [needs[parameter.required], parameter.default === null ? null : `default ${parameter.default}`].filter((fact) => fact !== null);
    text += `    ${parameter.name}=${parameter.form}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}\n${wrap(parameter.description, width, '      ')}`;
  }
  if (trigger.formerly.length > 0) text += wrap(`Formerly: ${trigger.formerly.join(', ')}`, width, '    ');
  return `${text}    Example: ${trigger.example}\n`;
}

/** Gates with all that a policy's author needs, as text for a terminal. */
export function gateHelpText(gates: readonly GateHelp[], width: number): string {
  const columns = Math.min(Math.max(width, 40), 100);
  return gates
    .map((gate) => {
      let text = `${gate.gate}\n${wrap(gate.summary, columns, '  ')}\n`;
      text += gate.triggers.map((trigger) => triggerText(trigger, columns)).join('\n');
      if (gate.unavailable.length > 0) {
        text += `${gate.triggers.length > 0 ? '\n' : ''}  Not available yet:\n${gate.unavailable.map(({ trigger, needs }) => wrap(`${trigger}: needs ${needs}`, columns, '    ')).join('')}`;
      }
      return text;
    })
    .join('\n');
}

/** One line a gate, with its triggers. */
export function gateList(gates: readonly GateHelp[], width: number): string {
  const columns = Math.min(Math.max(width, 40), 100);
  return gates
    .map(
      (gate) =>
        `${gate.gate}\n${wrap(gate.summary, columns, '  ')}${gate.triggers.map((trigger) => `    ${trigger.trigger}\n${wrap(trigger.summary, columns, '      ')}`).join('')}`,
    )
    .join('\n');
}

/** The classic `--show-gatehelp`: YAML or JSON of gate → trigger → description and params. */
export function classicGateHelp(gates: readonly GateHelp[], json: boolean): string {
  const sorted = [...gates].filter((gate) => gate.triggers.length > 0).sort((a, b) => (a.gate < b.gate ? -1 : 1));
  const help = Object.fromEntries(
    sorted.map((gate) => [
      gate.gate,
      Object.fromEntries(
        [...gate.triggers]
          .sort((a, b) => (a.trigger < b.trigger ? -1 : 1))
          .map((trigger) => [
            trigger.trigger,
            { description: trigger.summary, params: trigger.parameters.map((parameter) => parameter.name).join(',') || 'None' },
          ]),
      ),
    ]),
  );
  if (json) return `${JSON.stringify(help, null, 1)}\n`;
  let text = '';
  for (const [gate, triggers] of Object.entries(help)) {
    text += `${gate}:\n`;
    for (const [trigger, { description, params }] of Object.entries(triggers)) {
      text += `  ${trigger}:\n    description: ${JSON.stringify(description)}\n    params: ${JSON.stringify(params)}\n`;
    }
  }
  return text;
}
