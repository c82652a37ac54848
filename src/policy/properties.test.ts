import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExampleFacts } from '../gates/index.ts';
import type { Action, Evidence, EvidenceKind, PackageType, Problem, Severity } from '../model/index.ts';
import { evidenceKinds, exampleEvidence } from '../testing/index.ts';
import { parsePolicy, requireValid } from './formats/index.ts';
import { gateHelp } from './help.ts';
import { judge } from './judge.ts';
import { requestsOf } from './requests.ts';

const now = new Date('2024-01-01T00:00:00Z');
const weight: Readonly<Record<Action, number>> = { go: 0, warn: 1, stop: 2 };
const policyOf = (lines: readonly string[]) => requireValid(parsePolicy(lines.join('\n'), { name: 't', source: 't' }), 't', 'POLICY_INVALID');
const verdict = (lines: readonly string[], evidence: Evidence): Action => judge(policyOf(lines), evidence, { now }).verdict;

const checks = [
  'PKGBLACKLIST:PKGNAMEMATCH:A:BLACKLIST_NAMEMATCH=a,b',
  'PKGBLACKLIST:PKGFULLMATCH:A:BLACKLIST_FULLMATCH=a|1,b|2',
  'NPMCHECK:NPMPKGNAMEMATCH:A:BLACKLIST_NPMNAMEMATCH=a',
  'PKGCHECK:PKGNOTPRESENT:A:PKGNAMEMATCH=a PKGVERSMATCH=b|2',
  'LICBLACKLIST:LICFULLMATCH:A:LICBLACKLIST_FULLMATCH=MIT',
  'ANCHORESEC:VULNHIGH:A',
  'ANCHORESEC:VULNLOW:A:FIXEDONLY=true',
  'ANCHORESEC:VULNUNKNOWN:A',
  'ANCHORESEC:FEEDOUTOFDATE:A:MAXAGE=2',
  'ANCHORESEC:UNSUPPORTEDDISTRO:A',
  'DOCKERFILECHECK:NOHEALTHCHECK:A',
  'DOCKERFILECHECK:EXPOSE:A:DENIEDPORTS=22 ALLOWEDPORTS=80,22',
  'DOCKERFILECHECK:NOTAG:A',
  'DOCKERFILECHECK:SUDO:A',
  'DOCKERFILECHECK:NODOCKERFILE:A',
  'IMAGECHECK:ROOTUSER:A',
  'FILEPARSE_PASSWD:USERIDMATCH:A:USERIDBLACKLIST=0',
  'FILEPARSE_PASSWD:FILENOTSTORED:A',
  'SERVICECONFIG:tls.protocols:A:minimum=TLSv1.2',
  'SERVICECONFIG:tls.ciphers:A:weaker=good running=true',
  'SERVICECONFIG:service.setting:A:service=nginx key=user is=www-data',
  'SERVICECONFIG:service.hardening:A:set=nginx@1',
] as const;
const rule = (actions: readonly string[]) =>
  fc.tuple(fc.constantFrom(...checks), fc.constantFrom(...actions)).map(([line, action]) => line.replace(':A', `:${action}`));
const rules = fc.array(rule(['STOP', 'WARN', 'GO']), { minLength: 1, maxLength: 6 });

const packages = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    version: fc.constantFrom('1', '2', 'x y'),
    type: fc.constantFrom<PackageType>('deb', 'npm', 'rpm'),
    licenses: fc.constantFrom<string[]>([], ['MIT'], ['GPL-2']),
  }),
  { maxLength: 4 },
);
const facts: fc.Arbitrary<ExampleFacts> = fc.record({
  packages,
  configuration: fc.record({
    user: fc.constantFrom('', 'a', '1000'),
    exposedPorts: fc.subarray(['22/tcp', '80/tcp', 'x']),
    healthcheck: fc.constantFrom(null, { test: ['CMD', 'true'] }),
  }),
  dockerfile: fc.record({
    mode: fc.constantFrom('given' as const, 'rebuilt' as const, 'none' as const),
    instructions: fc.subarray([
      { keyword: 'FROM', arguments: 'a', line: 1, stage: 0 },
      { keyword: 'FROM', arguments: 'a:1', line: 2, stage: 1 },
      { keyword: 'RUN', arguments: 'sudo', line: 3, stage: 1 },
    ]),
  }),
  accounts: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), uid: fc.constantFrom('0', '1000') }), { maxLength: 2 }),
  vulnerabilities: fc.array(
    fc.record({
      id: fc.constantFrom('CVE-2024-0001', 'CVE-2024-0002'),
      severity: fc.constantFrom<Severity>('high', 'low', 'unknown', 'negligible'),
      package: fc.record({ name: fc.constantFrom('a', 'b') }),
      fixedIn: fc.constantFrom(null, '3'),
    }),
    { maxLength: 3 },
  ),
  feeds: fc.record({
    digest: fc.constantFrom(null, 'sha256:00'),
    sources: fc.constantFrom([], [{ asOf: '2023-12-31T12:00:00Z' }], [{ asOf: '2023-01-01T00:00:00Z' }]),
    needed: fc.constantFrom([], [{ ecosystem: 'Debian:12', state: 'available' as const }], [{ ecosystem: 'Debian:12', state: 'no-data' as const }]),
  }),
  distribution: fc.constantFrom(null, {}),
  services: fc.array(
    fc.record({
      runs: fc.constantFrom(true, false, null),
      problems: fc.constantFrom([], [{ kind: 'uncertain' as const }]),
      scopes: fc.array(
        fc.record({
          tls: fc.constantFrom(null, {}, { protocols: ['TLSv1' as const] }, { suites: ['RC4-SHA'] }, { certain: false }),
          settings: fc.subarray([
            { key: 'user', value: 'root' },
            { key: 'user', value: 'www-data' },
          ]),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
});

/** Takes evidence of a kind away: all of it unasked for, or some of it with a problem that says so. */
function without(evidence: Evidence, kind: EvidenceKind, how: 'missing' | 'problem', cause: Problem['cause'], keep: readonly boolean[]): Evidence {
  const known = evidence.facts[kind];
  const rest = Array.isArray(known) ? known.filter((_, index) => keep[index] === true) : undefined;
  const problem: Problem = { id: `lost-${kind}`, kind: 'unreadable', evidence: kind, scope: {}, cause, what: 'a part', why: 'lost', location: null };
  const state = how === 'missing' ? 'not-asked' : 'incomplete';
  const others = Object.fromEntries(Object.entries(evidence.facts).filter(([each]) => each !== kind));
  return {
    ...evidence,
    facts: how === 'problem' && rest !== undefined ? { ...others, [kind]: rest } : others,
    coverage: evidence.coverage.map((each) => (each.request.kind === kind ? { ...each, state, problems: how === 'missing' ? [] : [problem.id] } : each)),
    problems: how === 'missing' ? evidence.problems : [...evidence.problems, problem],
  };
}

const kinds = evidenceKinds.filter((kind) => kind !== 'image');

describe('judging', () => {
  test('adding a rule never lowers the verdict, unless it says GO to unknown severities in so many words', () => {
    fc.assert(
      fc.property(rules, rule(['STOP', 'WARN', 'GO']), facts, (lines, more, given) => {
        fc.pre(more !== 'ANCHORESEC:VULNUNKNOWN:GO');
        const evidence = exampleEvidence(given);
        expect(weight[verdict([...lines, more], evidence)]).toBeGreaterThanOrEqual(weight[verdict(lines, evidence)]);
      }),
      { numRuns: 400 },
    );
  });

  test('taking evidence away never turns a verdict into GO', () => {
    const how = fc.constantFrom('missing' as const, 'problem' as const);
    const keep = fc.array(fc.boolean(), { maxLength: 4 });
    fc.assert(
      fc.property(
        rules,
        facts,
        fc.constantFrom(...kinds),
        how,
        fc.constantFrom('image' as const, 'outside' as const),
        keep,
        (lines, given, kind, way, cause, kept) => {
          const evidence = exampleEvidence(given);
          fc.pre(verdict(lines, evidence) !== 'go');
          expect(verdict(lines, without(evidence, kind, way, cause, kept))).not.toBe('go');
        },
      ),
      { numRuns: 600 },
    );
  });

  test('what a rule asks for and nobody collected is never GO', () => {
    fc.assert(
      fc.property(fc.array(rule(['STOP', 'WARN']), { minLength: 1, maxLength: 3 }), facts, fc.constantFrom(...kinds), (lines, given, kind) => {
        fc.pre(policyOf(lines).rules.some(({ requests }) => requests.some((request) => request.kind === kind)));
        expect(verdict(lines, without(exampleEvidence(given), kind, 'missing', 'image', []))).not.toBe('go');
      }),
      { numRuns: 300 },
    );
  });

  test('the same evidence gives the same bytes', () => {
    fc.assert(
      fc.property(rules, facts, (lines, given) => {
        const run = () => JSON.stringify(judge(policyOf(lines), exampleEvidence(given), { now }));
        expect(run()).toBe(run());
      }),
      { numRuns: 100 },
    );
  });

  test('rules see only what they asked for', () => {
    fc.assert(
      fc.property(rules, facts, (lines, given) => {
        const asked = new Set(requestsOf(policyOf(lines)).map(({ kind }) => kind));
        const evidence = exampleEvidence(given);
        const narrow = { ...evidence, facts: Object.fromEntries(Object.entries(evidence.facts).filter(([kind]) => asked.has(kind as EvidenceKind))) };
        const withAll = judge(policyOf(lines), evidence, { now });
        expect(judge(policyOf(lines), narrow, { now })).toEqual({ ...withAll, distribution: asked.has('distribution') ? withAll.distribution : null });
      }),
      { numRuns: 200 },
    );
  });
});

describe('reading', () => {
  const alphabet = [
    'DOCKERFILECHECK',
    'EXPOSE',
    'DENIEDPORTS',
    'STOP',
    ':',
    '=',
    ',',
    '|',
    ' ',
    '\t',
    '#',
    '"',
    '22',
    '\n',
    '\r',
    '\uFEFF',
    'x',
    '*',
    '\u0000',
    '😀',
  ];

  test('no text makes the reader fail or give a policy beside an error', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 60 }), fc.string({ unit: 'binary' }), (pieces, noise) => {
        for (const text of [pieces.join(''), noise]) {
          const { value, diagnostics } = parsePolicy(text, { name: 't', source: 't' });
          const lines = text.split(/\r\n|\n|\r/);
          expect(value === undefined).toBe(diagnostics.some(({ level }) => level === 'error'));
          for (const each of diagnostics) {
            expect(each.line).toBeGreaterThanOrEqual(1);
            expect(each.line).toBeLessThanOrEqual(lines.length);
            expect(each.column).toBeGreaterThanOrEqual(1);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('each example line, changed in one place, is refused or still says the same', () => {
    const examples = gateHelp().flatMap((gate) => gate.triggers.map(({ example }) => example));
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.nat(), fc.constantFrom('', 'X', ' ', ':'), (line, at, change) => {
        const place = at % line.length;
        const [gate, trigger, action] = line.split(':');
        const end = `${gate}:${trigger}:${action}`.length;
        fc.pre(place < end);
        const changed = `${line.slice(0, place)}${change}${line.slice(place + 1)}`;
        fc.pre(changed !== line && !(place === 0 && change === ' '));
        const { value } = parsePolicy(changed, { name: 't', source: 't' });
        if (value !== undefined) expect(value.rules[0]?.written).toEqual({ gate, trigger: expect.any(String), line: 1 });
      }),
      { numRuns: 300 },
    );
  });
});
