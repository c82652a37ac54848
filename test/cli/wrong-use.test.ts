import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { debianImage } from '../faults/judge-image.ts';
import { type CommandOptions, portcullis, temporaryDirectory, writeIn } from '../support/cli.ts';
import { dockerArchive } from '../support/image-builder.ts';

let directory = '';

beforeAll(() => {
  directory = temporaryDirectory();
  dockerArchive([debianImage]).writeTo(join(directory, 'image.tar'));
  writeIn(directory, 'empty', '');
  writeIn(directory, 'three', 'a b c\n');
  writeIn(directory, 'binary', Buffer.from([0xff, 0xfe, 0x00]));
});

/** Runs what must fail: one sentence that says what is wrong, a way out, no stack trace, nothing on stdout. */
async function failed(parameters: readonly string[], options: CommandOptions = {}): Promise<{ code: number | null; text: string }> {
  const { code, stdout, stderr } = await portcullis(parameters, { cwd: directory, ...options });
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^error: \S/m);
  expect(stderr).toMatch(/^hint: \S|\(did you mean /im);
  expect(stderr).not.toMatch(/^ {4}at |\bundefined\b|\[object|\(outputHelp\)/m);
  return { code, text: stderr };
}

describe('wrong use ends with 3', () => {
  test.each([
    [['gate', 'image.tar', '--polcy', 'x'], '--policy'],
    [['gate', 'image.tar', '--timeot', '5'], '--timeout'],
    [['gat', 'image.tar'], 'gate'],
    [['polcy', 'template'], 'policy'],
    [['feeds', 'imprt', 'x'], 'import'],
    [['policy', 'templat'], 'template'],
    [['gates', 'PKGBLAKLIST'], 'PKGBLACKLIST'],
    [['gates', 'PKGBLACKLIST.PKGNAMEMACH'], 'PKGNAMEMATCH'],
  ])('%j is misspelt: the nearest name is shown', async (parameters, nearest) => {
    const { code, text } = await failed(parameters);
    expect(code).toBe(3);
    expect(text).toContain(nearest);
  });

  test.each([
    [['gate'], 'No image'],
    [[], 'No image'],
    [['feeds'], 'feeds needs a command'],
    [['policy'], 'policy needs a command'],
    [['help', 'gat'], "no command 'gat'"],
    [['feeds', 'import'], 'Give a directory'],
    [['feeds', 'status', 'more'], 'Too many arguments'],
    [['gate', 'image.tar', '--policy'], 'argument missing'],
    [['gate', 'image.tar', '--timeout', '-1'], 'number of seconds'],
    [['gate', 'image.tar', '--timeout', '1.5'], 'number of seconds'],
    [['gate', 'image.tar', '--accept', 'stop'], 'choices'],
    [['gate', 'image.tar', '--platform', 'amd64'], 'linux/amd64'],
    [['gate', 'image.tar', '--now', 'yesterday'], '2026-01-31'],
    [['gate', 'image.tar', '--now', '2026-02-30T00:00:00+25:00'], '2026-01-31'],
    [['gate', 'image.tar', '-o', 'table', '--plain'], 'standard output'],
    [['gate', 'image.tar', '-o', 'table=a', '-o', 'json=a'], 'would go to a'],
    [['gate', 'image.tar', '-o', 'table='], 'FORMAT=FILE'],
    [['gate', 'image.tar', '-o', '=a'], 'FORMAT=FILE'],
    [['gate', 'image.tar', '-o', 'yaml'], 'table'],
    [['gate', 'image.tar', '--dockerfile', 'gone'], 'does not exist'],
    [['gate', 'image.tar', '--dockerfile', '.'], 'EISDIR'],
    [['gate', 'image.tar', '--dockerfile', 'binary'], 'UTF-8'],
    [['gate', 'image.tar', 'image.tar', '--dockerfile', 'empty'], '--imagefile'],
    [['gate', '--image', 'image.tar', '--imagefile', 'empty'], 'exclude each other'],
    [['gate', '@gone'], 'does not exist'],
    [['gate', '@empty'], 'names no image'],
    [['gate', '@three'], '____'],
    [['gate', '--imagefile', 'binary'], 'UTF-8'],
  ])('%j', async (parameters, words) => {
    const { code, text } = await failed(parameters);
    expect(code).toBe(3);
    expect(text).toContain(words);
  });
});

test.each(['catalog', 'evidence', 'services', 'vulnerabilities', 'explain'])('%s --help-all needs no argument', async (command) => {
  const { code, stdout, stderr } = await portcullis([command, '--help-all'], { cwd: directory });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('--no-cache');
  expect(stdout).not.toContain('--help-all shows');
});

describe('a policy that is not valid ends with 4', () => {
  const judged = (text: string | Uint8Array, ...parameters: string[]) =>
    failed(['gate', 'image.tar', '-p', writeIn(temporaryDirectory(), 'policy', text), ...parameters]);

  test.each([
    ['nothing', ''],
    ['comments', '# one\n\n   \n# two\n'],
  ])('without a rule: %s', async (_, text) => {
    const answer = await judged(text);
    expect(answer.code).toBe(4);
    expect(answer.text).toContain('no rule');
  });

  test('every error is told with line, column and what would be right', async () => {
    const lines: readonly (readonly [string, number, string])[] = [
      ['PKGBLAKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=a', 1, 'PKGBLACKLIST'],
      ['PKGBLACKLIST:PKGNAMEMACH:STOP:BLACKLIST_NAMEMATCH=a', 14, 'PKGNAMEMATCH'],
      ['PKGBLACKLIST:PKGNAMEMATCH:HALT:BLACKLIST_NAMEMATCH=a', 27, 'STOP, WARN and GO'],
      ['PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMACH=a', 32, 'BLACKLIST_NAMEMATCH'],
      ['ANCHORESEC:FEEDOUTOFDATE:WARN:MAXAGE=abc', 38, 'whole number'],
      ['no rule at all', 1, 'no colon'],
    ];
    const { code, text } = await judged(`${lines.map(([line]) => line).join('\n')}\nDOCKERFILECHECK:NOHEALTHCHECK:WARN\n`);
    expect(code).toBe(4);
    for (const [index, [, column, words]] of lines.entries()) expect(text).toMatch(new RegExp(`policy:${index + 1}:${column}: error: .*${words}`));
    expect(text).not.toMatch(/policy:7:/);
  });

  test.each([
    ['not text', Buffer.from([0xff, 0xfe, 0x00, 0x01]), 'UTF-8'],
    ['larger than a policy can be', Buffer.alloc(17 * 2 ** 20, '#'), 'larger'],
  ])('%s', async (_, text, words) => {
    const answer = await judged(text);
    expect(answer.code).toBe(4);
    expect(answer.text).toContain(words);
  });

  test.each([
    [['-p', 'basic-polcy'], 'basic-policy'],
    [['-p', 'gone'], 'basic-policy'],
    [['-p', '.'], 'EISDIR'],
    [['--global-whitelist', 'gone'], 'does not exist'],
    [['--global-whitelist', 'three'], 'three:1:'],
    [['--image-whitelist', 'three'], 'three:1:'],
    [['--image-whitelist', 'binary'], 'UTF-8'],
  ])('%j', async (parameters, words) => {
    const { code, text } = await failed(['gate', 'image.tar', ...parameters]);
    expect(code).toBe(4);
    expect(text).toContain(words);
  });

  test('the name of a built-in policy that is not there', async () => expect((await failed(['policy', 'samples', 'basic'])).code).toBe(4));
});

describe('an advisory store that cannot be trusted or read ends with 6', () => {
  const withStore = (path: string, ...parameters: string[]) =>
    failed(parameters.length > 0 ? parameters : ['gate', 'image.tar', '-p', 'basic-policy'], { env: { PORTCULLIS_DATA_DIR: path } });

  test('a directory that others may write', async () => {
    const path = join(temporaryDirectory(), 'data');
    mkdirSync(path);
    for (const mode of [0o777, 0o770, 0o702]) {
      chmodSync(path, mode);
      expect((await withStore(path)).code).toBe(6);
    }
    expect((await withStore(path, 'feeds', 'status')).code).toBe(6);
  });

  test.skipIf(process.getuid?.() !== 0)('a directory of somebody else (needs root)', async () => {
    const path = join(temporaryDirectory(), 'data');
    mkdirSync(path, 0o700);
    chownSync(path, 12345, 12345);
    expect((await withStore(path)).code).toBe(6);
  });

  test('a file in its place', async () => expect((await withStore(join(directory, 'image.tar'))).code).toBe(6));

  test('a policy that asks for no vulnerabilities needs none', async () => {
    const policy = writeIn(temporaryDirectory(), 'policy', 'DOCKERFILECHECK:NOHEALTHCHECK:WARN\n');
    expect((await portcullis(['gate', 'image.tar', '-p', policy], { cwd: directory, env: { PORTCULLIS_DATA_DIR: join(directory, 'image.tar') } })).code).toBe(
      2,
    );
  });

  test('what is no feed is refused, and changes nothing', async () => {
    const path = join(temporaryDirectory(), 'data');
    for (const source of ['gone', 'image.tar', 'binary', 'empty']) {
      const { code } = await failed(['feeds', 'import', source], { env: { PORTCULLIS_DATA_DIR: path } });
      expect(code, source).toBe(6);
    }
    const { stdout, code } = await portcullis(['feeds', 'status'], { env: { PORTCULLIS_DATA_DIR: path } });
    expect(stdout).toContain('No advisories are loaded');
    expect(code).toBe(0);
  });

  test('a damaged one', async () => {
    const data = join(temporaryDirectory(), 'data');
    const feed = temporaryDirectory();
    writeFileSync(
      join(feed, 'OSV-1.json'),
      JSON.stringify({
        id: 'OSV-1',
        modified: '2024-01-01T00:00:00Z',
        affected: [{ package: { ecosystem: 'Debian:12', name: 'openssh' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }] }],
      }),
    );
    const env = { PORTCULLIS_DATA_DIR: data };
    expect((await portcullis(['feeds', 'import', feed], { env })).code).toBe(0);
    const { readdirSync, readFileSync, statSync } = await import('node:fs');
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(data, name)).size > 4096);
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const bytes = readFileSync(join(data, name));
      for (const damaged of [
        bytes.subarray(0, 3000),
        Buffer.alloc(bytes.length, 'x'),
        Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100, 0xa5)]),
      ]) {
        writeFileSync(join(data, name), damaged);
        expect((await withStore(data)).code).toBe(6);
      }
      writeFileSync(join(data, name), bytes);
    }
    expect((await portcullis(['gate', 'image.tar', '-p', 'basic-policy'], { cwd: directory, env })).code).toBe(1);
  });
});
