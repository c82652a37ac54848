import { type Expression, PatternError, type Ranges } from './syntax.ts';

/** One step of a program; numbers are indexes of steps. */
export type Step =
  | { readonly kind: 'set'; readonly ranges: Ranges; readonly next: number }
  | { readonly kind: 'fork'; readonly a: number; readonly b: number }
  | { readonly kind: 'assertion'; readonly what: 'start' | 'end' | 'word' | 'no-word'; readonly next: number }
  | { readonly kind: 'match' };

export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
}

const MAX_STEPS = 10_000;

/**
 * Thompson's construction, from the end to the beginning.
 * @throws PatternError when the counted repetitions of an expression make it too large
 */
export function compile(expression: Expression): Program {
  const steps: Step[] = [{ kind: 'match' }];
  const add = (step: Step): number => {
    if (steps.length >= MAX_STEPS) throw new PatternError(`has repetitions that amount to more than ${MAX_STEPS} steps`);
    return steps.push(step) - 1;
  };
  const build = (part: Expression, next: number): number => {
    switch (part.kind) {
      case 'set':
        return add({ kind: 'set', ranges: part.ranges, next });
      case 'assertion':
        return add({ kind: 'assertion', what: part.what, next });
      case 'sequence':
        return part.parts.reduceRight((after, each) => build(each, after), next);
      case 'choice':
        return part.parts.map((each) => build(each, next)).reduceRight((b, a) => add({ kind: 'fork', a, b }));
      case 'repeat': {
        let entry = next;
        if (part.most === Number.POSITIVE_INFINITY) {
          // The loop's fork is made before its body, which leads back to it.
          entry = add({ kind: 'fork', a: next, b: next });
          steps[entry] = { kind: 'fork', a: build(part.part, entry), b: next };
        } else {
          for (let count = part.least; count < part.most; count++) entry = add({ kind: 'fork', a: build(part.part, entry), b: next });
        }
        for (let count = 0; count < part.least; count++) entry = build(part.part, entry);
        return entry;
      }
    }
  };
  return { start: build(expression, 0), steps };
}
