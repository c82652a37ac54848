import { expect, test } from 'vitest';
import { PortcullisError } from '../errors.ts';
import { documents } from './fixtures/documents.ts';
import { errorDocument, renderErrorDocument, reporterNamed, reporters } from './index.ts';

const options = { color: false, width: 80, verbose: false, showExcepted: false, showIds: true };
const render = (name: string, document: keyof typeof documents) => [...reporterNamed(name).render(documents[document] as never, options)].join('');

/** Halves of surrogate pairs, which no UTF-8 text holds. */
const wellFormed = (_: string, value: unknown): unknown => (typeof value === 'string' ? value.replaceAll(/\p{Cs}/gu, '\ufffd') : value);

test('json is the document itself', () => {
  for (const name of Object.keys(documents)) {
    const text = render('json', name);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(documents[name], wellFormed)));
    expect(text).toMatch(/^\{\n {2}"schema": [\s\S]*\n\}\n$/);
  }
});

test('classic-json: one line, keyed by the full image id', () => {
  const text = render('classic-json', 'stop');
  expect(text.trimEnd()).not.toContain('\n');
  const id = 'a1b2c3d4e5f6'.repeat(6).slice(0, 64);
  const parsed = JSON.parse(text);
  expect(Object.keys(parsed)).toEqual([id]);
  expect(parsed[id].result.header).toEqual(['Image_Id', 'Repo_Tag', 'Trigger_Id', 'Gate', 'Trigger', 'Check_Output', 'Gate_Action']);
  expect(parsed[id].result.rows.at(-1)).toEqual(['a1b2c3d4e5f6', 'apache:weak', 'N/A', 'FINAL', 'FINAL', '', 'STOP']);
  expect(parsed[id].result.final_action).toBe('STOP');
});

test('classic-json: an image that was judged twice has two results, one that could not be judged has none', () => {
  const [image] = documents.stop?.images ?? [];
  const failed = documents.failed?.images ?? [];
  const document = { ...documents.stop, images: [image, image, image, image, ...failed] };
  const parsed = JSON.parse([...reporterNamed('classic-json').render(document as never, options)].join(''));
  expect(Object.keys(parsed).slice(1)).toEqual(['images/web/apache-weak.tar', 'images/web/apache-weak.tar#2', 'images/web/apache-weak.tar#3', 'cut.tar']);
  expect(parsed['cut.tar']).toEqual({ error: { code: 'IMAGE_INVALID', message: 'The archive ends in the middle of an entry', hint: null } });
});

test('classic-plain: a comma for each blank in a cell; the FINAL row has an empty cell', () => {
  const lines = render('classic-plain', 'stop').split('\n');
  expect(lines.slice(0, 2)).toEqual(['Image_Id Repo_Tag Trigger_Id Gate Trigger Check_Output Gate_Action', '']);
  expect(lines).toContain('a1b2c3d4e5f6 apache:weak N/A FINAL FINAL  STOP');
  expect(lines).toContain('a1b2c3d4e5f6 apache:weak DOCKERFILECHECK+NOHEALTHCHECK DOCKERFILECHECK NOHEALTHCHECK The,image,has,no,health,check WARN');
});

test('an unknown format is refused with the known ones', () => {
  expect(() => reporterNamed('yaml')).toThrow(PortcullisError);
  const error = (() => {
    try {
      return reporterNamed('yaml');
    } catch (thrown) {
      return thrown as PortcullisError;
    }
  })() as PortcullisError;
  expect(error.code).toBe('USAGE');
  for (const { name } of reporters) expect(error.hint).toContain(name);
});

test('every error is a document, a defect too', () => {
  expect(errorDocument(new PortcullisError('IMAGE_FORMAT', 'No image.', { hint: 'Save one.' }))).toEqual({
    schema: 'portcullis.error.v1',
    code: 'IMAGE_FORMAT',
    message: 'No image.',
    hint: 'Save one.',
  });
  expect(errorDocument(new TypeError('x is undefined')).code).toBe('DEFECT');
  expect(errorDocument('thrown text').message).toContain('thrown text');
  expect(renderErrorDocument(errorDocument(new PortcullisError('USAGE', 'a\u009b')))).toContain('a\\u009b');
});
