import { expect, test } from 'vitest';
import type { Evidence, PackageType, Request, RequestDetail } from '../model/index.ts';
import { exampleEvidence } from '../testing/index.ts';
import { answerTo } from './request-coverage.ts';

/** Whether evidence that was collected for one request answers another of the same kind. */
function answers(kind: Request['kind'], has: RequestDetail | undefined, wants: RequestDetail | undefined): boolean {
  const whole = exampleEvidence({});
  const request = (detail: RequestDetail | undefined): Request => (detail === undefined ? { kind } : { kind, detail });
  const evidence: Evidence = { ...whole, coverage: [{ request: request(has), state: 'collected', problems: [] }] };
  return answerTo(request(wants), evidence).gap === null;
}

test('what was collected of files answers what lies within it, and nothing else', () => {
  expect(answers('files', undefined, { files: { modeBits: 0o4000, names: ['/etc'], capabilities: true } })).toBe(true);
  expect(answers('files', { files: { modeBits: 0o6000 } }, { files: { modeBits: 0o4000 } })).toBe(true);
  expect(answers('files', { files: { modeBits: 0o4000 } }, { files: { modeBits: 0o6000 } })).toBe(false);
  expect(answers('files', { files: { modeBits: 0o4000 } }, undefined)).toBe(false);
  expect(answers('files', { files: { names: ['a', 'b'] } }, { files: { names: ['b'] } })).toBe(true);
  expect(answers('files', { files: { names: ['a'] } }, { files: { names: ['b'] } })).toBe(false);
  expect(answers('files', { files: { modeBits: 0o6000 } }, { files: { modeBits: 0o6000, capabilities: true } })).toBe(false);
  expect(answers('files', undefined, { files: {}, digests: ['sha256'] })).toBe(false);
  expect(answers('files', { digests: ['md5', 'sha256'] }, { files: { names: ['a'] }, digests: ['sha256'] })).toBe(true);
  expect(answers('files', undefined, { owners: true })).toBe(false);
  expect(answers('files', { owners: true }, { owners: true })).toBe(true);
});

test('content that nobody searched for is not known', () => {
  expect(answers('contents', { patterns: ['a', 'b'] }, { patterns: ['b'] })).toBe(true);
  expect(answers('contents', undefined, { patterns: ['b'] })).toBe(false);
  expect(answers('contents', { patterns: ['a'] }, { patterns: ['b'] })).toBe(false);
});

test('a problem of several ecosystems touches what asks for one of them', () => {
  const problem = { kind: 'no-data', evidence: 'packages', cause: 'outside', id: 'p', what: 'packages', why: 'nobody looked', location: null } as const;
  const touched = (types: readonly PackageType[] | undefined): boolean => {
    const evidence: Evidence = { ...exampleEvidence({}), problems: [{ ...problem, scope: { ecosystems: ['npm', 'pypi'] } }] };
    return answerTo({ kind: 'packages', ...(types === undefined ? {} : { detail: { types } }) }, evidence).problems.length > 0;
  };
  expect(touched(['npm'])).toBe(true);
  expect(touched(['deb', 'pypi'])).toBe(true);
  expect(touched(['deb', 'apk', 'rpm'])).toBe(false);
  expect(touched(undefined)).toBe(true);
});
