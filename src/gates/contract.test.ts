import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Facts } from '../model/index.ts';
import { checkTriggerCase, completeFacts } from '../testing/index.ts';
import { catalogue, namedTriggers, type Trigger, unavailableChecks } from './index.ts';

const folder = new URL('./', import.meta.url);
const gateFolders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const named = (trigger: Trigger): string => `${trigger.gate}.${trigger.name}`;
const isSentence = (text: string): boolean => /^\S.*\.$/s.test(text) && !/\s{2}/.test(text);

describe('the catalogue of gates', () => {
  test('has each folder, and each gate only once', () => {
    expect(catalogue.gates.map((gate) => gate.name).sort()).toEqual(gateFolders);
  });

  test('has each file that declares a trigger', () => {
    const files = gateFolders.flatMap((gate) =>
      readdirSync(new URL(`${gate}/`, folder))
        .filter((file) => /export default defineTrigger/.test(readFileSync(new URL(`${gate}/${file}`, folder), 'utf8')))
        .map((file) => `${gate}.${file.replace(/\.ts$/, '')}`),
    );
    expect(catalogue.triggers.map(named).sort()).toEqual(files.sort());
  });

  test('gives each line name to one trigger, and none that is said to be unavailable', () => {
    const lines = namedTriggers(catalogue).flatMap(({ line }) => [line.trigger, ...(line.formerly ?? [])].map((trigger) => `${line.gate}:${trigger}`));
    expect(new Set(lines).size).toBe(lines.length);
    const unavailable = unavailableChecks.flatMap(({ gate, triggers }) => triggers.map((trigger) => `${gate}:${trigger}`));
    expect(lines.filter((line) => unavailable.includes(line))).toEqual([]);
  });

  test('says what each gate of policy lines looks at, once', () => {
    const summaries = catalogue.gates.flatMap(({ lines }) => Object.keys(lines));
    const gates = namedTriggers(catalogue).map(({ line }) => line.gate);
    expect(summaries.sort()).toEqual([...new Set(gates)].sort());
    for (const { summary, lines } of catalogue.gates) for (const text of [summary, ...Object.values(lines)]) expect(text).toSatisfy(isSentence);
  });

  test('answers or names each of the 51 triggers of the old tool', () => {
    const old = namedTriggers(catalogue).filter(({ line }) => line.own !== true).length;
    expect(old + unavailableChecks.reduce((sum, { triggers }) => sum + triggers.length, 0)).toBe(51);
  });
});

describe.each(catalogue.triggers.map((trigger) => [named(trigger), trigger] as const))('%s', (_, trigger) => {
  test('says what it finds, why that matters and what to do, in sentences', () => {
    for (const text of [trigger.summary, trigger.why, trigger.remedy]) expect(text).toSatisfy(isSentence);
    expect(trigger.since).toMatch(/^\d+\.\d+\.\d+$/);
    for (const { summary, note } of trigger.translates) for (const text of [summary, note]) if (text !== undefined) expect(text).toSatisfy(isSentence);
  });

  test('describes each parameter', () => {
    for (const [name, schema] of Object.entries(trigger.parameters)) expect((schema as z.ZodType).description, name).toMatch(/^\S.{5,}[^.]$/);
  });

  test('can be written in a policy line that sets parameters it has', () => {
    expect(trigger.translates.length).toBeGreaterThan(0);
    for (const line of trigger.translates) {
      const targets = [...Object.values(line.parameters).map(({ to }) => to), ...Object.keys(line.fixed ?? {})];
      expect(Object.keys(trigger.parameters)).toEqual(expect.arrayContaining(targets));
      expect(Object.keys(line.parameters)).toEqual(expect.arrayContaining([...(line.requires ?? []), ...(line.requiresOneOf ?? [])]));
    }
  });

  test('has an example that fires and one that does not', () => {
    expect(trigger.examples.some(({ fires }) => fires.length > 0)).toBe(true);
    expect(trigger.examples.some(({ fires }) => fires.length === 0)).toBe(true);
  });

  test.each(trigger.examples.map((example) => [example.title, example] as const))('example: %s', (_title, example) => checkTriggerCase(trigger, example));

  test('survives hostile evidence, and gives the same outcomes twice', () => {
    for (const line of trigger.translates) {
      for (const example of trigger.examples) {
        const sets = [hostileFacts('\u001B[31m\u202E::error::\n%00*'), hostileFacts(`${'a'.repeat(100_000)}!`), hostileFacts(''), completeFacts(example.facts)];
        for (const facts of sets) {
          const shape = Object.fromEntries(Object.keys(trigger.parameters).flatMap((name) => sampleOf(trigger, line.fixed, name)));
          const parsed = z.object(trigger.parameters).safeParse(shape);
          if (!parsed.success) continue;
          const run = () => [...trigger.judge(facts, parsed.data, { now: new Date(0), problems: [] })];
          expect(run()).toEqual(run());
        }
      }
    }
  });
});

/** Some value for a parameter: what the line fixes, else whatever its type takes. */
function sampleOf(trigger: Trigger, fixed: Readonly<Record<string, unknown>> | undefined, name: string): [string, unknown][] {
  const candidates = [fixed?.[name], undefined, ['x'], ['22'], [{ name: 'x', version: '1' }], 1, true, 'x', 'TLSv1.2', 'nginx@1', 'is'];
  const schema = trigger.parameters[name] as z.ZodType | undefined;
  const value = candidates.find((candidate) => candidate !== undefined && schema?.safeParse(candidate).success === true);
  return value === undefined ? [] : [[name, value]];
}

/** Facts in which every text that an image controls is `text`. */
function hostileFacts(text: string): Facts {
  return completeFacts({
    image: { reference: text, tags: [text] },
    configuration: { user: text, exposedPorts: [text], volumes: [text], env: [text], healthcheck: { test: [text] } },
    dockerfile: {
      mode: 'given',
      path: text,
      instructions: ['ARG', 'FROM', 'RUN', text].map((keyword, index) => ({ keyword, arguments: text, line: index + 1, stage: 0 })),
    },
    distribution: { id: text, name: text, version: text },
    packages: [{ name: text, version: text, licenses: [text], locations: [] }],
    accounts: [{ name: text, uid: text, gid: text, shell: text }],
    groups: [{ name: text, gid: text, members: [text] }],
    files: [{ path: `/${text}`, mode: 0o7777, capabilities: [text], linkTarget: text }],
    contents: [{ pattern: text, location: { path: `/${text}` } }],
    secrets: [{ rule: text, what: text, name: text, masked: text, location: { path: `/${text}` } }],
    certificates: [{ subject: text, issuer: text, notAfter: text, keyType: text, signatureAlgorithm: text, location: { path: `/${text}` } }],
    keys: [{ keyType: text, certificates: [text], hostKey: true, location: { path: `/${text}` } }],
    drift: [{ package: text, location: { path: `/${text}` } }],
    vulnerabilities: [{ id: text, aliases: [text], package: { name: text, version: text }, fixedIn: text }],
    feeds: { sources: [{ ecosystem: text, asOf: text }], needed: [{ ecosystem: text }] },
    services: [
      {
        service: text,
        entry: text,
        scopes: [
          {
            scope: [text],
            settings: [{ key: text, value: text }],
            tls: {
              suites: [text],
              tls13Suites: [text],
              curves: [text],
              certificates: [{ path: text, certificate: { notAfter: text, signatureAlgorithm: text } }],
            },
          },
        ],
        problems: [{ what: text, why: text }],
      },
    ],
  });
}
