import { exitCodes, PortcullisError } from '../../errors.ts';
import { builtinPolicies, nearestName } from '../../policy/index.ts';
import type { CommandCall } from '../command.ts';

/** Lists the built-in policies, or prints one to be saved and changed. */
export async function run({ io, args }: CommandCall): Promise<number> {
  const name = args[0] as string | undefined;
  if (name === undefined) {
    const width = Math.max(...builtinPolicies.map((policy) => policy.name.length));
    for (const policy of builtinPolicies) await io.stdout.write(`${policy.name.padEnd(width)}  ${policy.summary}\n`);
    return exitCodes.go;
  }
  const found = builtinPolicies.find((policy) => policy.name === name);
  if (found === undefined) {
    const names = builtinPolicies.map((policy) => policy.name);
    const near = nearestName(name, names);
    throw new PortcullisError('POLICY_NOT_FOUND', `There is no built-in policy ${name}.`, {
      hint: near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${near}?`,
    });
  }
  await io.stdout.write(found.text);
  return exitCodes.go;
}
