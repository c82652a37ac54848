// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile variables look like that
import { describe, expect, test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import type { ExampleFacts } from '../trigger.ts';
import absent from './absent.ts';
import { fromLines } from './from.ts';
import fromMissing from './from-missing.ts';
import fromScratch from './from-scratch.ts';
import fromUntagged from './from-untagged.ts';
import healthcheckMissing from './healthcheck-missing.ts';
import sudo from './sudo.ts';
import volume from './volume.ts';

/** A Dockerfile of `KEYWORD arguments` lines. */
function dockerfile(mode: 'given' | 'rebuilt' | 'none', ...lines: string[]): ExampleFacts {
  let stage = -1;
  const instructions = lines.map((line, index) => {
    const blank = line.indexOf(' ');
    const keyword = line.slice(0, blank);
    if (keyword === 'FROM') stage += 1;
    return { keyword, arguments: line.slice(blank + 1), line: index + 1, stage: Math.max(stage, 0) };
  });
  return { dockerfile: { mode, path: mode === 'given' ? 'Dockerfile' : null, instructions } };
}
const given = (...lines: string[]): ExampleFacts => dockerfile('given', ...lines);

testTrigger(
  absent,
  [
    {
      title: 'a Dockerfile that the image contradicts was still given',
      facts: given('FROM a:1'),
      problems: [{ evidence: 'dockerfile', kind: 'contradiction' }],
    },
  ],
  test,
);

testTrigger(
  fromMissing,
  [
    { title: 'an empty Dockerfile', facts: given(), fires: ['FROM'] },
    {
      title: 'a Dockerfile that the image contradicts',
      facts: given('FROM a:1'),
      problems: [{ evidence: 'dockerfile', kind: 'contradiction' }],
      undecided: ['problem-1'],
    },
  ],
  test,
);

testTrigger(
  fromScratch,
  [
    { title: 'in capitals, with a flag', facts: given('FROM --platform=$BUILDPLATFORM SCRATCH'), fires: ['scratch'] },
    { title: 'through a variable', facts: given('ARG BASE=scratch', 'FROM ${BASE}'), fires: ['scratch'] },
    { title: 'a variable without default', facts: given('FROM $BASE'), undecided: ['$BASE'] },
    { title: 'a variable of a stage has no meaning for FROM', facts: given('FROM a:1', 'ARG BASE=scratch', 'FROM $BASE'), undecided: ['$BASE'] },
    { title: 'an image whose name ends so', facts: given('FROM team/scratch') },
    { title: 'no FROM line', facts: given('RUN true') },
  ],
  test,
);

testTrigger(
  fromUntagged,
  [
    { title: 'a tag and a digest', facts: given('FROM a:latest@sha256:00') },
    { title: 'an empty tag', facts: given('FROM a:'), fires: ['a:'] },
    { title: 'a registry with port and tag', facts: given('FROM host:5000/a:1') },
    { title: 'defaults within the variable', facts: given('FROM a:${V:-1}', 'FROM a:${V-latest}'), fires: ['a:latest'] },
    { title: 'a variable without default whose name is the tag', facts: given('ARG V', 'FROM a:${V}'), undecided: ['a:${V}'] },
    { title: 'a stage by name, whatever its case', facts: given('FROM a:1 as Build', 'FROM build') },
    { title: 'a stage that is named only later is an image', facts: given('FROM build', 'FROM a:1 AS build'), fires: ['build'] },
    { title: 'not given', facts: dockerfile('rebuilt', 'RUN true'), undecided: [''] },
  ],
  test,
);

testTrigger(
  sudo,
  [
    {
      title: 'every instruction',
      facts: given('FROM a:1', 'RUN sudo -n true', 'COPY sudoers /etc/sudoers', 'LABEL x=sudo'),
      fires: ['COPY sudoers /etc/sudoers', 'RUN sudo -n true'],
    },
    { title: 'neither Dockerfile nor history', facts: dockerfile('none'), undecided: [''] },
  ],
  test,
);

testTrigger(
  healthcheckMissing,
  [
    { title: 'an empty list inherits nothing', facts: { configuration: { healthcheck: { test: [] } } }, fires: ['HEALTHCHECK'] },
    { title: 'none in small letters', facts: { configuration: { healthcheck: { test: ['none'] } } }, fires: ['HEALTHCHECK'] },
    { title: 'no configuration', facts: {}, missing: ['configuration'], undecided: ['configuration'] },
  ],
  test,
);

testTrigger(
  volume,
  [
    { title: 'each volume', facts: { configuration: { volumes: ['/a', '/b'] } }, fires: ['/a', '/b'] },
    { title: 'no configuration', facts: {}, missing: ['configuration'], undecided: ['configuration'] },
  ],
  test,
);

describe('FROM lines', () => {
  const images = (...lines: string[]) => {
    const facts = given(...lines).dockerfile;
    return fromLines({ mode: 'given', path: null, instructions: (facts?.instructions ?? []) as never }).map(({ image }) => image);
  };
  test('variables that double each other end', () => {
    const lines = Array.from({ length: 60 }, (_, n) => `ARG V${n + 1}=$V${n}$V${n}`);
    expect(images('ARG V0=xx', ...lines, 'FROM $V60', 'FROM $V5')).toEqual([undefined, 'xx'.repeat(32)]);
  });

  test.each([
    [['ARG A=x B=y', 'FROM $A-${B}:1'], ['x-y:1']],
    [['ARG A=x', 'ARG B=$A/z', 'FROM $B'], ['x/z']],
    [['ARG A="quoted"', 'FROM $A'], ['quoted']],
    [['FROM ${A:+x}y'], ['y']],
    [['ARG A=1', 'FROM ${A:+x}y'], ['xy']],
    [['FROM ${A%x}'], [undefined]],
    [['FROM "a:1"'], ['a:1']],
    [['FROM --platform=linux/amd64   a:1   AS b'], ['a:1']],
  ])('%j', (lines, expected) => expect(images(...lines)).toEqual(expected));
});
