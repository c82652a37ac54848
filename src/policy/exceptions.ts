import type { Exception, Policy } from '../model/index.ts';

/** A policy with further exceptions. */
export function withExceptions(policy: Policy, exceptions: readonly Exception[]): Policy {
  return { ...policy, exceptions: [...policy.exceptions, ...exceptions] };
}

/** What an exception is compared with. */
export interface Exceptable {
  /** As written in the policy. */
  readonly gate: string;
  readonly trigger: string;
  /** Its own id, and ids that stand for the whole of it. */
  readonly ids: readonly string[];
  /** Lists of ids of which an exception must name one each; see `Outcome.legacyIds`. */
  readonly parts: readonly (readonly string[])[];
  /** Something that couldn't be decided: a pattern must name its gate and trigger to cover it. */
  readonly undecided: boolean;
}

interface Entry {
  readonly exception: Exception;
  readonly order: number;
  /** The text between the `*`. */
  readonly pieces: readonly string[];
}

/** Whether a text is `pieces` with anything between them. Linear in the text for each piece. */
function fits(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

function add(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}

/** Finds the exception that covers a finding; exact ids and `CVE+*` by look-up, other patterns one by one. */
export class ExceptionIndex {
  readonly #exact = new Map<string, Entry[]>();
  readonly #advisories = new Map<string, Entry[]>();
  readonly #patterns: Entry[] = [];

  /** `imageId`: the hex of the image's id, or null; exceptions for another image are left out. */
  constructor(exceptions: readonly Exception[], imageId: string | null) {
    for (const [order, exception] of exceptions.entries()) {
      if (exception.imageId !== undefined && exception.imageId !== imageId) continue;
      const pieces = exception.id.split('*');
      const entry = { exception, order, pieces };
      if (pieces.length === 1) add(this.#exact, exception.id, entry);
      else if (/^[^+*]+\+\*$/.test(exception.id)) {
        add(this.#advisories, exception.id.slice(0, -1), entry);
      } else this.#patterns.push(entry);
    }
  }

  /** The exception that covers it as a whole, the first in the order given; undefined when none does. */
  find(subject: Exceptable): Exception | undefined {
    const whole = this.#first(subject.ids, subject);
    if (whole !== undefined || subject.parts.length === 0) return whole?.exception;
    let last: Entry | undefined;
    for (const part of subject.parts) {
      const found = this.#first(part, subject);
      if (found === undefined) return undefined;
      if (last === undefined || found.order > last.order) last = found;
    }
    return last?.exception;
  }

  #first(ids: readonly string[], subject: Exceptable): Entry | undefined {
    let best: Entry | undefined;
    const consider = (entry: Entry): void => {
      const { gate, trigger } = entry.exception;
      if (best !== undefined && best.order <= entry.order) return;
      if ((gate === null || gate === subject.gate) && (trigger === undefined || trigger === subject.trigger)) best = entry;
    };
    const start = `${subject.gate}+${subject.trigger}+`;
    for (const id of ids) {
      for (const entry of this.#exact.get(id) ?? []) consider(entry);
      for (const entry of this.#advisories.get(id.slice(0, id.indexOf('+') + 1)) ?? []) consider(entry);
      for (const entry of this.#patterns) {
        if (subject.undecided && entry.exception.id !== '*' && entry.pieces[0]?.startsWith(start) !== true) continue;
        if (fits(id, entry.pieces)) consider(entry);
      }
    }
    return best;
  }
}
