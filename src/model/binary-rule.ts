/** How a program that no package manager knows is recognised, and where it says its version (docs/binary-rules.md). */
export interface BinaryRule {
  /** The name that the program is listed by. */
  readonly name: string;
  /** Globs over the ends of paths; with a slash in front over whole paths. */
  readonly paths: readonly string[];
  /** True: only in programs (ELF, PE, Mach-O), not in scripts and other files of that name. */
  readonly compiled?: boolean;
  /** Texts that the file must hold, too. */
  readonly contains?: readonly string[];
  /** The text right in front of the version; may be left out where the version begins with the number in the file's name. */
  readonly before?: string;
  /** An expression that the version fits from its beginning to its end. */
  readonly version: string;
  /** An expression for what follows the version; without it no letter, digit, `_` or `.` may. */
  readonly after?: string;
  /** An expression for what follows the version at another place of the file, where it must stand as well. */
  readonly again?: string;
  /** True: the version begins with the first number of the file's name, as in `python3.11`. */
  readonly seriesInName?: boolean;
}
