import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { distributionOf, type FixtureFile, imageFilesOf, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { expandCipherString, tls13DefaultSuites, tlsLibraryOf } from '../tls/index.ts';
import { readConfiguration } from './configuration-file.ts';
import { disabledBy, readSystemPolicy } from './policy.ts';
import { opensslReader } from './reader.ts';

const version = /^OpenSSL (3\.\S+)/.exec(spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
const skip = version === undefined;

const section = (text: string) => `openssl_conf = init\n[init]\nssl_conf = tls\n[tls]\nsystem_default = default\n[default]\n${text}`;

/** Policies as files of an image; `%ROOT%` is their folder. */
const policies: readonly (readonly [title: string, files: Readonly<Record<string, string>>])[] = [
  ['nothing', { 'openssl.cnf': '' }],
  ['no system default', { 'openssl.cnf': 'openssl_conf = init\n[init]\nproviders = p\n[p]\n' }],
  ['a cipher string', { 'openssl.cnf': section('CipherString = AES128-SHA:AES256-SHA\n') }],
  ['a level', { 'openssl.cnf': section('CipherString = DEFAULT@SECLEVEL=3\n') }],
  ['level 0 and a least protocol', { 'openssl.cnf': section('MinProtocol = TLSv1.1\nCipherString = ALL@SECLEVEL=0\n') }],
  ['a greatest protocol', { 'openssl.cnf': section('MaxProtocol = TLSv1.2\n') }],
  ['only TLS 1.3', { 'openssl.cnf': section('MinProtocol = TLSv1.3\n') }],
  ['None', { 'openssl.cnf': section('MinProtocol = None\nCipherString = HIGH\n') }],
  ['Protocol takes away', { 'openssl.cnf': section('Protocol = ALL,-TLSv1.3\n') }],
  ['a wrong value leaves the others', { 'openssl.cnf': section('MinProtocol = TLSv9\nCipherString = AES128-GCM-SHA256\n') }],
  [
    'names in any case, and with a number before a dot',
    { 'openssl.cnf': section('1.cipherstring = AES128-GCM-SHA256\nTLS.maxprotocol = TLSv1.2\nDTLS.MinProtocol = DTLSv1.2\n') },
  ],
  ['TLS 1.3 suites', { 'openssl.cnf': section('Ciphersuites = TLS_AES_128_GCM_SHA256\n') }],
  ['the last value of a name wins', { 'openssl.cnf': section('CipherString = AES128-SHA\nCipherString = AES256-SHA\n') }],
  [
    'variables',
    {
      'openssl.cnf': `base = AES128-SHA\n[v]\nmore = AES256-SHA\n[x]\n${section('own = AES128-GCM-SHA256\nCipherString = ${base}:$v::more:$(own)\n').replace('openssl_conf', 'default::openssl_conf')}`,
    },
  ],
  ['quotes, comments, escapes and continuation', { 'openssl.cnf': section('CipherString = "AES128-SHA" \\\n :AES256-SHA # and no more\n# a comment\n') }],
  ['an include of a file', { 'openssl.cnf': section('.include %ROOT%/more.cnf\n'), 'more.cnf': 'CipherString = AES128-SHA\n' }],
  [
    'an include of a folder, and the equal sign',
    {
      'openssl.cnf': section('.include = %ROOT%/d\n'),
      'd/a.cnf': 'CipherString = AES128-SHA\n',
      'd/b.txt': 'CipherString = AES256-SHA\n',
      'd/c.conf': 'MaxProtocol = TLSv1.2\n',
    },
  ],
  ['an include that changes the section', { 'openssl.cnf': section('.include %ROOT%/more.cnf\nCipherString = AES128-SHA\n'), 'more.cnf': '[other]\n' }],
  ['a missing include', { 'openssl.cnf': section('.include %ROOT%/gone.cnf\nCipherString = AES128-SHA\n') }],
  ['an unknown variable refuses the file', { 'openssl.cnf': section('CipherString = AES128-SHA\nX = $nosuch\n') }],
  ['a line without equal sign refuses the file', { 'openssl.cnf': section('CipherString = AES128-SHA\nrubbish\n') }],
  ['a cipher string without a suite', { 'openssl.cnf': section('CipherString = NOSUCH\n') }],
  ['TLS 1.3 suites that nobody knows', { 'openssl.cnf': section('Ciphersuites = NOSUCH\n') }],
  ['a TLS 1.3 suite that nobody knows', { 'openssl.cnf': section('Ciphersuites = TLS_AES_128_GCM_SHA256:NOSUCH\n') }],
  ['an unknown command', { 'openssl.cnf': section('NoSuch = x\nMaxProtocol = TLSv1.2\n') }],
  ['a section in a section name', { 'openssl.cnf': section('other::x = y\ndefault::CipherString = AES128-SHA\n') }],
  ['.pragma dollarid', { 'openssl.cnf': `.pragma = dollarid:on\n${section('a$b = 1\nCipherString = AES128-SHA\n')}` }],
];

function imageOf(root: string, files: Readonly<Record<string, string>>) {
  const all: Record<string, FixtureFile> = {};
  for (const [name, text] of Object.entries(files)) all[join(root, name)] = text.replaceAll('%ROOT%', root);
  return serviceImageOf({
    files: all,
    packages: [packageOf('deb', 'libssl3', `${version ?? '3.0.17'}-1`)],
    configuration: { env: [`OPENSSL_CONF=${join(root, 'openssl.cnf')}`] },
  });
}

const clientOptions = { TLSv1: '-tls1', 'TLSv1.1': '-tls1_1', 'TLSv1.2': '-tls1_2', 'TLSv1.3': '-tls1_3' } as const;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** The protocols that `openssl s_server`, which sets nothing itself, agrees on under a policy. */
async function agreedProtocols(root: string, certificate: readonly string[]): Promise<readonly string[]> {
  const port = await freePort();
  const server = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-quiet', ...certificate], {
    env: { PATH: process.env.PATH, OPENSSL_CONF: join(root, 'openssl.cnf') },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise((resolve) => server.on('exit', resolve));
  const answers = (option: string | null) => {
    const run = spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-cipher', 'ALL:@SECLEVEL=0', ...(option === null ? [] : [option])], {
      input: '',
      encoding: 'utf8',
      timeout: 10_000,
      env: { PATH: process.env.PATH, OPENSSL_CONF: '/dev/null' },
    });
    return /^New, .*Cipher is (?!\(NONE\))/m.test(run.stdout) ? true : /CONNECTED/.test(run.stdout) ? false : null;
  };
  try {
    for (let tries = 0; tries < 200 && answers(null) === null; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    return Object.entries(clientOptions).flatMap(([protocol, option]) => (answers(option) === true ? [protocol] : []));
  } finally {
    server.kill('SIGKILL');
    await ended;
  }
}

describe.skipIf(skip)(`system policies, as the local OpenSSL applies them${skip ? ' (skipped: no OpenSSL 3 here)' : ''}`, () => {
  let root: string;
  let certificate: string[];
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-openssl-'));
    certificate = ['-key', join(folder, 'k.pem'), '-cert', join(folder, 'c.pem')];
    const words = [
      'req',
      '-x509',
      '-newkey',
      'rsa:3072',
      '-nodes',
      '-keyout',
      join(folder, 'k.pem'),
      '-out',
      join(folder, 'c.pem'),
      '-days',
      '30',
      '-subj',
      '/CN=x',
    ];
    spawnSync('openssl', words, { stdio: 'ignore' });
    return () => rmSync(folder, { recursive: true, force: true });
  });
  test.each(policies)('%s', async (_title, files) => {
    root = mkdtempSync(join(tmpdir(), 'portcullis-openssl-'));
    try {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        writeFileSync(join(root, name), text.replaceAll('%ROOT%', root));
      }
      const run = spawnSync('openssl', ['ciphers'], { encoding: 'utf8', env: { PATH: process.env.PATH, OPENSSL_CONF: join(root, 'openssl.cnf') } });
      const image = imageOf(root, files);
      const [service] = [...opensslReader.read(image)];
      const value = (key: string) => service?.scopes[0]?.settings.find((setting) => setting.key === key)?.value ?? '';
      const library = tlsLibraryOf(image.packages, image.distribution);
      const { suites } = expandCipherString(value('CipherString'), library);
      const newest = readSystemPolicy(image, library).policy.tls13Suites?.value ?? tls13DefaultSuites;
      const said = run.stdout
        .trim()
        .split(':')
        .filter((name) => name !== '');
      expect([...newest, ...suites]).toEqual(said);
      expect(service?.scopes[0]?.tls?.protocols).toEqual(await agreedProtocols(root, certificate));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

test('values have their origin, and what they replaced', () => {
  const files = imageFilesOf({ '/a.cnf': { text: '[s]\nx = 1\n.include /b.cnf\n', layer: 2 }, '/b.cnf': { text: '\nx = 2\n', layer: 5 } });
  expect(readConfiguration(files, '/a.cnf', new Map()).sections.get('s')?.get('x')).toEqual({
    name: 'x',
    value: '2',
    path: '/b.cnf',
    line: 2,
    layer: 5,
    replaced: [{ value: '1', path: '/a.cnf', line: 2, layer: 2 }],
  });
});

test('Debian 12 says nothing, Debian 11 says TLS 1.2 and level 2', () => {
  const read = (cnf: string, packages: Parameters<typeof packageOf>[]) => {
    const image = serviceImageOf({
      files: { '/usr/lib/ssl/openssl.cnf': { link: '/etc/ssl/openssl.cnf' }, '/etc/ssl/openssl.cnf': cnf },
      packages: packages.map((one) => packageOf(...one)),
    });
    return [...opensslReader.read(image)][0];
  };
  const twelve = read('openssl_conf = openssl_init\n[openssl_init]\nproviders = p\n', [['deb', 'libssl3', '3.0.17-1']]);
  expect(twelve?.entry).toBe('/etc/ssl/openssl.cnf');
  expect(twelve?.scopes[0]?.tls).toMatchObject({ enabled: false, protocols: ['TLSv1.2', 'TLSv1.3'] });
  const eleven = read('openssl_conf = d\n[d]\nssl_conf = s\n[s]\nsystem_default = sd\n[sd]\nMinProtocol = TLSv1.2\nCipherString = DEFAULT@SECLEVEL=2\n', [
    ['deb', 'libssl1.1', '1.1.1w-0+deb11u1'],
  ]);
  expect(eleven?.scopes[0]?.tls?.protocols).toEqual(['TLSv1.2', 'TLSv1.3']);
  expect(eleven?.scopes[0]?.settings).toContainEqual({
    key: 'MinProtocol',
    value: 'TLSv1.2',
    origin: { path: '/etc/ssl/openssl.cnf', line: 7, layer: 0 },
    certain: true,
    shadowed: [],
  });
  expect(eleven?.scopes[0]?.settings).toContainEqual({
    key: 'SecurityLevel',
    value: '2',
    origin: { path: '/etc/ssl/openssl.cnf', line: 8, layer: 0 },
    certain: true,
    shadowed: [],
  });
});

test('Red Hat reads the crypto policy', () => {
  const image = serviceImageOf({
    files: { '/etc/pki/tls/openssl.cnf': '', '/etc/crypto-policies/back-ends/openssl.config': '@SECLEVEL=1:kRSA:kECDHE\n' },
    packages: [packageOf('rpm', 'openssl-libs', '1:3.0.7-24.el9')],
    distribution: distributionOf('almalinux', '9.3', ['rhel', 'centos', 'fedora']),
  });
  const [service] = [...opensslReader.read(image)];
  expect(service?.scopes[0]?.settings).toContainEqual(
    expect.objectContaining({
      key: 'CipherString',
      value: '@SECLEVEL=1:kRSA:kECDHE',
      origin: { path: '/etc/crypto-policies/back-ends/openssl.config', line: 1, layer: 0 },
    }),
  );
  expect(service?.scopes[0]?.tls?.suites).toContain('AES128-SHA');
});

test('Protocol without a minus takes nothing away', () => {
  expect(disabledBy('TLSv1.2')).toEqual([]);
  expect(disabledBy('-ALL,TLSv1.2')).toEqual(['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.3']);
  expect(disabledBy('ALL, -SSLv3')).toEqual(['SSLv3']);
});

describe('an image that means harm', () => {
  const read = (files: Record<string, FixtureFile>) => readConfiguration(imageFilesOf(files), '/a', new Map());
  test.each([
    ['a cycle', () => read({ '/a': '.include /a\n' })],
    ['a long chain', () => read(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [index === 0 ? '/a' : `/${index}`, `.include /${index + 1}\n`])))],
    [
      'too many files',
      () => read({ '/a': '.include /d\n', ...Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`/d/${index}.cnf`, 'a = b\n'])) }),
    ],
    ['too many lines', () => read({ '/a': 'a = b\n'.repeat(600_000) })],
    [
      'variables that grow',
      () => read({ '/a': `a0 = ${'x'.repeat(1000)}\n${Array.from({ length: 60 }, (_, index) => `a${index + 1} = $a${index}$a${index}\n`).join('')}` }),
    ],
    ['rubbish', () => read({ '/a': Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 251) })],
  ])('%s ends in a problem', (_title, run) => {
    expect(run().problems.length).toBeGreaterThan(0);
  });

  test('mutated policies never make it throw', () => {
    const pieces = fc.constantFrom('[', ']', '=', '$', '${', '}', '"', '\\', '\n', '#', '.include /a\n', '::', '@', '\0');
    fc.assert(
      fc.property(
        fc.constantFrom(...policies.map(([, files]) => files['openssl.cnf'] ?? '')),
        fc.array(fc.tuple(fc.nat(400), fc.nat(20), pieces), { maxLength: 8 }),
        (seed, edits) => {
          let text = seed;
          for (const [at, cut, put] of edits) text = text.slice(0, at) + put + text.slice(at + cut);
          expect([...opensslReader.read(serviceImageOf({ files: { '/etc/ssl/openssl.cnf': text, '/a': 'x = y\n' } }))].length).toBe(1);
        },
      ),
      { numRuns: 400 },
    );
  });
});
