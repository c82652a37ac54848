import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Package } from '../model/index.ts';
import { affected, bucket, debian12, type Fields, looseRecords, pkg, record, recordsArchive, temporaryDirectory } from './advisories.fixture.ts';
import { type Advisories, openAdvisories } from './advisories.ts';
import { feedsStatus, verifyStore } from './feeds-status.ts';
import { importAdvisories } from './import.ts';

const npm = (id: string, name = 'a', events = ['introduced 0']): Fields => record(id, [affected('npm', name, events)]);
const debian = (id: string, name = 'a', events = ['introduced 0']): Fields => record(id, [affected('Debian:12', name, events)]);
const a: Package = pkg('npm', 'a', '1.0.0');

async function idsIn(dataDir: string, packages: readonly Package[] = [a], where = debian12): Promise<string[]> {
  const advisories = (await openAdvisories({ dataDir })) as Advisories;
  try {
    return advisories
      .match(packages, where, new Date())
      .matches.map((match) => match.id)
      .sort();
  } finally {
    advisories.close();
  }
}
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => `${(error as { code?: string }).code}`,
  );
const storeFile = (dataDir: string): string => join(dataDir, 'advisories', 'state.db');

describe('what is imported', () => {
  test("a bucket; importing an ecosystem again replaces its records and keeps the others'", async () => {
    const dataDir = temporaryDirectory();
    const first = await importAdvisories(bucket({ npm: [npm('GHSA-1')], Debian: [debian('DEBIAN-CVE-2024-1')] }), { dataDir });
    expect(first.imported.map((set) => [set.name, set.kind, set.records])).toEqual([
      ['Debian', 'ecosystem', 1],
      ['npm', 'ecosystem', 1],
    ]);
    const second = await importAdvisories(bucket({ npm: [npm('GHSA-2'), npm('GHSA-3')] }), { dataDir });
    expect([second.imported.map((set) => set.name), second.kept.map((set) => set.name)]).toEqual([['npm'], ['Debian']]);
    expect(await idsIn(dataDir, [a, pkg('deb', 'a', '1')])).toEqual(['DEBIAN-CVE-2024-1', 'GHSA-2', 'GHSA-3']);
    await verifyStore({ dataDir });
  });
  test('loose records are added; the same folder again replaces them; a newer own copy of a record goes before', async () => {
    const dataDir = temporaryDirectory();
    await importAdvisories(bucket({ npm: [npm('GHSA-1'), npm('GHSA-2')] }), { dataDir });
    await importAdvisories(looseRecords([npm('OWN-1'), npm('GHSA-1', 'a', ['introduced 2.0.0'])], 'mine'), { dataDir });
    expect(await idsIn(dataDir)).toEqual(['GHSA-2', 'OWN-1']);
    await importAdvisories(looseRecords([npm('OWN-2')], 'mine'), { dataDir });
    expect(await idsIn(dataDir)).toEqual(['GHSA-1', 'GHSA-2', 'OWN-2']);
    await importAdvisories(looseRecords([npm('OWN-3')], 'theirs'), { dataDir });
    expect(await idsIn(dataDir)).toEqual(['GHSA-1', 'GHSA-2', 'OWN-2', 'OWN-3']);
  });
  test('one archive: by its folder, by its records, or of all ecosystems', async () => {
    const names = async (path: string): Promise<unknown> =>
      (await importAdvisories(path, { dataDir: temporaryDirectory() })).imported.map((set) => [set.kind, set.name, set.records]);
    const directory = temporaryDirectory();
    const archive = (folder: string, file: string, records: readonly Fields[]): string => {
      mkdirSync(join(directory, folder), { recursive: true });
      recordsArchive(join(directory, folder, file), records);
      return join(directory, folder, file);
    };
    const both = record('GHSA-9', [affected('Maven', 'a:b', ['introduced 0']), affected('npm', 'a', ['introduced 0'])]);
    expect(await names(archive('npm', 'all.zip', [both, npm('GHSA-1')]))).toEqual([['ecosystem', 'npm', 2]]);
    expect(await names(archive('somewhere', 'all.zip', [both, npm('GHSA-1')]))).toEqual([['ecosystem', 'npm', 2]]);
    expect(await names(archive('mixed', 'all.zip', [debian('D-1'), npm('GHSA-1')]))).toEqual([
      ['ecosystem', 'Debian', 1],
      ['ecosystem', 'npm', 1],
    ]);
    expect(await names(archive('x', 'mine.zip', [npm('GHSA-1')]))).toEqual([['records', 'mine.zip', 1]]);
    const one = join(directory, 'GHSA-1.json');
    writeFileSync(one, JSON.stringify(npm('GHSA-1')));
    expect(await names(one)).toEqual([['records', 'GHSA-1.json', 1]]);
  });
  test("what isn't a record is left out, counted and told; withdrawn ones are kept and counted", async () => {
    const dataDir = temporaryDirectory();
    const directory = looseRecords([npm('GHSA-1'), npm('GHSA-1'), record('GHSA-2', [], { withdrawn: '2024-01-01T00:00:00Z' })]);
    writeFileSync(join(directory, 'b.json'), '{ not json');
    writeFileSync(join(directory, 'c.json'), '[]');
    writeFileSync(join(directory, 'd.json'), Buffer.from([0x22, 0xff, 0x22]));
    writeFileSync(join(directory, 'e.json'), '{"id":"X-1"}');
    writeFileSync(join(directory, 'f.json'), '{"affected":[]}');
    writeFileSync(join(directory, 'readme.txt'), 'no');
    const { imported, rejected } = await importAdvisories(directory, { dataDir });
    expect(imported).toMatchObject([{ records: 2, withdrawn: 1, rejected: 6 }]);
    expect(rejected.map(({ file, why }) => `${file} ${why}`)).toEqual([
      '1.json repeats the id GHSA-1',
      'b.json is not JSON',
      'c.json is not a JSON object',
      'd.json is not UTF-8',
      'e.json has no list "affected"',
      'f.json has no usable id',
    ]);
  });
  test('the digest is of the content alone', async () => {
    const digest = async (records: readonly Fields[], now: string) =>
      (await importAdvisories(bucket({ npm: records }), { dataDir: temporaryDirectory(), now: new Date(now) })).digest;
    const one = await digest([npm('GHSA-1'), npm('GHSA-2')], '2026-01-01T00:00:00Z');
    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await digest([npm('GHSA-2'), npm('GHSA-1')], '2026-05-05T00:00:00Z')).toBe(one);
    expect(await digest([npm('GHSA-2'), npm('GHSA-1', 'b')], '2026-01-01T00:00:00Z')).not.toBe(one);
  });
});

describe("the time of the source's state", () => {
  const asOf = async (directory: string): Promise<string | null> => {
    const dataDir = temporaryDirectory();
    await importAdvisories(directory, { dataDir, now: new Date('2026-06-01T00:00:00Z') });
    return (await feedsStatus({ dataDir })).state?.sources[0]?.asOf ?? null;
  };
  test("the archive's own time, or what state.json says; a time in the future is none; never the records'", async () => {
    const directory = bucket({ npm: [record('GHSA-1', [affected('npm', 'a', ['introduced 0'])], { modified: '2027-07-09T00:00:00Z' })] });
    const file = join(directory, 'npm', 'all.zip');
    utimesSync(file, new Date(), new Date('2026-05-04T03:02:01Z'));
    expect(await asOf(directory)).toBe('2026-05-04T03:02:01.000Z');
    utimesSync(file, new Date(), new Date('2026-07-01T00:00:00Z'));
    expect(await asOf(directory)).toBeNull();
    writeFileSync(join(directory, 'state.json'), '{"asOf":"2026-01-01T00:00:00Z"}');
    expect(await asOf(directory)).toBe('2026-01-01T00:00:00.000Z');
    writeFileSync(join(directory, 'state.json'), '{"asOf":1}');
    expect(await codeOf(asOf(directory))).toBe('FEED_INVALID');
  });
});

describe('what is refused leaves the old state', () => {
  let dataDir: string;
  let before: Buffer;
  beforeAll(async () => {
    dataDir = temporaryDirectory();
    await importAdvisories(bucket({ npm: [npm('GHSA-1')] }), { dataDir });
    before = readFileSync(storeFile(dataDir));
  });
  const refused = async (source: string): Promise<string> => {
    const code = await codeOf(importAdvisories(source, { dataDir }));
    expect(readFileSync(storeFile(dataDir)).equals(before)).toBe(true);
    expect(readdirSync(join(dataDir, 'advisories')).filter((name) => /^(new|download)-/.test(name))).toEqual([]);
    return code;
  };
  test('nothing there, an empty folder, a file of rubbish, no record at all', async () => {
    expect(await refused(join(dataDir, 'nowhere'))).toBe('FEED_NOT_FOUND');
    expect(await refused(temporaryDirectory())).toBe('FEED_INVALID');
    const file = join(temporaryDirectory(), 'x.zip');
    writeFileSync(file, 'rubbish');
    expect(await refused(file)).toBe('FEED_INVALID');
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'package.json'), '{"name":"x"}');
    expect(await refused(directory)).toBe('FEED_INVALID');
  });
  test('a damaged archive among good ones, cut off or changed', async () => {
    const directory = bucket({ Debian: [debian('D-1')], npm: Array.from({ length: 50 }, (_, index) => npm(`GHSA-${index}`)) });
    const file = join(directory, 'npm', 'all.zip');
    const good = readFileSync(file);
    for (const length of [good.length - 1, Math.floor(good.length / 2), 10]) {
      writeFileSync(file, good.subarray(0, length));
      expect(await refused(directory)).toBe('FEED_INVALID');
    }
    const bad = Buffer.from(good);
    const data = 30 + bad.readUInt16LE(26) + 5; // within the first entry's deflated bytes
    bad[data] = (bad[data] ?? 0) ^ 0xff;
    writeFileSync(file, bad);
    expect(await refused(directory)).toBe('FEED_INVALID');
  });
  test('an interrupted import', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(importAdvisories(bucket({ npm: [npm('GHSA-2')] }), { dataDir, signal: controller.signal })).rejects.toThrow();
    expect(readFileSync(storeFile(dataDir)).equals(before)).toBe(true);
  });
});

describe('the folder', () => {
  test('is made for the user alone; one that others own or can write is not used', async () => {
    const dataDir = join(temporaryDirectory(), 'new', 'data');
    expect(await openAdvisories({ dataDir })).toBeNull();
    await importAdvisories(bucket({ npm: [npm('GHSA-1')] }), { dataDir });
    expect([statSync(dataDir).mode & 0o777, statSync(join(dataDir, 'advisories')).mode & 0o777, statSync(storeFile(dataDir)).mode & 0o777]).toEqual([
      0o700, 0o700, 0o600,
    ]);
    for (const path of [dataDir, join(dataDir, 'advisories')]) {
      chmodSync(path, 0o770);
      expect(await codeOf(openAdvisories({ dataDir }))).toBe('STORE_UNREADABLE');
      expect(await codeOf(importAdvisories(bucket({ npm: [npm('GHSA-2')] }), { dataDir }))).toBe('STORE_UNREADABLE');
      chmodSync(path, 0o755);
    }
    expect(await idsIn(dataDir)).toEqual(['GHSA-1']);
  });
});

describe('a damaged store is an error, never "no vulnerabilities"', () => {
  const records = Array.from({ length: 400 }, (_, index) => npm(`GHSA-${index}`, `p${index}`));
  let good: string;
  beforeAll(async () => {
    good = temporaryDirectory();
    await importAdvisories(bucket({ npm: records, PyPI: [record('P-1', [affected('PyPI', 'a', ['introduced 0'])])] }), { dataDir: good });
  });
  const damaged = (change: (path: string) => void): string => {
    const dataDir = temporaryDirectory();
    mkdirSync(join(dataDir, 'advisories'), { mode: 0o700 });
    copyFileSync(storeFile(good), storeFile(dataDir));
    change(storeFile(dataDir));
    return dataDir;
  };
  test('cut off, grown, another file, a later version, an edited list of sources', async () => {
    expect(await codeOf(openAdvisories({ dataDir: damaged((path) => truncateSync(path, 4096)) }))).toBe('STORE_DAMAGED');
    expect(await codeOf(openAdvisories({ dataDir: damaged((path) => truncateSync(path, 0)) }))).toBe('STORE_DAMAGED');
    expect(await codeOf(openAdvisories({ dataDir: damaged((path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(4096)]))) }))).toBe(
      'STORE_DAMAGED',
    );
    expect(await codeOf(openAdvisories({ dataDir: damaged((path) => writeFileSync(path, 'hello')) }))).toBe('STORE_DAMAGED');
    const version = damaged((path) => {
      const bytes = readFileSync(path);
      bytes.writeUInt32BE(99, 60);
      writeFileSync(path, bytes);
    });
    expect(await codeOf(openAdvisories({ dataDir: version }))).toBe('STORE_UNREADABLE');
    const edited = damaged((path) =>
      writeFileSync(path, Buffer.from(readFileSync(path).toString('latin1').replace('"records":400', '"records":401'), 'latin1')),
    );
    expect(await codeOf(openAdvisories({ dataDir: edited }))).toBe('STORE_DAMAGED');
  });
  test('any page filled with zeros: every package is still found, or the run ends with STORE_DAMAGED', async () => {
    const packages = records.map((_, index) => pkg('npm', `p${index}`, '1.0.0'));
    const pages = statSync(storeFile(good)).size / 4096;
    let noticed = 0;
    for (let page = 1; page < pages; page++) {
      const dataDir = damaged((path) => {
        const bytes = readFileSync(path);
        bytes.fill(0, page * 4096, (page + 1) * 4096);
        writeFileSync(path, bytes);
      });
      const found = await idsIn(dataDir, packages).catch((error: { code?: string }) => error.code);
      if (Array.isArray(found)) expect(found).toHaveLength(records.length);
      else expect(found).toBe('STORE_DAMAGED');
      if (!Array.isArray(found)) noticed += 1;
      rmSync(dataDir, { recursive: true });
    }
    expect(noticed).toBeGreaterThan(0);
  });
  test('any changed byte: the same answer, or STORE_DAMAGED', async () => {
    const packages = records.map((_, index) => pkg('npm', `p${index}`, '1.0.0'));
    const expected = await idsIn(good, packages);
    const size = statSync(storeFile(good)).size;
    for (let round = 0; round < 60; round++) {
      const at = 100 + Math.floor(Math.random() * (size - 100));
      const dataDir = damaged((path) => {
        const bytes = readFileSync(path);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (round % 8));
        writeFileSync(path, bytes);
      });
      const found = await idsIn(dataDir, packages).catch((error: { code?: string }) => error.code);
      expect([expected, 'STORE_DAMAGED'], `byte ${at}`).toContainEqual(found);
      rmSync(dataDir, { recursive: true });
    }
  });
});

describe('several processes', () => {
  // A bundle of the importer, since Node 20 runs no TypeScript; inside the checkout, where it finds its packages.
  const scratch = join(import.meta.dirname, '../../.tmp');
  let folder: string;
  let script: string;
  let small: string;
  let large: string;
  beforeAll(async () => {
    mkdirSync(scratch, { recursive: true });
    folder = mkdtempSync(join(scratch, 'import-'));
    script = join(folder, 'import.mjs');
    const entry = `import { importAdvisories } from ${JSON.stringify(join(import.meta.dirname, 'import.ts'))};
      const result = await importAdvisories(process.argv[2], { dataDir: process.argv[3] }).catch((error) => error);
      console.log(result.code ?? result.digest);`;
    await build({
      stdin: { contents: entry, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile: script,
      logLevel: 'error',
    });
    small = bucket({ npm: [npm('GHSA-SMALL')] });
    large = bucket({ npm: Array.from({ length: 6000 }, (_, index) => npm(`GHSA-${index}`, index % 2 === 0 ? 'a' : `p${index}`)) });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (source: string, dataDir: string): string => execFileSync(process.execPath, [script, source, dataDir], { encoding: 'utf8' }).trim();

  test('killed at any moment, the import leaves the old state or the new one, complete', async () => {
    const dataDir = temporaryDirectory();
    const digests = { small: run(small, dataDir), large: '' };
    const start = Date.now();
    digests.large = run(large, temporaryDirectory());
    const duration = Date.now() - start;
    const seen = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const child = spawn(process.execPath, [script, large, dataDir], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.on('exit', resolve));
      await sleep(Math.random() * duration * 1.1);
      child.kill('SIGKILL');
      await ended;
      const digest = (await feedsStatus({ dataDir })).state?.digest ?? 'none';
      expect(Object.values(digests)).toContain(digest);
      await verifyStore({ dataDir });
      seen.add(digest);
      if (digest === digests.large) run(small, dataDir);
    }
    expect(seen.size).toBeGreaterThan(0);
    expect(run(large, dataDir)).toBe(digests.large);
    expect(readdirSync(join(dataDir, 'advisories')).sort()).toEqual(['state.db', 'writer.lock', 'writer.pid']);
  });
  test('readers keep their state while another process writes', async () => {
    const dataDir = temporaryDirectory();
    run(small, dataDir);
    const readers = (await Promise.all([openAdvisories({ dataDir }), openAdvisories({ dataDir })])) as Advisories[];
    const child = spawn(process.execPath, [script, large, dataDir], { stdio: 'ignore' });
    let running = true;
    const ended = new Promise((resolve) => child.on('exit', resolve)).then(() => {
      running = false;
    });
    do {
      for (const reader of readers) expect(reader.match([a], null, new Date()).matches.map((match) => match.id)).toEqual(['GHSA-SMALL']);
      expect([1, 3000]).toContain((await idsIn(dataDir)).length);
      await sleep(5);
    } while (running);
    await ended;
    for (const reader of readers) {
      expect(reader.match([a], null, new Date()).matches).toHaveLength(1);
      reader.close();
    }
    expect(await idsIn(dataDir)).toHaveLength(3000);
  });
  test('two writers take turns; none is lost', async () => {
    const dataDir = temporaryDirectory();
    const sources = [small, looseRecords([npm('OWN-1')], 'one'), looseRecords([npm('OWN-2')], 'two'), bucket({ Debian: [debian('D-1')] })];
    const children = sources.map((source) => spawn(process.execPath, [script, source, dataDir], { stdio: 'ignore' }));
    await Promise.all(children.map((child) => new Promise((resolve) => child.on('exit', resolve))));
    expect(await idsIn(dataDir, [a, pkg('deb', 'a', '1')])).toEqual(['D-1', 'GHSA-SMALL', 'OWN-1', 'OWN-2']);
    await verifyStore({ dataDir });
  });
  test('one who will not wait is told that another is writing', async () => {
    const dataDir = temporaryDirectory();
    const first = importAdvisories(large, { dataDir });
    await sleep(30);
    const code = await codeOf(importAdvisories(small, { dataDir, wait: 0 }));
    await first;
    expect(['STORE_UNREADABLE', 'done']).toContain(code);
    expect(code === 'done' ? 1 : 3000).toBe((await idsIn(dataDir)).length);
  });
  const builtin = (() => {
    try {
      return process.getBuiltinModule('node:sqlite') !== undefined;
    } catch {
      return false;
    }
  })();
  test.skipIf(builtin)("without Node's SQLite and without libsql, one sentence says what to do (skipped where Node has SQLite)", async () => {
    const outdir = temporaryDirectory();
    const alone = join(outdir, 'stdin.mjs');
    const contents = `import { openAdvisories, importAdvisories } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const options = { dataDir: process.argv[3] };
      await importAdvisories(process.argv[2], options).catch((error) => console.log(error.code, error.message, error.hint));`;
    await build({
      stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['libsql', 'undici'],
      // What is imported when it is needed is not needed here.
      splitting: true,
      outdir,
      outExtension: { '.js': '.mjs' },
      logLevel: 'error',
    });
    const printed = execFileSync(process.execPath, [alone, small, temporaryDirectory()], { encoding: 'utf8' });
    expect(printed).toMatch(/^STORE_UNREADABLE .*SQLite.*22\.13/);
  });
  const limit = spawnSync('bash', ['-c', "trap '' XFSZ; ulimit -f 64"]).status === 0;
  test.skipIf(!limit)('no room for the new file: an error that says so, and the old state (skipped where bash has no ulimit -f)', async () => {
    const dataDir = temporaryDirectory();
    const before = run(small, dataDir);
    const limited = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f 64; exec "$@"`, 'bash', process.execPath, script, large, dataDir], { encoding: 'utf8' });
    expect(limited.stdout.trim()).toBe('STORE_UNREADABLE');
    expect((await feedsStatus({ dataDir })).state?.digest).toBe(before);
    expect(existsSync(join(dataDir, 'advisories', 'state.db'))).toBe(true);
  });
});

describe('from a URL', () => {
  let server: Server;
  let base: string;
  const archive = join(temporaryDirectory(), 'served.zip');
  beforeAll(async () => {
    recordsArchive(archive, [npm('GHSA-1'), npm('GHSA-2')]);
    server = createServer((request, response) => {
      const bytes = readFileSync(archive);
      if (request.url?.split('?')[0] === '/npm/all.zip')
        response.writeHead(200, { 'last-modified': 'Mon, 04 May 2026 03:02:01 GMT', 'content-length': bytes.length }).end(bytes);
      else if (request.url === '/moved/all.zip') response.writeHead(302, { location: '/npm/all.zip' }).end();
      else if (request.url === '/cut/all.zip') {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 100), () => response.destroy());
      } else response.writeHead(404).end('no');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  test("an ecosystem's archive, with the server's time, through a redirect; credentials are not kept", async () => {
    const dataDir = temporaryDirectory();
    const { imported } = await importAdvisories(`${base.replace('//', '//user:secret@')}/npm/all.zip?token=x`, { dataDir });
    expect(imported).toMatchObject([{ name: 'npm', kind: 'ecosystem', origin: `${base}/npm/all.zip`, asOf: '2026-05-04T03:02:01.000Z' }]);
    expect((await importAdvisories(`${base}/moved/all.zip`, { dataDir })).imported).toMatchObject([{ name: 'npm', records: 2 }]);
    expect(readdirSync(join(dataDir, 'advisories')).some((name) => name.startsWith('download-'))).toBe(false);
  });
  test('cut off, missing, nobody there: the old state stays', async () => {
    const dataDir = temporaryDirectory();
    await importAdvisories(`${base}/npm/all.zip`, { dataDir });
    for (const url of [`${base}/cut/all.zip`, `${base}/none/all.zip`, 'http://127.0.0.1:1/all.zip'])
      expect(await codeOf(importAdvisories(url, { dataDir }))).toBe('FEED_NOT_FOUND');
    expect(await idsIn(dataDir)).toEqual(['GHSA-1', 'GHSA-2']);
  });
});
