import { PortcullisError } from '../../errors.ts';
import { formatDiagnostic, type Parsed } from '../diagnostic.ts';

/**
 * The value that was read. Throws a PortcullisError when there is none: POLICY_EMPTY for a policy without a rule, else
 * `code`, with every error at its line and column in the message.
 */
export function requireValid<T>(parsed: Parsed<T>, source: string, code: 'POLICY_INVALID' | 'ALLOWLIST_INVALID'): T {
  if (parsed.value !== undefined) return parsed.value;
  const errors = parsed.diagnostics.filter((diagnostic) => diagnostic.level === 'error');
  const only = errors[0];
  if (errors.length === 1 && only?.code === 'no-rules') {
    throw new PortcullisError('POLICY_EMPTY', `${source}: ${only.message}`, only.hint === undefined ? {} : { hint: only.hint });
  }
  const what = code === 'POLICY_INVALID' ? 'the policy' : 'the whitelist';
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  const lines = errors.map((error) => `  ${formatDiagnostic(source, error)}`);
  throw new PortcullisError(code, `${what} ${source} has ${count}:\n${lines.join('\n')}`, {
    hint:
      code === 'POLICY_INVALID'
        ? 'portcullis gates lists every gate, trigger and parameter'
        : 'a line is GATE and the id of a finding (--show-triggerids shows ids)',
  });
}
