import { exitCodes, PortcullisError } from '../../errors.ts';
import { findHelp, gateHelp } from '../../policy/index.ts';
import type { CommandCall } from '../command.ts';
import { gateHelpText, gateList } from '../gate-help.ts';

/** Describes every gate, or one gate or trigger in full. */
export async function run({ io, args, options }: CommandCall): Promise<number> {
  const name = args[0] as string | undefined;
  if (name === undefined) {
    const gates = gateHelp();
    await io.stdout.write(
      options.json === true ? `${JSON.stringify(gates, null, 2)}\n` : `${gateList(gates, io.stdout.width)}\nportcullis gates GATE or GATE.TRIGGER says more.\n`,
    );
    return exitCodes.go;
  }
  const help = findHelp(name);
  if (help.found === null) {
    throw new PortcullisError('USAGE', `There is no gate or trigger ${name}.`, {
      hint: help.nearest === undefined ? 'portcullis gates lists them.' : `Did you mean ${help.nearest}?`,
    });
  }
  await io.stdout.write(options.json === true ? `${JSON.stringify(help.found, null, 2)}\n` : gateHelpText(help.found, io.stdout.width));
  return exitCodes.go;
}
