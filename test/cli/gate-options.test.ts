import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { debianImage } from '../faults/judge-image.ts';
import { portcullis, temporaryDirectory, writeIn } from '../support/cli.ts';
import { dockerArchive, layer, ociArchive } from '../support/image-builder.ts';

let directory = '';
let image = '';
const go = 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=no-such-package\n';
const warn = 'DOCKERFILECHECK:NOHEALTHCHECK:WARN\n';
const stop = 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh-server\n';

beforeAll(() => {
  directory = temporaryDirectory();
  image = dockerArchive([debianImage]).writeTo(join(directory, 'image.tar'));
  for (const [name, text] of Object.entries({ go, warn, stop })) writeIn(directory, name, text);
});

const gate = (...parameters: string[]) => portcullis(['gate', ...parameters], { cwd: directory });
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

describe('verdicts and exit codes', () => {
  test.each([
    ['go', 0, 'GO'],
    ['warn', 2, 'WARN'],
    ['stop', 1, 'STOP'],
  ])('%s', async (policy, expected, word) => {
    const { code, stdout } = await gate('image.tar', '-p', policy);
    expect(code).toBe(expected);
    expect(lastLine(stdout)).toMatch(new RegExp(`^${word} `));
    expect(lastLine(stdout)).not.toMatch(/\bnull\b|undefined/);
  });

  test('--accept warn makes WARN end with 0, and says WARN all the same; it accepts nothing else', async () => {
    const { code, stdout } = await gate('image.tar', '-p', 'warn', '--accept', 'warn');
    expect(code).toBe(0);
    expect(lastLine(stdout)).toMatch(/^WARN /);
    expect((await gate('image.tar', '-p', 'stop', '--accept', 'warn')).code).toBe(1);
    expect((await gate('gone.tar', '-p', 'warn', '--accept', 'warn')).code).toBe(5);
  });

  test.each([[['image.tar']], [['--image', 'image.tar']], [['gate', 'image.tar']], [['gate', '--image', 'image.tar']]])('%j mean the same', async (words) => {
    const { code, stdout } = await portcullis([...words, '--policy', 'stop', '-q'], { cwd: directory });
    expect(code).toBe(1);
    expect(stdout).toBe((await gate('image.tar', '-p', 'stop', '-q')).stdout);
  });

  test('the same input and --now give the same document', async () => {
    const one = await gate('image.tar', '-p', 'stop', '-o', 'json', '--now', '2024-01-31T12:00:00Z');
    const two = await gate('image.tar', '-p', 'stop', '-o', 'json', '--now', '2024-01-31T12:00:00Z');
    expect(one.stdout).toBe(two.stdout);
    expect(JSON.parse(one.stdout)).toMatchObject({ evaluatedAt: '2024-01-31T12:00:00.000Z', verdict: 'stop' });
  });
});

describe('several images', () => {
  test('a block each, the worst verdict decides', async () => {
    const clean = ociArchive([{ ...debianImage, layers: [layer([{ path: 'etc/hostname', content: 'x' }])] }]).writeTo(join(directory, 'clean.tar'));
    const { code, stdout } = await gate('image.tar', clean, '-p', 'stop', '-o', 'json');
    const document = JSON.parse(stdout) as { verdict: string; images: { verdict: string }[] };
    expect(document.images.map(({ verdict }) => verdict)).toEqual(['stop', 'go']);
    expect(document.verdict).toBe('stop');
    expect(code).toBe(1);
  });

  test('an unreadable one gets an error block and its exit code; the others are judged', async () => {
    for (const order of [
      ['gone.tar', 'image.tar'],
      ['image.tar', 'gone.tar'],
    ]) {
      const { code, stdout } = await gate(...order, '-p', 'stop');
      expect(code).toBe(5);
      expect(stdout).toContain('IMAGE_NOT_FOUND');
      expect(stdout).toContain('openssh-server');
      const json = JSON.parse((await gate(...order, '-p', 'stop', '-o', 'json')).stdout) as { images: object[] };
      expect(json.images).toHaveLength(2);
      expect(json.images[order.indexOf('gone.tar')]).toMatchObject({ error: { code: 'IMAGE_NOT_FOUND' } });
    }
  });

  test('that are all unreadable have no verdict', async () => {
    const { code, stdout } = await gate('gone.tar', 'gone2.tar', '-p', 'go');
    expect(code).toBe(5);
    expect(stdout).not.toMatch(/^(?:GO|WARN|STOP)\b/m);
    expect(JSON.parse((await gate('gone.tar', '-o', 'json')).stdout)).toMatchObject({ verdict: null });
  });

  test('from a file, by --imagefile or @FILE, with comments, blanks and Dockerfiles', async () => {
    const spaced = dockerArchive([debianImage]).writeTo(join(directory, 'with blank.tar'));
    writeIn(directory, 'Dockerfile', 'FROM debian:12\n');
    writeIn(directory, 'list', `\uFEFF# images\n\nimage.tar Dockerfile\r\nwith____blank.tar\n`);
    for (const words of [['--imagefile', 'list'], ['@list']]) {
      const { stdout, code } = await gate(...words, '-p', 'stop', '-o', 'json');
      expect((JSON.parse(stdout) as { images: { reference: string }[] }).images.map(({ reference }) => reference)).toEqual(['image.tar', 'with blank.tar']);
      expect(code).toBe(1);
    }
    expect(spaced).toContain('blank');
  });

  test('of one archive: all, or one by --tag', async () => {
    dockerArchive([debianImage, { layers: [layer([{ path: 'x', content: '' }])], tags: ['other:2'] }]).writeTo(join(directory, 'two.tar'));
    const all = JSON.parse((await gate('two.tar', '-p', 'stop', '-o', 'json')).stdout) as { images: object[] };
    expect(all.images).toHaveLength(2);
    const one = await gate('two.tar', '-p', 'stop', '-o', 'json', '--tag', 'other:2');
    expect(one.code).toBe(0);
    expect((JSON.parse(one.stdout) as { images: object[] }).images).toMatchObject([{ tags: ['other:2'] }]);
    const none = await gate('two.tar', '--tag', 'none');
    expect(none.code).toBe(5);
    expect(none.stdout).toContain('other:2');
  });

  test('--platform chooses in an index for several', async () => {
    ociArchive(['amd64', 'arm64', 's390x'].map((architecture) => ({ ...debianImage, tags: ['multi'], platform: { os: 'linux', architecture } }))).writeTo(
      join(directory, 'multi.tar'),
    );
    const { stdout } = await gate('multi.tar', '--platform', 'linux/s390x', '-p', 'stop', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      images: [{ platform: 'linux/s390x' }],
      settings: expect.arrayContaining([expect.objectContaining({ name: 'platform', origin: 'command line' })]),
    });
    expect((await gate('multi.tar', '--platform', 'linux/riscv64')).code).toBe(5);
  });

  test('--platform is meant, also where an image is for one platform only', async () => {
    expect((await gate('image.tar', '--platform', 'linux/amd64', '-p', 'go')).code).toBe(0);
    const other = await gate('image.tar', '--platform', 'linux/arm64', '-p', 'go');
    expect(other.code).toBe(5);
    expect(other.stdout).toContain('linux/amd64, not for linux/arm64');
  });
});

describe('reports', () => {
  test('the distribution is named, whatever the policy asks for', async () => {
    for (const policy of ['go', 'stop']) expect((await gate('image.tar', '-p', policy)).stdout).toMatch(/^System {2}Debian/m);
    expect((await gate('image.tar', '-p', 'warn')).stdout).toMatch(/^System {2}(?:Debian|no distribution known)/m);
  });

  test('several in one run, each to its place; a file that was there is replaced as a whole', async () => {
    const file = writeIn(directory, 'report.json', 'x'.repeat(100_000));
    const { stdout, code } = await gate('image.tar', '-p', 'stop', '-o', `json=${file}`, '-o', 'table', '-o', 'classic-json=classic.json');
    expect(code).toBe(1);
    expect(lastLine(stdout)).toMatch(/^STOP /);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schema: 'portcullis.verdict.v1' });
    expect(Object.keys(JSON.parse(readFileSync(join(directory, 'classic.json'), 'utf8')) as object)).toHaveLength(1);
  });

  test('classic ones', async () => {
    const json = JSON.parse((await gate('image.tar', '-p', 'stop', '--json')).stdout) as Record<string, { result: { final_action: string } }>;
    expect(Object.values(json)[0]?.result.final_action).toBe('STOP');
    expect((await gate('image.tar', '-p', 'stop', '--plain')).stdout).toMatch(/FINAL FINAL\s+STOP/);
    expect((await gate('image.tar', '-p', 'stop', '--plain', '--show-triggerids')).stdout).toContain('Trigger_Id');
  });

  test('-q is silent on stderr, -v says more, errors are told always', async () => {
    expect((await gate('image.tar', '-p', 'basic-policy', '-q')).stderr).toBe('');
    expect((await gate('image.tar', '-p', 'basic-policy')).stderr).toContain('feeds import');
    expect((await gate('image.tar', '-p', 'stop', '-v')).stderr).toContain('image.tar');
    expect((await gate('image.tar', '-p', 'gone', '-q')).stderr).toContain('error: ');
  });

  test('colours only on a terminal', async () => {
    for (const env of [{}, { NO_COLOR: '1' }, { FORCE_COLOR: '1', NO_COLOR: '1' }]) {
      const { stdout, stderr } = await portcullis(['gate', image, '-p', 'stop', '-v'], { env });
      expect(stdout + stderr).not.toContain('\u001b');
    }
    expect((await gate('image.tar', '-p', 'stop', '--no-color')).stdout).not.toContain('\u001b');
  });

  test('whitelisted findings are gone from the verdict, not from the report', async () => {
    const findings =
      (JSON.parse((await gate('image.tar', '-p', 'stop', '-o', 'json')).stdout) as { images: { findings: { id: string; gate: string }[] }[] }).images[0]
        ?.findings ?? [];
    writeIn(directory, 'whitelist', findings.map(({ gate: name, id }) => `${name} ${id}\n`).join(''));
    const { code, stdout } = await gate('image.tar', '-p', 'stop', '--global-whitelist', 'whitelist', '-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ images: [{ counts: { excepted: findings.length }, findings: [{ state: 'excepted' }] }] });
    expect((await gate('image.tar', '-p', 'stop', '--global-whitelist', 'whitelist')).stdout).not.toContain('PKGNAMEMATCH');
    expect((await gate('image.tar', '-p', 'stop', '--global-whitelist', 'whitelist', '--show-whitelisted')).stdout).toContain('PKGNAMEMATCH');
  });
});

describe('variables stand in for options', () => {
  const withEnv = (env: Record<string, string>, ...parameters: string[]) => portcullis(['gate', ...parameters], { cwd: directory, env });

  test('and options win over them', async () => {
    expect((await withEnv({ PORTCULLIS_POLICY: 'stop' }, 'image.tar')).code).toBe(1);
    expect((await withEnv({ PORTCULLIS_POLICY: 'stop' }, 'image.tar', '-p', 'go')).code).toBe(0);
    expect((await withEnv({ PORTCULLIS_POLICY: 'warn', PORTCULLIS_ACCEPT: 'warn' }, 'image.tar')).code).toBe(0);
    expect((await withEnv({ PORTCULLIS_TAG: 'none' }, 'image.tar')).code).toBe(5);
    const { stdout } = await withEnv(
      { PORTCULLIS_POLICY: 'stop', PORTCULLIS_NOW: '2024-01-01', PORTCULLIS_PLATFORM: 'linux/amd64' },
      'image.tar',
      '-o',
      'json',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      evaluatedAt: '2024-01-01T00:00:00.000Z',
      settings: expect.arrayContaining([
        expect.objectContaining({ name: 'policy', origin: 'environment' }),
        expect.objectContaining({ name: 'now', origin: 'environment' }),
      ]),
    });
  });

  test.each([
    [{ PORTCULLIS_TIMEOUT: 'soon' }, 'PORTCULLIS_TIMEOUT'],
    [{ PORTCULLIS_ACCEPT: 'stop' }, 'PORTCULLIS_ACCEPT'],
    [{ PORTCULLIS_PLATFORM: 'x' }, 'platform'],
    [{ PORTCULLIS_NOW: 'now' }, 'time'],
  ])('%j is wrong use', async (env, word) => {
    const { code, stderr } = await withEnv(env as unknown as Record<string, string>, 'image.tar', '-p', 'go');
    expect(code).toBe(3);
    expect(stderr).toContain(word);
  });
});

test('--json and --plain exclude each other', async () => {
  const { code, stdout, stderr } = await gate('image.tar', '--json', '--plain');
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'portcullis.error.v1', code: 'USAGE' });
  expect(stderr).toContain('cannot be used with');
});

test('a file in the working directory takes no built-in policy’s place', async () => {
  const here = join(directory, 'here');
  mkdirSync(here);
  writeFileSync(join(here, 'basic-policy'), go);
  const { code } = await portcullis(['gate', image, '-p', 'basic-policy'], { cwd: here });
  expect(code).toBe(1);
  expect((await portcullis(['gate', image, '-p', './basic-policy'], { cwd: here })).code).toBe(0);
});
