import * as gates from './gates.ts';
import type { Gate, LineName, Trigger } from './trigger.ts';

/** Every gate with its triggers, in the order of their names. */
export interface Catalogue {
  readonly gates: readonly Gate[];
  readonly triggers: readonly Trigger[];
}

/** A trigger by one of its line names. */
export interface NamedTrigger {
  readonly trigger: Trigger;
  readonly line: LineName;
}

type Folder = Readonly<Record<string, Gate | Trigger>>;

/** The gates that Portcullis brings. */
export const catalogue: Catalogue = (() => {
  const members = Object.values(gates).map((folder): Folder => folder as Folder);
  return {
    gates: members.flatMap((folder) => Object.entries(folder).flatMap(([key, member]) => (key === 'gate' ? [member as Gate] : []))),
    triggers: members.flatMap((folder) => Object.entries(folder).flatMap(([key, member]) => (key === 'gate' ? [] : [member as Trigger]))),
  };
})();

/** Every line name of a catalogue with its trigger, in order. */
export function namedTriggers(from: Catalogue): NamedTrigger[] {
  return from.triggers.flatMap((trigger) => trigger.translates.map((line) => ({ trigger, line })));
}
