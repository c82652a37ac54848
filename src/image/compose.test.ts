// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how variables of Compose are written.
import { describe, expect, test } from 'vitest';
import { imagesOfCompose, parseEnvFile } from './compose.ts';
import { interpolate } from './interpolate.ts';

const names = (text: string, variables = {}) => imagesOfCompose(text, 'compose.yaml', variables);

test('the images of the services, each once; what is only built is said', () => {
  const { images, notes } = names(`
x-base: &base {image: base:1}
services:
  web: {image: "nginx:\${TAG:-1.27}"}
  again: {image: nginx:1.27}
  merged: {<<: *base}
  child: {extends: {service: web}}
  built: {build: .}
  both: {build: ., image: own/app}
  other: {extends: {file: other.yaml, service: x}}
  nothing: {}
  circle: {extends: {service: circle}}
  mounted: {image: m, volumes: ["./a:/b", {type: image, source: "data:1", target: /d}]}
include: [more.yaml]
`);
  expect(images).toEqual([
    { reference: 'nginx:1.27', usedBy: ['service web', 'service again', 'service child'] },
    { reference: 'base:1', usedBy: ['service merged'] },
    { reference: 'own/app', usedBy: ['service both'] },
    { reference: 'm', usedBy: ['service mounted'] },
    { reference: 'data:1', usedBy: ['service mounted, a volume'] },
  ]);
  expect(notes.map((note) => note.slice(0, 30)).sort()).toEqual(
    [
      'compose.yaml includes other files',
      'Service built is built and names no image',
      'Service circle names no image.',
      'Service nothing names no image.',
      'Service other extends one of other.yaml',
      'Service other names no image.',
    ]
      .map((note) => note.slice(0, 30))
      .sort(),
  );
});

describe('variables', () => {
  const variables = { A: 'a', EMPTY: '' };
  test.each([
    ['$A', 'a'],
    ['x${A}y', 'xay'],
    ['$$A', '$A'],
    ['$${A}', '${A}'],
    ['${EMPTY-d}', ''],
    ['${EMPTY:-d}', 'd'],
    ['${NO-d}', 'd'],
    ['${NO:-${ALSO:-${A}}}', 'a'],
    ['${A:+set}', 'set'],
    ['${EMPTY:+set}', ''],
    ['${EMPTY+set}', 'set'],
    ['${NO+set}', ''],
    ['${A:?must}', 'a'],
    ['${NO:-a}}', 'a}'],
    ['${NO:-a$$b}', 'a$b'],
    ['$NO', ''],
    ['${toString}', ''],
  ])('%s', (text, expected) => expect(interpolate(text, variables, () => {})).toBe(expected));
  test.each(['${A', '${}', '$', '${1}', '${A!x}', '${NO:?must be set}', '${NO?}', `${'${A:-'.repeat(30)}`, 'x'.repeat(5000)])('%s is refused', (text) => {
    expect(() => interpolate(text, { ...variables, A: undefined }, () => {})).toThrow(expect.objectContaining({ code: 'USAGE_FILE' }));
  });
  test('one that is not set is said', () => {
    expect(names('services: {a: {image: "x$NO"}}').notes).toEqual(['The variable NO, in the image of service a, is not set and counts as empty.']);
  });
});

test('a .env file', () => {
  const text = '\uFEFF# c\nA=1\nexport B = two # c\nC="x # y"\nD=\'$A\' # c\nE=\nbad line\n1X=2\n';
  expect({ ...parseEnvFile(text) }).toEqual({ A: '1', B: 'two', C: 'x # y', D: '$A', E: '' });
});

test.each(['', 'a: 1', 'services: []', 'services: {}', 'services: {a: {build: .}}', '[', 'services: {a: {image: ""}}'])('%j is refused', (text) => {
  expect(() => names(text)).toThrow(expect.objectContaining({ code: 'USAGE_FILE' }));
});
