import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasTool, portcullis, temporaryDirectory } from '../support/cli.ts';
import { dockerArchive, ociArchive } from '../support/image-builder.ts';
import { cleanEnvironment, content, makeImage, outcome, readAll, registryOptions } from './images.ts';
import { Servers, tool } from './servers.ts';

/** Files that a spool would leave behind if it had a name. */
const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => /^portcullis-[A-Za-z0-9]{6}$/.test(name));

const hasPodman = hasTool('podman', '--version') && hasTool('skopeo');
test.skipIf(hasPodman)('podman is not installed: its API is not tried', () => {});

describe.skipIf(!hasPodman)("podman's API service, for real", () => {
  const servers = new Servers();
  const directory = temporaryDirectory();
  const socket = join(directory, 'podman.sock');
  const archive = join(directory, 'image.tar');
  const env = (more: Record<string, string> = {}) => cleanEnvironment(directory, { CONTAINER_HOST: `unix://${socket}`, ...more });
  const storage = { CONTAINERS_STORAGE_CONF: join(directory, 'storage.conf') };
  const expected = async (file: string) => {
    const [evidence] = await readAll(file, registryOptions(cleanEnvironment(directory)));
    return { ...content(evidence as never), imageId: null };
  };

  beforeAll(async () => {
    writeFileSync(storage.CONTAINERS_STORAGE_CONF, `[storage]\ndriver = "vfs"\nrunroot = "${directory}/run"\ngraphroot = "${directory}/root"\n`);
    ociArchive([{ ...makeImage('amd64', 'zstd'), tags: ['x:1'] }]).writeTo(archive);
    const target = `containers-storage:[vfs@${directory}/root+${directory}/run]localhost/own/app:1`;
    tool('skopeo', ['copy', '-q', '--insecure-policy', `oci-archive:${archive}`, target]);
    await servers.program('podman', ['system', 'service', '--time', '0', `unix://${socket}`], socket, storage);
  });
  afterAll(() => servers.stop());

  test('gives what the archive gives, named or found', async () => {
    const before = leftovers();
    const notes: string[] = [];
    for (const reference of ['podman:localhost/own/app:1', 'localhost/own/app:1', 'podman:own/app:1']) {
      const [evidence] = await readAll(reference, registryOptions(env()), { note: (message) => notes.push(message) });
      expect({ ...content(evidence as never), imageId: null }).toEqual(await expected(archive));
      expect(evidence?.image.digest).toBeNull();
    }
    expect(notes.join('\n')).toMatch(/podman at unix:.* has localhost\/own\/app:1/);
    expect(leftovers()).toEqual(before);
  });
  test('is found at XDG_RUNTIME_DIR', async () => {
    const runtime = join(directory, 'runtime');
    mkdirSync(join(runtime, 'podman'), { recursive: true });
    tool('ln', ['-s', socket, join(runtime, 'podman', 'podman.sock')]);
    const { CONTAINER_HOST: _, ...rest } = env({ XDG_RUNTIME_DIR: runtime });
    expect(await outcome(readAll('podman:localhost/own/app:1', registryOptions(rest)))).toBe('read 3 packages');
  });
  test('says what it does not have', async () => {
    expect(await outcome(readAll('podman:localhost/nothing', registryOptions(env())))).toContain('IMAGE_NOT_FOUND:');
  });
  test('on the command line', async () => {
    const { code, stdout } = await portcullis(['gate', 'localhost/own/app:1', '-v'], { env: env() });
    expect(code).toBe(2);
    expect(stdout).toContain('localhost/own/app:1');
  });
});

// Docker's own daemon can't run in a test: the exchange below is as its API v1.43 describes and as 24.0 answers it.
describe("Docker's API, a recorded exchange", () => {
  const servers = new Servers();
  const directory = temporaryDirectory();
  const socket = join(directory, 'docker.sock');
  const archive = join(directory, 'image.tar');
  const asked: string[] = [];
  let harm: ((response: ServerResponse) => void) | null = null;
  const env = (more: Record<string, string> = {}) => registryOptions(cleanEnvironment(directory, { DOCKER_HOST: `unix://${socket}`, ...more }));
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${request.method} ${request.url}`);
    const json = (status: number, body: object): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (harm !== null) harm(response);
    else if (request.url === '/images/own/app:1/json') json(200, { Id: 'sha256:0' });
    else if (request.url === '/images/own/app:1/get') response.writeHead(200, { 'content-type': 'application/x-tar' }).end(readFileSync(archive));
    else json(404, { message: `No such image: ${request.url?.split('/')[2]}` });
  };
  beforeAll(async () => {
    dockerArchive([{ ...makeImage(), tags: ['own/app:1'] }]).writeTo(archive);
    await servers.own(listener, socket);
  });
  afterAll(() => servers.stop());

  test('an image is exported once, and left nowhere', async () => {
    const before = leftovers();
    const [evidence] = await readAll('docker:own/app:1', env());
    expect(content(evidence as never)).toEqual(content((await readAll(archive, env()))[0] as never));
    expect(asked).toEqual(['GET /images/own/app:1/get']);
    expect(leftovers()).toEqual(before);
  });
  test('the stated order: a file, else an engine, else the registry', async () => {
    asked.length = 0;
    const notes: string[] = [];
    expect(await outcome(readAll('own/app:1', env(), { note: (message) => notes.push(message) }))).toBe('read 3 packages');
    expect(asked).toEqual(['GET /images/own/app:1/json', 'GET /images/own/app:1/get']);
    expect(notes).toEqual(['No file or directory lies at own/app:1', expect.stringMatching(/^docker at unix:.* has own\/app:1$/)]);
    asked.length = 0;
    notes.length = 0;
    await outcome(readAll('127.0.0.1:1/none:1', env(), { note: (message) => notes.push(message) }));
    expect(notes.map((note) => note.replace(/unix:\/\/\S+/, 'unix://…').slice(0, 60))).toEqual([
      'No file or directory lies at 127.0.0.1:1/none:1',
      'docker at unix://… does not have 127.0.0.1:1/none:1',
      expect.stringMatching(/^podman is passed over/),
      'Asking the registry for 127.0.0.1:1/none:1',
    ]);
    asked.length = 0;
    await outcome(readAll('registry:127.0.0.1:1/own/app:1', env()));
    await outcome(readAll(archive, env()));
    await outcome(readAll('missing.tar', env()));
    expect(asked).toEqual([]);
  });
  test('a context names the socket; ssh and what is unknown are refused in words', async () => {
    const config = join(directory, 'docker-config');
    const context = (name: string, host: string): void => {
      const place = join(config, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
    };
    context('here', `unix://${socket}`);
    context('far', 'ssh://host');
    writeFileSync(join(config, 'config.json'), JSON.stringify({ currentContext: 'here' }));
    const none = { DOCKER_HOST: '', DOCKER_CONFIG: config };
    expect(await outcome(readAll('docker:own/app:1', env(none)))).toBe('read 3 packages');
    expect(await outcome(readAll('docker:own/app:1', env({ ...none, DOCKER_CONTEXT: 'far' })))).toMatch(/^USAGE: .*ssh/);
    expect(await outcome(readAll('docker:own/app:1', env({ ...none, DOCKER_CONTEXT: 'absent' })))).toMatch(/^USAGE: .*absent is not known/);
    expect(await outcome(readAll('docker:own/app:1', env({ DOCKER_HOST: 'npipe:////./pipe/x' })))).toMatch(/^USAGE:/);
  });
  test('by TCP', async () => {
    const { port } = await servers.own(listener);
    expect(await outcome(readAll('docker:own/app:1', env({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })))).toBe('read 3 packages');
  });
  test('a name can lead nowhere else in the API', async () => {
    asked.length = 0;
    for (const name of ['../containers/json', 'a/../../x', 'a?b', 'a b', 'a//b', '.', 'a/..', 'a#b', '%2e%2e/x']) {
      expect(await outcome(readAll(`docker:${name}`, env()))).toContain('USAGE:');
    }
    expect(asked).toEqual([]);
  });
  test.each([
    ['is not there', 'ENGINE_UNREACHABLE', null],
    ['has no such image', 'IMAGE_NOT_FOUND', (response: ServerResponse) => void response.writeHead(404).end('{"message":"No such image"}')],
    ['fails', 'ENGINE_UNREACHABLE', (response: ServerResponse) => void response.writeHead(500).end('{"message":"disk on fire"}')],
    ['closes', 'ENGINE_UNREACHABLE', (response: ServerResponse) => void response.socket?.destroy()],
    [
      'is cut',
      'ENGINE_UNREACHABLE',
      (response: ServerResponse) => void response.writeHead(200).write(readFileSync(archive).subarray(0, 9000), () => response.destroy()),
    ],
    ['sends rubbish', 'IMAGE_FORMAT', (response: ServerResponse) => void response.writeHead(200).end('{"error":"no"}'.repeat(100))],
    ['sends nothing', 'IMAGE_FORMAT', (response: ServerResponse) => void response.writeHead(200).end()],
    ['sends half an archive', 'IMAGE_', (response: ServerResponse) => void response.writeHead(200).end(readFileSync(archive).subarray(0, 300_032))],
  ])('that %s is an error', async (_, code, act) => {
    const before = leftovers();
    harm = act;
    try {
      const options = act === null ? env({ DOCKER_HOST: `unix://${directory}/absent.sock` }) : env();
      expect(await outcome(readAll('docker:own/app:1', options))).toContain(code);
    } finally {
      harm = null;
    }
    expect(leftovers()).toEqual(before);
  });
});

describe('what can be read only once', () => {
  const directory = temporaryDirectory();
  const archive = join(directory, 'image.tar');
  ociArchive([{ ...makeImage(), tags: ['x:1'] }]).writeTo(archive);
  const environment = registryOptions(cleanEnvironment(directory));
  const hasZstd = hasTool('zstd', '--version');

  test.skipIf(hasZstd)('zstd is not installed: archives compressed with it are not tried', () => {});
  test.each(hasZstd ? ['gzip', 'zstd'] : ['gzip'])('an archive that is compressed with %s as a whole', async (program) => {
    const path = `${archive}.${program}`;
    tool('sh', ['-c', `${program} -c "$1" > "$2"`, 'sh', archive, path]);
    expect((await readAll(path, environment)).map(content)).toEqual((await readAll(archive, environment)).map(content));
    const bytes = readFileSync(path);
    const before = leftovers();
    writeFileSync(`${path}.cut`, bytes.subarray(0, bytes.length / 2));
    expect(await outcome(readAll(`${path}.cut`, environment))).toContain('IMAGE_INVALID:');
    expect(leftovers()).toEqual(before);
  });
  test('a bomb', async () => {
    const bomb = join(directory, 'bomb.tar.gz');
    tool('sh', ['-c', 'head -c 60000000 /dev/zero | gzip -1 > "$1"', 'sh', bomb]);
    const before = leftovers();
    const { defaultLimits } = await import('../../src/archive/index.ts');
    const limits = { ...defaultLimits, ratioFrom: 1_000_000, ratio: 100 };
    expect(await outcome(readAll(bomb, environment, { limits }))).toMatch(/^IMAGE_LIMIT: .*bomb|^IMAGE_LIMIT: .*unpacks to more than/);
    expect(leftovers()).toEqual(before);
  });
  test('standard input, plain and compressed; empty and rubbish are errors', async () => {
    const gate = (command: string) =>
      tool('sh', [
        '-c',
        `${command} | PORTCULLIS_OFFLINE=1 "$0" "$1" gate - -o json; echo "code $?"`,
        process.execPath,
        join(import.meta.dirname, '../../bin/portcullis'),
      ]);
    await portcullis(['--version']); // built
    for (const command of [`cat '${archive}'`, `gzip -c '${archive}'`, `(sleep 0.2; cat '${archive}')`])
      expect(gate(command)).toMatch(/"reference": "-"[\s\S]*code 2\n$/);
    expect(gate('printf ""')).toMatch(/IMAGE_FORMAT[\s\S]*code 5\n$/);
    expect(gate('echo rubbish')).toMatch(/IMAGE_FORMAT[\s\S]*code 5\n$/);
    expect(gate(`head -c 100000 '${archive}'`)).toMatch(/"code": "IMAGE_[\s\S]*code 5\n$/);
  });
  test.skipIf(!existsSync('/dev/fd'))('a pipe that is named', () => {
    const script = `PORTCULLIS_OFFLINE=1 "$0" "$1" gate <(cat '${archive}') -o json; echo "code $?"`;
    expect(tool('bash', ['-c', script, process.execPath, join(import.meta.dirname, '../../bin/portcullis')])).toMatch(/code 2\n$/);
  });
});
