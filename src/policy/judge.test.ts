import { describe, expect, test } from 'vitest';
import { type Catalogue, catalogue, defineTrigger, type ExampleFacts } from '../gates/index.ts';
import type { Exception, Finding } from '../model/index.ts';
import { type EvidenceFlaws, exampleEvidence } from '../testing/index.ts';
import { withExceptions } from './exceptions.ts';
import { parseGlobalWhitelist, parsePolicy, requireValid } from './formats/index.ts';
import { judge } from './judge.ts';

const now = new Date('2024-01-01T00:00:00Z');
const policyOf = (text: string) => requireValid(parsePolicy(text, { name: 'test', source: 'test' }), 'test', 'POLICY_INVALID');
const verdictOf = (text: string, facts: ExampleFacts, flaws?: EvidenceFlaws) => judge(policyOf(text), exampleEvidence(facts, flaws), { now });
const whitelist = (text: string): readonly Exception[] => requireValid(parseGlobalWhitelist(text, { source: 'w' }), 'w', 'ALLOWLIST_INVALID');
const excepted = (text: string, facts: ExampleFacts, lines: string, flaws?: EvidenceFlaws) =>
  judge(withExceptions(policyOf(text), whitelist(lines)), exampleEvidence(facts, flaws), { now });
const rows = (findings: readonly Finding[]) => findings.map(({ id, action, state }) => `${id} ${action} ${state}`);

const story = `DOCKERFILECHECK:NOHEALTHCHECK:WARN
PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh-server,foolib
ANCHORESEC:VULNHIGH:STOP`;
const webapp: ExampleFacts = {
  image: { reference: 'webapp.tar', layers: [{ index: 0, diffId: 'sha256:aa', createdBy: 'ADD rootfs' }] },
  packages: [
    { name: 'openssh-server', version: '1:6.7p1-5' },
    { name: 'openssl', version: '1.0.1t-1' },
  ],
  vulnerabilities: [
    {
      id: 'DEBIAN-CVE-2016-2108',
      aliases: ['CVE-2016-2108'],
      severity: 'high',
      package: { name: 'openssl', version: '1.0.1t-1' },
      fixedIn: '1.0.1t-1+deb8u1',
    },
  ],
};

describe('the verdict', () => {
  test('of the founding story', () => {
    const verdict = verdictOf(story, webapp);
    expect(rows(verdict.findings)).toEqual([
      'DOCKERFILECHECK+NOHEALTHCHECK+HEALTHCHECK warn fired',
      'PKGBLACKLIST+PKGNAMEMATCH+openssh-server stop fired',
      'ANCHORESEC+VULNHIGH+CVE-2016-2108+openssl stop fired',
    ]);
    expect(verdict).toMatchObject({
      verdict: 'stop',
      reason: 'policy',
      counts: { stop: 2, warn: 1, go: 0, undecided: 0, excepted: 0 },
      platform: 'linux/amd64',
    });
    expect(verdict.findings[2]).toEqual({
      id: 'ANCHORESEC+VULNHIGH+CVE-2016-2108+openssl',
      gate: 'ANCHORESEC',
      trigger: 'VULNHIGH',
      action: 'stop',
      state: 'fired',
      message: 'CVE-2016-2108, high: openssl 1.0.1t-1 is vulnerable, fixed in 1.0.1t-1+deb8u1',
      rule: { line: 3 },
      package: { purl: 'pkg:deb/openssl@1.0.1t-1', name: 'openssl', version: '1.0.1t-1', type: 'deb' },
      vulnerability: { id: 'DEBIAN-CVE-2016-2108', aliases: ['CVE-2016-2108'], severity: 'high', fixedIn: '1.0.1t-1+deb8u1' },
      file: { path: '/var/lib/dpkg/status', line: 1 },
      layer: { index: 0, diffId: 'sha256:aa', createdBy: 'ADD rootfs' },
      remediation: 'Update openssl to 1.0.1t-1+deb8u1 or newer.',
      exception: null,
    });
  });

  test('is GO when nothing is found', () => {
    expect(verdictOf(story, { configuration: { healthcheck: { test: ['CMD', 'true'] } } })).toMatchObject({ verdict: 'go', findings: [], reason: 'policy' });
  });

  test('is the worst action, and GO lines are listed', () => {
    const facts = { configuration: { volumes: ['/a'] } };
    expect(verdictOf('DOCKERFILECHECK:VOLUMEPRESENT:GO', facts)).toMatchObject({ verdict: 'go', counts: { go: 1 } });
    expect(verdictOf('DOCKERFILECHECK:VOLUMEPRESENT:GO\nDOCKERFILECHECK:NOHEALTHCHECK:WARN', facts)).toMatchObject({
      verdict: 'warn',
      counts: { go: 1, warn: 1 },
    });
  });

  test('is STOP for a policy without rules', () => {
    const policy = { ...policyOf(story), rules: [] };
    expect(judge(policy, exampleEvidence({}), { now })).toMatchObject({ verdict: 'stop', reason: 'no-rules' });
  });

  test('is the same for the same evidence in another order, but for the order of equals', () => {
    const packages = ['b', 'a', 'c'].map((name) => ({ name }));
    const text = 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=c,a,b';
    expect(verdictOf(text, { packages }).findings).toEqual(verdictOf(text, { packages: [...packages].reverse() }).findings);
  });

  test('places of packages of languages are a part of the id', () => {
    const packages = ['/a b/package.json', '/c/package.json'].map((path) => ({ name: 'ms', version: '1', type: 'npm' as const, locations: [{ path }] }));
    expect(verdictOf('NPMCHECK:NPMPKGNAMEMATCH:STOP:BLACKLIST_NPMNAMEMATCH=ms', { packages }).findings.map(({ id }) => id)).toEqual([
      'NPMCHECK+NPMPKGNAMEMATCH+ms@/a%20b/package.json',
      'NPMCHECK+NPMPKGNAMEMATCH+ms@/c/package.json',
    ]);
  });

  test('a trigger that fails is a defect, never a verdict', () => {
    const broken = defineTrigger({
      gate: 'broken',
      name: 'always',
      since: '0.1.0',
      summary: '',
      why: '',
      remedy: '',
      parameters: {},
      needs: () => [{ kind: 'packages' }],
      translates: [{ gate: 'BROKEN', trigger: 'ALWAYS', parameters: {}, sample: { action: 'stop', parameters: '' } }],
      examples: [],
      // biome-ignore lint/correctness/useYield: it fails before it could
      *judge() {
        throw new TypeError('oops');
      },
    });
    const own: Catalogue = { gates: [], triggers: [...catalogue.triggers, broken] };
    const policy = requireValid(parsePolicy('BROKEN:ALWAYS:GO', { name: 't', source: 't', catalogue: own }), 't', 'POLICY_INVALID');
    expect(() => judge(policy, exampleEvidence({}), { now, catalogue: own })).toThrowError(
      expect.objectContaining({ code: 'DEFECT', cause: expect.any(TypeError) }),
    );
    expect(() => judge(policy, exampleEvidence({}), { now })).toThrowError(expect.objectContaining({ code: 'DEFECT' }));
  });

  test('more findings than are allowed leave the rule undecided, and the verdict as it is', () => {
    const policy = policyOf('PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=a,b,c');
    const verdict = judge(policy, exampleEvidence({ packages: ['a', 'b', 'c'].map((name) => ({ name })) }), { now, maxima: { findings: 2 } });
    expect(verdict.findings.map(({ id }) => id)).toEqual(['PKGBLACKLIST+PKGNAMEMATCH+a', 'PKGBLACKLIST+PKGNAMEMATCH+b', 'PKGBLACKLIST+PKGNAMEMATCH+limit']);
    expect(verdict.counts.undecided).toBe(1);
  });
});

describe('what can’t be decided', () => {
  const rule = (action: string) => `PKGBLACKLIST:PKGNAMEMATCH:${action}:BLACKLIST_NAMEMATCH=x`;
  const image = { problems: [{ evidence: 'packages', cause: 'image' }] } as const;
  const outside = { problems: [{ evidence: 'packages', cause: 'outside' }] } as const;

  test.each([
    ['STOP', image, 'stop'],
    ['WARN', image, 'warn'],
    ['GO', image, 'go'],
    ['STOP', outside, 'warn'],
    ['WARN', outside, 'warn'],
    ['GO', outside, 'go'],
  ] as const)('a %s rule %# counts as the reason demands', (action, flaws, expected) => {
    const verdict = verdictOf(rule(action), {}, flaws);
    expect(verdict.verdict).toBe(expected);
    expect(verdict.counts.undecided).toBe(1);
    expect(verdict.findings[0]).toMatchObject({ state: 'undecided', action: expected, message: 'undecided: a file: it is damaged' });
    expect(verdict.problems).toHaveLength(1);
  });

  test('a problem elsewhere touches nothing', () => {
    expect(verdictOf(rule('STOP'), {}, { problems: [{ evidence: 'packages', scope: { ecosystem: 'npm' } }, { evidence: 'accounts' }] }).verdict).toBe('go');
  });

  test('an ecosystem by the name of its advisories touches its packages', () => {
    expect(verdictOf(rule('STOP'), {}, { problems: [{ evidence: 'packages', scope: { ecosystem: 'Debian:12' } }] }).verdict).toBe('stop');
    expect(verdictOf(rule('STOP'), {}, { problems: [{ evidence: 'packages', scope: { ecosystem: 'PyPI' } }] }).verdict).toBe('go');
    expect(verdictOf(rule('STOP'), {}, { problems: [{ evidence: 'packages', scope: { ecosystem: 'something new' } }] }).verdict).toBe('stop');
  });

  test('incomplete without a word why is as bad', () => {
    const evidence = exampleEvidence({});
    const coverage = evidence.coverage.map((each) => (each.request.kind === 'packages' ? { ...each, state: 'incomplete' as const } : each));
    expect(judge(policyOf(rule('STOP')), { ...evidence, coverage }, { now }).verdict).toBe('stop');
    expect(judge(policyOf(rule('STOP')), { ...evidence, coverage: [] }, { now }).verdict).toBe('warn');
  });

  test('coverage of other types does not count', () => {
    const evidence = exampleEvidence({});
    const coverage = evidence.coverage.map((each) =>
      each.request.kind === 'packages' ? { ...each, request: { kind: 'packages' as const, detail: { types: ['npm' as const] } } } : each,
    );
    expect(judge(policyOf(rule('STOP')), { ...evidence, coverage }, { now }).verdict).toBe('warn');
  });

  test('an input that can’t hold it', () => {
    const evidence = exampleEvidence({}, { missing: ['configuration'] });
    const coverage = evidence.coverage.map((each) => (each.request.kind === 'configuration' ? { ...each, state: 'not-applicable' as const } : each));
    const verdict = judge(policyOf('DOCKERFILECHECK:NOHEALTHCHECK:STOP'), { ...evidence, coverage }, { now });
    expect(rows(verdict.findings)).toEqual(['DOCKERFILECHECK+NOHEALTHCHECK+configuration warn undecided']);
  });

  test('a flood of problems is cut to twenty rows and a count', () => {
    const problems = Array.from({ length: 1000 }, (_, index) => ({
      evidence: 'packages' as const,
      id: `p${index}`,
      cause: index === 999 ? ('image' as const) : ('outside' as const),
    }));
    const verdict = verdictOf(rule('STOP'), {}, { problems });
    expect(verdict.verdict).toBe('stop');
    expect(verdict.findings).toHaveLength(21);
    expect(verdict.findings.at(-1)?.message).toBe('undecided: 980 more problems, which the list of problems names');
  });
});

describe('exceptions', () => {
  const high = 'ANCHORESEC:VULNHIGH:STOP';
  const covers = (lines: string, facts: ExampleFacts = webapp) => excepted(high, facts, lines).verdict === 'go';

  test('mark, stay visible and don’t count', () => {
    const verdict = excepted(high, webapp, 'ANCHORESEC CVE-2016-2108');
    expect(verdict).toMatchObject({ verdict: 'go', counts: { stop: 0, excepted: 1 } });
    expect(verdict.findings[0]).toMatchObject({ state: 'excepted', action: 'stop', exception: { source: 'w:1', scope: 'global' } });
  });

  test.each([
    ['the whole id', 'ANCHORESEC ANCHORESEC+VULNHIGH+CVE-2016-2108+openssl', true],
    ['the id of the old tool', 'ANCHORESEC CVE-2016-2108+openssl', true],
    ['the advisory’s own name', 'ANCHORESEC DEBIAN-CVE-2016-2108', true],
    ['a pattern', 'ANCHORESEC *2016*openssl', true],
    ['a pattern for one package', 'ANCHORESEC *+openssl', true],
    ['everything', 'ANCHORESEC *', true],
    ['a beginning of the CVE', 'ANCHORESEC CVE-2016-21', false],
    ['a CVE that only begins like it', 'ANCHORESEC CVE-2016-21080', false],
    ['another package', 'ANCHORESEC CVE-2016-2108+openssl1.0', false],
    ['another gate', 'PKGBLACKLIST CVE-2016-2108', false],
    ['a pattern that does not fit', 'ANCHORESEC *2017*', false],
    ['a pattern whose pieces overlap', 'ANCHORESEC CVE-2016-2108+open*openssl', false],
  ])('%s', (_, lines, expected) => expect(covers(lines)).toBe(expected));

  test('one CVE of an advisory for two doesn’t hide the other', () => {
    const facts: ExampleFacts = {
      vulnerabilities: [{ id: 'ALSA-1', aliases: ['CVE-2024-0001', 'CVE-2024-0002'], severity: 'high', package: { name: 'x', type: 'rpm' } }],
    };
    expect(covers('ANCHORESEC CVE-2024-0001', facts)).toBe(false);
    expect(covers('ANCHORESEC CVE-2024-0001\nANCHORESEC CVE-2024-0002', facts)).toBe(true);
    expect(covers('ANCHORESEC ALSA-1', facts)).toBe(true);
  });

  test('constant ids of the old tool', () => {
    expect(excepted('DOCKERFILECHECK:NOHEALTHCHECK:STOP', {}, 'DOCKERFILECHECK dc681d2a4f55e81f9c985c623e45f59c').verdict).toBe('go');
  });

  test('a problem by its id, or by a pattern that names gate and trigger; never by chance', () => {
    const flaws: EvidenceFlaws = { problems: [{ evidence: 'packages', id: 'unreadable:openssl' }] };
    const text = 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=x';
    expect(excepted(text, {}, 'PKGBLACKLIST unreadable:openssl', flaws).verdict).toBe('go');
    expect(excepted(text, {}, 'PKGBLACKLIST PKGBLACKLIST+PKGNAMEMATCH+unreadable*', flaws).verdict).toBe('go');
    expect(excepted(text, {}, 'PKGBLACKLIST *', flaws).verdict).toBe('go');
    expect(excepted(text, {}, 'PKGBLACKLIST *openssl*', flaws).verdict).toBe('stop');
  });

  test('of an image count for that image, gate and trigger alone', () => {
    const imageId = 'ab'.repeat(32);
    const facts: ExampleFacts = { ...webapp, image: { imageId: `sha256:${imageId}` } };
    const exception: Exception = { gate: 'ANCHORESEC', trigger: 'VULNHIGH', imageId, id: 'CVE-2016-2108+openssl', source: 'w:1', scope: 'image' };
    const verdict = (of: Exception, within = facts) => judge(withExceptions(policyOf(high), [of]), exampleEvidence(within), { now }).verdict;
    expect(verdict(exception)).toBe('go');
    expect(verdict({ ...exception, imageId: 'cd'.repeat(32) })).toBe('stop');
    expect(verdict({ ...exception, trigger: 'VULNLOW' })).toBe('stop');
    expect(verdict(exception, webapp)).toBe('stop');
  });

  test('many exceptions and many findings take linear time', () => {
    const vulnerabilities = Array.from({ length: 5000 }, (_, n) => ({ id: `CVE-2024-${10_000 + n}`, severity: 'high' as const, package: { name: 'x' } }));
    const lines = vulnerabilities.map(({ id }) => `ANCHORESEC ${id}`).join('\n');
    expect(excepted(high, { vulnerabilities }, lines)).toMatchObject({ verdict: 'go', counts: { excepted: 5000 } });
  });
});
