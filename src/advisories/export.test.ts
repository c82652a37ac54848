import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { affected, bucket, debian12, type Fields, looseRecords, pkg, record, temporaryDirectory } from './advisories.fixture.ts';
import { type Advisories, openAdvisories } from './advisories.ts';
import { exportFeeds } from './export.ts';
import { ageProblem } from './feed-age.ts';
import { feedsStatus, verifyStore } from './feeds-status.ts';
import { importAdvisories } from './import.ts';
import { rememberEcosystems } from './needed-ecosystems.ts';
import { pruneFeeds } from './prune.ts';

const npm = (id: string): Fields => record(id, [affected('npm', 'a', ['introduced 0'])]);
const debian = (id: string): Fields => record(id, [affected('Debian:12', 'a', ['introduced 0'])]);
const packages = [pkg('npm', 'a', '1.0.0'), pkg('deb', 'a', '1')];

async function ids(options: { dataDir?: string; file?: string }): Promise<string[]> {
  const advisories = (await openAdvisories(options)) as Advisories;
  try {
    return advisories
      .match(packages, debian12, new Date('2026-06-01'))
      .matches.map(({ id }) => id)
      .sort();
  } finally {
    advisories.close();
  }
}
const digestOf = async (dataDir: string): Promise<string | undefined> => (await feedsStatus({ dataDir })).state?.digest;

async function exported(): Promise<{ readonly dataDir: string; readonly file: string; readonly digest: string }> {
  const dataDir = temporaryDirectory();
  await importAdvisories(bucket({ npm: [npm('GHSA-1')], Debian: [debian('D-1')] }), { dataDir });
  const file = join(temporaryDirectory(), 'feeds.db');
  const { digest } = await exportFeeds(file, { dataDir });
  return { dataDir, file, digest };
}

describe('one file', () => {
  test('judges as it is, with the digest of the state it was exported from', async () => {
    const { dataDir, file, digest } = await exported();
    expect(digest).toBe(await digestOf(dataDir));
    expect(await ids({ file })).toEqual(['D-1', 'GHSA-1']);
    const advisories = (await openAdvisories({ file, dataDir: temporaryDirectory() })) as Advisories;
    expect(advisories.state.digest).toBe(digest);
    advisories.close();
  });
  test('is imported elsewhere as the same state; sources of one’s own stay', async () => {
    const { file, digest } = await exported();
    const empty = temporaryDirectory();
    await importAdvisories(file, { dataDir: empty });
    expect(await digestOf(empty)).toBe(digest);
    const own = temporaryDirectory();
    await importAdvisories(looseRecords([npm('OWN-1')], 'mine'), { dataDir: own });
    await importAdvisories(bucket({ npm: [npm('GHSA-OLD')] }), { dataDir: own });
    await importAdvisories(file, { dataDir: own });
    expect(await ids({ dataDir: own })).toEqual(['D-1', 'GHSA-1', 'OWN-1']);
    await verifyStore({ dataDir: own });
    await importAdvisories(bucket({ npm: [npm('GHSA-2')] }), { dataDir: own });
    expect(await ids({ dataDir: own })).toEqual(['D-1', 'GHSA-2', 'OWN-1']);
    await verifyStore({ dataDir: own });
  });
  test('damaged anywhere, it is refused, and nothing changes', async () => {
    const { file } = await exported();
    const dataDir = temporaryDirectory();
    await importAdvisories(bucket({ npm: [npm('GHSA-OLD')] }), { dataDir });
    const size = statSync(file).size;
    for (let round = 0; round < 24; round++) {
      const copy = join(temporaryDirectory(), 'copy.db');
      copyFileSync(file, copy);
      const bytes = readFileSync(copy);
      const at = 100 + Math.floor(Math.random() * (size - 100));
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      writeFileSync(copy, bytes);
      const outcome = await importAdvisories(copy, { dataDir: temporaryDirectory() }).then(
        ({ digest }) => digest,
        (error: { code: string }) => error.code,
      );
      // A byte that nothing reads may be anything.
      expect(['FEED_INVALID', await exportFeeds(join(temporaryDirectory(), 'x'), { dataDir: await imported(file) }).then(({ digest }) => digest)]).toContain(
        outcome,
      );
    }
    writeFileSync(join(dataDir, 'cut.db'), readFileSync(file).subarray(0, size - 4096));
    await expect(importAdvisories(join(dataDir, 'cut.db'), { dataDir })).rejects.toMatchObject({ code: 'FEED_INVALID' });
    expect(await ids({ dataDir })).toEqual(['GHSA-OLD']);
  });
  test('nothing to export, no place to write, no file to judge with: said, and nothing is left behind', async () => {
    const target = join(temporaryDirectory(), 'x.db');
    await expect(exportFeeds(target, { dataDir: temporaryDirectory() })).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    const { dataDir } = await exported();
    await expect(exportFeeds(join(target, 'below', 'x.db'), { dataDir })).rejects.toMatchObject({ code: 'OUTPUT' });
    expect(existsSync(target)).toBe(false);
    await expect(openAdvisories({ file: target })).rejects.toMatchObject({ code: 'FEED_NOT_FOUND' });
  });
});

async function imported(file: string): Promise<string> {
  const dataDir = temporaryDirectory();
  await importAdvisories(file, { dataDir });
  return dataDir;
}

describe('pruning', () => {
  test('takes away what no image needs, or what is named, never one’s own', async () => {
    const { dataDir, digest } = await exported();
    await importAdvisories(looseRecords([npm('OWN-1')], 'mine'), { dataDir });
    await rememberEcosystems(dataDir, ['npm']);
    const pruned = await pruneFeeds(null, { dataDir });
    expect(pruned.removed.map(({ name }) => name)).toEqual(['Debian']);
    expect(pruned.digest).not.toBe(digest);
    expect(await ids({ dataDir })).toEqual(['GHSA-1', 'OWN-1']);
    expect((await pruneFeeds(null, { dataDir })).removed).toEqual([]);
    expect((await pruneFeeds(['npm'], { dataDir })).removed.map(({ name }) => name)).toEqual(['npm']);
    expect(await ids({ dataDir })).toEqual(['OWN-1']);
    await verifyStore({ dataDir });
  });
  test('unfinished downloads go; an empty store is no error', async () => {
    const dataDir = temporaryDirectory();
    expect(await pruneFeeds(null, { dataDir })).toEqual({ removed: [], downloads: 0, digest: null });
    writeFileSync(join(dataDir, 'advisories', 'partial-1'), 'x');
    writeFileSync(join(dataDir, 'advisories', 'partial-1.json'), '{}');
    expect((await pruneFeeds(null, { dataDir })).downloads).toBe(1);
    expect(existsSync(join(dataDir, 'advisories', 'partial-1.json'))).toBe(false);
  });
});

describe('how old a source may be', () => {
  const now = new Date('2026-05-10T00:00:00Z');
  test.each([
    ['2026-05-09T00:00:00Z', 1, false],
    ['2026-05-08T23:59:59Z', 1, true],
    ['2026-05-10T12:00:00Z', 1, false],
    ['2026-05-12T00:00:00Z', 1, true],
    ['2026-05-09T23:00:00Z', 0, true],
    [null, 1000, true],
    ['soon', 1000, true],
  ])('%s with %s days: too old %s', (asOf, maxAge, isTooOld) => {
    expect(ageProblem(asOf, now, maxAge) !== undefined).toBe(isTooOld);
  });
  test('older is a problem of the packages that need it, from outside; others are judged', async () => {
    const { dataDir } = await exported();
    const advisories = (await openAdvisories({ dataDir })) as Advisories;
    const later = new Date(Date.now() + 10 * 86_400_000);
    const match = (maxFeedAge: number): unknown =>
      advisories.match([packages[0] as (typeof packages)[0]], null, later, { maxFeedAge }).problems.map(({ id, cause, scope }) => [id, cause, scope]);
    expect(match(20)).toEqual([]);
    expect(match(5)).toEqual([['stale:vulnerabilities:age:npm', 'outside', { ecosystem: 'npm' }]]);
    advisories.close();
  });
});
