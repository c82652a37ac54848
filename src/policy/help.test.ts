import { describe, expect, test } from 'vitest';
import { catalogue, namedTriggers } from '../gates/index.ts';
import { parsePolicy } from './formats/index.ts';
import { findHelp, gateHelp } from './help.ts';
import { policyTemplate } from './template.ts';

const origin = { name: 't', source: 't' };

describe('help', () => {
  test('describes each line name, its parameters and an example that is valid', () => {
    const triggers = gateHelp().flatMap((gate) => gate.triggers);
    expect(triggers).toHaveLength(namedTriggers(catalogue).length);
    for (const trigger of triggers) {
      expect(parsePolicy(trigger.example, origin).diagnostics, trigger.example).toEqual([]);
      for (const parameter of trigger.parameters) expect(parameter.description, `${trigger.trigger} ${parameter.name}`).not.toBe('');
    }
  });

  test('shows defaults and what is required', () => {
    const found = findHelp('ANCHORESEC.VULNHIGH').found?.[0]?.triggers[0];
    expect(found).toMatchObject({
      formerly: ['PKGVULNHIGH'],
      native: 'vulnerabilities.severity',
      parameters: [
        { name: 'FIXEDONLY', required: 'no', default: 'false' },
        { name: 'INSTALLEDONLY', required: 'no', default: 'false' },
      ],
    });
    expect(findHelp('DOCKERFILECHECK:EXPOSE').found?.[0]?.triggers[0]?.parameters.map(({ required }) => required)).toEqual(['one-of', 'one-of']);
  });

  test.each([
    ['PKGBLACKLIST', ['PKGFULLMATCH', 'PKGNAMEMATCH']],
    ['pkgblacklist.pkgnamematch', ['PKGNAMEMATCH']],
    ['PKGBLACKLIST:PKGNAMEMATCH', ['PKGNAMEMATCH']],
    ['ANCHORESEC.PKGVULNHIGH', ['VULNHIGH']],
    ['packages.required', ['PKGNOTPRESENT']],
    ['packages', ['DENIED', 'LICFULLMATCH', 'LICSUBMATCH', 'NPMPKGFULLMATCH', 'NPMPKGNAMEMATCH', 'PKGFULLMATCH', 'PKGNAMEMATCH', 'PKGNOTPRESENT']],
    ['SUIDDIFF', []],
  ])('finds %s', (name, expected) => {
    const { found } = findHelp(name);
    expect(found?.flatMap((gate) => gate.triggers.map(({ trigger }) => trigger)).sort()).toEqual(expected);
  });

  test('names what is not available yet', () => {
    expect(findHelp('IMAGECHECK.BASEOUTOFDATE').found?.[0]).toMatchObject({ triggers: [], unavailable: [{ trigger: 'BASEOUTOFDATE' }] });
  });

  test('gives the nearest name', () => {
    expect(findHelp('PKGBLACKLST')).toEqual({ found: null, nearest: 'PKGBLACKLIST' });
    expect(findHelp('PKGBLACKLIST.PKGNAMEMATHC')).toEqual({ found: null, nearest: 'PKGBLACKLIST.PKGNAMEMATCH' });
    expect(findHelp('quite another thing')).toEqual({ found: null, nearest: undefined });
  });
});

describe('the template', () => {
  test('is valid as it stands, with at least one rule', () => {
    const parsed = parsePolicy(policyTemplate(), origin);
    expect(parsed.diagnostics).toEqual([]);
    expect(parsed.value?.rules.length).toBeGreaterThan(0);
  });

  test('is valid with every rule made active, and holds every line name and parameter', () => {
    const text = policyTemplate().replaceAll(/^#(?=[A-Z_]+:[A-Za-z.]+:(STOP|WARN|GO))/gm, '');
    const parsed = parsePolicy(text, origin);
    expect(parsed.diagnostics).toEqual([]);
    const names = new Set(parsed.value?.rules.map(({ written }) => `${written.gate}:${written.trigger}`));
    expect([...names].sort()).toEqual([...new Set(namedTriggers(catalogue).map(({ line }) => `${line.gate}:${line.trigger}`))].sort());
    for (const { line } of namedTriggers(catalogue)) for (const name of Object.keys(line.parameters)) expect(text).toContain(`${name}=`);
  });
});
