import { writeSync } from 'node:fs';
import { exitCodes } from '../errors.ts';
import { type Io, processIo } from './io.ts';
import { runProgram } from './program.ts';

/** Ends the process at once, with a defect, whatever happens to be running. */
function defect(error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    writeSync(2, `portcullis: a defect: ${text.replace(/[^\x20-\x7e\n]/g, '?')}\nPlease report it with the command and the version.\n`);
  } catch {
    // Nobody listens: the exit code still says it.
  }
  process.exit(exitCodes.defect);
}

/**
 * The process: exit code 70 until everything is done and written, so that a drained event loop, a vanished worker or an
 * uncaught error never looks like a verdict.
 */
export async function run(): Promise<void> {
  process.exitCode = exitCodes.defect;
  process.on('uncaughtException', defect);
  process.on('unhandledRejection', defect);
  process.on('beforeExit', () => defect(new Error('the program ended before it had a result')));
  process.once('SIGINT', () => process.exit(exitCodes.interrupted));
  process.once('SIGTERM', () => process.exit(exitCodes.terminated));
  const io: Io = processIo();
  const code = await runProgram(process.argv.slice(2), io);
  process.exit(code);
}
