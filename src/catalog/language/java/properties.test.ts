import { expect, test } from 'vitest';
import { parseManifest } from './manifest.ts';
import { parsePom } from './pom.ts';
import { parseProperties } from './properties.ts';

test('properties: comments, separators, escapes, lines that go on', () => {
  const text = '# a=1\n! b=2\nkey=value\nother : v\n bare word\nlong=a\\\n   b\\u00e9\\t\nback=x\\\\\nk\\=ey=1\nempty=\r\nlast=9';
  expect(Object.fromEntries(parseProperties(text))).toEqual({
    key: 'value',
    other: 'v',
    bare: 'word',
    long: 'abé',
    back: 'x\\',
    'k=ey': '1',
    empty: '',
    last: '9',
  });
});

test('properties: hostile lines take linear time', () => {
  parseProperties('\\'.repeat(1_000_001));
  parseProperties(`a${' '.repeat(1_000_000)}`);
  parseProperties('x\\\n'.repeat(300_000));
  expect(parseProperties('').size).toBe(0);
});

test('manifest: the main section, lines that go on, any case', () => {
  const text = 'Manifest-Version: 1.0\r\nImplementation-TITLE: a very lo\r\n ng title\r\n\r\nName: x\r\nImplementation-Version: 9\r\n';
  const { main, sections } = parseManifest(text);
  expect(Object.fromEntries(main)).toEqual({ 'manifest-version': '1.0', 'implementation-title': 'a very long title' });
  expect(sections.map((section) => Object.fromEntries(section))).toEqual([{ name: 'x', 'implementation-version': '9' }]);
});

test('manifest: hostile lines take linear time', () => {
  expect(parseManifest(`a: b\n${' x\n'.repeat(1_000_000)}`).main.get('a')).toHaveLength(1_000_001);
  expect(parseManifest(`a: b\n\n${'Name: x\nImplementation-Version: 1\n\n'.repeat(100_000)}`).sections).toHaveLength(100_000);
  expect(parseManifest(' \n: \n').main.size).toBe(0);
});

test('pom: own coordinates only, CDATA and entities, no growth', () => {
  const text = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><project xmlns="x"><dependencies><dependency><version>9</version></dependency></dependencies>
    <groupId>g&#46;h</groupId><artifactId><![CDATA[a]]></artifactId><version>\${project.groupId}-1</version></project>`;
  expect(parsePom(text)).toEqual({ groupId: 'g.h', artifactId: 'a', version: 'g.h-1', licenses: [], dependencies: [] });
  expect(parsePom(`<project>${'<a>'.repeat(100_000)}`)).toEqual({ licenses: [], dependencies: [] });
  expect(parsePom('<'.repeat(100_000))).toEqual({ licenses: [], dependencies: [] });
  expect(parsePom(`<project><version>${'\u0024{a}'.repeat(200)}</version><properties><a>${'x'.repeat(100_000)}</a></properties></project>`).version).toBe(
    undefined,
  );
});
