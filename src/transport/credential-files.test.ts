import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findCredentials } from './credential-files.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'portcullis-credentials-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const env = (more: Record<string, string> = {}) => ({ HOME: home, PATH: `${join(home, 'bin')}:${process.env.PATH}`, ...more });
function write(name: string, content: unknown): string {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') });
const login = (username: string, password: string) => ({ kind: 'password', username, password });
const found = async (domain: string, path = 'a/b', more: Record<string, string> = {}) => (await findCredentials(domain, path, env(more))).credentials;

/** A credential helper that answers from a script. */
function helper(name: string, script: string): void {
  chmodSync(write(`bin/docker-credential-${name}`, `#!/bin/sh\n${script}\n`), 0o755);
}

describe("Docker's configuration", () => {
  test('holds user and password, also under an old key', async () => {
    write('.docker/config.json', {
      auths: { 'r.example': auth('u:p:with:colons'), 'https://s.example/v1/': auth('s:t'), 'https://index.docker.io/v1/': auth('hub:x') },
    });
    expect(await found('r.example')).toEqual(login('u', 'p:with:colons'));
    expect(await found('s.example')).toEqual(login('s', 't'));
    expect(await found('docker.io')).toEqual(login('hub', 'x'));
    expect(await found('other.example')).toBeNull();
    expect(await found('example')).toBeNull();
  });
  test('holds identity and registry tokens', async () => {
    write('.docker/config.json', { auths: { 'i.example': { ...auth('u:'), identitytoken: 'refresh' }, 'b.example': { registrytoken: 'bearer' } } });
    expect(await found('i.example')).toEqual({ kind: 'identity', token: 'refresh' });
    expect(await found('b.example')).toEqual({ kind: 'bearer', token: 'bearer' });
  });
  test('lies where DOCKER_CONFIG says', async () => {
    write('elsewhere/config.json', { auths: { 'r.example': auth('u:p') } });
    expect(await found('r.example')).toBeNull();
    expect(await found('r.example', 'a', { DOCKER_CONFIG: join(home, 'elsewhere') })).toEqual(login('u', 'p'));
  });
});

describe("Podman's file", () => {
  test('goes before, the most specific entry first', async () => {
    write('.docker/config.json', { auths: { 'r.example': auth('docker:x'), 'd.example': auth('docker:y') } });
    write('run/containers/auth.json', { auths: { 'r.example': auth('podman:x'), 'r.example/a': auth('space:x'), 'r.example/a/b': auth('repository:x') } });
    const more = { XDG_RUNTIME_DIR: join(home, 'run') };
    expect(await found('r.example', 'a/b', more)).toEqual(login('repository', 'x'));
    expect(await found('r.example', 'a/c', more)).toEqual(login('space', 'x'));
    expect(await found('r.example', 'ab', more)).toEqual(login('podman', 'x'));
    expect(await found('d.example', 'a', more)).toEqual(login('docker', 'y'));
  });
  test('REGISTRY_AUTH_FILE alone counts where it is set', async () => {
    write('.docker/config.json', { auths: { 'r.example': auth('docker:x') } });
    const file = write('auth.json', { auths: { 's.example': auth('s:x') } });
    expect(await found('s.example', 'a', { REGISTRY_AUTH_FILE: file })).toEqual(login('s', 'x'));
    expect(await found('r.example', 'a', { REGISTRY_AUTH_FILE: file })).toBeNull();
  });
});

describe('a credential helper', () => {
  test('is asked for its host, or for all', async () => {
    helper('one', `read -r host; printf '{"ServerURL":"%s","Username":"one-%s","Secret":"s"}' "$host" "$host"`);
    helper('all', `read -r host; printf '{"Username":"<token>","Secret":"all-%s"}' "$host"`);
    write('.docker/config.json', { credHelpers: { 'r.example': 'one' }, credsStore: 'all', auths: { 'r.example': {} } });
    expect(await found('r.example')).toEqual(login('one-r.example', 's'));
    expect(await found('docker.io')).toEqual({ kind: 'identity', token: 'all-https://index.docker.io/v1/' });
  });
  test('that has none lets the files be asked', async () => {
    helper('none', 'echo "credentials not found in native keychain"; exit 1');
    write('.docker/config.json', { credsStore: 'none', auths: { 'r.example': auth('u:p') } });
    expect(await findCredentials('r.example', 'a', env())).toEqual({ credentials: login('u', 'p'), problems: [] });
  });
  test.each([
    ['that is not installed', 'absent', undefined, 'is not installed'],
    ['that fails', 'fails', 'echo secret-in-error; exit 3', 'failed'],
    ['that gives no JSON', 'text', 'echo hello', 'no JSON'],
    ['that gives half an answer', 'half', `echo '{"Username":"u"}'`, 'without Username and Secret'],
    ['that never ends writing', 'endless', 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done', 'without end'],
  ])('%s is a problem, told without what it printed', async (_, name, script, message) => {
    if (script !== undefined) helper(name, script);
    write('.docker/config.json', { credsStore: name });
    const { credentials, problems } = await findCredentials('r.example', 'a', env());
    expect(credentials).toBeNull();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
    expect(problems[0]).not.toContain('secret');
  });
  test('is never a path or a command', async () => {
    for (const name of ['../x', 'a/b', 'a b', '$(id)', '-x', '']) {
      write('.docker/config.json', { credsStore: name });
      const { credentials, problems } = await findCredentials('r.example', 'a', env());
      expect(credentials).toBeNull();
      if (name !== '') expect(problems).toEqual(['the name of a credential helper is not one']);
    }
  });
});

test('a file that is damaged is a problem that quotes nothing', async () => {
  for (const content of ['{"auths": {"r.example": {"auth": "c2VjcmV0"', '[]', 'null']) {
    write('.docker/config.json', content);
    const { credentials, problems } = await findCredentials('r.example', 'a', env());
    expect(credentials).toBeNull();
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain('c2VjcmV0');
  }
  write('.docker/config.json', { auths: { 'r.example': { auth: '!!!' }, __proto__: null }, credHelpers: 7 });
  expect((await findCredentials('r.example', 'a', env())).problems).toHaveLength(1);
});
