import { Place } from './place.ts';
import { rules } from './rules.ts';

export { fingerprintOf, masked, redact, withSecretsMasked } from './masking.ts';
export { type Hit, MAX_HITS, SecretScanner, secretsIn } from './scanner.ts';

/** Every rule, as far as others may know it. */
export const secretRules: readonly {
  readonly name: string;
  readonly what: string;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly formerly: readonly string[];
}[] = rules.map(({ name, what, confidence, formerly = [] }) => ({ name, what, confidence, formerly }));

const byName = new Map(rules.flatMap((rule) => [rule.name, ...(rule.formerly ?? [])].map((name) => [name, rule.name])));

/** The name of a rule by its own or an older tool's name for it; undefined when there is none. */
export function secretRuleOf(name: string): string | undefined {
  return byName.get(name);
}

/** Whether a file is documentation, a test or an example of an installed package. @param path without a leading slash */
export function isPublishedPath(path: string): boolean {
  return new Place(path).isPublished;
}
