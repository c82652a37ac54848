import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { portcullis, temporaryDirectory } from '../support/cli.ts';
import { dockerArchive, layer, layerOfTar, ociArchive, oldDockerArchive } from '../support/image-builder.ts';

/** What a terminal or a CI system would act on. */
const evil = '\u001b[31mred\u001b]0;title\u0007\r\n::error::forged\n##[error]forged\u202Egnp\u2066\u009b31m\u0000\u2028\u200f::set-env::x';
const short = '\u001b[2J\n::stop-commands::x';

function expectNeutral(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/);
  for (const line of text.split('\n')) expect(line).not.toMatch(/^\s*(?:::|##\[)/);
}

const image = {
  layers: [
    layer(
      [
        { path: 'etc/os-release', content: `ID=debian\nVERSION_ID="12"\nPRETTY_NAME="${short.replace('\n', ' ')}"\nNAME='${evil.replaceAll('\n', ' ')}'\n` },
        {
          path: 'var/lib/dpkg/status',
          content: `Package: openssh-server\nStatus: install ok installed\nVersion: 1${short.replace('\n', '')}\nArchitecture: ${short.replace('\n', '')}\n\nPackage: foolib${evil.replaceAll('\n', '')}\nStatus: install ok installed\nVersion: 1\n\nPackage \u001b[31m\n::error::broken\n`,
        },
        { path: `usr/lib/node_modules/${evil.replaceAll('\0', '')}/package.json`, content: JSON.stringify({ name: evil, version: evil, license: evil }) },
        { path: 'usr/lib/python3/dist-packages/x.dist-info/METADATA', content: `Metadata-Version: 2.1\nName: ${short.replace('\n', '')}\nVersion: 1\n` },
        { path: `dead${short}`, hardlink: `gone${short}` },
        { path: 'etc/passwd', content: `root:x:0:0:${short}:/root:/bin/sh\n` },
      ],
      { createdBy: evil },
    ),
  ],
  tags: [`${short}:1`, evil],
  config: {
    User: evil,
    Env: [`A=${evil}`],
    Labels: { [evil]: evil },
    ExposedPorts: { [evil]: {} },
    Healthcheck: { Test: ['CMD', evil] },
    Volumes: { [evil]: {} },
  },
  platform: { os: 'linux', architecture: short },
};

const policy = [
  'DOCKERFILECHECK:EXPOSE:WARN:DENIEDPORTS=ALL',
  'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh-server,foolib',
  'DOCKERFILECHECK:NOHEALTHCHECK:WARN',
].join('\n');

test.each([
  ['table', []],
  ['table, wordy', ['-vv', '--show-triggerids', '--show-whitelisted']],
  ['json', ['-o', 'json']],
  ['classic json', ['--json']],
  ['classic plain', ['--plain']],
])('what an image names reaches no terminal as it is: %s', async (_, parameters) => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'policy'), policy);
  for (const [index, build] of [dockerArchive, oldDockerArchive, ociArchive].entries()) {
    const path = build([image]).writeTo(join(directory, `${index}.tar`));
    for (const rules of [join(directory, 'policy'), 'default']) {
      const { stdout, stderr, code } = await portcullis(['gate', path, '-p', rules, ...parameters]);
      expectNeutral(stdout);
      expectNeutral(stderr);
      expect([1, 2]).toContain(code);
    }
  }
});

test('what is wrong with an image is told without its escape sequences', async () => {
  const directory = temporaryDirectory();
  const config = `${evil.replaceAll('\0', '')}.json`;
  const archive = oldDockerArchive([image]);
  archive.files.set('manifest.json', Buffer.from(JSON.stringify([{ Config: config, Layers: [evil], RepoTags: [evil] }])));
  const missing = archive.writeTo(join(directory, 'missing.tar'));
  const oci = ociArchive([image]);
  oci.files.set('index.json', Buffer.from(JSON.stringify({ manifests: [{ digest: evil, size: 1 }] })));
  const noDigest = oci.writeTo(join(directory, 'digest.tar'));
  const notJson = ociArchive([image]);
  notJson.files.set('index.json', Buffer.from(evil));
  const garbage = notJson.writeTo(join(directory, 'json.tar'));
  const noTar = dockerArchive([{ layers: [layerOfTar(Buffer.from(evil.repeat(100)))], tags: [evil] }]).writeTo(join(directory, 'layer.tar'));
  const named = join(directory, short.replace('/', ''));
  mkdirSync(named);
  for (const path of [missing, noDigest, garbage, noTar, named, evil.replaceAll('\0', '')]) {
    for (const parameters of [[], ['-o', 'json'], ['--plain'], ['--json'], ['--tag', short]]) {
      const { stdout, stderr, code } = await portcullis(['gate', path, ...parameters]);
      expectNeutral(stdout);
      expectNeutral(stderr);
      expect(code).toBe(5);
    }
  }
});

test('what a policy or a command line says is told without its escape sequences', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'policy');
  writeFileSync(path, `${evil}\nPKGBLACKLIST:${short}:STOP\n`);
  const text = evil.replaceAll('\0', '');
  for (const parameters of [
    ['-p', path],
    ['-p', text],
    [`--${text}`],
    ['-o', text],
    ['--platform', text],
    ['--now', text],
    ['--timeout', text],
    ['--dockerfile', text],
    [`@${text}`],
  ]) {
    const { stdout, stderr, code } = await portcullis(['gate', 'image.tar', ...parameters]);
    expectNeutral(stdout);
    expectNeutral(stderr);
    expect([3, 4]).toContain(code);
  }
});
