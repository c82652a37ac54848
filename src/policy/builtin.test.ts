import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtinPolicies, defaultPolicyName, isBuiltinPolicy, readBuiltinPolicy } from './builtin.ts';

const folder = new URL('../../policies/', import.meta.url);

function rendered(): string {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.policy'))
    .sort();
  const entries = names.map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8').replaceAll(/[`\\]|\$\{/g, '\\$&');
    const name = file.replace(/\.policy$/, '');
    return `  ${/^[a-z]+$/.test(name) ? name : `'${name}'`}: \`${text}\`,\n`;
  });
  return [
    '// Generated from policies/*.policy: do not edit; `npx vitest run src/policy/builtin.test.ts -u` writes it.\n',
    '/** The text of each built-in policy by its name. */\n',
    `export const builtinTexts: Readonly<Record<string, string>> = {\n${entries.join('')}};\n`,
  ].join('');
}

describe('built-in policies', () => {
  test('are the files in policies/', async () => {
    await expect(rendered()).toMatchFileSnapshot('./builtin-texts.generated.ts');
  });

  test.each(builtinPolicies.map(({ name }) => name))('%s is valid, without a warning', (name) => {
    const policy = readBuiltinPolicy(name);
    expect(policy.rules.length).toBeGreaterThan(0);
    expect(policy.source).toBe(`builtin:${name}`);
    expect(builtinPolicies.find((each) => each.name === name)?.summary).not.toBe('');
  });

  test('the default is one of them', () => {
    expect(isBuiltinPolicy(defaultPolicyName)).toBe(true);
    expect(isBuiltinPolicy('toString')).toBe(false);
  });

  test('an unknown name gets the nearest known', () => {
    expect(() => readBuiltinPolicy('basic-polcy')).toThrowError(expect.objectContaining({ code: 'POLICY_NOT_FOUND', hint: 'did you mean basic-policy?' }));
  });

  test('basic-policy tells the founding story', () => {
    const lines = readBuiltinPolicy('basic-policy').rules.map(({ written, action }) => `${written.gate}:${written.trigger}:${action}`);
    expect(lines).toEqual([
      'DOCKERFILECHECK:NOHEALTHCHECK:warn',
      'PKGBLACKLIST:PKGNAMEMATCH:stop',
      'PKGBLACKLIST:PKGFULLMATCH:stop',
      'ANCHORESEC:VULNCRITICAL:stop',
      'ANCHORESEC:VULNHIGH:stop',
      'ANCHORESEC:VULNMEDIUM:warn',
      'ANCHORESEC:VULNUNKNOWN:warn',
      'ANCHORESEC:UNSUPPORTEDDISTRO:warn',
      'ANCHORESEC:FEEDOUTOFDATE:warn',
    ]);
  });
});
