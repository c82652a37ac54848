import type { SettingOrigin } from '../../model/index.ts';

/** A directive or section as httpd has it after reading: includes, conditions, variables and macros done. */
export interface Directive {
  /** As written; a section's starts with `<`. */
  readonly name: string;
  /** After the name; of a section: what stands before its last `>`. */
  readonly args: string;
  readonly origin: SettingOrigin & { readonly path: string };
  /** Of a section. */
  readonly children: Directive[] | null;
  /** Why it may be different at run time; null: it is certain. */
  readonly doubt: string | null;
}

/** A pseudo directive that stands where an include could not be read: what stood before it may be overridden. */
export const missingInclude = '#missing';

/** Where a line stands. */
export type Place = { readonly path: string; readonly line: number; readonly layer: number | null };

/** A place as the model has it. */
export function origin(at: Place): Directive['origin'] {
  return { path: at.path, line: at.line, layer: at.layer };
}

/** The pseudo directive for a place; `doubt` says what is missing. */
export function missing(doubt: string, at: Place): Directive {
  return { name: missingInclude, args: '', origin: origin(at), children: null, doubt };
}
