import { describe, expect, test } from 'vitest';
import { parsePolicy } from './classic.ts';

const origin = { name: 'test', source: 'test.policy' };
const parse = (text: string) => parsePolicy(text, origin);
/** `line:column level code` of each diagnostic. */
const said = (text: string): string[] => parse(text).diagnostics.map((each) => `${each.line}:${each.column} ${each.level} ${each.code}`);
const hints = (text: string): (string | undefined)[] => parse(text).diagnostics.map(({ hint }) => hint);
const rules = (text: string) => parse(text).value?.rules.map(({ gate, trigger, action, parameters }) => ({ name: `${gate}.${trigger}`, action, parameters }));

describe('what is read', () => {
  test('gate, trigger, action and parameters, in the author’s words', () => {
    const { value, diagnostics } = parse('# why\n\nPKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh-server,foolib\n');
    expect(diagnostics).toEqual([]);
    expect(value).toEqual({
      name: 'test',
      version: null,
      format: 'classic',
      source: 'test.policy',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      exceptions: [],
      rules: [
        {
          gate: 'packages',
          trigger: 'denylist',
          action: 'stop',
          parameters: { names: ['openssh-server', 'foolib'], types: ['deb', 'apk', 'rpm', 'alpm', 'ebuild', 'opkg', 'nix'], installedOnly: false },
          written: { gate: 'PKGBLACKLIST', trigger: 'PKGNAMEMATCH', line: 3 },
          requests: [{ kind: 'packages', detail: { types: ['deb', 'apk', 'rpm', 'alpm', 'ebuild', 'opkg', 'nix'] } }],
        },
      ],
    });
  });

  test.each([
    ['a byte order mark', '\uFEFFDOCKERFILECHECK:NOTAG:WARN'],
    ['CRLF', 'DOCKERFILECHECK:NOTAG:WARN\r\n\r\n'],
    ['CR', '# x\rDOCKERFILECHECK:NOTAG:WARN\r'],
    ['indentation and blanks at the end', '\t  DOCKERFILECHECK:NOTAG:WARN \t'],
    ['an empty last field', 'DOCKERFILECHECK:NOTAG:WARN:'],
    ['an empty last field with blanks', 'DOCKERFILECHECK:NOTAG:WARN:  '],
  ])('%s', (_, text) => {
    expect(said(text)).toEqual([]);
    expect(rules(text)).toEqual([{ name: 'dockerfile.from-untagged', action: 'warn', parameters: {} }]);
  });

  test('several parameters, pairs, colons and signs in values', () => {
    expect(rules('PKGCHECK:PKGNOTPRESENT:GO:PKGFULLMATCH=zlib1g|1:1.2.8   PKGNAMEMATCH=a=b,c\tPKGVERSMATCH=x|1')).toEqual([
      {
        name: 'packages.required',
        action: 'go',
        parameters: { versions: [{ name: 'zlib1g', version: '1:1.2.8' }], names: ['a=b', 'c'], minimum: [{ name: 'x', version: '1' }] },
      },
    ]);
    expect(rules('FILEPARSE_PASSWD:PENTRYMATCH:STOP:PENTRYBLACKLIST=toor:x:0:0:root:/root:/bin/bash')?.[0]?.parameters).toEqual({
      entries: ['toor:x:0:0:root:/root:/bin/bash'],
    });
  });

  test('a comment behind a blank, where no value can hold it', () => {
    for (const text of [
      'DOCKERFILECHECK:NOTAG:WARN # see http://example.org:80',
      'ANCHORESEC:FEEDOUTOFDATE:WARN:MAXAGE=30 # thirty: days',
      'DOCKERFILECHECK:NOTAG:WARN: # none',
    ]) {
      expect(parse(text).value?.rules).toHaveLength(1);
      expect(parse(text).diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual(['note trailing-comment']);
    }
    expect(rules('PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=c#,d')?.[0]?.parameters).toMatchObject({ names: ['c#', 'd'] });
  });

  test('the names of older versions', () => {
    expect(said('ANCHORESEC:PKGVULNHIGH:STOP')).toEqual(['1:12 note renamed-trigger']);
    expect(parse('ANCHORESEC:PKGVULNHIGH:STOP').value?.rules[0]).toMatchObject({ written: { trigger: 'PKGVULNHIGH' }, parameters: { severities: ['high'] } });
  });

  test('both of two lines of one trigger, with a warning', () => {
    const text = 'DOCKERFILECHECK:EXPOSE:WARN:DENIEDPORTS=22\nDOCKERFILECHECK:EXPOSE:STOP:DENIEDPORTS=23';
    expect(said(text)).toEqual(['2:1 warning repeated-rule']);
    expect(rules(text)?.map(({ parameters }) => parameters)).toEqual([{ denied: ['22'] }, { denied: ['23'] }]);
  });

  test('unknown severities are elsewhere when a line names them, before or after', () => {
    const unknown = (text: string) => parse(text).value?.rules.map(({ parameters }) => parameters.unknown);
    expect(unknown('ANCHORESEC:VULNHIGH:STOP')).toEqual(['undecided']);
    expect(unknown('ANCHORESEC:VULNHIGH:STOP\nANCHORESEC:VULNUNKNOWN:GO')).toEqual(['elsewhere', 'elsewhere']);
    expect(unknown('ANCHORESEC:VULNHIGH:STOP\nANCHORESEC:VULNLOW:GO:FIXEDONLY=true\nANCHORESEC:VULNUNKNOWN:WARN:FIXEDONLY=true')).toEqual([
      'undecided',
      'elsewhere',
      'elsewhere',
    ]);
  });
});

describe('what is refused, with its place and what would be right', () => {
  test.each([
    ['an unknown gate', 'DOCKERFILECHEK:NOTAG:STOP', ['1:1 error unknown-gate'], 'did you mean DOCKERFILECHECK?'],
    ['a gate in small letters', 'dockerfilecheck:NOTAG:STOP', ['1:1 error unknown-gate'], 'did you mean DOCKERFILECHECK?'],
    ['an unknown trigger', 'DOCKERFILECHECK:NOTAGS:STOP', ['1:17 error unknown-trigger'], 'did you mean NOTAG?'],
    ['an unknown action', 'DOCKERFILECHECK:NOTAG:FAIL', ['1:23 error unknown-action'], 'the actions are STOP, WARN and GO'],
    ['an action in small letters', 'DOCKERFILECHECK:NOTAG:stop', ['1:23 error unknown-action'], 'did you mean STOP?'],
    ['no action', 'DOCKERFILECHECK:NOTAG:', ['1:23 error unknown-action'], 'the actions are STOP, WARN and GO'],
    ['one field', 'DOCKERFILECHECK', ['1:1 error missing-field'], expect.stringContaining('GATE:TRIGGER:ACTION')],
    ['two fields', '  DOCKERFILECHECK:NOTAG', ['1:3 error missing-field'], expect.stringContaining('GATE:TRIGGER:ACTION')],
    [
      'blanks around a colon',
      'DOCKERFILECHECK : NOTAG:STOP',
      ['1:1 error blank-around-colon', '1:18 error blank-around-colon'],
      'remove the blanks around “DOCKERFILECHECK”',
    ],
    ['text after the action', 'DOCKERFILECHECK:NOTAG:STOP now', ['1:23 error unknown-action'], expect.anything()],
    ['an unknown parameter', 'DOCKERFILECHECK:EXPOSE:STOP:DENIEDPORT=22', ['1:29 error unknown-parameter'], 'did you mean DENIEDPORTS?'],
    ['a parameter where none is', 'DOCKERFILECHECK:NOTAG:STOP:X=1', ['1:28 error unknown-parameter'], 'DOCKERFILECHECK:NOTAG has no parameters'],
    ['a parameter named like a part of every object', 'DOCKERFILECHECK:EXPOSE:STOP:__proto__=1', ['1:29 error unknown-parameter'], expect.anything()],
    [
      'a parameter of another trigger',
      'PKGBLACKLIST:PKGFULLMATCH:WARN:BLACKLIST_NAMEMATCH=bash',
      ['1:32 error misplaced-parameter'],
      'move it to a line of PKGBLACKLIST:PKGNAMEMATCH',
    ],
    ['a parameter that is missing', 'ANCHORESEC:FEEDOUTOFDATE:WARN', ['1:30 error missing-parameter'], 'for example ANCHORESEC:FEEDOUTOFDATE:WARN:MAXAGE=2'],
    ['one of several that is missing', 'DOCKERFILECHECK:EXPOSE:WARN:', ['1:28 error missing-parameter'], expect.stringContaining('DENIEDPORTS=22')],
    [
      'two parameters that are missing',
      'SERVICECONFIG:service.setting:STOP:is=no',
      ['1:35 error missing-parameter'],
      expect.stringContaining('service=sshd key='),
    ],
    ['a service that is none', 'SERVICECONFIG:service.setting:STOP:service=ngix key=a is=b', ['1:44 error invalid-value'], 'did you mean nginx?'],
    ['a level without its version', 'SERVICECONFIG:tls.ciphers:STOP:level=mozilla:modern', ['1:38 error invalid-value'], expect.stringContaining('mozilla')],
    ['a suite that is none', 'SERVICECONFIG:tls.ciphers:STOP:deny=RC4-SHA,RC4-SHAW', ['1:37 error invalid-value'], expect.stringContaining('deny')],
    ['a word that is no number', 'ANCHORESEC:FEEDOUTOFDATE:WARN:MAXAGE=two', ['1:38 error invalid-value'], 'write MAXAGE=2, for example'],
    ['a list where a number belongs', 'ANCHORESEC:FEEDOUTOFDATE:WARN:MAXAGE=1,2', ['1:38 error invalid-value'], expect.anything()],
    ['a number below its limit', 'ANCHORESEC:FEEDOUTOFDATE:WARN:MAXAGE=99999', ['1:38 error invalid-value'], expect.stringContaining('days')],
    ['a word that is neither true nor false', 'ANCHORESEC:VULNHIGH:STOP:FIXEDONLY=yes', ['1:36 error invalid-value'], 'write FIXEDONLY=true'],
    ['a port that is none', 'DOCKERFILECHECK:EXPOSE:STOP:DENIEDPORTS=22,http', ['1:41 error invalid-value'], expect.anything()],
    ['a word beside ALL', 'DOCKERFILECHECK:EXPOSE:STOP:DENIEDPORTS=ALL,22', ['1:28 error invalid-parameters'], expect.anything()],
    ['an empty item', 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=a,,b', ['1:52 error invalid-value'], expect.anything()],
    [
      'a blank in a list',
      'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=a, b',
      ['1:52 error invalid-value', '1:55 error unexpected-text'],
      expect.anything(),
    ],
    ['no value', 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=', ['1:52 error invalid-value'], expect.anything()],
    ['quotes', 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH="bash"', ['1:52 error invalid-value'], 'write BLACKLIST_NAMEMATCH=bash'],
    [
      'a pair without version',
      'PKGBLACKLIST:PKGFULLMATCH:STOP:BLACKLIST_FULLMATCH=bash',
      ['1:52 error invalid-value'],
      'write BLACKLIST_FULLMATCH=name|version',
    ],
    [
      'a parameter twice',
      'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=a BLACKLIST_NAMEMATCH=b',
      ['1:54 error repeated-parameter'],
      'write one list, or two lines',
    ],
    ['what is not available yet', 'SUIDDIFF:SUIDFILEADD:STOP', ['1:10 error not-available'], 'remove the line, or make it a comment with #'],
    ['an unknown trigger of a gate that is not available yet', 'PKGDIFF:PKGAD:STOP', ['1:9 error unknown-trigger'], 'did you mean PKGADD?'],
    ['control characters', 'DOCKERFILECHECK:NOTAG:STOP\u0000', ['1:27 error not-text'], expect.anything()],
    ['bytes that are no UTF-8', 'DOCKERFILECHECK:NO\uFFFDTAG:STOP', ['1:19 error not-text'], expect.anything()],
    ['nothing', '', ['1:1 error no-rules'], expect.stringContaining('policy template')],
    ['comments alone', '# a\n  # b\n', ['1:1 error no-rules'], expect.stringContaining('policy template')],
  ])('%s', (_, text, expected, hint) => {
    expect(said(text)).toEqual(expected);
    expect(hints(text)[0]).toEqual(hint);
    expect(parse(text).value).toBeUndefined();
  });

  test('everything at once, in order', () => {
    const text = 'NOGATE:X:STOP\nDOCKERFILECHECK:NOTAG:STOP\nDOCKERFILECHECK:NOX:stop\nANCHORESEC:FEEDOUTOFDATE:WARN';
    expect(said(text)).toEqual(['1:1 error unknown-gate', '3:17 error unknown-trigger', '3:21 error unknown-action', '4:30 error missing-parameter']);
  });

  test('a flood of errors is cut, and still refused', () => {
    const result = parse('X:Y:Z\n'.repeat(5000));
    expect(result.value).toBeUndefined();
    expect(result.diagnostics.length).toBeLessThan(1010);
    expect(result.diagnostics.at(-1)).toMatchObject({ level: 'error', code: 'more' });
  });

  test('warnings before an error don’t push it out', () => {
    const result = parse(`${'DOCKERFILECHECK:NOTAG:WARN\n'.repeat(3000)}X:Y:Z`);
    expect(result.diagnostics.some(({ code }) => code === 'unknown-gate')).toBe(true);
  });

  test('what is too long or too many', () => {
    expect(said(`#${'x'.repeat(70_000)}`)).toEqual(['1:65536 error too-long']);
    expect(said('#'.repeat(5_000_000))).toEqual(['1:1 error too-long']);
    expect(said('DOCKERFILECHECK:NOTAG:WARN\n'.repeat(10_001)).at(-1)).toContain('error');
  });
});
