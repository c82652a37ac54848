import { spawnSync } from 'node:child_process';
import type { VersionOrder } from '../../order.ts';

/** Two texts to compare. */
export type Pair = readonly [string, string];

/** For tests: a program that an ecosystem itself uses to compare versions. */
export interface Oracle {
  readonly tool: string;
  readonly order: VersionOrder;
  /** OSV ecosystems whose feeds hold versions for it. */
  readonly ecosystems: readonly string[];
  /** How many pairs it can take in some seconds. */
  readonly pairs: number;
  /** Why it cannot be asked here, or `undefined` when it can. */
  absent(): string | undefined;
  /** Pairs to leave out, with the reason said beside the oracle. */
  skips?(a: string, b: string): boolean;
  /** True when the tool and the order must also agree on what is a version. */
  readonly judgesValidity: boolean;
  /** Its answer for each pair; `undefined` where it takes one of the texts for no version. */
  compare(pairs: readonly Pair[]): (number | undefined)[];
}

/** Runs a program to its end and gives its output; throws with its error output when it fails. */
export function run(command: string, args: readonly string[], options: { input?: string; cwd?: string; env?: Record<string, string> } = {}): string {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    input: options.input ?? '',
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, LC_ALL: 'C', ...options.env },
  });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ended with ${done.status}: ${done.stderr.slice(0, 2000)}`);
  return done.stdout;
}

/** True when the program can be started and succeeds. */
export function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Pairs as lines `a<tab>b`. */
export function lines(pairs: readonly Pair[]): string {
  return pairs.map(([a, b]) => `${a}\t${b}\n`).join('');
}

/** Answers as lines: `-1`, `0`, `1`, or `<`, `=`, `>`; anything else means "no version". */
export function answers(output: string): (number | undefined)[] {
  const known: Readonly<Record<string, number>> = { '-1': -1, '0': 0, '1': 1, '<': -1, '=': 0, '>': 1 };
  return output
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => known[line.trim()]);
}
