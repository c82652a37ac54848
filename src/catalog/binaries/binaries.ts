import type { BinaryRule, Request } from '../../model/index.ts';
import { type CatalogProblem, defineCataloger, type Fact } from '../cataloger.ts';
import { builtinRules } from './builtin-rules.generated.ts';
import { programReader } from './program-reader.ts';
import { RuleSet } from './rule-set.ts';

let builtin: RuleSet | undefined;
const extended = new WeakMap<readonly BinaryRule[], RuleSet>();

/** The built-in rules and the caller's, which stand in the place of built-in ones of the same name. */
function ruleSetOf(request: Request): RuleSet {
  const own = request.detail?.binaryRules;
  if (own === undefined) {
    builtin ??= new RuleSet(builtinRules);
    return builtin;
  }
  let rules = extended.get(own);
  if (rules === undefined) {
    const names = new Set(own.map(({ name }) => name));
    rules = new RuleSet([...builtinRules.filter(({ name }) => !names.has(name)), ...own]);
    extended.set(own, rules);
  }
  return rules;
}

export default defineCataloger({
  name: 'binaries/binaries',
  version: 2,
  summary: 'Interpreters, servers and libraries that no package manager knows, by what their programs say of themselves; users’ rules add more',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'generic',
  maxBytes: 64 * 1024 * 1024,
  wanted: (requests) => {
    const asking = requests.filter(({ kind, detail }) => kind === 'packages' && (detail?.types === undefined || detail.types.includes('generic')));
    const rules = asking.find(({ detail }) => detail?.binaryRules !== undefined)?.detail?.binaryRules;
    if (asking.length === 0) return null;
    return rules === undefined ? { kind: 'packages' } : { kind: 'packages', detail: { binaryRules: rules } };
  },
  selects: ({ path, type }, request) => type === 'file' && ruleSetOf(request).selects(path),
  throughLinks: true,
  pieces: ({ path }, request) => programReader(path, ruleSetOf(request).rulesFor(path)),
  *read(file, request) {
    const whole = programReader(file.path, ruleSetOf(request).rulesFor(file.path));
    whole.write(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length));
    yield* whole.end() as Iterable<Fact<'packages'> | CatalogProblem>;
  },
});
