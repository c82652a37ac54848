import type { Catalogue, NamedTrigger } from '../gates/index.ts';
import { namedTriggers, unavailableChecks } from '../gates/index.ts';

/** The gates and triggers that policy lines can name. */
export interface Vocabulary {
  /** Gates that have at least one available trigger, in order. */
  readonly gates: ReadonlyMap<string, ReadonlyMap<string, NamedTrigger>>;
  /** Gate → trigger → what it waits for. */
  readonly unavailable: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** The names of a catalogue's triggers, with older spellings, and those that are known but not available yet. */
export function vocabularyOf(catalogue: Catalogue): Vocabulary {
  const gates = new Map<string, Map<string, NamedTrigger>>();
  const all = namedTriggers(catalogue);
  for (const named of all) {
    const triggers = entry(gates, named.line.gate, () => new Map<string, NamedTrigger>());
    triggers.set(named.line.trigger, named);
  }
  for (const named of all) {
    for (const old of named.line.formerly ?? []) gates.get(named.line.gate)?.set(old, named);
  }
  const unavailable = new Map<string, Map<string, string>>();
  for (const { gate, triggers, needs } of unavailableChecks) {
    const known = entry(unavailable, gate, () => new Map<string, string>());
    for (const trigger of triggers) if (!gates.get(gate)?.has(trigger)) known.set(trigger, needs);
  }
  return { gates, unavailable };
}
