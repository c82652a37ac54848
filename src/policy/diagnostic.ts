/** What is wrong, doubtful or worth knowing at one place of a policy or whitelist. */
export interface Diagnostic {
  /** `error`: the text can't be used; `warning`: it can, but may not mean what was meant; `note`: how it was read. */
  readonly level: 'error' | 'warning' | 'note';
  /** Stable: `unknown-gate`, `missing-parameter`. */
  readonly code: string;
  /** One sentence, without a full stop. */
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** What would be right. */
  readonly hint?: string;
}

/** A value with what was said while it was read; without a value when there was an error. */
export type Parsed<T> =
  | { readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly value?: undefined; readonly diagnostics: readonly Diagnostic[] };

const most = 1000;

/** Collects diagnostics; of a flood only the first thousand and a count are kept, errors never less than one. */
export class Diagnostics {
  readonly #kept: Diagnostic[] = [];
  #dropped = 0;
  #errors = 0;

  add(diagnostic: Diagnostic): void {
    if (diagnostic.level === 'error') this.#errors += 1;
    if (this.#kept.length < most || (diagnostic.level === 'error' && this.#errors === 1)) this.#kept.push(diagnostic);
    else this.#dropped += 1;
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** In the order of lines and columns. */
  all(): readonly Diagnostic[] {
    const sorted = [...this.#kept].sort((a, b) => a.line - b.line || a.column - b.column);
    if (this.#dropped === 0) return sorted;
    const last = sorted.at(-1)?.line ?? 1;
    return [...sorted, { level: this.#errors > 0 ? 'error' : 'warning', code: 'more', message: `and ${this.#dropped} more`, line: last, column: 1 }];
  }
}

/** `policy.txt:3:5: error: …; hint`: one line for a terminal. The text may hold what the policy holds: neutralise it. */
export function formatDiagnostic(source: string, diagnostic: Diagnostic): string {
  const hint = diagnostic.hint === undefined ? '' : ` (${diagnostic.hint})`;
  return `${source}:${diagnostic.line}:${diagnostic.column}: ${diagnostic.level}: ${diagnostic.message}${hint}`;
}
