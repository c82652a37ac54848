import { Command, CommanderError, Option } from '@commander-js/extra-typings';
import { errorCodes, exitCodeOf, exitCodes, PortcullisError } from '../errors.ts';
import { version } from '../version.ts';
import { type Io, Messages } from './io.ts';
import { type OptionName, optionsOf } from './options.ts';

interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly (readonly [string, string])[];
  readonly options: readonly OptionName[];
  /** Loaded only when the command runs: help and version stay light. */
  readonly load: () => Promise<{ run(call: CommandCall): Promise<number> }>;
  readonly isDefault?: boolean;
  /** A word after which it stands: `feeds import`. */
  readonly parent?: string;
}

/** What a command gets: its arguments, options with where each came from, and the street. */
export interface CommandCall {
  readonly args: readonly (string | readonly string[] | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
  /** `cli`, `env` or `default`. */
  readonly originOf: (option: string) => string;
  readonly io: Io;
  readonly messages: Messages;
}

const groups: readonly (readonly [string, string])[] = [
  ['policy', 'Write, choose and read policies'],
  ['feeds', 'Load advisories and see what is loaded'],
];

const commands: readonly CommandSpec[] = [
  {
    name: 'gate',
    summary: 'Judge images by a policy: GO (exit code 0), WARN (2) or STOP (1)',
    arguments: [['[images...]', 'archive of docker save, OCI layout (directory or tar) or root file system; docker-archive:, oci: or dir: forces the form; @FILE lists images']],
    options: ['image', 'imagefile', 'policy', 'dockerfile', 'tag', 'platform', 'global-whitelist', 'image-whitelist', 'now', 'accept', 'output', 'json', 'plain', 'show-whitelisted', 'show-triggerids', 'show-gatehelp', 'show-policytemplate', 'timeout'],
    load: () => import('./commands/gate.ts'),
    isDefault: true,
  },
  {
    name: 'services',
    summary: 'List the services of an image with their effective configuration',
    arguments: [['<image>', 'the image, as for gate']],
    options: ['tag', 'platform', 'output', 'timeout'],
    load: () => import('./commands/services.ts'),
  },
  {
    name: 'gates',
    summary: 'Describe every gate, trigger and parameter',
    arguments: [['[name]', 'a gate or GATE.TRIGGER']],
    options: ['json'],
    load: () => import('./commands/gates.ts'),
  },
  { parent: 'policy', name: 'template', summary: 'Print a policy with every available trigger, ready to be edited', options: [], load: () => import('./commands/policy-template.ts') },
  {
    parent: 'policy',
    name: 'samples',
    summary: 'List the built-in policies, or print one',
    arguments: [['[name]', 'a built-in policy']],
    options: [],
    load: () => import('./commands/policy-samples.ts'),
  },
  {
    parent: 'feeds',
    name: 'import',
    summary: "Load advisories in OSV format, in the layout of OSV's public bucket",
    arguments: [['<source>', 'a directory, a zip or a URL']],
    options: ['timeout'],
    load: () => import('./commands/feeds-import.ts'),
  },
  { parent: 'feeds', name: 'status', summary: 'Show which advisories are loaded and how old their source is', options: ['json'], load: () => import('./commands/feeds-status.ts') },
];

/**
 * Runs a command line.
 * @returns the exit code; everything that was to be written has been written
 */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.defect;
  const program = build(argv, io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.go; // help and version
      const hint = /^error: unknown (?:option|command)|^error: missing|^error: too many/.test(error.message) ? 'See portcullis --help.' : undefined;
      return report(new PortcullisError('USAGE', sentence(error.message.replace(/^error: /, '')), hint === undefined ? {} : { hint }), argv, io);
    }
    return report(error, argv, io);
  }
}

function sentence(text: string): string {
  const one = text.replace(/\s*\n\s*/g, ' ').trim();
  return `${one.charAt(0).toUpperCase()}${one.slice(1)}${/[.)]$/.test(one) ? '' : '.'}`;
}

/** Says what went wrong, as text and, where JSON was asked for, as a document; gives the exit code. */
async function report(error: unknown, argv: readonly string[], io: Io): Promise<number> {
  const messages = new Messages(io, {});
  const verbosity = argv.filter((word) => word === '-v' || word === '--verbose').length + (argv.includes('-vv') ? 2 : 0);
  await messages.error(error, verbosity > 1);
  const wantsJson = argv.some((word, index) => word === '--json' || /^(?:-o|--output=)json$/.test(word) || (/^(?:-o|--output)$/.test(argv[index - 1] ?? '') && word === 'json'));
  if (wantsJson && !(error instanceof PortcullisError && error.code === 'OUTPUT')) {
    const { errorDocument, renderErrorDocument } = await import('../reports/index.ts');
    try {
      await io.stdout.write(renderErrorDocument(errorDocument(error)));
    } catch {
      return errorCodes.OUTPUT.exit;
    }
  }
  return exitCodeOf(error);
}

function build(argv: readonly string[], io: Io, done: (code: number) => void): Command {
  const all = argv.includes('--help-all');
  // Help and version are written at once and whole: what is left of the process is its exit.
  const pending: Promise<void>[] = [];
  const output = {
    writeOut: (text: string) => void pending.push(io.stdout.write(text)),
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
  for (const [name, summary] of groups) {
    const parent = program.command(name).description(summary).configureOutput(output).exitOverride();
    parents.set(name, parent as unknown as Command);
  }
  for (const spec of commands) {
    const parent = spec.parent === undefined ? program : (parents.get(spec.parent) as Command);
    const command = parent.command(spec.name, spec.isDefault === true ? { isDefault: true } : {}).description(spec.summary).configureOutput(output).exitOverride() as unknown as Command<unknown[], Record<string, unknown>>;
    command.helpOption('-h, --help', 'print help');
    for (const [name, description] of spec.arguments ?? []) command.argument(name, description);
    for (const option of optionsOf(spec.options, all)) command.addOption(option as Option);
    if (!all) command.addHelpText('after', '\n--help-all shows all options.');
    command.action(async (...received: unknown[]) => {
      const self = received[received.length - 1] as Command<unknown[], Record<string, unknown>>;
      const options = self.optsWithGlobals() as Record<string, unknown>;
      if (options['helpAll'] === true) {
        self.outputHelp();
        await Promise.all(pending);
        done(exitCodes.go);
        return;
      }
      const messages = new Messages(io, { quiet: options['quiet'] === true, verbosity: Number(options['verbose'] ?? 0) });
      const { run } = await spec.load();
      const call: CommandCall = {
        args: received.slice(0, -2) as CommandCall['args'],
        options,
        originOf: (option) => self.getOptionValueSourceWithGlobals(option) ?? 'default',
        io,
        messages,
      };
      done(await withTimeout(run(call), Number(options['timeout'] ?? 0)));
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
