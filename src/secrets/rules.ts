import { cloudRules } from './cloud-rules.ts';
import { keyRules } from './key-rules.ts';
import { passwordRules } from './password-rules.ts';
import type { SecretRule } from './rule.ts';
import { serviceRules } from './service-rules.ts';
import { tokenRules } from './token-rules.ts';

/**
 * What is looked for, the more certain first: where two find the same, the first has it. Rules of services follow the forms that they
 * publish for secret scanning or document; rules without a mark of their own ask for a name beside the value.
 */
export const rules: readonly SecretRule[] = [...cloudRules, ...serviceRules, ...keyRules, ...tokenRules, ...passwordRules];
