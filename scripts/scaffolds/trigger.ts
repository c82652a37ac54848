import { type Scaffold, unwritten } from './scaffold.ts';

/** A check: its declaration, and a test with the three kinds of cases. */
export const trigger: Scaffold = {
  example: 'packages/denylist',
  parts: 2,
  files([gate = '', name = ''], { version, read }) {
    const folder = `src/gates/${gate}`;
    const gateText = read(`${folder}/gate.ts`);
    // A gate of policy lines that the gate describes already.
    const line = gateText?.match(/lines: \{\s*(\w+)/)?.[1] ?? lineWord(gate);
    return {
      [`${folder}/${name}.ts`]: declaration(gate, name, line, version),
      [`${folder}/${name}.test.ts`]: cases(name),
      ...(gateText === undefined ? { [`${folder}/gate.ts`]: gateFile(gate) } : {}),
    };
  },
  next: ([gate, name]) => [
    `Declare in src/gates/${gate}/${name}.ts what it finds, why that matters and what to do; then judge.`,
    `Write the cases in src/gates/${gate}/${name}.test.ts.`,
  ],
};

const lineWord = (name: string) => name.replaceAll('-', '').toUpperCase();

function declaration(gate: string, name: string, line: string, version: string): string {
  return `import * as z from 'zod';
import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: '${gate}',
  name: '${name}',
  since: '${version}',
  summary: 'Say in one sentence what it finds.',
  why: 'Say why that matters.',
  remedy: 'Say what to do about it.',
  parameters: {
    names: z.array(z.string().min(1)).min(1).describe('say what the parameter means'),
  },
  needs: () => [{ kind: 'packages' }],
  translates: [
    {
      gate: '${line}',
      trigger: '${lineWord(name)}',
      parameters: { NAMES: { to: 'names', syntax: 'list' } },
      requiresOneOf: ['NAMES'],
      own: true,
      sample: { action: 'warn', parameters: 'NAMES=one,other' },
    },
  ],
  examples: [
    { title: 'Say what fires.', line: 'NAMES=one', facts: { packages: [{ name: 'one' }] }, fires: ['one'] },
    { title: 'Say what does not.', line: 'NAMES=one', facts: { packages: [{ name: 'other' }] }, fires: [] },
  ],
  *judge({ packages }, { names }) {
    const wanted = new Set(names);
    for (const each of packages) {
      if (wanted.has(each.name)) yield { state: 'fired', subject: each.name, message: \`package \${each.name} is in the image\`, about: { package: each } };
    }
  },
});
`;
}

function cases(name: string): string {
  return `import { expect, test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import trigger from './${name}.ts';

// Cases are data: title, line, facts, then fires or undecided; problems and missing say what is wrong with the evidence.
testTrigger(trigger, [], test);

${['it fires', 'it does not fire', 'it cannot be decided', 'hostile evidence'].map(unwritten).join('\n')}
`;
}

function gateFile(gate: string): string {
  return `import type { Gate } from '../trigger.ts';

export default {
  name: '${gate}',
  summary: 'Say in one sentence what this gate looks at.',
  lines: { ${lineWord(gate)}: 'Say in one sentence what its lines look at.' },
} satisfies Gate;
`;
}
