import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, repository, temporaryDirectory } from '../support/cli.ts';

// Every `console` block of README, docs and examples is run, and must print what it says. A line `…` in the expected
// output stands for any lines. UPDATE_SCENARIOS=1 writes what is printed into the pages, where no `…` stands.

interface Step {
  readonly command: string;
  readonly expected: string;
}

interface Block {
  readonly page: string;
  readonly line: number;
  readonly steps: readonly Step[];
}

function pages(): string[] {
  const docs = readdirSync(join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const examples = readdirSync(join(repository, 'examples')).map((name) => `examples/${name}/README.md`);
  return ['README.md', ...docs, ...examples].filter((page) => existsSync(join(repository, page)));
}

function blocksOf(page: string): Block[] {
  const lines = readFileSync(join(repository, page), 'utf8').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] !== '```console') continue;
    const start = at + 1;
    const steps: { command: string; expected: string[] }[] = [];
    for (at++; at < lines.length && lines[at] !== '```'; at++) {
      const line = lines[at] as string;
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] });
      else if (steps.length > 0 && steps.at(-1)?.command.endsWith('\\')) (steps.at(-1) as { command: string }).command += `\n${line}`;
      else steps.at(-1)?.expected.push(line);
    }
    blocks.push({ page, line: start, steps: steps.map(({ command, expected }) => ({ command, expected: expected.join('\n') })) });
  }
  return blocks;
}

const MARK = '\u0001portcullis-step\u0001';
const data = join(temporaryDirectory(), 'data');
const bin = temporaryDirectory();

/** Runs the commands of a block in one shell, so that `echo $?` and files work as they read; gives what each printed. */
function runBlock(block: Block): string[] {
  const script = block.steps.map(({ command }) => `${command}\n__status=$?; printf '%s' '${MARK}'; (exit $__status)`).join('\n');
  const result = spawnSync('bash', ['-c', script], {
    cwd: repository,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      COLUMNS: '100',
      NO_COLOR: '1',
      PORTCULLIS_DATA_DIR: data,
      npm_config_update_notifier: 'false',
    },
    timeout: 110_000,
    maxBuffer: 1 << 26,
  });
  return (result.stdout ?? '')
    .split(MARK)
    .slice(0, -1)
    .map((text) => text.replace(/\n$/, ''));
}

/** Whether the output is the expected one, in which `…` on a line of its own stands for any lines. */
function pattern(expected: string): RegExp {
  const parts = expected.split(/^…$/m).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}

const blocks = pages().flatMap(blocksOf);

beforeAll(() => {
  ensureBuilt();
  writeFileSync(join(bin, 'portcullis'), `#!/bin/sh\nexec '${process.execPath}' '${join(repository, 'bin/portcullis')}' "$@"\n`, { mode: 0o755 });
  mkdirSync(join(repository, '.tmp'), { recursive: true });
});

describe('what the pages say is what happens', () => {
  test('README shows something', () => {
    expect(blocks.filter((block) => block.page === 'README.md').length).toBeGreaterThan(0);
  });

  for (const block of blocks) {
    test(`${block.page}:${block.line} ${block.steps[0]?.command ?? ''}`, () => {
      const outputs = runBlock(block);
      expect(outputs.length).toBe(block.steps.length);
      for (const [index, step] of block.steps.entries()) {
        const printed = outputs[index] as string;
        if (process.env.UPDATE_SCENARIOS === '1' && !/^…$/m.test(step.expected) && printed !== step.expected) updates.push({ block, step, printed });
        else if (!pattern(step.expected).test(printed)) expect(printed).toBe(step.expected);
      }
    });
  }
});

const updates: { block: Block; step: Step; printed: string }[] = [];

afterAll(() => {
  for (const { block, step, printed } of updates) {
    const path = join(repository, block.page);
    const before = `$ ${step.command}\n${step.expected === '' ? '' : `${step.expected}\n`}`;
    const after = `$ ${step.command}\n${printed === '' ? '' : `${printed}\n`}`;
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(before, () => after),
    );
  }
});
