import { PortcullisError } from '../errors.ts';
import type { Policy } from '../model/index.ts';
import { builtinTexts } from './builtin-texts.generated.ts';
import { parsePolicy, requireValid } from './formats/index.ts';
import { nearestName } from './nearest.ts';

/** A policy that Portcullis brings. */
export interface BuiltinPolicy {
  readonly name: string;
  /** Its first comment. */
  readonly summary: string;
  /** As it may be saved and changed. */
  readonly text: string;
}

/** The policies that Portcullis brings, by name (`policies/NAME.policy`). */
export const builtinPolicies: readonly BuiltinPolicy[] = Object.entries(builtinTexts).map(([name, text]) => ({
  name,
  summary: /^# (.*)$/m.exec(text)?.[1] ?? '',
  text,
}));

/** The name of the policy that applies when none is named. */
export const defaultPolicyName = 'default';

/** Whether a built-in policy has that name. */
export function isBuiltinPolicy(name: string): boolean {
  return builtinPolicies.some((policy) => policy.name === name);
}

/** A built-in policy, read. Throws a PortcullisError POLICY_NOT_FOUND, with the nearest name, when there is none. */
export function readBuiltinPolicy(name: string): Policy {
  const builtin = builtinPolicies.find((policy) => policy.name === name);
  if (builtin === undefined) {
    const names = builtinPolicies.map((policy) => policy.name);
    const near = nearestName(name, names);
    throw new PortcullisError('POLICY_NOT_FOUND', `there is no built-in policy ${JSON.stringify(name)}`, {
      hint: near === undefined ? `the built-in policies are ${names.join(', ')}` : `did you mean ${near}?`,
    });
  }
  const source = `builtin:${name}`;
  return requireValid(parsePolicy(builtin.text, { name, source }), source, 'POLICY_INVALID');
}
