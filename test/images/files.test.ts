import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import { listImages } from '../../src/image/index.ts';
import type { Evidence, Request } from '../../src/model/index.ts';
import { judgeImage } from '../faults/judge-image.ts';
import { hasTool, temporaryDirectory, writeIn } from '../support/cli.ts';
import { dockerArchive, type LayerItem, layer } from '../support/image-builder.ts';

async function read(path: string, requests: readonly Request[]): Promise<Evidence> {
  const found = await listImages(path, { platform: null, tag: null, limits: defaultLimits });
  return catalog(await (found[0] as (typeof found)[number]).open(), requests, { limits: defaultLimits, dockerfile: null });
}

function imageOf(...layers: readonly (readonly LayerItem[])[]): string {
  return dockerArchive([{ layers: layers.map((items) => layer(items)) }]).writeTo(join(temporaryDirectory(), 'image.tar'));
}

const token = (): string => `ghp_${randomBytes(27).toString('hex').slice(0, 36)}`;
/** Larger than what is read whole. */
const bulk = 'x y\n'.repeat(600_000);

describe('contents', () => {
  test('lines of small and of large files, with either end of line, are found where they are', async () => {
    const path = imageOf([
      { path: 'a.conf', content: 'one\r\nmode=off\r\n' },
      { path: 'large.log', content: `${bulk}é password=1\n${bulk}` },
      { path: 'none', content: 'mode=off \n' },
      { path: 'binary', content: Buffer.concat([randomBytes(5000), Buffer.from('\nmode=off\n'), randomBytes(5000)]) },
      { path: 'last', content: 'mode=off' },
    ]);
    const patterns = ['mode=off$', '.*é password=', 'absent'];
    const { facts, coverage } = await read(path, [{ kind: 'contents', detail: { patterns } }]);
    const binary = facts.contents?.find(({ location }) => location.path === '/binary');
    expect(facts.contents?.filter((each) => each !== binary).map(({ pattern, location }) => `${pattern} ${location.path}:${location.line}`)).toEqual([
      'mode=off$ /a.conf:2',
      '.*é password= /large.log:600001',
      'mode=off$ /last:1',
    ]);
    expect(binary).toBeDefined();
    expect(coverage.map(({ state }) => state)).toEqual(['collected']);
  });

  test('a line of one file that must be, and files that must be', async () => {
    const path = imageOf([
      { path: 'etc/app.conf', content: 'umask 077\nport 1\n' },
      { path: 'etc/other.conf', content: 'debug\n' },
    ]);
    const rules = [
      'FILECHECK:LINE:STOP:path=/etc/app.conf line=umask\\s+0[27]7 check=no-match',
      'FILECHECK:LINE:STOP:path=/etc/app.conf line=debug',
      'FILECHECK:LINE:STOP:path=/etc/other.conf line=debug$',
      'FILECHECK:LINE:STOP:path=/etc/other.conf line=port check=no-match',
      'FILECHECK:MISSING:WARN:paths=/etc/app.conf,/etc/none',
    ];
    const block = await judgeImage(path, rules.join('\n'));
    expect('findings' in block ? block.findings.map(({ id, state }) => `${id} ${state}`) : block).toEqual([
      'FILECHECK+LINE+/etc/other.conf|debug$ fired',
      'FILECHECK+LINE+/etc/other.conf|port fired',
      'FILECHECK+MISSING+/etc/none fired',
    ]);
  });

  test('an expression that would never end elsewhere ends', async () => {
    const path = imageOf([{ path: 'a', content: `${'a'.repeat(2_000_000)}!\n` }]);
    const { facts } = await read(path, [{ kind: 'contents', detail: { patterns: ['(a+)+$', '(a|aa)+b'] } }]);
    expect(facts.contents).toEqual([]);
  });
});

describe('secrets', () => {
  test('in the middle of a large file, across pieces, in deleted, replaced and hidden files', async () => {
    const secret = token();
    const path = imageOf(
      [
        { path: 'large.sql', content: `${bulk}${secret}\n${bulk}` },
        { path: 'gone.env', content: `A=${secret}` },
        { path: 'dir/hidden', content: secret },
        { path: 'replaced', content: secret },
        { path: 'kept', content: secret },
        { path: 'linked', hardlink: 'kept' },
      ],
      [{ whiteout: 'gone.env' }, { opaque: 'dir' }, { path: 'replaced', content: 'nothing' }],
    );
    const { secrets = [] } = (await read(path, [{ kind: 'secrets' }])).facts;
    expect(secrets.map(({ location, deleted }) => `${location?.path}:${location?.line} ${deleted}`)).toEqual([
      '/dir/hidden:1 true',
      '/gone.env:1 true',
      '/kept:1 false',
      '/large.sql:600001 false',
      '/replaced:1 true',
    ]);
    expect(new Set(secrets.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(JSON.stringify(secrets)).not.toContain(secret);
  });

  test('a secret in a line that made a layer doesn’t reach the verdict', async () => {
    const secret = token();
    const image = dockerArchive([
      {
        layers: [layer([{ path: 'usr/bin/x', content: 'x', mode: 0o4755 }], { createdBy: `RUN |1 TOKEN=${secret} /bin/sh -c make` })],
        config: { Env: [`GITHUB_TOKEN=${secret}`] },
      },
    ]).writeTo(join(temporaryDirectory(), 'image.tar'));
    const block = await judgeImage(image, 'FILECHECK:SUIDFILE:STOP\nSECRETCHECK:SECRET:STOP');
    expect(JSON.stringify(block)).not.toContain(secret);
    expect(block).toMatchObject({ verdict: 'stop', counts: { stop: 3 } });
  });
});

describe('files', () => {
  test('a denied content is found under each of its names', async () => {
    const content = randomBytes(3_000_000);
    const digest = createHash('sha256').update(content).digest('hex');
    const path = imageOf([
      { path: 'bad', content },
      { path: 'also', hardlink: 'bad' },
      { path: 'good', content: 'x' },
    ]);
    const block = await judgeImage(path, `FILECHECK:DENIEDCONTENT:STOP:digests=sha256:${digest}`);
    expect('findings' in block ? block.findings.map(({ file }) => file?.path) : block).toEqual(['/also', '/bad']);
  });

  test('a directory has no capabilities that could be read: that rule is undecided, others are not', async () => {
    const root = temporaryDirectory();
    const program = writeIn(root, 'usr/bin/tool', 'x');
    chmodSync(program, 0o4755);
    const block = await judgeImage(root, 'FILECHECK:CAPABILITY:STOP\nFILECHECK:SUIDFILE:STOP');
    expect('findings' in block ? block.findings.map(({ state, trigger, action }) => `${trigger} ${state} ${action}`) : block).toEqual([
      'CAPABILITY undecided warn',
      'SUIDFILE fired stop',
    ]);
  });

  test('secrets of a directory, a large file among them', async () => {
    const root = temporaryDirectory();
    writeIn(root, 'etc/os-release', 'ID=x\n');
    writeIn(root, 'a/large', `${bulk}${token()}\n`);
    const { secrets = [] } = (await read(root, [{ kind: 'secrets' }])).facts;
    expect(secrets.map(({ location }) => [location?.path, location?.line])).toEqual([['/a/large', 600_001]]);
  });
});

const hasDpkg = hasTool('dpkg-deb') && process.getuid?.() === 0;

test.skipIf(!hasDpkg)(
  'drift of what dpkg installed: what was changed, but not its configuration, what is gone, what it diverted (needs dpkg, and root)',
  async () => {
    const name = `p${randomBytes(4).toString('hex')}`;
    const root = temporaryDirectory();
    const build = temporaryDirectory();
    for (const path of ['usr/bin/same', 'usr/bin/other', 'usr/share/doc', `etc/${name}.conf`, 'usr/lib/gone']) writeIn(build, path, `${path}\n`);
    for (const path of ['usr/bin/same', 'usr/bin/other']) chmodSync(join(build, path), 0o755);
    writeIn(build, 'DEBIAN/control', `Package: ${name}\nVersion: 1.0\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n`);
    writeIn(build, 'DEBIAN/conffiles', `/etc/${name}.conf\n`);
    const sums = execFileSync('sh', ['-c', 'md5sum usr/bin/same usr/bin/other usr/share/doc usr/lib/gone'], { cwd: build, encoding: 'utf8' });
    writeIn(build, 'DEBIAN/md5sums', sums);
    chmodSync(join(build, 'DEBIAN'), 0o755);
    const archive = join(temporaryDirectory(), 'p.deb');
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', build, archive], { stdio: 'ignore' });
    mkdirSync(join(root, 'var/lib/dpkg/info'), { recursive: true });
    mkdirSync(join(root, 'var/lib/dpkg/updates'), { recursive: true });
    writeIn(root, 'var/lib/dpkg/status', '');
    writeIn(root, 'etc/os-release', 'ID=debian\nVERSION_ID="12"\n');
    execFileSync('dpkg', [`--root=${root}`, '--force-depends', '--force-script-chrootless', '-i', archive], { stdio: 'ignore' });
    appendFileSync(join(root, 'usr/bin/other'), 'changed');
    appendFileSync(join(root, `etc/${name}.conf`), 'changed');
    rmSync(join(root, 'usr/lib/gone'));
    writeFileSync(join(root, 'usr/bin/mine'), 'x', { mode: 0o755 });
    const requests: Request[] = [{ kind: 'drift' }, { kind: 'packages', detail: { types: ['deb'] } }];
    const { facts, coverage } = await read(root, requests);
    expect(facts.drift?.map(({ kind, package: owner, location }) => `${kind} ${owner} ${location.path}`)).toEqual([
      'unowned null /usr/bin/mine',
      `changed ${name} /usr/bin/other`,
    ]);
    expect(coverage.map(({ state }) => state)).toEqual(['collected', 'collected']);
    // dpkg itself says the same.
    let told = '';
    try {
      told = execFileSync('dpkg', [`--root=${root}`, '--verify', name], { encoding: 'utf8' });
    } catch (error) {
      told = String((error as { stdout: string }).stdout);
    }
    expect(
      told
        .split('\n')
        .filter((line) => /^\?\?5\S+ {3}\//.test(line))
        .map((line) => line.slice(line.indexOf('/'))),
    ).toEqual(['/usr/bin/other']);
    const block = await judgeImage(root, 'FILECHECK:CHANGEDFILE:STOP\nFILECHECK:UNOWNEDEXECUTABLE:WARN');
    expect('findings' in block ? block.findings.map(({ trigger, file }) => `${trigger} ${file?.path}`) : block).toEqual([
      'CHANGEDFILE /usr/bin/other',
      'UNOWNEDEXECUTABLE /usr/bin/mine',
    ]);
  },
);
