import type * as z from 'zod';
import type { NamedTrigger } from '../gates/index.ts';

function schemaOf({ trigger, line }: NamedTrigger, name: string): z.ZodType | undefined {
  const target = Object.hasOwn(line.parameters, name) ? line.parameters[name]?.to : undefined;
  // A raw shape is typed by zod's core, which knows no descriptions; what triggers declare are zod's own classes.
  return target === undefined ? undefined : (trigger.parameters[target] as z.ZodType | undefined);
}

/** What a line's parameter means, as its trigger declares it. */
export function describeParameter(named: NamedTrigger, name: string): string {
  return schemaOf(named, name)?.description ?? '';
}

/** What a line's parameter is when it isn't written; undefined when nothing is. */
export function defaultOfParameter(named: NamedTrigger, name: string): unknown {
  const result = schemaOf(named, name)?.safeParse(undefined);
  return result?.success === true ? result.data : undefined;
}
