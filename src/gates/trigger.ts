import type * as z from 'zod';
import type { Action, EvidenceKind, Facts, Location, Match, Package, Problem, Request, Setting } from '../model/index.ts';

/** What a trigger says of one subject. */
export type Outcome =
  | {
      readonly state: 'fired';
      /** What it is about, stable and without prose: `openssh-server`, `22/tcp`; with the location it makes the finding's id. */
      readonly subject: string;
      readonly message: string;
      readonly location?: Location;
      /** True where the location's path tells it apart from others with the same subject; the path is then a part of the finding's id. */
      readonly located?: boolean;
      /** What to do about this one; the trigger's remedy otherwise. */
      readonly remediation?: string;
      readonly about?: { readonly package?: Package; readonly vulnerability?: Match; readonly setting?: Setting };
      /**
       * Other ids by which old allowlists may name it (`CVE-2016-2108+openssl`). Each inner list holds the names of one
       * matter that the finding is about: an exception must name one of every list, so that one CVE of an advisory
       * that fixes three doesn't hide the other two.
       */
      readonly legacyIds?: readonly (readonly string[])[];
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

/** A value of which only what matters is written. */
export type Sparse<T> = T extends readonly (infer E)[] ? readonly Sparse<E>[] : T extends object ? { readonly [K in keyof T]?: Sparse<T[K]> } : T;

/** Facts for an example: packages and the like with only what matters; the bench fills in the rest. */
export type ExampleFacts = { readonly [K in EvidenceKind]?: Sparse<Facts[K]> };

export interface TriggerExample {
  readonly title: string;
  /** Which of the trigger's line names it uses: `PKGBLACKLIST:PKGNAMEMATCH`; the first otherwise. */
  readonly as?: string;
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
  /** What this line finds, where the trigger's own summary is wider. */
  readonly summary?: string;
  /** Names in a line → the trigger's parameters. */
  readonly parameters: Readonly<Record<string, { readonly to: string; readonly syntax: LineSyntax }>>;
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Each of these must stand on the line. */
  readonly requires?: readonly string[];
  /** At least one of these must stand on the line. */
  readonly requiresOneOf?: readonly string[];
  /** Trigger names of older versions of the old tool, still read. */
  readonly formerly?: readonly string[];
  /** The id that the old tool gave to every finding of this line, where it is constant (an MD5 of fixed words). */
  readonly legacyId?: string;
  /** True for a name that the old tool didn't have: lines may then repeat it without a word. */
  readonly own?: boolean;
  /** How the template and the help write it. */
  readonly sample: { readonly action: Action; readonly parameters: string; readonly active?: boolean };
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
  /** Each with `.describe()` as its last call. */
  readonly parameters: P;
  needs(parameters: z.output<z.ZodObject<P>>): readonly Request<N>[];
  readonly translates: readonly LineName[];
  /** Executed: at least one that fires and one that doesn't. */
  readonly examples: readonly TriggerExample[];
  /** True when it turns problems into outcomes itself; otherwise a problem that meets its requests makes the rule undecided. */
  readonly handlesProblems?: boolean;
  /** A wrong combination of valid parameters, in one sentence; undefined when all is well. */
  check?(parameters: z.output<z.ZodObject<P>>): string | undefined;
  /** A rule's parameters in the light of the policy's other rules of this trigger. */
  beside?(parameters: z.output<z.ZodObject<P>>, others: readonly z.output<z.ZodObject<P>>[]): z.output<z.ZodObject<P>>;
  judge(facts: Pick<Facts, N>, parameters: z.output<z.ZodObject<P>>, context: JudgeContext): Iterable<Outcome>;
}

/** Gives the trigger back; the compiler checks it and infers its parameters and evidence. */
export function defineTrigger<P extends z.ZodRawShape, const N extends EvidenceKind>(trigger: Trigger<P, N>): Trigger<P, N> {
  return trigger;
}

/** A gate: a family of triggers. */
export interface Gate {
  readonly name: string;
  readonly summary: string;
  /** What each gate of policy lines that its triggers translate looks at. */
  readonly lines: Readonly<Record<string, string>>;
}
