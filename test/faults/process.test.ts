import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { headerBlock } from '../../src/archive/tar-blocks.fixture.ts';
import { ensureBuilt, hasTool, portcullis, repository, temporaryDirectory, writeIn } from '../support/cli.ts';
import { dockerArchive, layer, ociArchive, sha256 } from '../support/image-builder.ts';
import { debianImage } from './judge-image.ts';

const program = join(repository, 'bin/portcullis');
const verdicts = [0, 1, 2];
let image = '';
let slow = '';

/** An image of four gibibytes of zeros in four megabytes: more than a second's work, and right in all that is checked. */
function slowImage(path: string): string {
  const zeros = Buffer.alloc(2 ** 24);
  const head = headerBlock({ name: 'zeros', size: 31 * zeros.length });
  const blob = Buffer.concat([gzipSync(head), ...new Array<Buffer>(31).fill(gzipSync(zeros))]);
  const hash = createHash('sha256').update(head);
  for (let member = 0; member < 31; member++) hash.update(zeros);
  const layer = { tar: Buffer.alloc(0), blob, compression: 'gzip' as const, diffId: `sha256:${hash.digest('hex')}`, digest: sha256(blob), createdBy: '' };
  return ociArchive([{ layers: new Array(8).fill(layer) }]).writeTo(path);
}

beforeAll(() => {
  ensureBuilt();
  const directory = temporaryDirectory();
  image = dockerArchive([debianImage]).writeTo(join(directory, 'image.tar'));
  slow = slowImage(join(directory, 'slow.tar'));
});

function shell(command: string): SpawnSyncReturns<string> {
  return spawnSync('sh', ['-c', command, 'sh', process.execPath, program, image], {
    encoding: 'utf8',
    env: { ...process.env, PORTCULLIS_DATA_DIR: join(dirname(image), 'data'), PORTCULLIS_CACHE_DIR: join(dirname(image), 'cache') },
  });
}

describe('an output that cannot be written ends with 7', () => {
  test
    .skipIf(!existsSync('/dev/full'))
    .each([
      'gate "$3"',
      'gate "$3" -o json',
      'gate "$3" --json',
      'gate "$3" --plain',
      '--help',
      '--version',
      'gate --help-all',
      'gates',
      'policy template',
      'policy samples basic-policy',
      'feeds status',
    ])('%s, on a full disk (needs /dev/full)', (command) => {
    const { status, stderr } = shell(`"$1" "$2" ${command} > /dev/full`);
    expect(status).toBe(7);
    expect(stderr).toContain('error: Cannot write to standard output: ENOSPC.');
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('a reader that goes away', () => {
    const { stderr } = shell('{ "$1" "$2" gate "$3" -q; echo "code $?" >&2; } | true');
    expect(stderr).toMatch(/code 7$/m);
  });

  test('a reader that goes away in the middle of much text', () => {
    const { stderr } = shell('{ "$1" "$2" policy template; "$1" "$2" gates; echo "code $?" >&2; } | head -c 10 > /dev/null');
    expect(stderr).toMatch(/code 7$/m);
  });

  test.each([
    ['in a directory that is not there', (directory: string) => join(directory, 'gone/report.json')],
    ['that is a directory', (directory: string) => directory],
    ['below a file', () => join(image, 'report.json')],
    ['on a full disk', () => '/dev/full'],
  ])('a file %s', async (title, place) => {
    const path = place(temporaryDirectory());
    if (title.includes('full') && !existsSync(path)) return;
    const { code, stderr, stdout } = await portcullis(['gate', image, '-o', `json=${path}`, '-o', 'table']);
    expect(code).toBe(7);
    expect(stderr).toContain(`Cannot write ${path}`);
    expect(stdout).not.toMatch(/^(?:GO|WARN|STOP)\b.*$(?![\s\S])/m);
  });

  test('a directory that may not be written leaves the old report', async () => {
    const directory = temporaryDirectory();
    const path = writeIn(directory, 'report.json', 'old');
    const locked = join(directory, 'locked');
    symlinkSync('/proc/1', locked);
    expect((await portcullis(['gate', image, '-o', `json=${locked}/report.json`])).code).toBe(7);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(directory).sort()).toEqual(['locked', 'report.json']);
  });

  test.skipIf(!existsSync('/dev/full'))('messages that cannot be shown cost no verdict (needs /dev/full)', () => {
    expect(shell('"$1" "$2" gate "$3" -v -p basic-policy 2> /dev/full').status).toBe(1);
  });
});

describe('an error is a document where JSON was asked for', () => {
  const schema = JSON.parse(readFileSync(join(repository, 'schemas/error.v1.json'), 'utf8')) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  const wrong = ['gate', 'x.tar', '-p', 'no-such-policy'];

  test.each(['-o json', '-ojson', '--output json', '--output=json', '--json'])('%s', async (parameters) => {
    const { stdout, code } = await portcullis([...wrong, ...parameters.split(' ')]);
    const document: unknown = JSON.parse(stdout);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document).toMatchObject({ code: 'POLICY_NOT_FOUND' });
    expect(code).toBe(4);
  });

  test('also when the command line is wrong, and in the file that an earlier run wrote a verdict to', async () => {
    const file = writeIn(temporaryDirectory(), 'report.json', '{"verdict":"go"}');
    const { code, stdout } = await portcullis(['gate', image, '--no-such-option', '-o', `json=${file}`]);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expect(validate(document)).toBe(true);
    expect(document).toMatchObject({ code: 'USAGE' });
  });

  test('not where it was not asked for', async () => expect((await portcullis(wrong)).stdout).toBe(''));
});

describe('time and signals', () => {
  test('--timeout ends with 5', async () => {
    const { code, stderr } = await portcullis(['gate', slow, '--timeout', '1']);
    expect(code).toBe(5);
    expect(stderr).toContain('longer than 1 second');
    expect(stderr).toContain('--timeout');
  });

  test.skipIf(!hasTool('mkfifo'))('a pipe that nobody writes to, as image or as policy, is not waited for longer (needs mkfifo)', async () => {
    const fifo = join(temporaryDirectory(), 'fifo');
    spawnSync('mkfifo', [fifo]);
    expect((await portcullis(['gate', image, '-o', `json=${fifo}`])).code).toBe(7);
    for (const parameters of [
      ['gate', fifo],
      ['gate', image, '-p', fifo],
    ]) {
      const { code, stderr } = await portcullis([...parameters, '--timeout', '1']);
      expect(code).toBe(5);
      expect(stderr).toContain('longer than 1 second');
    }
  });

  test.skipIf(!hasTool('bash'))('pipes of a shell are read and written (needs bash)', () => {
    const command =
      '"$0" "$1" gate <(cat "$2") -p <(echo "PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh-server") -q -o json=>(cat) -o table=/dev/null | cat';
    const { stdout } = spawnSync('bash', ['-c', command, process.execPath, program, image], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'stop' });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends with %i', async (signal, expected) => {
    const child = spawn(process.execPath, [program, 'gate', slow, '-v'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await new Promise((resolve) => child.stderr.once('data', resolve)); // it says what it reads: it is at work
    child.kill(signal);
    expect(await new Promise((resolve) => child.on('close', (code) => resolve(code)))).toBe(expected);
    expect(output).toBe('');
  });
});

describe('whatever else ends the process is no verdict', () => {
  const preload = (text: string, extension = 'mjs'): string => writeIn(temporaryDirectory(), `preload.${extension}`, text);
  const run = (parameters: readonly string[], options: string, env: Record<string, string> = {}) =>
    portcullis(parameters, { env: { NODE_OPTIONS: options, ...env } });

  test('a promise that never settles', async () => {
    const file = preload(`process.stdout.write = () => true;`);
    const { code, stderr } = await run(['gate', image], `--import ${file}`);
    expect(code).toBe(70);
    expect(stderr).toContain('before it had a result');
  });

  test('an exception that nobody catches, a rejection that nobody handles', async () => {
    for (const text of ['setTimeout(() => { throw new Error("lost"); }, 300);', 'setTimeout(() => Promise.reject(new Error("lost")), 300);']) {
      const { code, stderr, stdout } = await run(['gate', slow], `--import ${preload(text)}`);
      expect(code).toBe(70);
      expect(stderr).toContain('Please report it');
      expect(stdout).toBe('');
    }
  });

  test('a defect in the middle is told as one, without a stack trace unless it is asked for', async () => {
    const file = preload(
      `Map.prototype.get = new Proxy(Map.prototype.get, { apply(t, s, a) { if (a[0] === 'manifest.json') throw new TypeError('broken map'); return Reflect.apply(t, s, a); } });`,
    );
    const plain = await run(['gate', image], `--import ${file}`);
    expect(plain.code).toBe(70);
    expect(plain.stderr).toContain('a defect in portcullis: broken map');
    expect(plain.stderr).not.toMatch(/^ {4}at /m);
    expect((await run(['gate', image, '-vv'], `--import ${file}`)).stderr).toMatch(/^ {4}at /m);
    const json = await run(['gate', image, '-o', 'json'], `--import ${file}`);
    expect(json.stdout).toContain('"DEFECT"');
  });

  test.each(['18.20.0', '20.18.3', '12.0.0', '8.17.0'])('Node %s', async (version) => {
    const file = preload(`Object.defineProperty(process, 'versions', { value: Object.assign({}, process.versions, { node: '${version}' }) });`, 'cjs');
    const { code, stderr, stdout } = await run(['gate', image], `--require ${file}`);
    expect(code).toBe(70);
    expect(stderr).toBe(`portcullis needs Node.js 20.19 or newer; this is ${version}. Install a current Node.js.\n`);
    expect(stdout).toBe('');
  });

  test('another system', async () => {
    const { code, stderr } = await run(['gate', image], `--require ${preload(`Object.defineProperty(process, 'platform', { value: 'win32' });`, 'cjs')}`);
    expect(code).toBe(70);
    expect(stderr).toContain('Linux and macOS');
  });

  test('a checkout that is not built, or a build that is damaged', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'bin'));
    for (const name of readdirSync(dirname(program))) writeFileSync(join(directory, 'bin', name), readFileSync(join(dirname(program), name)));
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    const start = (): SpawnSyncReturns<string> => spawnSync(process.execPath, [join(directory, 'bin/portcullis')], { encoding: 'utf8' });
    expect(start()).toMatchObject({ status: 70, stderr: 'portcullis is not built yet. Run: npm ci && npm run build\n' });
    mkdirSync(join(directory, 'dist'));
    for (const text of [
      'export const other = 1;',
      'syntax error here',
      'throw new Error("x")',
      'export const run = () => { throw new Error("x"); };',
      'export const run = async () => { throw new Error("x"); };',
    ]) {
      writeFileSync(join(directory, 'dist/main.js'), text);
      const { status, stderr } = start();
      expect(status, text).toBe(70);
      expect(stderr).toContain('could not be loaded');
    }
  });

  test('too little memory for a thread, or for all; threads that die', async () => {
    const entries = Buffer.concat(Array.from({ length: 60_000 }, (_, index) => headerBlock({ name: `${'n'.repeat(80)}${index}` })));
    const filler = Buffer.concat([headerBlock({ name: 'filler', size: 60 * 2 ** 20 }), Buffer.alloc(60 * 2 ** 20), entries, Buffer.alloc(1024)]);
    const layers = [0, 1].map((index) => ({
      tar: filler,
      blob: filler,
      compression: 'none' as const,
      diffId: sha256(filler),
      digest: sha256(filler),
      createdBy: String(index),
    }));
    const path = ociArchive([{ layers }]).writeTo(join(temporaryDirectory(), 'large.tar'));
    const enough = await portcullis(['gate', path, '-p', 'basic-policy']);
    expect(verdicts).toContain(enough.code);
    const { code, signal, stdout } = await run(['gate', path, '-p', 'basic-policy', '--no-cache'], '--max-old-space-size=20');
    expect(verdicts).not.toContain(code);
    expect(code === 70 || signal !== null || (code ?? 0) > 128).toBe(true);
    expect(stdout).not.toMatch(/^(?:GO|WARN|STOP)\b/m);
    for (const end of [
      'process.exit(0)',
      'setTimeout(() => process.exit(0), 50)',
      'setTimeout(() => { throw new Error("lost"); }, 50)',
      'throw new Error("no start")',
    ]) {
      const dying = `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) { ${end}; }`;
      const died = await run(['gate', path, '-p', 'basic-policy', '--no-cache'], `--import ${preload(dying)}`);
      expect(died.code, end).toBe(availableParallelism() > 1 ? 70 : expect.any(Number));
      if (availableParallelism() > 1) expect(died.stdout).toBe('');
    }
  });
});

test('closed standard streams', () => {
  expect(shell('"$1" "$2" gate "$3" -p basic-policy 2>&- > /dev/null').status).toBe(1);
  expect(shell('"$1" "$2" gate "$3" -p basic-policy <&-').status).toBe(1);
});

test('the smallest image is judged', async () => {
  const path = ociArchive([{ layers: [layer([])] }]).writeTo(join(temporaryDirectory(), 'scratch.tar'));
  expect(verdicts).toContain((await portcullis(['gate', path, '-p', 'basic-policy'])).code);
});
