import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FixtureFile, packageOf, serviceImageOf } from './image-files.fixture.ts';
import * as nginxCorpus from './nginx/corpus.fixture.ts';
import nginx from './nginx/index.ts';
import * as postgresCorpus from './postgresql/corpus.fixture.ts';
import postgresql from './postgresql/index.ts';
import * as redisCorpus from './redis/corpus.fixture.ts';
import redis from './redis/index.ts';
import type { ServiceReader } from './service-reader.ts';
import * as sshdCorpus from './sshd/corpus.fixture.ts';
import sshd from './sshd/index.ts';

type Files = Readonly<Record<string, string>>;

/** Every configuration of the oracle tests, changed at random: whatever comes out, a reader gives an answer of the right form. */
const corpora: readonly (readonly [reader: ServiceReader, name: readonly [string, string], entry: string, main: string, files: readonly Files[]])[] = [
  [
    nginx,
    ['nginx', '1.22.1-9'],
    '/etc/nginx',
    'nginx.conf',
    [...nginxCorpus.validConfigurations, ...nginxCorpus.invalidConfigurations].map(([, files]) => files),
  ],
  [sshd, ['openssh-server', '1:9.2p1-2'], '/etc/ssh', 'sshd_config', [...sshdCorpus.validCases, ...sshdCorpus.invalidCases].map((one) => one.files)],
  [redis, ['redis-server', '5:7.0.15-1'], '/etc/redis', 'redis.conf', [...redisCorpus.validCases, ...redisCorpus.refusedCases].map((one) => one.files)],
  [
    postgresql,
    ['postgresql-15', '15.18-1'],
    '/etc/postgresql/15/main',
    'postgresql.conf',
    [...postgresCorpus.validCases, ...postgresCorpus.refusedCases].map((one) => one.files),
  ],
];

/** One change: take out, put in, double or swap a piece. */
const change = fc.record({
  kind: fc.constantFrom('remove', 'insert', 'double', 'swap', 'flip'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 30 }),
  text: fc.oneof(
    fc.constantFrom('{', '}', ';', '"', "'", '\\', '\n', '\0', '#', '=', '$', 'include ', 'Match ', '@', '\uffff', '-1', '99999999999999999999'),
    fc.string({ maxLength: 5 }),
  ),
});

describe.each(corpora)('$0.name', (reader, [name, version], directory, main, files) => {
  test('gives an answer to anything', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 6 }), (given, changes) => {
        const image: Record<string, FixtureFile> = { '/etc/postgresql/15/main/pg_hba.conf': '' };
        for (const [path, text] of Object.entries(given))
          image[`${directory}/${path}`] = changes.reduce(apply, text.replaceAll('D/', `${directory}/`).slice(0, 20_000));
        const services = [...reader.read(serviceImageOf({ files: image, packages: [packageOf('deb', name, version)] }))];
        expect(services).toHaveLength(1);
        for (const service of services) {
          expect(service.entry).toBe(`${directory}/${main}`);
          expect(service.scopes.length).toBeGreaterThan(0);
          for (const problem of service.problems) expect(problem.why).not.toBe('');
          for (const setting of service.scopes.flatMap((scope) => scope.settings)) {
            if (typeof setting.value !== 'string' || setting.key === '' || (!setting.certain && setting.uncertainty === undefined))
              expect.unreachable(setting.key);
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});

function apply(text: string, one: { readonly kind: string; readonly at: number; readonly length: number; readonly text: string }): string {
  const at = Math.floor(one.at * text.length);
  const piece = text.slice(at, at + one.length);
  switch (one.kind) {
    case 'remove':
      return text.slice(0, at) + text.slice(at + one.length);
    case 'insert':
      return text.slice(0, at) + one.text + text.slice(at);
    case 'double':
      return text.slice(0, at) + piece + text.slice(at);
    case 'swap':
      return text.slice(0, at) + [...piece].reverse().join('') + text.slice(at + one.length);
    default:
      return text.slice(0, at) + piece.toUpperCase() + text.slice(at + one.length);
  }
}
