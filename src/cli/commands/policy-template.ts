import { exitCodes } from '../../errors.ts';
import { policyTemplate } from '../../policy/index.ts';
import type { CommandCall } from '../command.ts';

/** Prints a policy with every available gate, trigger and parameter. */
export async function run({ io }: CommandCall): Promise<number> {
  await io.stdout.write(policyTemplate());
  return exitCodes.go;
}
