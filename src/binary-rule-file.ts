import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import * as z from 'zod';
import { PortcullisError } from './errors.ts';
import type { BinaryRule } from './model/index.ts';
import { globFault, patternFault } from './patterns/index.ts';
import { nearestName } from './policy/index.ts';

/** Characters of a file of rules, rules of all files together, and what one rule may hold. */
const MAX_TEXT = 1024 * 1024;
const MAX_RULES = 1000;
const MAX_LIST = 50;
const MAX_NAME = 200;
const MAX_GLOB = 500;
const MAX_LITERAL = 500;
const MAX_PATTERN = 1000;
/** Errors that are listed one by one. */
const MAX_ERRORS = 100;

const quoted = 'put it into quotes';

const isMissing = (input: unknown): boolean => input === undefined;

/** A text of so many characters at most. */
function text(most: number, what: string) {
  return z
    .string({ error: ({ input }) => (isMissing(input) ? `is missing: ${what}` : `must be a text: ${quoted}`) })
    .min(1, { error: `is empty: ${what}`, abort: true })
    .max(most, { error: `is longer than ${most} characters`, abort: true });
}

const expression = (what: string) =>
  text(MAX_PATTERN, what).superRefine((source, context) => {
    const fault = patternFault(source);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: `is no expression: it ${fault}` });
  });

const glob = text(MAX_GLOB, "name a file as 'bin/acme-server'").superRefine((source, context) => {
  const fault = globFault(source);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `is no path: the glob ${fault}` });
});

function list<T extends z.ZodType>(member: T, what: string) {
  return z
    .array(member, { error: ({ input }) => (isMissing(input) ? `is missing: ${what}` : `must be a list: ${what}`) })
    .min(1, { error: `is empty: ${what}` })
    .max(MAX_LIST, { error: `has more than ${MAX_LIST} entries`, abort: true });
}

const flag = z.boolean({ error: 'must be true or false, without quotes' });

const rule = z
  .strictObject(
    {
      name: text(MAX_NAME, 'write the name to list the program by')
        .regex(/^[A-Za-z0-9][\w.+/-]*$/, { error: 'must be of letters, digits and . _ + - /, with a letter or digit in front' })
        .describe('The name that the program is listed by. Rules of one name belong together: the first that finds a version in a file counts.'),
      paths: list(glob, 'write [bin/acme-server]').describe(
        'Globs (*, ?, [a-z], **) over the ends of paths, from a slash; with a slash in front over whole paths.',
      ),
      compiled: flag.exactOptional().describe('True: only in programs (ELF, PE, Mach-O), not in scripts and other files of that name.'),
      contains: list(text(MAX_LITERAL, 'write a text that the file holds'), "write ['Acme Server']")
        .exactOptional()
        .describe('Texts that the file must hold, too.'),
      before: text(MAX_LITERAL, 'write the text right in front of the version')
        .exactOptional()
        .describe('The text right in front of the version; may be left out only where seriesInName is true.'),
      version: expression(String.raw`write an expression as '\d+\.\d+\.\d+'`).describe(
        'An expression that the version fits from its beginning to its end: the longest that is followed by what after says.',
      ),
      after: expression('write an expression for what follows the version')
        .exactOptional()
        .describe('An expression for what follows the version; without it no letter, digit, _ or . may.'),
      again: expression('write an expression for what follows the version at its second place')
        .exactOptional()
        .describe('The version must stand at another place of the file as well, and this is an expression for what follows it there.'),
      seriesInName: flag.exactOptional().describe("True: the version begins with the first number of the file's name, as in python3.11."),
    },
    { error: ({ code }) => (code === 'unrecognized_keys' ? undefined : 'must be a rule: name, paths, before and version') },
  )
  .meta({ id: 'rule', anyOf: [{ required: ['before'] }, { required: ['seriesInName'], properties: { seriesInName: { const: true } } }] });

/**
 * Schema of a file of rules.
 * @public
 */
export const binaryRuleFile = z
  .strictObject(
    {
      $schema: z.string().exactOptional().describe('For editors; not read.'),
      rules: z
        .array(rule, { error: ({ input }) => (isMissing(input) ? 'is missing: write the rules as its list' : 'must be a list of rules') })
        .min(1, { error: 'is empty: write a rule' })
        .max(MAX_RULES, { error: `has more than ${MAX_RULES} rules`, abort: true }),
    },
    { error: ({ code }) => (code === 'unrecognized_keys' ? undefined : "must begin with 'rules:' and hold a list of rules") },
  )
  .meta({ title: 'Portcullis rules for programs', description: 'What --binary-rules reads: how programs without a package are recognised. YAML or JSON.' });

interface Fault {
  readonly at: number;
  readonly message: string;
}

type Path = readonly (string | number)[];

/** The node at a path; where there is none, the nearest around it. */
function nodeAt(document: Document, path: Path): Node | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null) return node as Node;
  }
  return undefined;
}

function keyAt(document: Document, path: Path, key: string): Node | undefined {
  const map = nodeAt(document, path);
  if (!isMap(map)) return undefined;
  return map.items.map((pair) => pair.key).find((each): each is Node => isScalar(each) && String(each.value) === key);
}

const keysOf = (path: Path): readonly string[] => Object.keys(path.length === 0 ? binaryRuleFile.shape : rule.shape);

/** `rule acme-server, version`: where in the file, in its own words. */
function placeOf(value: unknown, path: Path): string {
  const [, index, ...rest] = path;
  if (typeof index !== 'number') return path.join('.');
  const given = (value as { rules: readonly unknown[] }).rules[index] as { name?: unknown } | null | undefined;
  const name = typeof given?.name === 'string' && given.name !== '' ? given.name.slice(0, 60) : `${index + 1}`;
  const [key, entry] = rest;
  return [`rule ${name}`, ...(key === undefined ? [] : [`${String(key)}${typeof entry === 'number' ? ` ${entry + 1}` : ''}`])].join(', ');
}

function faultsOf(document: Document, value: unknown, issues: readonly z.core.$ZodIssue[]): Fault[] {
  const faults: Fault[] = [];
  for (const issue of issues) {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const near = nearestName(key, keysOf(path));
        const hint =
          near === undefined
            ? `known are ${keysOf(path)
                .filter((name) => name !== '$schema')
                .join(', ')}`
            : `did you mean ${near}?`;
        const place = placeOf(value, path);
        const node = keyAt(document, path, key) ?? nodeAt(document, path);
        faults.push({ at: node?.range?.[0] ?? 0, message: `${place === '' ? '' : `${place} `}has the unknown key ${key.slice(0, 60)} (${hint})` });
      }
    } else {
      const place = placeOf(value, path);
      faults.push({ at: nodeAt(document, path)?.range?.[0] ?? 0, message: `${place === '' ? 'the file' : place} ${issue.message}` });
    }
  }
  return faults;
}

/** Rules without a text to look for, which the schema can't tell beside other errors. */
function withoutBefore(document: Document, value: unknown): Fault[] {
  const rules: unknown = (value as { rules?: unknown } | null)?.rules;
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((each: unknown, index): Fault[] => {
    if (typeof each !== 'object' || each === null || Array.isArray(each) || 'before' in each) return [];
    if ((each as { seriesInName?: unknown }).seriesInName === true) return [];
    const path = ['rules', index, 'before'];
    const message = `${placeOf(value, path)} is missing: write the text right in front of the version`;
    return [{ at: nodeAt(document, path)?.range?.[0] ?? 0, message }];
  });
}

/** What is no plain data: it is refused before anything is made of it. */
function structureFaults(document: Document.Parsed): Fault[] {
  if (document.errors.some(({ message }) => message.includes('call stack'))) throw new RangeError();
  const faults = [...document.errors, ...document.warnings].map(({ code, pos, message }): Fault => {
    return { at: pos[0], message: code === 'DUPLICATE_KEY' ? 'this key stands here twice' : message.replace(/\.$/, '') };
  });
  if (faults.length > 0) return faults;
  visit(document, {
    Node: (_, node) => {
      if (node.tag !== undefined) faults.push({ at: node.range?.[0] ?? 0, message: 'has a tag: leave it out' });
    },
    Alias: (_, { range, source }) => {
      faults.push({ at: range?.[0] ?? 0, message: `*${source} repeats another place: write it out` });
    },
    Pair: (_, { key }) => {
      if (!isScalar(key)) faults.push({ at: (key as Node | null)?.range?.[0] ?? 0, message: 'a key must be a word' });
    },
  });
  return faults;
}

function refuse(source: string, faults: readonly Fault[], lines: LineCounter): never {
  const sorted = [...faults].sort((a, b) => a.at - b.at);
  const shown = sorted.slice(0, MAX_ERRORS).map(({ at, message }) => {
    const { line, col } = lines.linePos(at);
    return `  ${source}:${line}:${col}: error: ${message}`;
  });
  if (sorted.length > MAX_ERRORS) shown.push(`  and ${sorted.length - MAX_ERRORS} more`);
  const count = sorted.length === 1 ? 'an error' : `${sorted.length} errors`;
  throw new PortcullisError('BINARY_RULES_INVALID', `the rules for programs ${source} have ${count}:\n${shown.join('\n')}`, {
    hint: 'docs/binary-rules.md describes the file and has an example',
  });
}

/**
 * Reads rules for programs, in YAML 1.2 or JSON (docs/binary-rules.md). Everything that is wrong is told at once, each at its line and
 * column.
 * @param source how messages name the text
 * @throws PortcullisError BINARY_RULES_INVALID
 */
export function readBinaryRules(content: string, source: string): readonly BinaryRule[] {
  const lines = new LineCounter();
  if (content.length > MAX_TEXT) {
    throw new PortcullisError('BINARY_RULES_INVALID', `the rules for programs ${source} have more than ${MAX_TEXT} characters`);
  }
  try {
    const document = parseDocument(content.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false, logLevel: 'error', strict: true });
    const structure = structureFaults(document);
    if (structure.length > 0) refuse(source, structure, lines);
    const value: unknown = document.toJS();
    const parsed = binaryRuleFile.safeParse(value);
    const faults = [...(parsed.success ? [] : faultsOf(document, value, parsed.error.issues)), ...withoutBefore(document, value)];
    return parsed.success && faults.length === 0 ? parsed.data.rules : refuse(source, faults, lines);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(source, [{ at: 0, message: 'it is nested too deep' }], lines);
  }
}

/**
 * The rules of several files, as one list.
 * @throws PortcullisError BINARY_RULES_INVALID when they are too many
 */
export function joinBinaryRules(lists: readonly (readonly BinaryRule[])[]): readonly BinaryRule[] {
  const rules = lists.flat();
  if (rules.length > MAX_RULES) {
    throw new PortcullisError('BINARY_RULES_INVALID', `the files of rules for programs hold ${rules.length} rules, more than ${MAX_RULES} in all`);
  }
  return rules;
}
