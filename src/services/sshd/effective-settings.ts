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
  readonly matches: readonly MatchCriteria[];
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
  const main: Assignment[] = [];
  const blocks = new Map<string, { readonly path: readonly MatchCriteria[]; readonly assignments: Assignment[] }>();
  const always: Assignment[] = [];
  const inMatch: Assignment[] = [];
  const refuse = (why: string, statement: Statement) => {
    if (problems.length < maximumProblems)
      problems.push({ kind: 'invalid', what: 'the configuration of sshd', why, location: { path: statement.path, line: statement.line } });
  };
  const subsystems = new Set<string>();
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
    const assignment: Assignment = { keyword: statement.keyword, value: read.value, origin, matches: statement.matches };
    if (statement.matches.length === 0) main.push(assignment);
    else {
      inMatch.push(assignment);
      if (statement.matches.every((criteria) => criteria.isAll)) always.push(assignment);
      const key = statement.matches.map((criteria) => criteria.text).join('\n');
      const block = blocks.get(key) ?? { path: statement.matches, assignments: [] };
      block.assignments.push(assignment);
      blocks.set(key, block);
    }
  }
  const order = new Map(inMatch.map((assignment, index) => [assignment, index]));
  const scopes: EffectiveScope[] = [{ scope: [], settings: settingsOf([...main, ...always], [], keywords, context, doubt) }];
  for (const { path, assignments } of blocks.values()) {
    if (scopes.length > maximumScopes) {
      problems.push({ kind: 'unreadable', what: 'the configuration of sshd', why: `there are more than ${maximumScopes} Match blocks`, location: null });
      break;
    }
    const active = new Set([...assignments, ...always]);
    for (let depth = 1; depth < path.length; depth += 1) {
      const outer = path
        .slice(0, depth)
        .map((criteria) => criteria.text)
        .join('\n');
      for (const assignment of blocks.get(outer)?.assignments ?? []) active.add(assignment);
    }
    const sorted = [...active].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    scopes.push({ scope: path.map((criteria) => `Match ${criteria.text}`), settings: settingsOf(sorted, main, keywords, context, doubt) });
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

/** The settings of one scope: `first` before `second`, then defaults. */
function settingsOf(
  first: readonly Assignment[],
  second: readonly Assignment[],
  keywords: ReadonlyMap<string, Keyword>,
  context: OpenSshRelease,
  doubt: string | null,
): Setting[] {
  const own = groupByKeyword(first);
  const outer = groupByKeyword(second);
  const settings: Setting[] = [];
  const seen = new Set<string>();
  for (const keyword of keywords.values()) {
    if (keyword.kind === 'ignored' && keyword.name !== 'Protocol') continue;
    if (seen.has(keyword.name)) continue;
    seen.add(keyword.name);
    const inner = own.get(keyword.name) ?? [];
    const later = outer.get(keyword.name) ?? [];
    const stated = inner.length > 0 ? winners(keyword, inner) : winners(keyword, later);
    const lost = inner.length > 0 ? [...inner, ...later].filter((one) => !stated.includes(one)) : later.filter((one) => !stated.includes(one));
    const shadowed = lost.slice(0, 100).map(({ value, origin }) => ({ value, origin }));
    const certainty = doubt === null ? { certain: true } : { certain: false, uncertainty: doubt };
    const last = stated[0];
    if (last === undefined)
      settings.push({ key: keyword.name, value: defaultValue(keyword, context), origin: { default: defaultOrigin(keyword, context) }, ...certainty, shadowed });
    else if (keyword.kind === 'subsystem')
      for (const one of stated) settings.push({ key: keyword.name, value: one.value, origin: one.origin, ...certainty, shadowed });
    else settings.push({ key: keyword.name, value: joined(stated), origin: last.origin, ...certainty, shadowed });
  }
  return withChallengeResponse(settings);
}

function groupByKeyword(assignments: readonly Assignment[]): Map<string, Assignment[]> {
  const groups = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    const group = groups.get(assignment.keyword.name);
    if (group === undefined) groups.set(assignment.keyword.name, [assignment]);
    else group.push(assignment);
  }
  return groups;
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
