import { PortcullisError } from '../errors.ts';
import { neutralizeForTerminal } from '../reports/index.ts';

/** The street as a command sees it: handed in, so that a command is tested without a process. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
}

export interface Output {
  readonly isTerminal: boolean;
  /** Columns of the terminal; a default where there is none. */
  readonly width: number;
  /** Resolves when everything so far is out. @throws PortcullisError OUTPUT */
  write(text: string): Promise<void>;
}

const DEFAULT_WIDTH = 120;

function columns(stream: NodeJS.WriteStream, env: Io['env']): number {
  const stated = Number(env.COLUMNS);
  if (stream.isTTY && stream.columns > 0) return stream.columns;
  return Number.isInteger(stated) && stated >= 40 && stated <= 1000 ? stated : DEFAULT_WIDTH;
}

function outputTo(stream: NodeJS.WriteStream, name: string, env: Io['env']): Output {
  // The callback of each write tells; an `error` event that nobody listens to would end the process as a defect.
  stream.on('error', () => {});
  return {
    isTerminal: stream.isTTY === true,
    width: columns(stream, env),
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
          if (error == null) resolve();
          else {
            const why = error.code ?? error.message;
            reject(
              new PortcullisError('OUTPUT', `Cannot write to ${name}: ${why}.`, {
                hint: 'The reader of the output went away, or the disk is full.',
                cause: error,
              }),
            );
          }
        });
      }),
  };
}

/** This process's own streams. */
export function processIo(): Io {
  return {
    env: process.env,
    stdout: outputTo(process.stdout, 'standard output', process.env),
    stderr: outputTo(process.stderr, 'standard error', process.env),
  };
}

/** Messages for people: on stderr, neutralised, silent with `-q`. */
export class Messages {
  readonly #io: Io;
  readonly #quiet: boolean;
  readonly #verbosity: number;
  #live = '';
  constructor(io: Io, options: { readonly quiet?: boolean; readonly verbosity?: number }) {
    this.#io = io;
    this.#quiet = options.quiet === true;
    this.#verbosity = options.verbosity ?? 0;
  }
  async warn(text: string): Promise<void> {
    if (!this.#quiet) await this.#line(`warning: ${text}`);
  }
  /** An error with its way out; also with `-q`. */
  async error(error: unknown, stack: boolean): Promise<void> {
    const known = error instanceof PortcullisError;
    const text = error instanceof Error ? error.message : String(error);
    if (this.#io.stderr.isTerminal) this.#live = ' '; // another instance may have left its live line
    await this.#line(`error: ${known ? text : `a defect in portcullis: ${text}`}`);
    if (known && error.hint !== null) await this.#line(`hint: ${error.hint}`);
    if (!known) await this.#line('hint: Please report it with the command, the version and, if you may, the image.');
    if (stack && error instanceof Error) {
      for (let at: unknown = error; at instanceof Error; at = at.cause) await this.#line(at.stack ?? '');
    }
  }
  async info(text: string): Promise<void> {
    if (!this.#quiet) await this.#line(text);
  }
  async detail(text: string): Promise<void> {
    if (!this.#quiet && this.#verbosity > 0) await this.#line(text);
  }
  /** What is being done: a live line on a terminal, a line of its own with `-v`, else nothing. */
  progress(text: string): void {
    if (this.#quiet) return;
    const clean = neutralizeForTerminal(text);
    if (this.#verbosity > 0) void this.#io.stderr.write(`${clean}\n`).catch(() => {});
    else if (this.#io.stderr.isTerminal) {
      this.#live = clean.slice(0, Math.max(this.#io.stderr.width - 2, 10));
      void this.#io.stderr.write(`\r\u001b[K${this.#live}…`).catch(() => {});
    }
  }
  /** Takes the live line away. */
  async clear(): Promise<void> {
    if (this.#live === '') return;
    this.#live = '';
    await this.#io.stderr.write('\r\u001b[K').catch(() => {});
  }
  async #line(text: string): Promise<void> {
    await this.clear();
    // A message that can't be shown is no reason to lose the verdict.
    const lines = text.split('\n').map((line) => `${neutralizeForTerminal(line)}\n`);
    await this.#io.stderr.write(lines.join('')).catch(() => {});
  }
}
