import type { Io, Messages } from './io.ts';
import type { OptionName } from './options.ts';

/** A command of the command line. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly (readonly [string, string])[];
  readonly options: readonly OptionName[];
  /** What its -o takes, where that isn't what gate's takes. */
  readonly formats?: readonly string[];
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
