import type { ServiceProblem, Setting, SettingOrigin } from '../../model/index.ts';
import { compareReleases } from '../installed-version.ts';
import type { Statement } from './configuration-files.ts';
import type { AlgorithmKeyword } from './default-algorithms.ts';
import { defaultAlgorithms } from './default-algorithms.ts';
import { directiveValue } from './directive-value.ts';
import type { Keyword, OpenSshRelease } from './keywords.ts';
import type { MatchCriteria } from './match-criteria.ts';

/** A statement with its value in one spelling. */
interface Assignment {
  readonly keyword: Keyword;
  readonly value: string;
  readonly origin: SettingOrigin;
  /** Its place in the reading order. */
  readonly number: number;
}

/** What is in force in the main part, or while one Match block holds. */
export interface EffectiveScope {
  /** `['Match User git']`; empty for the main part. */
  readonly scope: readonly string[];
  readonly settings: readonly Setting[];
}

export interface EffectiveConfiguration {
  readonly scopes: readonly EffectiveScope[];
  readonly problems: readonly ServiceProblem[];
}

const maximumScopes = 300;
const maximumProblems = 100;
/** Statements of one keyword that add up, in one block. */
const maximumCollected = 1000;
/** Statements that lost and are shown. */
const maximumShadowed = 20;

/**
 * What sshd does with its statements: the first value wins, some keywords collect, a Match block that holds comes
 * before the main part (servconf.c, parse_server_match_config). Every keyword gets a value.
 *
 * @param statements in reading order, those of the command line first
 * @param doubt why any value may be another one at run time; null when none
 */
export function effectiveConfiguration(
  statements: readonly Statement[],
  keywords: ReadonlyMap<string, Keyword>,
  context: OpenSshRelease,
  doubt: string | null,
): EffectiveConfiguration {
  const problems: ServiceProblem[] = [];
  const main = new AssignmentList();
  const blocks = new Map<string, { readonly path: readonly MatchCriteria[]; readonly assignments: AssignmentList }>();
  const always = new AssignmentList();
  let number = 0;
  const refuse = (why: string, statement: Statement) => {
    if (problems.length < maximumProblems)
      problems.push({ kind: 'invalid', what: 'the configuration of sshd', why, location: { path: statement.path, line: statement.line } });
  };
  const subsystems = new Set<string>();
  const cut = new Set<string>();
  for (const statement of statements) {
    const read = directiveValue(statement.keyword, statement.words, statement.rest, context);
    if ('invalid' in read) {
      refuse(read.invalid, statement);
      continue;
    }
    if (statement.keyword.kind === 'ignored') continue;
    if (statement.keyword.kind === 'subsystem' && statement.matches.length === 0 && compareReleases(context.release, '9.5') < 0) {
      const name = statement.words[0] ?? '';
      if (subsystems.has(name)) refuse(`the subsystem ${name} is defined twice`, statement);
      subsystems.add(name);
    }
    const origin = { path: statement.path, line: statement.line, layer: statement.layer };
    number += 1;
    const assignment: Assignment = { keyword: statement.keyword, value: read.value, origin, number };
    const lists: AssignmentList[] = [];
    if (statement.matches.length === 0) lists.push(main);
    else {
      if (statement.matches.every((criteria) => criteria.isAll)) lists.push(always);
      const key = statement.matches.map((criteria) => criteria.text).join('\n');
      const block = blocks.get(key) ?? { path: statement.matches, assignments: new AssignmentList() };
      blocks.set(key, block);
      lists.push(block.assignments);
    }
    for (const list of lists) if (!list.add(assignment)) cut.add(statement.keyword.name);
  }
  for (const name of cut) {
    const why = `there are more than ${maximumCollected} statements of ${name} in one block`;
    problems.push({ kind: 'unreadable', what: 'the configuration of sshd', why, location: null });
  }
  const base = settingsOf(keywords, new Map(), main.byKeyword, new Map(), context, doubt);
  const global = new Map([...always.byKeyword].map(([name, list]) => [name, [...(main.byKeyword.get(name) ?? []), ...list]]));
  const scopes: EffectiveScope[] = [{ scope: [], settings: flat(settingsOf(keywords, global, new Map(), base, context, doubt)) }];
  for (const { path, assignments } of blocks.values()) {
    if (scopes.length > maximumScopes) {
      problems.push({ kind: 'unreadable', what: 'the configuration of sshd', why: `there are more than ${maximumScopes} Match blocks`, location: null });
      break;
    }
    const active = [assignments, always];
    for (let depth = 1; depth < path.length; depth += 1) {
      const outer = path.slice(0, depth).map((criteria) => criteria.text);
      const list = blocks.get(outer.join('\n'))?.assignments;
      if (list !== undefined) active.push(list);
    }
    const inner = together(active);
    const scope = path.map((criteria) => `Match ${criteria.text}`);
    scopes.push({ scope, settings: flat(settingsOf(keywords, inner, main.byKeyword, base, context, doubt)) });
  }
  const value = (key: string) => scopes[0]?.settings.find((setting) => setting.key === key);
  for (const name of ['AuthorizedKeysCommand', 'AuthorizedPrincipalsCommand']) {
    const command = value(name);
    if (command === undefined || command.value === 'none' || value(`${name}User`)?.value !== 'none') continue;
    const location = 'path' in command.origin ? { path: command.origin.path, line: command.origin.line } : null;
    problems.push({ kind: 'invalid', what: 'the configuration of sshd', why: `${name} is set without ${name}User`, location });
  }
  return { scopes, problems };
}

/** One block's statements by keyword: all that add up, else those that can win and some that lost. */
class AssignmentList {
  readonly byKeyword = new Map<string, Assignment[]>();

  /** False when there are too many that add up. */
  add(assignment: Assignment): boolean {
    const { keyword } = assignment;
    const list = this.byKeyword.get(keyword.name) ?? [];
    this.byKeyword.set(keyword.name, list);
    const collects = keyword.kind === 'cumulative' || keyword.kind === 'subsystem';
    if (list.length < (collects ? maximumCollected : maximumShadowed + 1)) list.push(assignment);
    else if (keyword.lastWins) list[list.length - 1] = assignment;
    else return !collects;
    return true;
  }
}

/** Several blocks that hold at once, in reading order. */
function together(lists: readonly AssignmentList[]): ReadonlyMap<string, readonly Assignment[]> {
  const all = new Map<string, Set<Assignment>>();
  for (const list of lists) {
    for (const [name, assignments] of list.byKeyword) {
      const set = all.get(name) ?? new Set();
      all.set(name, set);
      for (const assignment of assignments) set.add(assignment);
    }
  }
  return new Map([...all].map(([name, set]) => [name, [...set].sort((a, b) => a.number - b.number)]));
}

type Grouped = ReadonlyMap<string, readonly Assignment[]>;

/** The settings of one scope by keyword: statements of `inner` before those of `outer`; what `inner` is silent about is `base`'s. */
function settingsOf(
  keywords: ReadonlyMap<string, Keyword>,
  inner: Grouped,
  outer: Grouped,
  base: ReadonlyMap<string, readonly Setting[]>,
  context: OpenSshRelease,
  doubt: string | null,
): Map<string, readonly Setting[]> {
  const settings = new Map<string, readonly Setting[]>();
  for (const keyword of keywords.values()) {
    if (settings.has(keyword.name) || (keyword.kind === 'ignored' && keyword.name !== 'Protocol')) continue;
    const own = inner.get(keyword.name);
    const known = own === undefined ? base.get(keyword.name) : undefined;
    settings.set(keyword.name, known ?? keywordSettings(keyword, own ?? [], outer.get(keyword.name) ?? [], context, doubt));
  }
  return settings;
}

function keywordSettings(
  keyword: Keyword,
  inner: readonly Assignment[],
  outer: readonly Assignment[],
  context: OpenSshRelease,
  doubt: string | null,
): Setting[] {
  const key = keyword.name;
  const stated = winners(keyword, inner.length > 0 ? inner : outer);
  const won = new Set(stated);
  const lost = [...inner, ...outer].filter((one) => !won.has(one));
  const shadowed = lost.slice(0, maximumShadowed).map(({ value, origin }) => ({ value, origin }));
  const certainty = doubt === null ? { certain: true } : { certain: false, uncertainty: doubt };
  const first = stated[0];
  if (first === undefined)
    return [{ key, value: defaultValue(keyword, context), origin: { default: defaultOrigin(keyword, context) }, ...certainty, shadowed }];
  if (standsAlone(keyword)) return stated.map((one) => ({ key, value: one.value, origin: one.origin, ...certainty, shadowed }));
  return [{ key, value: joined(stated), origin: first.origin, ...certainty, shadowed }];
}

function flat(settings: ReadonlyMap<string, readonly Setting[]>): Setting[] {
  return withChallengeResponse([...settings.values()].flat());
}

/** Whether each statement is a setting of its own: an address, a file, a subsystem; lists of names are joined. */
function standsAlone(keyword: Keyword): boolean {
  return /^(?:Port|ListenAddress|HostKey|HostCertificate|Subsystem)$/.test(keyword.name);
}

function winners(keyword: Keyword, assignments: readonly Assignment[]): readonly Assignment[] {
  if (keyword.kind === 'cumulative') return assignments;
  if (keyword.kind === 'subsystem') {
    const names = new Map<string, Assignment>();
    for (const assignment of assignments) {
      const name = assignment.value.split(' ', 1)[0] ?? '';
      if (!names.has(name)) names.set(name, assignment);
    }
    return [...names.values()];
  }
  const winner = keyword.lastWins ? assignments.at(-1) : assignments[0];
  return winner === undefined ? [] : [winner];
}

function joined(stated: readonly Assignment[]): string {
  if (stated.length === 1) return stated[0]?.value ?? '';
  const values = stated.map((one) => one.value).filter((value) => value !== '');
  return values.join(' ');
}

function defaultValue(keyword: Keyword, context: OpenSshRelease): string {
  if (keyword.kind === 'algorithms') return defaultAlgorithms(keyword.name.toLowerCase() as AlgorithmKeyword, context).join(',');
  return keyword.default === '*' ? '' : keyword.default;
}

function defaultOrigin(keyword: Keyword, context: OpenSshRelease): string {
  return keyword.name === 'Protocol' ? 'OpenSSH 7.4 and later know only protocol 2' : `default of OpenSSH ${context.release}`;
}

/** Before 8.7 ChallengeResponseAuthentication switches keyboard-interactive on, whatever the other keyword says (sshd.c). */
function withChallengeResponse(settings: Setting[]): Setting[] {
  const challenge = settings.find((setting) => setting.key === 'ChallengeResponseAuthentication');
  if (challenge?.value !== 'yes') return settings;
  return settings.map((setting) => {
    if (setting.key !== 'KbdInteractiveAuthentication' || setting.value === 'yes') return setting;
    return { ...setting, value: 'yes', origin: challenge.origin, shadowed: [{ value: setting.value, origin: setting.origin }, ...setting.shadowed] };
  });
}
