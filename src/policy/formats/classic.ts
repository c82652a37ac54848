import { type Catalogue, type NamedTrigger, catalogue as ownCatalogue } from '../../gates/index.ts';
import type { Action, Policy, Rule } from '../../model/index.ts';
import { Diagnostics, type Parsed } from '../diagnostic.ts';
import { nearestName } from '../nearest.ts';
import { type Vocabulary, vocabularyOf } from '../vocabulary.ts';
import { readParameters } from './parameters.ts';
import { cutRuleLine, type RuleLine } from './rule-line.ts';
import { quoted, textDigest, textLines } from './text-lines.ts';

/** Where a policy's text comes from, and what may be named in it. */
export interface PolicyOrigin {
  /** `builtin:basic-policy`, or the file as typed. */
  readonly source: string;
  readonly name: string;
  /** The triggers that lines may name; Portcullis's own otherwise. */
  readonly catalogue?: Catalogue;
}

const actions: ReadonlyMap<string, Action> = new Map([
  ['STOP', 'stop'],
  ['WARN', 'warn'],
  ['GO', 'go'],
]);
const maxRules = 10_000;

class ClassicParser {
  readonly #vocabulary: Vocabulary;
  readonly #diagnostics: Diagnostics;
  /** `GATE:TRIGGER` → the first line that names it, and the texts of all. */
  readonly #seen = new Map<string, { readonly line: number; readonly texts: Set<string> }>();

  constructor(vocabulary: Vocabulary, diagnostics: Diagnostics) {
    this.#vocabulary = vocabulary;
    this.#diagnostics = diagnostics;
  }

  rule(line: RuleLine): Omit<Rule, 'requests'> | undefined {
    const named = this.#named(line);
    const action = this.#action(line);
    if (named === undefined) return undefined;
    const parameters = readParameters(line.parameters, this.#place(named, line), this.#diagnostics);
    this.#noteRepetition(named, line);
    if (action === undefined || parameters === undefined) return undefined;
    const written = { gate: line.gate.text, trigger: line.trigger.text, line: line.number };
    return { gate: named.trigger.gate, trigger: named.trigger.name, action, parameters, written };
  }

  #error(code: string, message: string, line: number, column: number, hint: string): void {
    this.#diagnostics.add({ level: 'error', code, message, line, column, hint });
  }

  #named({ gate, trigger, number }: RuleLine): NamedTrigger | undefined {
    const triggers = this.#vocabulary.gates.get(gate.text);
    const waiting = this.#vocabulary.unavailable.get(gate.text);
    const named = triggers?.get(trigger.text);
    if (named !== undefined) {
      if (named.line.trigger !== trigger.text) {
        const message = `${trigger.text} is an old name of ${named.line.trigger} and means the same`;
        this.#diagnostics.add({ level: 'note', code: 'renamed-trigger', message, line: number, column: trigger.column });
      }
      return named;
    }
    const needs = waiting?.get(trigger.text);
    if (needs !== undefined) {
      const message = `${gate.text}:${trigger.text} is not available yet: it needs ${needs}`;
      this.#error('not-available', message, number, trigger.column, 'remove the line, or make it a comment with #');
    } else if (triggers === undefined && waiting === undefined) {
      const gates = [...this.#vocabulary.gates.keys()];
      const near = nearestName(gate.text, [...gates, ...this.#vocabulary.unavailable.keys()]);
      const hint = near === undefined ? `the gates are ${gates.join(', ')}` : `did you mean ${near}?`;
      this.#error('unknown-gate', `there is no gate ${quoted(gate.text)}`, number, gate.column, hint);
    } else {
      const known = [...(triggers?.keys() ?? []), ...(waiting?.keys() ?? [])];
      const near = nearestName(trigger.text, known);
      const hint = near === undefined ? `its triggers are ${known.join(', ')}` : `did you mean ${near}?`;
      this.#error('unknown-trigger', `the gate ${gate.text} has no trigger ${quoted(trigger.text)}`, number, trigger.column, hint);
    }
    return undefined;
  }

  #action({ action, number }: RuleLine): Action | undefined {
    const known = actions.get(action.text);
    if (known !== undefined) return known;
    const near = actions.has(action.text.toUpperCase()) ? action.text.toUpperCase() : nearestName(action.text, actions.keys());
    const hint = near === undefined ? 'the actions are STOP, WARN and GO' : `did you mean ${near}?`;
    this.#error('unknown-action', action.text === '' ? 'the action is missing' : `there is no action ${quoted(action.text)}`, number, action.column, hint);
    return undefined;
  }

  #place(named: NamedTrigger, line: RuleLine) {
    const elsewhere = new Map<string, string[]>();
    for (const other of new Set(this.#vocabulary.gates.get(named.line.gate)?.values())) {
      for (const name of Object.keys(other.line.parameters)) {
        elsewhere.set(name, [...(elsewhere.get(name) ?? []), `${other.line.gate}:${other.line.trigger}`]);
      }
    }
    return { named, line: line.number, column: line.action.column + line.action.text.length, elsewhere };
  }

  #noteRepetition(named: NamedTrigger, line: RuleLine): void {
    const name = `${named.line.gate}:${named.line.trigger}`;
    const text = line.parameters.map((word) => word.text).join(' ');
    const first = this.#seen.get(name);
    if (first === undefined) {
      this.#seen.set(name, { line: line.number, texts: new Set([text]) });
      return;
    }
    if (named.line.own !== true || first.texts.has(text)) {
      this.#diagnostics.add({
        level: 'warning',
        code: 'repeated-rule',
        message: `${name} stands in line ${first.line} too; both lines count${named.line.own === true ? '' : ' (the old tool used the last one alone)'}`,
        line: line.number,
        column: line.gate.column,
      });
    }
    first.texts.add(text);
  }
}

/** Lets triggers read a rule in the light of the others, and asks each what it needs. */
function complete(rules: readonly Omit<Rule, 'requests'>[], from: Catalogue): Rule[] {
  const triggers = new Map(from.triggers.map((trigger) => [`${trigger.gate}/${trigger.name}`, trigger]));
  const variants = new Map<string, Map<string, Readonly<Record<string, unknown>>>>();
  for (const rule of rules) {
    const key = `${rule.gate}/${rule.trigger}`;
    const known = variants.get(key) ?? new Map<string, Readonly<Record<string, unknown>>>();
    known.set(JSON.stringify(rule.parameters), rule.parameters);
    variants.set(key, known);
  }
  return rules.flatMap((rule) => {
    const key = `${rule.gate}/${rule.trigger}`;
    const trigger = triggers.get(key);
    if (trigger === undefined) return [];
    const parameters = trigger.beside?.(rule.parameters, [...(variants.get(key)?.values() ?? [])]) ?? rule.parameters;
    return [{ ...rule, parameters, requests: trigger.needs(parameters) }];
  });
}

/**
 * Reads a policy in the classic line syntax, `GATE:TRIGGER:ACTION[:NAME=VALUE NAME=VALUE]`. Strict: whatever could not do
 * what its author meant is an error, and all errors are reported at once. Byte order mark, CRLF, indentation, comments
 * and an empty last field are accepted. Several lines of one trigger all count, each with its own parameters.
 *
 * A policy without any rule has the error `no-rules`.
 */
export function parsePolicy(text: string, origin: PolicyOrigin): Parsed<Policy> {
  const from = origin.catalogue ?? ownCatalogue;
  const diagnostics = new Diagnostics();
  const parser = new ClassicParser(vocabularyOf(from), diagnostics);
  const rules: Omit<Rule, 'requests'>[] = [];
  let count = 0;
  for (const line of textLines(text, diagnostics)) {
    const cut = cutRuleLine(line, diagnostics);
    if (cut === undefined) continue;
    count += 1;
    if (count > maxRules) {
      diagnostics.add({ level: 'error', code: 'too-many-rules', message: 'the policy has more than 10000 rules', line: line.number, column: 1 });
      break;
    }
    const rule = parser.rule(cut);
    if (rule !== undefined) rules.push(rule);
  }
  if (count === 0 && !diagnostics.hasErrors) {
    const hint = 'portcullis policy template prints one to start from';
    diagnostics.add({ level: 'error', code: 'no-rules', message: 'the policy holds no rule, so it could not judge anything', line: 1, column: 1, hint });
  }
  if (diagnostics.hasErrors) return { diagnostics: diagnostics.all() };
  return {
    value: {
      name: origin.name,
      version: null,
      format: 'classic',
      source: origin.source,
      digest: textDigest(text),
      rules: complete(rules, from),
      exceptions: [],
    },
    diagnostics: diagnostics.all(),
  };
}
