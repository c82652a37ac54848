import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { jsonSchemas } from '../../src/reports/schema/index.ts';
import { portcullis, temporaryDirectory, writeIn } from '../support/cli.ts';
import { dockerArchive, layer } from '../support/image-builder.ts';

const now = '2026-06-01T00:00:00Z';
const high = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';

const image = {
  layers: [
    layer(
      [
        { path: 'etc/os-release', content: 'ID=debian\nVERSION_ID=12\nPRETTY_NAME="Debian GNU/Linux 12"\n' },
        {
          path: 'var/lib/dpkg/status',
          content:
            'Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl\nVersion: 3.0.11-1\n\nPackage: tar\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.34\n',
        },
      ],
      { createdBy: 'ADD rootfs.tar' },
    ),
    layer([{ path: 'app/node_modules/left/package.json', content: '{"name":"left","version":"1.0.0"}' }], { createdBy: 'RUN npm install left' }),
  ],
  tags: ['shop:1'],
};

const affected = (ecosystem: string, name: string, ...events: Record<string, string>[]): object => ({
  package: { ecosystem, name },
  ranges: [{ type: 'ECOSYSTEM', events }],
});
const records = {
  Debian: [
    {
      id: 'DEBIAN-CVE-2026-1000',
      modified: '2026-01-01T00:00:00Z',
      published: '2025-12-01T00:00:00Z',
      upstream: ['CVE-2026-1000'],
      summary: 'A flaw in openssl',
      severity: [{ type: 'CVSS_V3', score: high }],
      affected: [affected('Debian:12', 'openssl', { introduced: '0' }, { fixed: '3.0.11-1+deb12u2' })],
    },
    {
      id: 'DSA-1',
      modified: '2026-01-01T00:00:00Z',
      aliases: ['CVE-2026-1000'],
      affected: [affected('Debian:12', 'openssl', { introduced: '0' }, { fixed: '3.0.11-1+deb12u2' })],
    },
    { id: 'DEBIAN-CVE-2026-1001', modified: '2026-01-01T00:00:00Z', affected: [affected('Debian:12', 'tar', { introduced: '0' }, { fixed: '1.30' })] },
  ],
  npm: [
    {
      id: 'GHSA-left',
      modified: '2026-01-01T00:00:00Z',
      aliases: ['CVE-2026-2000'],
      severity: [{ type: 'CVSS_V3', score: high }],
      affected: [affected('npm', 'left', { introduced: '0' }, { fixed: '1.0.1' })],
    },
  ],
};

let directory: string;
let mirror: string;
let data: string;
const env = (more: Record<string, string> = {}): Record<string, string> => ({ PORTCULLIS_DATA_DIR: data, PORTCULLIS_OFFLINE: '1', ...more });
const run = (words: readonly string[], more: Record<string, string> = {}): ReturnType<typeof portcullis> =>
  portcullis(words, { cwd: directory, env: env(more) });

/** Loose records in the bucket's layout: `<Ecosystem>/<id>.json`. */
function writeMirror(path: string): void {
  for (const [ecosystem, list] of Object.entries(records)) {
    mkdirSync(join(path, ecosystem), { recursive: true });
    for (const record of list) writeFileSync(join(path, ecosystem, `${record.id}.json`), JSON.stringify(record));
  }
  writeFileSync(join(path, 'ecosystems.txt'), `${Object.keys(records).join('\n')}\n`);
  writeFileSync(join(path, 'state.json'), '{"asOf":"2026-05-20T00:00:00Z"}');
  writeFileSync(
    join(path, 'kev.json'),
    JSON.stringify({
      catalogVersion: '2026.05.20',
      dateReleased: '2026-05-20T00:00:00Z',
      vulnerabilities: [{ cveID: 'CVE-2026-2000', dateAdded: '2026-05-01', dueDate: '2026-05-22', knownRansomwareCampaignUse: 'Known' }],
    }),
  );
  writeFileSync(join(path, 'epss_scores-2026-05-20.csv'), '#model_version:v1,score_date:2026-05-20T00:00:00Z\ncve,epss,percentile\nCVE-2026-1000,0.25,0.75\n');
}

const vex = (products: readonly string[], status = 'not_affected'): string =>
  JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'x',
    author: 'Shop security',
    timestamp: '2026-05-01T00:00:00Z',
    version: 1,
    statements: [{ vulnerability: { name: 'CVE-2026-2000' }, products: products.map((id) => ({ '@id': id })), status, justification: 'component_not_present' }],
  });

beforeAll(async () => {
  directory = temporaryDirectory();
  mirror = join(directory, 'mirror');
  data = join(directory, 'data');
  writeMirror(mirror);
  dockerArchive([image]).writeTo(join(directory, 'image.tar'));
  writeIn(directory, 'high', 'ANCHORESEC:VULNHIGH:STOP:FIXEDONLY=true\n');
  writeIn(directory, 'vex.json', vex(['pkg:npm/left@1.0.0', 'pkg:npm/lfet']));
  expect((await run(['feeds', 'import', 'mirror'])).code).toBe(0);
});

describe('vulnerabilities', () => {
  test('the document is as its schema says, aliases are one finding, and each field has its source', async () => {
    const { code, stdout } = await run(['vulnerabilities', 'image.tar', '-o', 'json', '--now', now]);
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(jsonSchemas().get('vulnerabilities.v1.json') as object);
    validate(document);
    expect(validate.errors).toBeNull();
    const [left, openssl, ...rest] = document.images[0].vulnerabilities;
    expect(rest).toEqual([]);
    expect(openssl).toMatchObject({
      id: 'DEBIAN-CVE-2026-1000',
      aliases: ['CVE-2026-1000', 'DSA-1'],
      severity: 'high',
      severitySource: 'DEBIAN-CVE-2026-1000: CVSS 3.1',
      cvss: [{ version: '3.1', vector: high, score: 7.5, source: 'DEBIAN-CVE-2026-1000' }],
      kev: null,
      epss: { score: 0.25, percentile: 0.75, date: '2026-05-20' },
      package: { name: 'libssl3', version: '3.0.11-1', type: 'deb' },
      fixState: 'fixed',
      fixedIn: '3.0.11-1+deb12u2',
      published: '2025-12-01T00:00:00Z',
      source: 'Debian:12',
      matchedBy: { name: 'openssl', version: '3.0.11-1', through: 'source' },
      location: { path: '/var/lib/dpkg/status' },
      layer: { index: 0, createdBy: 'ADD rootfs.tar' },
    });
    expect(left).toMatchObject({ id: 'GHSA-left', kev: { dateAdded: '2026-05-01', ransomware: true }, layer: { index: 1, createdBy: 'RUN npm install left' } });
    expect(document.advisories).toMatchObject({ exploitation: { kev: { version: '2026.05.20' }, epss: { model: 'v1', asOf: '2026-05-20T00:00:00.000Z' } } });
    expect(document.images[0].needed).toEqual([
      { ecosystem: 'Debian:12', state: 'available' },
      { ecosystem: 'npm', state: 'available' },
    ]);
  });
  test('the table says what and where; -v says why; an unknown format is wrong use', async () => {
    const { stdout } = await run(['vulnerabilities', 'image.tar', '--now', now]);
    expect(stdout).toMatch(/high +CVE-2026-2000 \(GHSA-left\) +left +1\.0\.0 +1\.0\.1 +1/);
    expect(stdout).toContain('known to be exploited since 2026-05-01, also by ransomware');
    expect(stdout).toContain('2 found: 2 high');
    expect((await run(['vulnerabilities', 'image.tar', '-v'])).stdout).toContain('severity by GHSA-left: CVSS 3.1');
    expect((await run(['vulnerabilities', 'image.tar', '-o', 'xml'])).code).toBe(3);
    expect((await run(['vulnerabilities', 'gone.tar'])).code).toBe(5);
  });
  test('without advisories nothing looks clean', async () => {
    const { code, stdout } = await run(['vulnerabilities', 'image.tar'], { PORTCULLIS_DATA_DIR: join(directory, 'empty') });
    expect(code).toBe(0);
    expect(stdout).toContain('None found, but not everything could be judged.');
    expect(stdout).toContain('no advisory data');
  });
});

describe('explain', () => {
  test('the range, the comparison, where the package came from, and what would resolve it', async () => {
    const { code, stdout } = await run(['explain', 'image.tar', 'CVE-2026-1000']);
    expect(code).toBe(0);
    for (const text of [
      'fixed 3.0.11-1+deb12u2: 3.0.11-1 < 3.0.11-1+deb12u2',
      'in the order of dpkg',
      'layer 0, made by: ADD rootfs.tar',
      'Update libssl3 (a package built from openssl) to 3.0.11-1+deb12u2 or newer: apt-get install --only-upgrade libssl3',
    ]) {
      expect(stdout.replace(/\s+/g, ' ')).toContain(text);
    }
  });
  test('the id of a finding, one package, an answer of no, and nothing at all', async () => {
    const verdict = JSON.parse((await run(['gate', 'image.tar', '-p', 'high', '-o', 'json', '--now', now])).stdout);
    const id = verdict.images[0].findings.find((finding: { message: string }) => finding.message.includes('left')).id as string;
    expect((await run(['explain', 'image.tar', id])).stdout).toContain('pkg:npm/left@1.0.0');
    expect((await run(['explain', 'image.tar', 'CVE-2026-1000+tar'])).code).toBe(3);
    const no = JSON.parse((await run(['explain', 'image.tar', 'DEBIAN-CVE-2026-1001', '-o', 'json'])).stdout);
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(jsonSchemas().get('explanation.v1.json') as object);
    validate(no);
    expect(validate.errors).toBeNull();
    expect(no.images[0]).toMatchObject({ vulnerabilities: [], comparisons: [{ result: 'unaffected' }] });
    const unknown = await run(['explain', 'image.tar', 'CVE-1999-1']);
    expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('No advisory that is loaded names CVE-1999-1')]);
  });
});

describe('gate', () => {
  test('a VEX statement excepts a finding, visibly; one that matched nothing is told', async () => {
    const judge = async (...more: string[]): Promise<{ code: number | null; stderr: string; stdout: string }> =>
      await run(['gate', 'image.tar', '-p', 'high', '--now', now, ...more]);
    expect((await judge()).code).toBe(1);
    const { code, stderr, stdout } = await judge('--vex', 'vex.json', '-o', 'json');
    expect(code).toBe(1); // openssl remains
    expect(stderr).toContain('vex.json: 1 of 2 statements matched nothing');
    expect(stderr).toContain('pkg:npm/lfet');
    const document = JSON.parse(stdout);
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(jsonSchemas().get('verdict.v1.json') as object);
    validate(document);
    expect(validate.errors).toBeNull();
    expect(document.images[0].counts).toMatchObject({ stop: 1, excepted: 1 });
    expect(document.images[0].findings.find(({ state }: { state: string }) => state === 'excepted').exception).toEqual({
      source: 'vex.json',
      scope: 'vex',
      statement: { author: 'Shop security', status: 'not_affected', justification: 'component_not_present', timestamp: '2026-05-01T00:00:00Z' },
    });
    expect(document.vex).toMatchObject([{ source: 'vex.json', format: 'openvex', statements: 2, matched: 1, unmatched: [{ product: 'pkg:npm/lfet' }] }]);
    expect(document.settings).toContainEqual({ name: 'vex', value: 'vex.json', origin: 'command line' });
    expect((await judge('--vex', 'vex.json', '--show-whitelisted')).stdout.replace(/\s+/g, ' ')).toContain(
      'excepted by vex.json (vex by Shop security): not_affected, component_not_present',
    );
    writeIn(directory, 'affected.json', vex(['pkg:npm/left'], 'affected'));
    expect(JSON.parse((await judge('--vex', 'affected.json', '-o', 'json')).stdout).images[0].counts).toMatchObject({ stop: 2, excepted: 0 });
    expect((await judge('--vex', 'image.tar')).code).toBe(3);
  });
  test('an exported state and --now give the same verdict again, whatever is loaded meanwhile', async () => {
    const file = join(directory, 'feeds.db');
    const exported = await run(['feeds', 'export', file]);
    const digest = /State: (sha256:[0-9a-f]{64})/.exec(exported.stdout)?.[1];
    const other = { PORTCULLIS_DATA_DIR: join(directory, 'other') };
    const judge = (more: Record<string, string>): ReturnType<typeof run> =>
      run(['gate', 'image.tar', '-p', 'high', '--feeds', file, '--vex', 'vex.json', '--now', now, '-o', 'json'], more);
    const first = await judge({});
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout).advisories.digest).toBe(digest);
    writeIn(directory, 'own/OWN-1.json', JSON.stringify({ ...records.npm[0], id: 'OWN-1' }));
    await run(['feeds', 'import', 'own'], other);
    expect((await judge(other)).stdout).toBe(first.stdout);
    await run(['feeds', 'import', file], other);
    const imported = await run(['feeds', 'status', '--json'], other);
    expect(
      JSON.parse(imported.stdout)
        .sets.map(({ name }: { name: string }) => name)
        .sort(),
    ).toEqual(['Debian', 'epss', 'kev', 'npm', 'own']);
    expect((await run(['gate', 'image.tar', '-p', 'high', '--feeds', join(directory, 'gone.db')])).code).toBe(6);
  });
  test('too old by the source’s state: undecided, so WARN, with the reason', async () => {
    const fresh = await run(['gate', 'image.tar', '-p', 'high', '--now', now, '--max-feed-age', '30', '-o', 'json', '--vex', 'vex.json']);
    expect(JSON.parse(fresh.stdout).images[0].counts.undecided).toBe(0);
    const old = await run(['gate', 'image.tar', '-p', 'high', '--now', now, '--max-feed-age', '7', '-o', 'json']);
    const [one] = JSON.parse(old.stdout).images;
    expect(one.counts.undecided).toBeGreaterThan(0);
    expect(one.problems).toContainEqual(
      expect.objectContaining({ kind: 'stale', id: 'stale:vulnerabilities:age:npm', why: expect.stringContaining('12 days old') }),
    );
    expect((await run(['feeds', 'check', '--max-feed-age', '7', '--now', now])).code).toBe(6);
    expect((await run(['feeds', 'check', '--max-feed-age', '30', '--now', now])).code).toBe(0);
  });
  test('what was never loaded is fetched on first need; offline it is undecided', async () => {
    const empty = join(directory, 'first-need');
    const zipped = join(directory, 'zipped');
    writeMirror(zipped);
    const judge = (...more: string[]): ReturnType<typeof portcullis> =>
      portcullis(['gate', 'image.tar', '-p', 'high', '--now', now, '-o', 'json', ...more], {
        cwd: directory,
        env: { PORTCULLIS_OFFLINE: '0', PORTCULLIS_DATA_DIR: empty, PORTCULLIS_FEEDS_SOURCE: zipped },
      });
    const offline = await judge('--offline');
    expect(offline.code).toBe(2);
    expect(JSON.parse(offline.stdout).images[0].counts).toMatchObject({ stop: 0 });
    expect(offline.stderr).toContain('no advisories are loaded');
    const online = await judge();
    expect(online.code).toBe(1);
    const document = JSON.parse(online.stdout);
    expect(document.images[0].counts).toMatchObject({ stop: 2, undecided: 0 });
    expect(document.advisories.exploitation.kev.version).toBe('2026.05.20');
    expect((await judge('--offline')).code).toBe(1);
    rmSync(zipped, { recursive: true });
    expect((await judge()).code).toBe(1); // it is there
  });
  test('several images: one state for all, also when each brings an ecosystem that is fetched', async () => {
    const [first] = [...image.layers].reverse();
    dockerArchive([{ layers: first === undefined ? [] : [first], tags: ['left:1'] }]).writeTo(join(directory, 'left.tar'));
    const fresh = { PORTCULLIS_DATA_DIR: join(directory, 'several'), PORTCULLIS_FEEDS_SOURCE: mirror, PORTCULLIS_OFFLINE: '0' };
    const { code, stdout } = await run(['gate', 'left.tar', 'image.tar', '-p', 'high', '--now', now, '-o', 'json'], fresh);
    expect(code).toBe(1);
    const document = JSON.parse(stdout);
    const status = JSON.parse((await run(['feeds', 'status', '--json'], fresh)).stdout);
    expect(document.advisories.digest).toBe(status.digest);
    expect(document.images.map(({ counts }: { counts: { stop: number } }) => counts.stop)).toEqual([1, 2]);
    const again = await run(['gate', 'left.tar', 'image.tar', '-p', 'high', '--now', now, '-o', 'json'], fresh);
    expect(again.stdout).toBe(stdout);
  });
  test('a network that fails is a warning and an undecided rule, never GO and no crash', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr, stdout } = await portcullis(['gate', 'image.tar', '-p', 'high', '--now', now, '-o', 'json'], {
      cwd: directory,
      env: { PORTCULLIS_OFFLINE: 'false', PORTCULLIS_DATA_DIR: join(directory, 'nobody'), PORTCULLIS_FEEDS_SOURCE: `http://127.0.0.1:${port}` },
    });
    server.close();
    expect(code).toBe(2);
    expect(stderr).toMatch(/warning: .*(Debian|npm)/);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'warn', advisories: { digest: null } });
  });
});

test('feeds list, sync, prune and check', async () => {
  const own = { PORTCULLIS_DATA_DIR: join(directory, 'feeds') };
  const listed = await run(['feeds', 'list', '--source', 'mirror'], own);
  expect(listed.stdout).toMatch(/^Debian +-$/m);
  const synced = await run(['feeds', 'sync', '--source', 'mirror', '--ecosystem', 'npm', '--ecosystem', 'Debian:12'], own);
  expect([synced.code, synced.stdout]).toEqual([0, expect.stringMatching(/^Debian: fetched\nnpm: fetched\nkev: fetched\nepss: fetched\nState: sha256:/)]);
  expect((await run(['feeds', 'sync', '--source', 'mirror', '--ecosystem', 'Hex'], own)).code).toBe(6);
  expect((await run(['feeds', 'sync', '--source', 'nowhere', '--all'], own)).code).toBe(6);
  expect((await run(['feeds', 'prune', '--ecosystem', 'Debian'], own)).stdout).toContain('Debian: 3 records taken away');
  expect((await run(['feeds', 'check'], own)).stdout).toMatch(/^Whole and as its digests say/);
  expect((await run(['feeds', 'import'], own)).code).toBe(3);
  const store = join(directory, 'feeds', 'advisories', 'state.db');
  const bytes = readFileSync(store);
  writeFileSync(store, bytes.subarray(0, bytes.length - 4096));
  expect((await run(['feeds', 'check'], own)).code).toBe(6);
});
