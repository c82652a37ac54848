import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { affected, bucket, debian12, type Fields, pkg, record, temporaryDirectory } from './advisories.fixture.ts';
import { type Advisories, openAdvisories } from './advisories.ts';
import { BucketServer } from './bucket-server.fixture.ts';
import { checkFeeds, feedsStatus, verifyStore } from './feeds-status.ts';
import { rememberEcosystems } from './needed-ecosystems.ts';
import { AdvisorySession } from './session.ts';
import { availableEcosystems, type SyncOptions, type SyncRequest, type SyncResult, syncFeeds } from './sync.ts';

const npm = (id: string, modified = '2026-01-01T00:00:00Z', events = ['introduced 0']): Fields => record(id, [affected('npm', 'a', events)], { modified });
const debian = (id: string, modified = '2026-01-01T00:00:00Z'): Fields => record(id, [affected('Debian:12', 'a', ['introduced 0'])], { modified });
const quick = { attempts: 3, pause: 2, longestPause: 20, connectTime: 2000, headersTime: 500, idleTime: 500 } as const;
const kev = JSON.stringify({
  catalogVersion: '2026.05.04',
  dateReleased: '2026-05-04T10:00:00Z',
  count: 1,
  vulnerabilities: [{ cveID: 'CVE-2026-1000', dateAdded: '2026-05-01', dueDate: '2026-05-20', knownRansomwareCampaignUse: 'Known' }],
});
const epss = gzipSync('#model_version:v2026.01.01,score_date:2026-05-04T00:00:00Z\ncve,epss,percentile\nCVE-2026-1000,0.5,0.9\n');

let server: BucketServer;
let base: string;
let dataDir: string;
beforeEach(async () => {
  server = new BucketServer();
  base = await server.start();
  dataDir = temporaryDirectory();
  server.put('/kev.json', kev);
  server.put('/epss_scores-current.csv.gz', epss);
});
afterEach(() => server.stop());

const sync = async (ecosystems: SyncRequest['ecosystems'], options: SyncOptions = {}): Promise<SyncResult> =>
  await syncFeeds({ ecosystems, source: base }, { dataDir, env: {}, limits: quick, ...options });
const outcomes = ({ sources }: SyncResult): Record<string, string> => Object.fromEntries(sources.map(({ name, how }) => [name, how]));

async function ids(): Promise<string[]> {
  const advisories = (await openAdvisories({ dataDir })) as Advisories;
  try {
    return advisories
      .match([pkg('npm', 'a', '1.0.0'), pkg('deb', 'a', '1')], debian12, new Date('2026-06-01'))
      .matches.map(({ id }) => id)
      .sort();
  } finally {
    advisories.close();
  }
}

describe('what is fetched', () => {
  test('archives first, then nothing while nothing changed, then the changes alone', async () => {
    server.lay({ npm: [npm('GHSA-1'), npm('GHSA-2')], Debian: [debian('DEBIAN-1')] });
    expect(outcomes(await sync('all'))).toEqual({ Debian: 'whole', npm: 'whole', kev: 'whole', epss: 'whole' });
    expect(await ids()).toEqual(['DEBIAN-1', 'GHSA-1', 'GHSA-2']);
    const { state } = await feedsStatus({ dataDir });
    expect(state?.sets.find(({ name }) => name === 'npm')).toMatchObject({ asOf: '2026-05-04T03:02:01.000Z', origin: `${base}/npm/all.zip`, records: 2 });
    expect(state?.sets.find(({ name }) => name === 'kev')).toMatchObject({ asOf: '2026-05-04T10:00:00.000Z', version: '2026.05.04' });

    server.requests.length = 0;
    expect(outcomes(await sync('all'))).toMatchObject({ Debian: 'unchanged', npm: 'unchanged' });
    expect(server.requests.filter((request) => request.includes('all.zip'))).toEqual([]);
    expect((await feedsStatus({ dataDir })).state?.digest).toBe(state?.digest);

    server.lay({ npm: [npm('GHSA-1', '2026-01-02T00:00:00Z', ['introduced 2.0.0']), npm('GHSA-3')] }, 'Tue, 05 May 2026 00:00:00 GMT');
    server.requests.length = 0;
    expect(outcomes(await sync('all'))).toMatchObject({ Debian: 'unchanged', npm: 'changes' });
    expect(server.requests.filter((request) => request.startsWith('GET /npm')).sort()).toEqual([
      'GET /npm/GHSA-1.json',
      'GET /npm/GHSA-3.json',
      'GET /npm/modified_id.csv',
    ]);
    expect(await ids()).toEqual(['DEBIAN-1', 'GHSA-3']);
    expect((await feedsStatus({ dataDir })).state?.sets.find(({ name }) => name === 'npm')).toMatchObject({ records: 2, asOf: '2026-05-05T00:00:00.000Z' });
    await verifyStore({ dataDir });

    // Fetched by changes or whole: the same state.
    const [other, changed] = [temporaryDirectory(), (await feedsStatus({ dataDir })).state?.digest];
    await sync('all', { dataDir: other });
    expect((await feedsStatus({ dataDir: other })).state?.digest).toBe(changed);
  });
  test('records dated in the future or at zero hide no change', async () => {
    const before = [npm('GHSA-1', '2030-01-01T00:00:00Z'), npm('GHSA-2', '0001-01-01T00:00:00Z')];
    server.lay({ npm: before });
    await sync(['npm']);
    server.lay({ npm: [...before, npm('GHSA-3', '2026-01-02T00:00:00Z')] });
    expect(outcomes(await sync(['npm']))).toMatchObject({ npm: 'changes' });
    expect(await ids()).toEqual(['GHSA-1', 'GHSA-2', 'GHSA-3']);
  });
  test('many changes: the archive', async () => {
    const some = (time: string): Fields[] => Array.from({ length: 40 }, (_, index) => npm(`GHSA-${index}`, time));
    server.lay({ npm: some('2026-01-01T00:00:00Z') });
    await sync(['npm']);
    server.lay({ npm: some('2026-01-02T00:00:00Z') });
    expect(outcomes(await sync(['npm']))).toMatchObject({ npm: 'whole' });
  });
  test('a changed record that is another one, or gone: the archive decides', async () => {
    server.lay({ npm: [npm('GHSA-1')] });
    await sync(['npm']);
    server.lay({ npm: [npm('GHSA-1', '2026-01-02T00:00:00Z'), npm('GHSA-2')] });
    server.put('/npm/GHSA-2.json', JSON.stringify(npm('GHSA-9')));
    expect(outcomes(await sync(['npm']))).toMatchObject({ npm: 'whole' });
    expect(await ids()).toEqual(['GHSA-1', 'GHSA-2']);
    server.lay({ npm: [npm('GHSA-1', '2026-01-03T00:00:00Z'), npm('GHSA-2')] });
    server.put('/npm/GHSA-1.json', '{ not JSON');
    expect(outcomes(await sync(['npm']))).toMatchObject({ npm: 'whole' });
    // A list that is no list proves nothing: then, and for the next sync, the archive is fetched.
    for (const list of ['rubbish', '2026-01-04T00:00:00Z,../GHSA-1\n', '']) {
      server.put('/npm/modified_id.csv', list);
      expect(outcomes(await sync(['npm']))).toMatchObject({ npm: 'whole' });
    }
    expect(await ids()).toEqual(['GHSA-1', 'GHSA-2']);
  });
  test('those that images need, those that are missing, names with blanks, what the source does not have', async () => {
    server.lay({ npm: [npm('GHSA-1')], Debian: [debian('D-1')], 'Rocky Linux': [record('RLSA-1', [affected('Rocky Linux:9', 'a', ['introduced 0'])])] });
    expect((await sync('needed')).sources.filter(({ name }) => name !== 'kev' && name !== 'epss')).toEqual([]);
    await rememberEcosystems(dataDir, ['Rocky Linux', 'npm']);
    expect(outcomes(await sync('needed'))).toMatchObject({ npm: 'whole', 'Rocky Linux': 'whole' });
    const missing = await syncFeeds({ ecosystems: ['Debian:12', 'npm', 'Hex'], source: base, missingOnly: true }, { dataDir, env: {}, limits: quick });
    expect(outcomes(missing)).toEqual({ Debian: 'whole', Hex: 'absent' });
    expect(await availableEcosystems(base, { env: {}, limits: quick })).toEqual(expect.arrayContaining(['Rocky Linux', 'npm', 'Debian']));
  });
  test('a mirror in a directory', async () => {
    const mirror = bucket({ npm: [npm('GHSA-1')] });
    writeFileSync(join(mirror, 'npm', 'modified_id.csv'), '2026-01-01T00:00:00Z,GHSA-1\n');
    writeFileSync(join(mirror, 'kev.json'), kev);
    writeFileSync(join(mirror, 'state.json'), '{"asOf":"2026-02-03T00:00:00Z"}');
    const run = (): Promise<SyncResult> => syncFeeds({ ecosystems: 'all', source: mirror }, { dataDir });
    expect(outcomes(await run())).toEqual({ npm: 'whole', kev: 'whole', epss: 'absent' });
    expect(outcomes(await run())).toMatchObject({ npm: 'unchanged' });
    expect((await feedsStatus({ dataDir })).state?.sets.find(({ name }) => name === 'npm')?.asOf).toBe('2026-02-03T00:00:00.000Z');
  });
});

describe('a server that fails', () => {
  beforeEach(async () => {
    server.lay({ npm: [npm('GHSA-1')], Debian: [debian('D-1')] });
    await sync('all');
    server.lay({ npm: Array.from({ length: 60 }, (_, index) => npm(`GHSA-N${index}`)), Debian: [debian('D-2')] });
    server.requests.length = 0;
  });
  test('busy, silent, stalled or cut once: it is tried again, and a cut download is gone on with', async () => {
    server.faults.set('/npm/all.zip', { faults: ['busy', 'silent', 'cut', 'stall'] });
    server.faults.set('/npm/modified_id.csv', { faults: ['cut'] });
    server.faults.set('/Debian/D-2.json', { faults: ['busy'] });
    expect(outcomes(await sync('all'))).toMatchObject({ npm: 'whole', Debian: 'changes' });
    expect(server.requests.filter((request) => /^GET \/npm\/all.zip bytes=/.test(request)).length).toBeGreaterThan(0);
    expect(await ids()).toHaveLength(61);
    await verifyStore({ dataDir });
  });
  test.each(['silent', 'stall', 'cut', 'too-long', 'too-short', 'busy', 'garbage'] as const)(
    '%s always: the old records stay, complete, and the others are stored',
    async (always) => {
      server.faults.set('/npm/all.zip', { faults: [], always });
      const result = await sync('all');
      expect(outcomes(result)).toMatchObject({ npm: 'failed', Debian: 'changes' });
      expect(['FEED_NOT_FOUND', 'FEED_INVALID']).toContain(result.sources.find(({ name }) => name === 'npm')?.error?.code);
      expect(await ids()).toEqual(['D-2', 'GHSA-1']);
      await verifyStore({ dataDir });
      // Nothing of the failure is in the way of the next attempt.
      server.faults.clear();
      expect(outcomes(await sync('all'))).toMatchObject({ npm: 'whole' });
      expect(await ids()).toHaveLength(61);
      expect(readdirSync(join(dataDir, 'advisories')).filter((name) => /partial|new|download/.test(name))).toEqual([]);
    },
  );
  test('an interrupted download is gone on with by the next run; a file that changed meanwhile is fetched from the start', async () => {
    server.faults.set('/npm/all.zip', { faults: [], always: 'cut' });
    await sync(['npm'], { limits: { ...quick, attempts: 1 } });
    const partial = readdirSync(join(dataDir, 'advisories')).filter((name) => name.startsWith('partial-'));
    expect(partial.some((name) => name.endsWith('.json'))).toBe(true);
    server.faults.clear();
    server.requests.length = 0;
    await sync(['npm']);
    expect(server.requests.some((request) => /all.zip bytes=[1-9]/.test(request))).toBe(true);
    expect(await ids()).toHaveLength(61);

    server.lay({ npm: Array.from({ length: 50 }, (_, index) => npm(`GHSA-M${index}`)) });
    server.faults.set('/npm/all.zip', { faults: [], always: 'cut' });
    await sync(['npm'], { limits: { ...quick, attempts: 1 } });
    server.faults.clear();
    server.lay({ npm: Array.from({ length: 45 }, (_, index) => npm(`GHSA-O${index}`)) });
    expect(outcomes(await sync(['npm']))).toMatchObject({ npm: 'whole' });
    expect((await ids()).filter((id) => id.startsWith('GHSA'))).toEqual(Array.from({ length: 45 }, (_, index) => `GHSA-O${index}`).sort());
    await verifyStore({ dataDir });
  });
  test('no list of ecosystems, nobody there: an error, and nothing changes', async () => {
    server.remove('/ecosystems.txt');
    await expect(sync('all')).rejects.toMatchObject({ code: 'FEED_NOT_FOUND' });
    await expect(syncFeeds({ ecosystems: 'all', source: 'http://127.0.0.1:1' }, { dataDir, env: {}, limits: quick })).rejects.toMatchObject({
      code: 'FEED_NOT_FOUND',
    });
    expect(await ids()).toEqual(['D-1', 'GHSA-1']);
  });
  test('exploitation data that is damaged is left out, and what was there stays', async () => {
    server.put('/kev.json', kev.slice(0, -40));
    server.put('/epss_scores-current.csv.gz', epss.subarray(0, 30));
    expect(outcomes(await sync('all'))).toMatchObject({ kev: 'failed', epss: 'failed', npm: 'whole' });
    const sets = (await feedsStatus({ dataDir })).state?.sets.map(({ name }) => name);
    expect(sets).toEqual(expect.arrayContaining(['kev', 'epss']));
  });
});

describe('the way there', () => {
  test('through a proxy', async () => {
    server.lay({ npm: [npm('GHSA-1')] });
    const result = await syncFeeds({ ecosystems: ['npm'], source: 'http://bucket.example' }, { dataDir, env: { http_proxy: base }, limits: quick });
    expect(outcomes(result)).toMatchObject({ npm: 'whole' });
    expect((await feedsStatus({ dataDir })).state?.sets.find(({ name }) => name === 'npm')?.origin).toBe('http://bucket.example/npm/all.zip');
  });
  const openssl = spawnSync('openssl', ['version']).status === 0;
  test.skipIf(!openssl)('with a private certificate authority (skipped where openssl is absent)', async () => {
    const folder = temporaryDirectory();
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'ca.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate, ...subject], {
      stdio: 'ignore',
    });
    const mirror = bucket({ npm: [npm('GHSA-1')] });
    const tls = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
      const path = join(mirror, decodeURIComponent(request.url ?? ''));
      try {
        const bytes = readFileSync(path);
        response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const source = `https://localhost:${(tls.address() as AddressInfo).port}`;
    try {
      const refused = await syncFeeds({ ecosystems: ['npm'], source }, { dataDir, env: {}, limits: quick });
      expect(outcomes(refused)).toMatchObject({ npm: 'failed' });
      const trusted = await syncFeeds({ ecosystems: ['npm'], source }, { dataDir, env: {}, limits: quick, caFile: certificate });
      expect(outcomes(trusted)).toMatchObject({ npm: 'whole' });
    } finally {
      tls.closeAllConnections();
      tls.close();
    }
  });
});

describe('a session', () => {
  const open = (source: string, warnings: string[], fetch: SyncOptions | null = { env: {}, limits: quick }): Promise<AdvisorySession> =>
    AdvisorySession.open({ dataDir, source, fetch, warn: (message) => void warnings.push(message) });
  test('fetches once what an image needs and nobody loaded; offline it does not', async () => {
    server.lay({ npm: [npm('GHSA-1')], Debian: [debian('D-1')] });
    const warnings: string[] = [];
    const offline = await open(base, warnings, null);
    expect(await offline.prepare([pkg('npm', 'a', '1.0.0')], null)).toBeNull();
    offline.close();
    expect(server.requests).toEqual([]);
    const session = await open(base, warnings);
    const first = await session.prepare([pkg('npm', 'a', '1.0.0')], null);
    expect(first?.match([pkg('npm', 'a', '1.0.0')], null, new Date()).matches).toHaveLength(1);
    const before = server.requests.length;
    expect(await session.prepare([pkg('npm', 'b', '1.0.0')], null)).toBe(first);
    expect(server.requests).toHaveLength(before);
    const second = await session.prepare([pkg('deb', 'a', '1')], debian12);
    expect(second?.ecosystems).toEqual(new Set(['npm', 'Debian']));
    expect(first?.state.exploitation).toEqual(second?.state.exploitation);
    session.close();
    expect(warnings).toEqual([]);
  });
  test('what cannot be fetched is a warning, and the packages are undecided, never clean', async () => {
    const warnings: string[] = [];
    const session = await open('http://127.0.0.1:1', warnings);
    expect(await session.prepare([pkg('npm', 'a', '1.0.0'), pkg('gem', 'b', '1')], null)).toBeNull();
    expect(warnings).toEqual([expect.stringMatching(/RubyGems, npm could not be fetched.*127\.0\.0\.1/)]);
    // One attempt a run is enough.
    const count = warnings.length;
    await session.prepare([pkg('npm', 'a', '1.0.0')], null);
    expect(warnings).toHaveLength(count);
    session.close();
  });
});

test('a check finds what is too old by the state of the source, not by its records', async () => {
  server.lay({ npm: [npm('GHSA-1', '2030-01-01T00:00:00Z')] });
  await sync(['npm']);
  const check = (day: string, maxFeedAge: number): Promise<string[]> =>
    checkFeeds({ dataDir, now: new Date(day), maxFeedAge }).then(({ stale }) => stale.map(({ name }) => name).sort());
  expect(await check('2026-05-06', 3)).toEqual([]);
  expect(await check('2026-05-10', 3)).toEqual(['epss', 'kev', 'npm']);
  expect(await check('2026-05-01', 3)).toEqual(['epss', 'kev', 'npm']);
});
