import { matchesPattern } from './pattern-list.ts';

/** The outcome of a list: the algorithms in force, or the name that no release of this age knows. */
export type AlgorithmList = { readonly names: readonly string[] } | { readonly unknown: string };

/**
 * Works out a list as sshd does (kex_assemble_names, sshkey_names_valid2): `a,b` replaces the default, `+a` appends,
 * `-a*` removes by pattern (all removed means
 * nothing said), `^a` puts in front. Only names of keys may be patterns in the other forms.
 *
 * @param text one argument
 * @param patterns whether `*` and `?` may stand in names
 */
export function assembleAlgorithms(text: string, defaults: readonly string[], implemented: readonly string[], patterns: boolean): AlgorithmList {
  const operator = /^[+^-]/.exec(text)?.[0] ?? '';
  const given = text.slice(operator.length).split(',');
  if (operator === '-') {
    const left = defaults.filter((name) => !given.some((pattern) => matchesPattern(pattern, name)));
    return { names: left.length === 0 ? defaults : left };
  }
  const known = new Set(implemented);
  for (const name of given) {
    if (known.has(name) && name !== '') continue;
    if (!patterns || name.startsWith('!') || !implemented.some((one) => matchesPattern(name, one))) return { unknown: name };
  }
  const ordered = operator === '+' ? [...defaults, ...given] : operator === '^' ? [...given, ...defaults] : given;
  const names = new Set<string>();
  for (const pattern of new Set(ordered)) {
    if (known.has(pattern)) names.add(pattern);
    else for (const name of implemented) if (matchesPattern(pattern, name)) names.add(name);
  }
  return { names: [...names] };
}
