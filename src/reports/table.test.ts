import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action, Finding, VerdictDocument } from '../model/index.ts';
import { displayWidth } from './display-width.ts';
import { findingRows } from './finding-rows.ts';
import { documents } from './fixtures/documents.ts';
import { reporters } from './index.ts';
import type { RenderOptions } from './reporter.ts';
import table from './table.ts';

const plain: RenderOptions = { color: false, width: 80, verbose: false, showExcepted: false, showIds: false };
const render = (document: VerdictDocument, options: Partial<RenderOptions> = {}) => [...table.render(document, { ...plain, ...options })].join('');
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1) ?? '';
const findingsOf = (document: VerdictDocument | undefined) => document?.images.flatMap((image) => ('error' in image ? [] : image.findings)) ?? [];
const finding = findingsOf(documents.stop)[0] as Finding;

function many(count: number, changes: Partial<Finding>): Finding[] {
  return Array.from({ length: count }, (_, index) => ({ ...finding, ...changes, id: `${index}` }));
}

describe('rows', () => {
  test('STOP comes first, then WARN, then GO, then what is excepted, each in the order of the findings', () => {
    const mixed = (['go', 'warn', 'stop', 'go', 'stop'] as Action[]).map((action, index) => ({ ...finding, action, id: `${index}` }));
    const excepted = { ...finding, action: 'stop', state: 'excepted', id: 'x' } as const;
    const ids = findingRows([excepted, ...mixed], { verbose: false, showExcepted: true }).map(([one]) => one.id);
    expect(ids).toEqual(['2', '4', '1', '0', '3', 'x']);
  });

  test.each<[string, Finding[], boolean, number]>([
    ['20 of a rule stay', many(20, { action: 'warn' }), false, 20],
    ['21 of a rule collapse', many(21, { action: 'warn' }), false, 1],
    ['verbose shows all', many(21, { action: 'go' }), true, 21],
    ['STOP never collapses', many(500, { action: 'stop' }), false, 500],
    ['another line is another rule', [...many(15, { action: 'warn' }), ...many(15, { action: 'warn', rule: { line: 99 } })], false, 30],
    [
      'one reason that leaves several rules of a gate undecided is one row',
      [...many(2, { action: 'stop', state: 'undecided', trigger: 'A' }), ...many(1, { action: 'stop', state: 'undecided', trigger: 'B' })],
      false,
      1,
    ],
    ['another reason is another row', [...many(1, { state: 'undecided' }), ...many(1, { state: 'undecided', message: 'another' })], false, 2],
    ['undecided ones are counted apart', [...many(21, { action: 'warn' }), ...many(1, { action: 'warn', state: 'undecided' })], false, 2],
  ])('%s', (_, findings, verbose, rows) => {
    expect(findingRows(findings, { verbose, showExcepted: false })).toHaveLength(rows);
  });
});

test.each([
  ['go', /^GO {2}0 stop, 0 warn, 0 go$/],
  ['warn', /^WARN {2}0 stop, 22 warn, 0 go$/],
  ['stop', /^STOP {2}2 stop, 1 warn, 1 go$/],
  ['undecided', /^STOP .* 2 undecided$/],
  ['excepted', /^GO .* 2 excepted$/],
  ['several', /^ERROR {2}1 of 3 images could not be judged; the others: STOP {2}/],
  ['failed', /^ERROR /],
])("the last line of '%s' begins with the verdict", (name, expected) => {
  expect(lastLine(render(documents[name] as VerdictDocument))).toMatch(expected);
});

test('nothing is cut off at any width', () => {
  for (const width of [20, 60, 80, 120, 300]) {
    const text = render(documents.stop as VerdictDocument, { width, verbose: true }).replace(/[\s-]/g, '');
    expect(text).toContain('sha256:d1d1d1');
  }
  const wide = render(documents.stop as VerdictDocument, { width: 1000 });
  for (const { message, file } of findingsOf(documents.stop)) {
    expect(wide).toContain(message);
    expect(wide).toContain(file?.path ?? '');
  }
});

test('a message that is cut keeps its place', () => {
  const message = `nginx: ${Array.from({ length: 80 }, (_, index) => `SUITE-${index}`).join(', ')} (/etc/nginx/nginx.conf:11)`;
  const cut = { ...(documents.stop as VerdictDocument) };
  const images = cut.images.map((image) =>
    'error' in image ? image : { ...image, findings: [{ ...finding, message, file: { path: '/etc/nginx/nginx.conf', line: 11 } }] },
  );
  const text = render({ ...cut, images }, { width: 200 });
  expect(text).not.toContain('SUITE-79');
  expect(text).toMatch(/in \/etc\/nginx\/nginx\.conf:11$/m);
});

test('rows call an image of several in one archive by its tag', () => {
  const base = documents.stop as VerdictDocument;
  const [image] = base.images.flatMap((one) => ('error' in one ? [] : [one]));
  if (image === undefined) throw new Error('no image');
  const of = (tag: string) => ({ ...image, reference: 'family.tar', tags: [tag] });
  const rows = (document: VerdictDocument) => [...new Set(render(document, { width: 160 }).match(/^\S+(?= +PKGBLACKLIST)/gm))];
  expect(rows({ ...base, images: [of('a:1'), of('b:2')] })).toEqual(['a:1', 'b:2']);
  expect(rows({ ...base, images: [of('a:1')] })).toEqual(['family']);
  expect(rows({ ...base, images: [of('a:1')], settings: [{ name: 'tag', value: 'a:1', origin: 'command line' }] })).toEqual(['a:1']);
});

test('colours come from the option alone, and only around words', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are what is looked for
  const colours = /\u001b\[\d+m/g;
  for (const document of Object.values(documents)) {
    const colored = render(document, { color: true });
    expect(colored).toMatch(colours);
    expect(colored.replace(colours, '')).toBe(render(document));
  }
});

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('::error::x', '\u001b[31m', 'GO\n', '##[endgroup]', 'a/b', '日本語', '\u202e', '\nSTOP', '\ud800', ' '),
);
const anyFinding = fc.record({
  action: fc.constantFrom('go', 'warn', 'stop'),
  state: fc.constantFrom('fired', 'undecided', 'excepted'),
  id: word,
  gate: word,
  trigger: word,
  message: word,
  remediation: fc.option(word),
  file: fc.option(fc.record({ path: word, line: fc.option(fc.nat()) })),
  layer: fc.option(fc.record({ index: fc.nat(200), diffId: fc.constant(null), createdBy: fc.option(word) })),
  exception: fc.option(fc.record({ source: word, scope: fc.constantFrom('global', 'image') })),
});
const anyImage = fc.oneof(
  fc.record({
    reference: word,
    tags: fc.array(word, { maxLength: 3 }),
    imageId: fc.option(word),
    digest: fc.option(word),
    platform: word,
    verified: fc.boolean(),
    distribution: fc.option(fc.record({ id: word, version: word, name: word })),
    policy: fc.record({ name: word, version: fc.option(word), format: word, source: word, digest: word }),
    verdict: fc.constantFrom('go', 'warn', 'stop'),
    reason: fc.constantFrom('policy', 'no-rules', 'no-mapping', 'denied-image', 'allowed-image'),
    findings: fc.array(
      anyFinding.map((changes) => ({ ...finding, ...changes })),
      { maxLength: 5 },
    ),
    problems: fc.array(
      fc.record({ id: word, kind: word, evidence: word, what: word, why: word, location: fc.option(fc.record({ path: word, layer: fc.nat() })) }),
      { maxLength: 2 },
    ),
    counts: fc.constant({ stop: 1, warn: 2, go: 3, undecided: 1, excepted: 1 }),
  }),
  fc.record({ reference: word, error: fc.record({ code: word, message: word, hint: fc.option(word) }) }),
);
const anyDocument = fc.record({
  ...Object.fromEntries(Object.entries(documents.go as VerdictDocument).map(([key, value]) => [key, fc.constant(value)])),
  verdict: fc.constantFrom('go', 'warn', 'stop'),
  images: fc.array(anyImage, { minLength: 1, maxLength: 3 }),
  settings: fc.array(fc.record({ name: word, value: word, origin: word }), { maxLength: 2 }),
}) as unknown as fc.Arbitrary<VerdictDocument>;
const anyOptions = fc.record({
  color: fc.boolean(),
  width: fc.integer({ min: 1, max: 200 }),
  verbose: fc.boolean(),
  showExcepted: fc.boolean(),
  showIds: fc.boolean(),
});

test.each(reporters.map((reporter) => [reporter.name, reporter] as const))(
  '%s prints nothing that acts in a terminal or log, whatever an image says',
  (_, reporter) => {
    fc.assert(
      fc.property(anyDocument, anyOptions, (document, options) => {
        const text = [...reporter.render(document, options)].join('');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours are taken out
        const shown = options.color && reporter === table ? text.replace(/\u001b\[\d+m/g, '') : text;
        expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(shown).not.toMatch(/^\s*::|##[a-z]*\[/im);
        expect(text.endsWith('\n')).toBe(true);
      }),
    );
  },
);

test('the table: the last line begins with the verdict, no line ends in a blank, none is too wide', () => {
  fc.assert(
    fc.property(anyDocument, anyOptions, (document, options) => {
      const text = render(document, { ...options, color: false });
      const word = document.images.some((image) => 'error' in image) ? 'ERROR' : document.verdict?.toUpperCase();
      expect(lastLine(text).startsWith(`${word}  `)).toBe(true);
      expect(lastLine(render(document, { ...options, color: true })).startsWith(`${word}  `)).toBe(true);
      const lines = text.split('\n').slice(0, -2);
      for (const line of lines) {
        expect(line).not.toMatch(/\s$/);
        if (options.width >= 60) expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(options.width, 72));
      }
    }),
  );
});
