import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import type { Io } from './io.ts';

/** One report that was asked for: its format, and the file it goes to; null: standard output. */
export interface OutputRequest {
  readonly format: string;
  readonly file: string | null;
}

/**
 * Reads `-o FORMAT[=FILE]`, repeated, beside the classic `--json` and `--plain`. `fallback` is used where none is asked for.
 * @throws PortcullisError USAGE when two go to the same place, or one has an empty name
 */
export function outputsOf(options: Readonly<Record<string, unknown>>, fallback: string): OutputRequest[] {
  const outputs: OutputRequest[] = [];
  for (const text of (options.output as readonly string[] | undefined) ?? []) {
    const equals = text.indexOf('=');
    const format = equals < 0 ? text : text.slice(0, equals);
    const file = equals < 0 ? null : text.slice(equals + 1);
    if (format === '' || file === '') throw new PortcullisError('USAGE', `-o ${text} is not an output.`, { hint: 'Write -o FORMAT or -o FORMAT=FILE.' });
    outputs.push({ format, file: file === '-' ? null : file });
  }
  if (options.json === true) outputs.push({ format: 'classic-json', file: null });
  if (options.plain === true) outputs.push({ format: 'classic-plain', file: null });
  if (outputs.length === 0) outputs.push({ format: fallback, file: null });
  const places = new Set<string>();
  for (const { format, file } of outputs) {
    const place = file ?? '';
    if (places.has(place)) {
      const where = file === null ? 'standard output' : file;
      throw new PortcullisError('USAGE', `Two reports would go to ${where}, ${format} among them.`, { hint: 'Give all but one a file: -o json=report.json.' });
    }
    places.add(place);
  }
  return outputs;
}

/**
 * Writes a report whole or not at all: a file that was there stays until the new one is complete.
 * @throws PortcullisError OUTPUT
 */
export async function writeOutput(output: OutputRequest, text: Iterable<string>, io: Io): Promise<void> {
  if (output.file === null) {
    for (const piece of joined(text)) await io.stdout.write(piece);
    return;
  }
  const { file } = output;
  try {
    const existing = await stat(file).catch(() => undefined);
    if (existing !== undefined && !existing.isFile()) {
      // A pipe or device: it can't be replaced. A pipe that nobody reads fails here at once, where it would block.
      if (existing.isFIFO()) await (await open(file, constants.O_WRONLY | constants.O_NONBLOCK)).close();
      await writeTo(await open(file, 'w'), text, false);
      return;
    }
    const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
    try {
      await writeTo(await open(temporary, 'wx', existing?.mode ?? 0o666), text, true);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw new PortcullisError('OUTPUT', `Cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}.`, {
      hint: 'Check that its directory exists, can be written and has room.',
      cause: error,
    });
  }
}

/** Characters that are written at once: a report of a million pieces is not a million system calls. */
const WRITTEN_AT_ONCE = 65_536;

function* joined(text: Iterable<string>): Iterable<string> {
  let whole = '';
  for (const piece of text) {
    whole += piece;
    if (whole.length < WRITTEN_AT_ONCE) continue;
    yield whole;
    whole = '';
  }
  if (whole !== '') yield whole;
}

async function writeTo(handle: FileHandle, text: Iterable<string>, sync: boolean): Promise<void> {
  try {
    for (const piece of joined(text)) await handle.appendFile(piece); // unlike write, it goes on after a part
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}
