import { type Catalogue, type LineSyntax, type NamedTrigger, catalogue as ownCatalogue } from '../gates/index.ts';
import { nearestName } from './nearest.ts';
import { defaultOfParameter, describeParameter } from './parameter-facts.ts';
import { vocabularyOf } from './vocabulary.ts';

export interface ParameterHelp {
  readonly name: string;
  readonly syntax: LineSyntax;
  /** How a value is written: `a,b`. */
  readonly form: string;
  /** `yes`; `one-of`: one of those that say so is enough; `no`. */
  readonly required: 'yes' | 'one-of' | 'no';
  /** As a line writes it; null without one. */
  readonly default: string | null;
  readonly description: string;
}

export interface TriggerHelp {
  /** As a policy line names them. */
  readonly gate: string;
  readonly trigger: string;
  /** Names of older policies that mean the same. */
  readonly formerly: readonly string[];
  /** The catalogue's own name: `packages.denylist`. */
  readonly native: string;
  readonly since: string;
  readonly summary: string;
  readonly why: string;
  readonly remedy: string;
  readonly note: string | null;
  readonly parameters: readonly ParameterHelp[];
  /** A whole line. */
  readonly example: string;
}

export interface GateHelp {
  readonly gate: string;
  readonly summary: string;
  readonly triggers: readonly TriggerHelp[];
  /** Triggers that are known but not available yet, with what they need. */
  readonly unavailable: readonly { readonly trigger: string; readonly needs: string }[];
}

const forms: Readonly<Record<LineSyntax, string>> = {
  list: 'a,b',
  pairs: 'name|version,name|version',
  regexps: 'expression|expression',
  text: 'text',
  number: 'number',
  boolean: 'true or false',
};

/** A whole example line. */
export function sampleLine({ line }: NamedTrigger): string {
  const { action, parameters } = line.sample;
  return `${line.gate}:${line.trigger}:${action.toUpperCase()}${parameters === '' ? '' : `:${parameters}`}`;
}

function needOf({ line }: NamedTrigger, name: string): ParameterHelp['required'] {
  if (line.requires?.includes(name) === true) return 'yes';
  if (line.requiresOneOf?.includes(name) !== true) return 'no';
  return line.requiresOneOf.length === 1 ? 'yes' : 'one-of';
}

function helpOf(named: NamedTrigger): TriggerHelp {
  const { trigger, line } = named;
  return {
    gate: line.gate,
    trigger: line.trigger,
    formerly: line.formerly ?? [],
    native: `${trigger.gate}.${trigger.name}`,
    since: trigger.since,
    summary: line.summary ?? trigger.summary,
    why: trigger.why,
    remedy: trigger.remedy,
    note: line.note ?? null,
    parameters: Object.entries(line.parameters).map(([name, { syntax }]) => {
      const preset = defaultOfParameter(named, name);
      return {
        name,
        syntax,
        form: forms[syntax],
        required: needOf(named, name),
        default: preset === undefined ? null : String(preset),
        description: describeParameter(named, name),
      };
    }),
    example: sampleLine(named),
  };
}

/** Every gate that a policy line can name, in alphabetical order, with its triggers in the catalogue's order. */
export function gateHelp(catalogue: Catalogue = ownCatalogue): GateHelp[] {
  const { gates, unavailable } = vocabularyOf(catalogue);
  return [...new Set([...gates.keys(), ...unavailable.keys()])].sort().map((gate) => {
    const named = [...new Set(gates.get(gate)?.values())];
    const summary = catalogue.gates.flatMap(({ lines }) => (Object.hasOwn(lines, gate) ? [lines[gate] ?? ''] : []))[0];
    return {
      gate,
      summary: named.length === 0 ? 'Not available yet.' : (summary ?? ''),
      triggers: named.map(helpOf),
      unavailable: [...(unavailable.get(gate) ?? [])].map(([trigger, needs]) => ({ trigger, needs })),
    };
  });
}

/** What `portcullis gates NAME` shows: gates with only the triggers that were asked for; or the nearest known name. */
export type FoundHelp = { readonly found: readonly GateHelp[] } | { readonly found: null; readonly nearest: string | undefined };

/**
 * Finds help by `GATE`, `GATE.TRIGGER` or `GATE:TRIGGER`, in the words of policy lines (`PKGBLACKLIST.PKGNAMEMATCH`) or
 * in the catalogue's own (`packages.denylist`); case doesn't matter.
 */
export function findHelp(name: string, catalogue: Catalogue = ownCatalogue): FoundHelp {
  const wanted = name.trim().replace(':', '.').toLowerCase();
  const all = gateHelp(catalogue);
  const names: string[] = [];
  const found = all.flatMap((gate) => {
    const says = (...known: string[]): boolean => {
      names.push(...known);
      return known.some((each) => each.toLowerCase() === wanted);
    };
    if (says(gate.gate)) return [gate];
    const triggers = gate.triggers.filter((each) => {
      const spellings = [each.trigger, ...each.formerly].map((trigger) => `${gate.gate}.${trigger}`);
      return says(...spellings, each.native, each.native.slice(0, each.native.indexOf('.')));
    });
    const unavailable = gate.unavailable.filter(({ trigger }) => says(`${gate.gate}.${trigger}`));
    return triggers.length + unavailable.length > 0 ? [{ ...gate, triggers, unavailable }] : [];
  });
  return found.length > 0 ? { found } : { found: null, nearest: nearestName(name.replace(':', '.'), new Set(names)) };
}
