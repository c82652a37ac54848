import { Command, CommanderError, type Option } from '@commander-js/extra-typings';
import { exitCodes, PortcullisError } from '../errors.ts';
import { version } from '../version.ts';
import type { CommandCall } from './command.ts';
import { commands, groups } from './commands.ts';
import { reportFailure, usageError } from './failure.ts';
import { type Io, Messages } from './io.ts';
import { refuseMisspeltCommand } from './misspelt-command.ts';
import { optionsOf } from './options.ts';

/**
 * Runs a command line.
 * @returns the exit code; everything that was to be written has been written
 */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.defect;
  const written: Promise<void>[] = [];
  const program = build(argv, io, written, (result) => {
    code = result;
  });
  try {
    await refuseMisspeltCommand(argv);
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) {
        // Help and version.
        const failed = (await Promise.allSettled(written)).find((result) => result.status === 'rejected');
        return failed === undefined ? exitCodes.go : reportFailure(failed.reason, argv, io);
      }
      return reportFailure(await usageError(error, argv), argv, io);
    }
    return reportFailure(error, argv, io);
  }
}

function build(argv: readonly string[], io: Io, written: Promise<void>[], done: (code: number) => void): Command {
  const all = argv.includes('--help-all');
  const output = {
    writeOut: (text: string) => void written.push(io.stdout.write(text)),
    writeErr: () => {},
    getOutHelpWidth: () => Math.min(io.stdout.width, 100),
  };
  const program = new Command('portcullis')
    .description('The open policy gate for container images: judges an image by rules that you define, create and share.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureOutput(output)
    .exitOverride()
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .addHelpText('after', '\nportcullis IMAGE is the same as portcullis gate IMAGE. Exit codes: 0 GO, 1 STOP, 2 WARN; 3 and above are errors, never verdicts.');
  const parents = new Map<string, Command>();
  // Where its first command stands, so that the help keeps the order of the list.
  const parentOf = (name: string): Command => {
    const known = parents.get(name);
    if (known !== undefined) return known;
    const summary = groups.find(([group]) => group === name)?.[1] ?? '';
    const made = program.command(name).description(summary).configureOutput(output).exitOverride() as unknown as Command;
    parents.set(name, made);
    return made;
  };
  for (const spec of commands) {
    const parent = spec.parent === undefined ? program : parentOf(spec.parent);
    const command = parent
      .command(spec.name, spec.isDefault === true ? { isDefault: true } : {})
      .description(spec.summary)
      .configureOutput(output)
      .exitOverride() as unknown as Command<unknown[], Record<string, unknown>>;
    command.helpOption('-h, --help', 'print help');
    for (const [name, description] of spec.arguments ?? []) command.argument(name, description);
    for (const option of optionsOf(spec.options, all, spec.formats)) command.addOption(option as Option);
    if (!all) command.addHelpText('after', '\n--help-all shows all options.');
    // Like --help, whatever arguments are missing.
    command.on('option:help-all', () => {
      command.outputHelp();
      throw new CommanderError(0, 'commander.help', '(outputHelp)');
    });
    command.action(async (...received: unknown[]) => {
      const self = received[received.length - 1] as Command<unknown[], Record<string, unknown>>;
      const options = self.optsWithGlobals() as Record<string, unknown>;
      const messages = new Messages(io, { quiet: options.quiet === true, verbosity: Number(options.verbose ?? 0) });
      const { run } = await spec.load();
      const call: CommandCall = {
        args: received.slice(0, -2) as CommandCall['args'],
        options,
        originOf: (option) => self.getOptionValueSourceWithGlobals(option) ?? 'default',
        io,
        messages,
      };
      done(await withTimeout(run(call), Number(options.timeout ?? 0)));
      await messages.clear();
    });
  }
  return program as unknown as Command;
}

/** @throws PortcullisError IMAGE_TIMEOUT when the seconds have passed first; 0: no limit */
async function withTimeout<T>(work: Promise<T>, seconds: number): Promise<T> {
  if (seconds <= 0) return work;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new PortcullisError('IMAGE_TIMEOUT', `It took longer than ${seconds} seconds.`, { hint: 'Give it more time with --timeout SECONDS.' })),
      seconds * 1000,
    );
    timer.unref();
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
