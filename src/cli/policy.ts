import type { Exception, Policy } from '../model/index.ts';
import {
  builtinPolicies,
  formatDiagnostic,
  isBuiltinPolicy,
  nearestName,
  type Parsed,
  parseGlobalWhitelist,
  parseImageWhitelist,
  parsePolicy,
  readBuiltinPolicy,
  requireValid,
  withExceptions,
} from '../policy/index.ts';
import { readTextFile } from './files.ts';
import type { Messages } from './io.ts';

async function tell(parsed: Parsed<unknown>, source: string, messages: Messages): Promise<void> {
  if (parsed.value === undefined) return; // the errors stand in the exception
  for (const diagnostic of parsed.diagnostics) {
    const line = formatDiagnostic(source, diagnostic);
    if (diagnostic.level === 'note') await messages.detail(line);
    else await messages.info(line);
  }
}

/**
 * The policy that `--policy` means: a built-in one by its name, else a file. A file that has a built-in policy's name is
 * meant by `./NAME`, so that nothing in the working directory takes a built-in policy's place.
 * @throws PortcullisError POLICY_NOT_FOUND, POLICY_INVALID, POLICY_EMPTY
 */
export async function loadPolicy(name: string, messages: Messages): Promise<Policy> {
  if (isBuiltinPolicy(name)) return readBuiltinPolicy(name);
  const names = builtinPolicies.map((policy) => policy.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? `The built-in policies are ${names.join(', ')}.` : `Did you mean the built-in policy ${near}?`;
  const text = await readTextFile(name, 'The policy', 'POLICY_NOT_FOUND', hint);
  const base = name.slice(name.lastIndexOf('/') + 1).replace(/\.policy$/, '');
  const parsed = parsePolicy(text, { name: base, source: name });
  await tell(parsed, name, messages);
  return requireValid(parsed, name, 'POLICY_INVALID');
}

/** Adds the exceptions of whitelist files. @throws PortcullisError ALLOWLIST_INVALID */
export async function withWhitelists(policy: Policy, global: string | undefined, image: string | undefined, messages: Messages): Promise<Policy> {
  const exceptions: Exception[] = [];
  for (const [path, parse] of [
    [global, parseGlobalWhitelist],
    [image, parseImageWhitelist],
  ] as const) {
    if (path === undefined) continue;
    const parsed = parse(await readTextFile(path, 'The whitelist', 'ALLOWLIST_INVALID'), { source: path });
    await tell(parsed, path, messages);
    exceptions.push(...requireValid(parsed, path, 'ALLOWLIST_INVALID'));
  }
  return exceptions.length === 0 ? policy : withExceptions(policy, exceptions);
}
