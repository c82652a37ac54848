import { expect, test } from 'vitest';
import type { Service, ServiceProblem } from '../../model/index.ts';
import type { Outcome } from '../trigger.ts';
import { judgeServices, problemWords } from './selection.ts';

const problem = (changes: Partial<ServiceProblem> = {}): ServiceProblem => ({
  kind: 'uncertain',
  what: 'the configuration of nginx',
  why: 'a script starts it',
  location: null,
  ...changes,
});
const service = (problems: readonly ServiceProblem[]): Service => ({
  service: 'nginx',
  version: '1.27.1',
  entry: '/etc/nginx/nginx.conf',
  runs: true,
  scopes: [],
  problems,
});
const doubt: Outcome = { state: 'undecided', subject: 'nginx http', reason: 'nginx, http: a script starts it', cause: 'image' };
const judged = (problems: readonly ServiceProblem[], outcomes: readonly Outcome[]): string[] =>
  [...judgeServices([service(problems)], { running: false }, () => outcomes)].map(({ subject }) => subject ?? '');

test('a doubt that a scope was already undecided for is not told again', () => {
  expect(judged([problem()], [doubt])).toEqual(['nginx http']);
});

test.each<[string, readonly ServiceProblem[], readonly Outcome[]]>([
  ['no scope says it', [problem()], []],
  ['it is another', [problem({ why: 'an include is missing' })], [doubt]],
  ['one of several is another', [problem(), problem({ why: 'an include is missing' })], [doubt]],
  ['the configuration is invalid', [problem({ kind: 'invalid' })], [doubt]],
])('a problem of the whole is told where %s', (_, problems, outcomes) => {
  expect(judged(problems, outcomes).at(-1)).toBe('nginx /etc/nginx/nginx.conf');
});

test('a problem names its service once', () => {
  expect(problemWords(service([]), problem())).toBe('nginx: a script starts it');
  expect(problemWords(service([]), problem({ what: 'SSLProtocol is refused.' }))).toBe('nginx: SSLProtocol is refused: a script starts it');
});
