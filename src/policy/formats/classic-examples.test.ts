import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../diagnostic.ts';
import { parsePolicy } from './classic.ts';

const folder = new URL('../../../../shared/reference/classic-examples/', import.meta.url);
const isAbsent = !existsSync(folder);

const read = (file: string) => parsePolicy(readFileSync(new URL(file, folder), 'utf8'), { name: file, source: file });
const lines = (file: string) => read(file).value?.rules.map(({ written, action }) => `${written.line} ${written.gate}:${written.trigger} ${action}`);
const said = (file: string) => read(file).diagnostics.map(({ line, level, code }) => `${line} ${level} ${code}`);

describe('the classic examples (skipped where ../shared/reference is absent)', () => {
  test.skipIf(isAbsent)('01: the seed story', () => {
    expect(said('01-seed-story.policy')).toEqual([]);
    expect(lines('01-seed-story.policy')).toEqual(['3 DOCKERFILECHECK:NOHEALTHCHECK warn', '4 PKGBLACKLIST:PKGNAMEMATCH stop', '5 ANCHORESEC:VULNHIGH stop']);
  });

  test.skipIf(isAbsent)('02: only the check of the base image waits', () => {
    expect(said('02-dockerfile-and-base.policy')).toEqual(['11 error not-available']);
  });

  test.skipIf(isAbsent)('03: checks of base image and registries wait', () => {
    const numbers = [5, 6, 7, 8, 16, 17, 18, 19, 23, 24, 25, 26, 27, 28];
    expect(said('03-packages-and-licences.policy')).toEqual(numbers.map((line) => `${line} error not-available`));
  });

  test.skipIf(isAbsent)('04: the set-id comparison waits', () => {
    expect(said('04-files-secrets-accounts.policy')).toEqual([9, 10, 11, 12].map((line) => `${line} error not-available`));
  });

  test.skipIf(isAbsent)('02 to 04: everything else is read', () => {
    for (const [file, count] of [
      ['02-dockerfile-and-base.policy', 8],
      ['03-packages-and-licences.policy', 7],
      ['04-files-secrets-accounts.policy', 10],
    ] as const) {
      const waiting = new Set(read(file).diagnostics.map(({ line }) => line));
      const text = readFileSync(new URL(file, folder), 'utf8').split('\n');
      const rest = text.map((line, index) => (waiting.has(index + 1) ? '' : line)).join('\n');
      const parsed = parsePolicy(rest, { name: file, source: file });
      expect(parsed.diagnostics).toEqual([]);
      expect(parsed.value?.rules).toHaveLength(count);
    }
  });

  test.skipIf(isAbsent)('05: vulnerabilities', () => {
    expect(said('05-vulnerabilities.policy')).toEqual([]);
    expect(lines('05-vulnerabilities.policy')).toEqual([
      '2 ANCHORESEC:VULNCRITICAL stop',
      '3 ANCHORESEC:VULNHIGH stop',
      '4 ANCHORESEC:VULNMEDIUM warn',
      '5 ANCHORESEC:VULNLOW go',
      '6 ANCHORESEC:VULNUNKNOWN go',
      '7 ANCHORESEC:FEEDOUTOFDATE warn',
      '8 ANCHORESEC:UNSUPPORTEDDISTRO warn',
    ]);
  });

  test.skipIf(isAbsent)('06: what the old tool accepted, flagged line by line', () => {
    expect(read('06-odd-but-accepted.policy').diagnostics.map((each) => formatDiagnostic('06', each).replace(/ \(.*/, ''))).toEqual([
      '06:7:1: warning: DOCKERFILECHECK:EXPOSE stands in line 5 too; both lines count',
      '06:9:31: error: there is no action “stop”',
      '06:11:17: error: the gate DOCKERFILECHECK has no trigger “NOSUCHTRIGGER”',
      '06:13:1: error: there is no gate “NOSUCHGATE”',
      '06:15:31: error: PKGBLACKLIST:PKGNAMEMATCH needs BLACKLIST_NAMEMATCH: without it the rule could never fire',
      '06:16:32: error: BLACKLIST_NAMEMATCH is a parameter of PKGBLACKLIST:PKGNAMEMATCH, not of PKGBLACKLIST:PKGFULLMATCH; a parameter counts for its own line only',
      '06:18:39: note: what follows the # was read as a comment; the old tool took it for a part of the line',
    ]);
  });
});
