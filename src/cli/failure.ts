import type { CommanderError } from '@commander-js/extra-typings';
import { exitCodeOf, exitCodes, PortcullisError } from '../errors.ts';
import { commands } from './commands.ts';
import { type Io, Messages } from './io.ts';
import { optionsOf } from './options.ts';
import { type OutputRequest, writeOutput } from './outputs.ts';

function sentence(text: string): string {
  const one = text.replace(/\s*\n\s*/g, ' ').trim();
  return `${one.charAt(0).toUpperCase()}${one.slice(1)}${/[.)]$/.test(one) ? '' : '.'}`;
}

/** The options of the command that a command line means, as far as that can be read. */
function longOptionsFor(argv: readonly string[]): string[] {
  const [first, second] = argv.filter((word) => !word.startsWith('-'));
  const named = commands.find(({ parent, name }) => (parent === undefined ? name === first : parent === first && name === second));
  const meant = named ?? commands.find(({ isDefault }) => isDefault === true);
  return meant === undefined ? [] : optionsOf(meant.options, true).flatMap(({ long }) => long ?? []);
}

/** The parser suggests options that the short help shows; this also the others. */
async function hintFor(error: CommanderError, argv: readonly string[]): Promise<string> {
  const unknown = /unknown option '(--[^'=]+)/.exec(error.message)?.[1];
  if (unknown !== undefined && !error.message.includes('Did you mean')) {
    const { nearestName } = await import('../policy/index.ts');
    const near = nearestName(unknown, longOptionsFor(argv));
    if (near !== undefined) return `Did you mean ${near}?`;
  }
  return 'See portcullis --help.';
}

/** What the parser of the command line complains about, as an error of ours. */
export async function usageError(error: CommanderError, argv: readonly string[]): Promise<PortcullisError> {
  const group = argv.find((word) => !word.startsWith('-')) ?? '';
  if (error.code === 'commander.help' && group === 'help')
    return new PortcullisError('USAGE', `There is no command '${argv[argv.indexOf('help') + 1] ?? ''}'.`, { hint: 'portcullis --help lists them.' });
  if (error.code === 'commander.help')
    return new PortcullisError('USAGE', `${group} needs a command after it.`, { hint: `portcullis ${group} --help lists them.` });
  return new PortcullisError('USAGE', sentence(error.message.replace(/^error: /, '')), { hint: await hintFor(error, argv) });
}

/** Where a command line asks for JSON, as far as it can be read when it is wrong. */
function jsonOutputs(argv: readonly string[]): OutputRequest[] {
  const outputs: OutputRequest[] = [];
  for (const [index, word] of argv.entries()) {
    const isValue = /^(?:-o|--output)$/.test(argv[index - 1] ?? '');
    const asked = /^json(?:=(.+))?$/s.exec(isValue ? word : (/^(?:-o|--output=)(.*)$/s.exec(word)?.[1] ?? ''));
    if (asked !== null) outputs.push({ format: 'json', file: asked[1] === undefined || asked[1] === '-' ? null : asked[1] });
    else if (word === '--json' && !isValue) outputs.push({ format: 'json', file: null });
  }
  return outputs.filter((output, index) => outputs.findIndex((other) => other.file === output.file) === index);
}

/** How often `-v` is there. */
function verbosityOf(argv: readonly string[]): number {
  return argv.reduce((sum, word) => sum + (word === '--verbose' ? 1 : /^-[qv]+$/.test(word) ? word.split('v').length - 1 : 0), 0);
}

/**
 * Says what went wrong, as text and, where JSON was asked for, as a document in the report's place: a file from an
 * earlier run must not pass for this one's report. Gives the exit code.
 */
export async function reportFailure(error: unknown, argv: readonly string[], io: Io): Promise<number> {
  const messages = new Messages(io, {});
  const showsStack = verbosityOf(argv) > 1;
  await messages.error(error, showsStack);
  const outputs = jsonOutputs(argv);
  if (outputs.length === 0 || (error instanceof PortcullisError && error.code === 'OUTPUT')) return exitCodeOf(error);
  const { errorDocument, renderErrorDocument } = await import('../reports/index.ts');
  const text = renderErrorDocument(errorDocument(error));
  let code = exitCodeOf(error);
  for (const output of outputs) {
    try {
      await writeOutput(output, [text], io);
    } catch (failure) {
      await messages.error(failure, showsStack);
      code = exitCodes.output;
    }
  }
  return code;
}
