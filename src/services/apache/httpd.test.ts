import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageFiles, Service, Tls, TlsProtocol } from '../../model/index.ts';
import { imageFilesOf, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { suiteOf, tlsProtocols } from '../tls/index.ts';
import { type HttpdCase, readingCases, tlsCases } from './corpus.fixture.ts';
import type { Directive } from './directive.ts';
import { directiveOf, sourceOf } from './directives.ts';
import {
  agreedSuites,
  clientProtocols,
  clientSuites,
  dump,
  dumpConfiguration,
  httpdVersion,
  type LaidOut,
  layOut,
  opensslVersion,
  start,
} from './httpd.fixture.ts';
import { apacheReader } from './reader.ts';
import { readHttpdConfiguration } from './reading.ts';
import { serverOf } from './server.ts';
import { httpdStarts } from './start.ts';

const skip = httpdVersion === null || opensslVersion === null;
const why = skip ? ' (skipped: apache2 and OpenSSL 3 are not here)' : '';

/** The files of a case, and what the reader read of them. */
function recorded(laid: LaidOut): { readonly files: ImageFiles; readonly read: string[] } {
  const files = imageFilesOf(laid.files);
  const read: string[] = [];
  const record = (path: string) => {
    const file = files.read(path);
    if (file.state === 'read') read.push(path);
    return file;
  };
  return { read, files: { ...files, read: record } };
}

function imageOf(laid: LaidOut, files: ImageFiles) {
  return serviceImageOf({
    files,
    packages: [packageOf('deb', 'apache2-bin', `${httpdVersion}-1`), packageOf('deb', 'libssl3', `${opensslVersion}-1`)],
    configuration: { cmd: ['apache2', '-D', 'FOREGROUND', ...laid.options], env: Object.entries(laid.environment).map(([name, value]) => `${name}=${value}`) },
  });
}

function serviceOf(laid: LaidOut): Service {
  const [service] = [...apacheReader.read(imageOf(laid, recorded(laid).files))];
  if (service === undefined) throw new Error('no service was found');
  return service;
}

const refusals = (service: Service) => service.problems.filter((problem) => problem.kind === 'invalid').map((problem) => `${problem.what} ${problem.why}`);

describe.skipIf(skip)(`the corpus, read as httpd itself reads it${why}`, () => {
  test.each(readingCases.map((one) => [one.title, one] as const))('%s', async (_title, one) => {
    const laid = await layOut(one, null);
    try {
      const said = dump(laid);
      expect(said.accepted, said.output).toBe(one.refused !== true);
      const service = serviceOf(laid);
      if (!said.accepted) {
        expect(refusals(service), said.output).not.toEqual([]);
        return;
      }
      expect(refusals(service)).toEqual([]);
      const { files, read } = recorded(laid);
      const [begin] = httpdStarts(imageOf(laid, files));
      if (begin === undefined) throw new Error('no start was found');
      const reading = readHttpdConfiguration(files, begin.entry, { ...begin, version: httpdVersion });
      expect(read).toEqual(said.includes);
      expect([...reading.sources].sort()).toEqual(
        said.modules
          .map(sourceOf)
          .map((name) => (name === 'mod_core.c' ? 'core.c' : name))
          .sort(),
      );
      expect(flat(reading.directives)).toEqual(dumpConfiguration(laid));
      const server = serverOf(reading.directives, { sources: reading.sources, foreignModules: [], complete: true });
      const hosts = server.hosts.map((host) => {
        const origin = host.origin as { path: string; line: number };
        return [`${origin.path}:${origin.line}`, host.statements.findLast((statement) => statement.key === 'ServerName')?.value ?? 'main.test'] as const;
      });
      if (said.hosts.size > 0 && !one.title.includes('macro')) expect(Object.fromEntries(hosts)).toEqual(Object.fromEntries(said.hosts));
      else expect(hosts.length).toBe([...said.output.matchAll(/namevhost|^127\S+ +(?!is a)\S+ \(/gm)].length);
    } finally {
      laid.remove();
    }
  });
});

/** Directives that httpd obeys while it reads and doesn't keep. */
const obeyed = new Set(['serverroot', 'defaultruntimedir', 'loadmodule', 'define', 'undefine', 'use', 'undefmacro']);

/** Directives and sections as one list, spelt as mod_info does. */
function flat(directives: readonly Directive[]): string[] {
  return directives.flatMap((one) => {
    if (obeyed.has(one.name.toLowerCase())) return [];
    const line = `${directiveOf(one.name)?.name ?? one.name} ${one.args}${one.children === null ? '' : '>'}`.trim().replace(/\s+/g, ' ');
    return [line, ...(one.children === null ? [] : flat(one.children))];
  });
}

/** What httpd says of single directives while it reads them. */
const lines = [
  'Listen 1',
  'Listen 127.0.0.1',
  'Listen',
  'Listen [::1]:8443',
  'Listen 127.0.0.1:99999',
  'Define',
  'Define a b c',
  '<IfModule>\n</IfModule>',
  '<IfDefine>\n</IfDefine>',
  '<VirtualHost>\n</VirtualHost>',
  'User nobody',
  'User root',
  'User #0',
  'Group www-data',
  'PidFile x',
  'ServerTokens Prod',
  'ServerTokens prod',
  'ServerTokens Bogus',
  'ServerTokens',
  'ServerTokens Full x',
  'MaxRequestWorkers 50',
  'ExtendedStatus On',
  'ExtendedStatus yes',
  'SSLSessionCache none',
  'TraceEnable off',
  'TraceEnable extended',
  'TraceEnable no',
  'ServerSignature EMail',
  'ServerSignature yes',
  'KeepAlive On',
  'KeepAlive maybe',
  'KeepAlive',
  'Options Indexes',
  'Options +Indexes -Includes',
  'Options Indexes +Includes',
  'Options Nosuch',
  'Options All',
  'Options None',
  'SSLEngine on',
  'SSLEngine optional',
  'SSLEngine maybe',
  'SSLEngine on off',
  'SSLHonorCipherOrder on',
  'SSLHonorCipherOrder yes',
  'SSLProtocol SSLv3',
  'SSLProtocol SSLv2',
  'SSLProtocol -SSLv2 -SSLv3',
  'SSLProtocol TLSv1.4',
  'SSLProtocol all -tlsv1',
  'SSLProtocol TLSv1.0',
  'SSLProtocol',
  'SSLPolicy modern',
  'SSLCipherSuite TLSv1.2 HIGH',
  'SSLCipherSuite SSL HIGH',
  'SSLCipherSuite TLSv1.3 x',
  'SSLCipherSuite',
  'SSLCipherSuite a b c',
  'SSLOpenSSLConfCmd Foo bar',
  'SSLOpenSSLConfCmd MinProtocol TLSv1.2',
  'SSLOpenSSLConfCmd Groups X25519',
  'SSLOpenSSLConfCmd CipherString',
  'SSLCompression off',
  'SSLCompression on',
  'SSLInsecureRenegotiation on',
  'SSLSessionTickets maybe',
  'SSLUseStapling off',
  'SSLStrictSNIVHostCheck on',
  'SSLStrictSNIVHostCheck x',
  'SSLVerifyClient none',
  'SSLVerifyClient require',
  'SSLVerifyClient maybe',
  'SSLFIPS off',
  'RewriteEngine On',
  'ServerName',
  'ServerName a b',
  'Timeout 5',
  'Timeout 5 6',
  'Bogus',
  'AllowOverride None',
  'Mutex default',
  'Protocols h2',
  'LimitRequestLine 100',
  'StartServers 3',
  'CoreDumpDirectory /tmp',
  'ListenBacklog 5',
  'DocumentRoot /tmp /x',
];

describe.skipIf(skip)(`single directives, taken or refused as httpd does${why}`, () => {
  test.each(lines)('%s', async (line) => {
    for (const [place, text] of [
      ['main', `${line}\n`],
      ['host', `<VirtualHost 127.0.0.1:@PORT@>\n${line}\n</VirtualHost>\n`],
      ['directory', `<Directory /x>\n${line}\n</Directory>\n`],
    ] as const) {
      const laid = await layOut({ title: line, files: { 'httpd.conf': `Listen 127.0.0.1:@PORT@\nLoadModule ssl_module @MODULES@/mod_ssl.so\n${text}` } }, null);
      try {
        const said = dump(laid);
        // What only shows when TLS starts (no certificate, no protocol) isn't asked here.
        const own = serviceOf(laid).problems.filter(
          (problem) => problem.kind === 'invalid' && !/no SSLCertificateFile|leaves no protocol|The cipher suites are refused/.test(problem.what),
        );
        expect(own.length === 0, `${place}: ${said.output} ${JSON.stringify(own)}`).toBe(said.accepted);
      } finally {
        laid.remove();
      }
    }
  });
});

describe.skipIf(skip)(`the corpus, mutated: what httpd takes, the reader takes, and reads alike${why}`, () => {
  const pieces = [
    '<',
    '>',
    '"',
    "'",
    '\\',
    '\n',
    ' ',
    '${',
    '}',
    '${A}',
    '</VirtualHost>',
    '</IfModule>',
    '<Macro m $a>',
    '</Macro>',
    'Use m 1\n',
    'Define A b\n',
    '#',
    '-',
    '!',
    '=',
    '\\\n',
    '\t',
    '<IfDefine !A>',
    '</IfDefine>',
  ];
  const seeds = readingCases.filter((one) => Object.keys(one.files).length === 1);
  const edit = fc.record({ at: fc.noBias(fc.nat(999)), cut: fc.nat(8), put: fc.constantFrom(...pieces) });
  // Always the same ones: httpd's own oddities aren't worth a test that fails now and then.
  const samples = fc.sample(fc.tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 3 })), { numRuns: 200, seed: 7 });
  test('200 of them', async () => {
    let taken = 0;
    for (const [seed, edits] of samples) {
      let text = seed.files['httpd.conf'] ?? '';
      for (const { at, cut, put } of edits) {
        const index = Math.floor((at / 1000) * text.length);
        text = text.slice(0, index) + put + text.slice(index + cut);
      }
      const laid = await layOut({ ...seed, files: { 'httpd.conf': text } }, null);
      try {
        if (!dump(laid).accepted) continue;
        taken += 1;
        const service = serviceOf(laid);
        expect(
          refusals(service).filter((problem) => !problem.startsWith('No Listen')),
          text,
        ).toEqual([]);
      } finally {
        laid.remove();
      }
    }
    expect(taken).toBeGreaterThan(5);
  });
});

/** The scope that a server name is served by: the host that has it, else the first of the address, else the main server. */
function scopeFor(service: Service, name: string) {
  const hosts = service.scopes.filter(
    (scope) => scope.scope.length === 1 && scope.scope[0]?.startsWith('VirtualHost') && scope.listen.some((listen) => listen.address.startsWith('127.0.0.1')),
  );
  const named = hosts.find((scope) => scope.settings.some((setting) => setting.key === 'ServerName' && setting.value === name));
  return named ?? hosts[0] ?? service.scopes[0];
}

/** What the local client can see of a TLS: an RSA certificate's suites that fit the protocol. */
function visible(tls: Tls | null, protocol: keyof typeof clientProtocols): readonly string[] {
  if (tls === null || !tls.enabled || !tls.protocols.includes(protocol)) return [];
  if (protocol === 'TLSv1.3') return tls.tls13Suites;
  return tls.suites.filter((name) => {
    const suite = suiteOf(name);
    return (
      suite !== undefined &&
      suite.au === 'RSA' &&
      clientSuites.includes(name) &&
      tlsProtocols.indexOf(suite.protocol as TlsProtocol) <= tlsProtocols.indexOf(protocol)
    );
  });
}

describe.skipIf(skip)(`the corpus, in handshakes on loopback${why}`, () => {
  let certificate: { cert: string; key: string };
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-certificate-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '30', '-subj', '/CN=main.test'], {
      stdio: 'ignore',
    });
    certificate = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // What this OpenSSL can't speak (SSLv3, RC4, 3DES, EXPORT) isn't seen here: it rests on the library tables.
  test.each(tlsCases.map((one) => [one.title, one] as const))('%s', async (_title, one: HttpdCase) => {
    const laid = await layOut(one, certificate);
    try {
      const service = serviceOf(laid);
      const running = await start(laid);
      expect(running !== null, JSON.stringify(service.problems)).toBe(one.refused !== true);
      expect(refusals(service).length > 0, JSON.stringify(service.problems)).toBe(one.refused === true);
      if (running === null) return;
      try {
        for (const name of one.handshakes ?? []) {
          const scope = scopeFor(service, name);
          const ordered = scope?.settings.some((setting) => setting.key === 'SSLHonorCipherOrder' && setting.value === 'on') ?? false;
          for (const protocol of Object.keys(clientProtocols) as (keyof typeof clientProtocols)[]) {
            const expected = visible(scope?.tls ?? null, protocol);
            // All suites where they are few, and once where they are many: TLS 1.1 has those of TLS 1.0.
            const all = expected.length <= 8 || (name === one.handshakes?.[0] && protocol !== 'TLSv1.1');
            const agreed = await agreedSuites(laid.port, name, protocol, all ? Number.POSITIVE_INFINITY : 2);
            const at = `${name} ${protocol} ${JSON.stringify(scope?.tls?.origins)}`;
            if (!all) expect([agreed.length, agreed.filter((suite) => !expected.includes(suite))], at).toEqual([2, []]);
            else if (ordered) expect(agreed, at).toEqual(expected);
            else expect([...agreed].sort(), at).toEqual([...expected].sort());
          }
        }
      } finally {
        await running.stop();
      }
    } finally {
      laid.remove();
    }
  });
});
