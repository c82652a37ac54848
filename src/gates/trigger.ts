import type * as z from 'zod';
import type { EvidenceKind, Facts, Location, Match, Package, Problem, Request, Setting } from '../model/index.ts';

/** What a trigger says of one subject. */
export type Outcome =
  | {
      readonly state: 'fired';
      /** What it is about, stable and without prose: `openssh-server`, `22/tcp`; with the location it makes the finding's id. */
      readonly subject: string;
      readonly message: string;
      readonly location?: Location;
      /** What to do about this one; the trigger's remedy otherwise. */
      readonly remediation?: string;
      readonly about?: { readonly package?: Package; readonly vulnerability?: Match; readonly setting?: Setting };
      /** The id that the old tool gave this finding when it doesn't depend on its wording (`CVE-2016-2108+openssl`). */
      readonly legacyId?: string;
    }
  | {
      readonly state: 'undecided';
      readonly subject?: string;
      readonly reason: string;
      /** Counts as the rule's action when the reason lies in the image, else as `warn`. */
      readonly cause: 'image' | 'outside';
      readonly location?: Location;
    };

export interface JudgeContext {
  readonly now: Date;
  /** The problems whose scope meets the rule's requests. */
  readonly problems: readonly Problem[];
}

/** Facts for an example: packages and the like with only what matters; the bench fills in the rest. */
export type ExampleFacts = {
  readonly [K in EvidenceKind]?: Facts[K] extends readonly (infer E)[] ? readonly Partial<E>[] : Partial<NonNullable<Facts[K]>> | null;
};

export interface TriggerExample {
  readonly title: string;
  /** In the words of a policy line: `BLACKLIST_NAMEMATCH=openssh-server`; `''` for none. */
  readonly line: string;
  readonly facts: ExampleFacts;
  /** Subjects of the outcomes that fire. */
  readonly fires: readonly string[];
  /** Subjects of undecided outcomes; a missing subject is `''`. */
  readonly undecided?: readonly string[];
}

/**
 * How a value is written in a policy line. `list`: `a,b`; `pairs`: `name|version,name|version`; `regexps`: `a|b`
 * (anchored at the start); `text`, `number`, `boolean`: one value.
 */
export type LineSyntax = 'list' | 'pairs' | 'regexps' | 'text' | 'number' | 'boolean';

/** How a trigger is written in a policy line, and what of its parameters that line fixes. */
export interface LineName {
  readonly gate: string;
  readonly trigger: string;
  /** Names in a line → the trigger's parameters. */
  readonly parameters: Readonly<Record<string, { readonly to: string; readonly syntax: LineSyntax }>>;
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** At least one of these must stand on the line. */
  readonly requiresOneOf?: readonly string[];
  /** Said in help where the reading differs from the old tool's. */
  readonly note?: string;
}

/**
 * One check, declared once: parsing, help, template, schema, documentation and lint derive from it.
 * `judge` sees only the facts that `needs` asks for.
 */
export interface Trigger<P extends z.ZodRawShape = z.ZodRawShape, N extends EvidenceKind = EvidenceKind> {
  readonly gate: string;
  readonly name: string;
  readonly since: string;
  /** What it finds, one sentence. */
  readonly summary: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do. */
  readonly remedy: string;
  /** Each with `.describe()`. */
  readonly parameters: P;
  needs(parameters: z.output<z.ZodObject<P>>): readonly Request<N>[];
  readonly translates: readonly LineName[];
  /** Executed: at least one that fires and one that doesn't. */
  readonly examples: readonly TriggerExample[];
  /** True when it turns problems into outcomes itself; otherwise a problem that meets its requests makes the rule undecided. */
  readonly handlesProblems?: boolean;
  judge(facts: Pick<Facts, N>, parameters: z.output<z.ZodObject<P>>, context: JudgeContext): Iterable<Outcome>;
}

export function defineTrigger<P extends z.ZodRawShape, const N extends EvidenceKind>(trigger: Trigger<P, N>): Trigger<P, N> {
  return trigger;
}

/** A gate: a family of triggers. */
export interface Gate {
  readonly name: string;
  readonly summary: string;
}
