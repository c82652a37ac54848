import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageFiles, Service, Tls } from '../../model/index.ts';
import { type FixtureFile, imageFilesOf, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { makeSelfSigned } from '../self-signed.fixture.ts';
import { certificate, invalidConfigurations, load, type NginxFiles, validConfigurations } from './corpus.fixture.ts';
import reader from './index.ts';

/** The installed nginx as an oracle: `nginx -t` says whether a configuration is valid, handshakes say what TLS is in force. */
const program = '/usr/sbin/nginx';
const installed = versionOf(program, ['-v']);
const openssl = versionOf('openssl', ['version']);
const module = (name: string) => `/usr/lib/nginx/modules/ngx_${name}_module.so`;
const hasModules = [module('stream'), module('mail')].every((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
const ready = installed !== null && openssl !== null && hasModules;
const title = ready ? `against ${installed.trim()}` : 'skipped: nginx with its stream and mail modules, or openssl, is not installed';

function versionOf(command: string, words: readonly string[]): string | null {
  const run = spawnSync(command, words, { encoding: 'utf8' });
  return run.status === 0 ? `${run.stdout}${run.stderr}` : null;
}

describe.skipIf(!ready)(title, () => {
  let root = '';
  /** What the reader asked for in the last build. */
  let seen: string[] = [];
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'nginx-oracle-'));
    makeSelfSigned(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function build(files: NginxFiles): { directory: string; service: Service } {
    const directory = mkdtempSync(join(root, 'case-'));
    const image: Record<string, FixtureFile> = { '/etc/nginx/nginx.conf': '', [program]: readFileSync(program) };
    for (const name of ['stream', 'mail']) image[module(name)] = '';
    for (const name of ['cert.pem', 'key.pem']) image[join(root, name)] = readFileSync(join(root, name));
    for (const [name, text] of Object.entries(files)) {
      const content = text
        .replaceAll(/(^|[ /])D\//g, `$1${directory}/`)
        .replaceAll('ssl_certificate C;', `ssl_certificate ${root}/cert.pem;`)
        .replaceAll('ssl_certificate_key K;', `ssl_certificate_key ${root}/key.pem;`);
      const path = join(directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      image[path] = content;
    }
    const global = `pid ${directory}/pid; error_log ${directory}/error.log; daemon off; master_process off;`;
    seen = [];
    const inMemory = imageFilesOf(image);
    const watched: ImageFiles = {
      ...inMemory,
      read(path) {
        if (path.startsWith(directory)) seen.push(path);
        return inMemory.read(path);
      },
    };
    const [service] = [
      ...reader.read(
        serviceImageOf({
          files: watched,
          packages: [packageOf('deb', 'libssl3', '3.0.19-1')],
          configuration: { entrypoint: ['nginx'], cmd: ['-c', join(directory, 'nginx.conf'), '-g', global] },
        }),
      ),
    ];
    if (service === undefined) throw new Error('no service was read');
    return { directory, service };
  }

  function options(directory: string): string[] {
    return [
      '-c',
      join(directory, 'nginx.conf'),
      '-e',
      join(directory, 'error.log'),
      '-g',
      `pid ${directory}/pid; error_log ${directory}/error.log; daemon off; master_process off;`,
    ];
  }

  test.each(validConfigurations)('accepted: %s', (_, files) => {
    const { directory, service } = build(files);
    expect(spawnSync(program, ['-t', '-q', ...options(directory)], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    expect(service.problems).toEqual([]);
    expect(service.version).toBe(/nginx\/([\d.]+)/.exec(installed ?? '')?.[1]);
  });

  test.each(validConfigurations)('reads the files that nginx reads: %s', (_, files) => {
    const { directory } = build(files);
    const dumped = spawnSync(program, ['-T', '-q', ...options(directory)], { encoding: 'utf8' }).stdout;
    const theirs = [...dumped.matchAll(/^# configuration file (.*):$/gm)].map((match) => match[1]);
    expect([...new Set(seen)].filter((path) => path.startsWith(directory)).sort()).toEqual([...new Set(theirs)].sort());
  });

  test.each(invalidConfigurations)('refused: %s', (_, files) => {
    const { directory, service } = build(files);
    expect(spawnSync(program, ['-t', '-q', ...options(directory)]).status).not.toBe(0);
    expect(service.problems.filter((problem) => problem.kind === 'invalid')).not.toEqual([]);
  });

  /** `P1`, `P2`, … are free ports. */
  const servers: readonly (readonly [
    name: string,
    text: string,
    connections: readonly { readonly port: number; readonly name?: string; readonly scope: string; readonly starttls?: string }[],
  ])[] = [
    ['the defaults', `http { ${certificate} server { listen 127.0.0.1:P1 ssl; } }`, [{ port: 1, scope: 'server 127.0.0.1:P1' }]],
    [
      "the distribution's list of protocols",
      `http { ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ${certificate} server { listen 127.0.0.1:P1 ssl; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    [
      'old protocols at level 0',
      `http { ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL@SECLEVEL=0; ${certificate} server { listen 127.0.0.1:P1 ssl; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    [
      'a list of its own in the server',
      `http { ssl_ciphers DEFAULT; ssl_protocols TLSv1.3; ${certificate} server { listen 127.0.0.1:P1 ssl; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA; ssl_protocols TLSv1.2; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    [
      'protocols given twice in one block',
      `http { ${certificate} server { listen 127.0.0.1:P1 ssl; ssl_protocols TLSv1.2; ssl_protocols TLSv1.3; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    [
      'commands for OpenSSL',
      `http { ${certificate} server { listen 127.0.0.1:P1 ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_conf_command Ciphersuites TLS_CHACHA20_POLY1305_SHA256; ssl_conf_command CipherString AES256-GCM-SHA384; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    [
      'the Protocol command adds and takes away',
      `http { ${certificate} server { listen 127.0.0.1:P1 ssl; ssl_protocols TLSv1.2; ssl_conf_command Protocol TLSv1.3; } server { listen 127.0.0.1:P2 ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_conf_command Protocol -TLSv1.3; } }`,
      [
        { port: 1, scope: 'server 127.0.0.1:P1' },
        { port: 2, scope: 'server 127.0.0.1:P2' },
      ],
    ],
    [
      'the MinProtocol command',
      `http { ${certificate} server { listen 127.0.0.1:P1 ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_conf_command MinProtocol TLSv1.3; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    [
      'one command in a server drops those of the block around',
      `http { ssl_conf_command MinProtocol TLSv1.3; ${certificate} server { listen 127.0.0.1:P1 ssl; ssl_conf_command Options PrioritizeChaCha; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    [
      'a named server behind a default server',
      `http { ${certificate} server { listen 127.0.0.1:P1 ssl; server_name d; ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256; } server { listen 127.0.0.1:P1 ssl; server_name n; ssl_protocols TLSv1.3; ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384; } }`,
      [
        { port: 1, name: 'd', scope: 'server d:P1' },
        { port: 1, name: 'n', scope: 'server n:P1' },
      ],
    ],
    [
      'default_server comes before the order',
      `http { ${certificate} server { listen 127.0.0.1:P1 ssl; server_name a; ssl_protocols TLSv1.2; } server { listen 127.0.0.1:P1 ssl default_server; server_name b; ssl_protocols TLSv1.3; } }`,
      [
        { port: 1, name: 'a', scope: 'server a:P1' },
        { port: 1, name: 'b', scope: 'server b:P1' },
      ],
    ],
    [
      'TLS 1.3 suites of the default server',
      `http { ${certificate} server { listen 127.0.0.1:P1 ssl; server_name d; ssl_protocols TLSv1.2 TLSv1.3; ssl_conf_command Ciphersuites TLS_CHACHA20_POLY1305_SHA256; } server { listen 127.0.0.1:P1 ssl; server_name n; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256; } }`,
      [
        { port: 1, name: 'd', scope: 'server d:P1' },
        { port: 1, name: 'n', scope: 'server n:P1' },
      ],
    ],
    [
      "the security level is a named server's own",
      `http { ssl_protocols TLSv1 TLSv1.2; ${certificate} server { listen 127.0.0.1:P1 ssl; server_name d; } server { listen 127.0.0.1:P1 ssl; server_name n; ssl_ciphers DEFAULT@SECLEVEL=0; } server { listen 127.0.0.1:P2 ssl; server_name d; ssl_ciphers DEFAULT@SECLEVEL=0; } server { listen 127.0.0.1:P2 ssl; server_name n; } }`,
      [
        { port: 1, name: 'd', scope: 'server d:P1' },
        { port: 1, name: 'n', scope: 'server n:P1' },
        { port: 2, name: 'd', scope: 'server d:P2' },
        { port: 2, name: 'n', scope: 'server n:P2' },
      ],
    ],
    [
      'ssl of one server switches the address on',
      `http { ${certificate} server { listen 127.0.0.1:P1 ssl; server_name d; } server { listen 127.0.0.1:P1; server_name n; ssl_ciphers AES128-GCM-SHA256; } }`,
      [
        { port: 1, name: 'd', scope: 'server d:P1' },
        { port: 1, name: 'n', scope: 'server n:P1' },
      ],
    ],
    ['ssl on', `http { ${certificate} server { listen 127.0.0.1:P1; ssl on; ssl_protocols TLSv1.2; } }`, [{ port: 1, scope: 'server 127.0.0.1:P1' }]],
    [
      'one list for plain text and TLS',
      `http { ${certificate} server { listen 127.0.0.1:P2; listen 127.0.0.1:P1 ssl; server_name x; ssl_protocols TLSv1.3; } }`,
      [{ port: 1, scope: 'server x:P2' }],
    ],
    [
      'stream',
      `stream { ssl_ciphers AES128-SHA; ${certificate} server { listen 127.0.0.1:P1 ssl; ssl_protocols TLSv1.2; return x; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    [
      'mail with TLS and with STARTTLS',
      `mail { auth_http 127.0.0.1:1; ${certificate} ssl_protocols TLSv1.2 TLSv1.3; server { listen 127.0.0.1:P1 ssl; protocol imap; } server { listen 127.0.0.1:P2; protocol imap; starttls on; ssl_protocols TLSv1.2; } }`,
      [
        { port: 1, scope: 'server 127.0.0.1:P1' },
        { port: 2, scope: 'server 127.0.0.1:P2', starttls: 'imap' },
      ],
    ],
    [
      'traps of a cipher string',
      `http { ssl_ciphers kRSA:!AES256:high:LOW:aNULL@SECLEVEL=0; ssl_protocols TLSv1.2; ${certificate} server { listen 127.0.0.1:P1 ssl; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    [
      'key exchange with parameters of its own',
      `http { ssl_ciphers DHE+AES128:ECDHE+AES256; ssl_dhparam D/dh.pem; ssl_protocols TLSv1.2; ${certificate} server { listen 127.0.0.1:P1 ssl; } }`,
      [{ port: 1, scope: 'server 127.0.0.1:P1' }],
    ],
    ['curves', `http { ssl_ecdh_curve secp384r1; ${certificate} server { listen 127.0.0.1:P1 ssl; } }`, [{ port: 1, scope: 'server 127.0.0.1:P1' }]],
  ];

  test.each(servers)('handshakes: %s', async (_, text, connections) => {
    const ports = [await freePort(), await freePort()];
    const withPorts = (value: string) => value.replaceAll(/P([12])\b/g, (whole, digit: string) => String(ports[Number(digit) - 1] ?? whole));
    const { directory, service } = build({ 'nginx.conf': withPorts(`${load} events {} ${text}`), 'dh.pem': parameters });
    expect(service.problems).toEqual([]);
    const server = spawn(program, options(directory), { stdio: 'ignore' });
    try {
      for (const { port, name, scope, starttls } of connections) {
        const number = ports[port - 1] as number;
        await untilListening(server, number);
        const found = service.scopes.find((one) => one.scope.at(-1) === withPorts(scope));
        const listen = found?.listen.find((one) => one.address.endsWith(`:${number}`));
        const tls = listen?.tls === undefined ? found?.tls : listen.tls;
        const target = [
          '-connect',
          `127.0.0.1:${number}`,
          ...(name === undefined ? ['-noservername'] : ['-servername', name]),
          ...(starttls === undefined ? [] : ['-starttls', starttls]),
        ];
        expect(await offeredBy(target)).toEqual(usableWithRsa(tls ?? null));
      }
    } finally {
      server.kill('SIGKILL');
    }
  });

  test("handshakes: curves are the default server's, for a named server too", async () => {
    const port = await freePort();
    const server = (name: string, curve: string) => `server { listen 127.0.0.1:${port} ssl; server_name ${name}; ssl_ecdh_curve ${curve}; }`;
    const { directory, service } = build({
      'nginx.conf': `${load} events {} http { ${certificate} ${server('d', 'secp384r1:prime256v1')} ${server('n', 'X25519')} }`,
    });
    expect(service.problems).toEqual([]);
    const started = spawn(program, options(directory), { stdio: 'ignore' });
    try {
      await untilListening(started, port);
      for (const name of ['d', 'n']) {
        const groups: string[] = [];
        for (const group of ['X25519', 'prime256v1', 'secp384r1', 'secp521r1']) {
          if ((await agreed(['-connect', `127.0.0.1:${port}`, '-servername', name, '-tls1_2', '-cipher', 'ECDHE', '-groups', group])) !== null)
            groups.push(group);
        }
        expect([...(service.scopes.find((one) => one.scope.at(-1) === `server ${name}:${port}`)?.tls?.curves ?? [])].sort()).toEqual(groups.sort());
      }
    } finally {
      started.kill('SIGKILL');
    }
  });
});

/** RFC 7919's ffdhe2048, which every library knows by name. */
const parameters = `-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaR
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
`;

interface Offer {
  readonly protocols: readonly string[];
  readonly suites: readonly string[];
  readonly tls13Suites: readonly string[];
}

/** What the server agrees to, protocol by protocol, suite by suite. */
async function offeredBy(target: readonly string[]): Promise<Offer> {
  const flags = { TLSv1: '-tls1', 'TLSv1.1': '-tls1_1', 'TLSv1.2': '-tls1_2', 'TLSv1.3': '-tls1_3' };
  const protocols: string[] = [];
  for (const [protocol, flag] of Object.entries(flags)) {
    if ((await agreed([...target, flag, '-cipher', 'ALL:eNULL@SECLEVEL=0'])) !== null) protocols.push(protocol);
  }
  const newest = protocols.filter((protocol) => protocol !== 'TLSv1.3').at(-1) as keyof typeof flags | undefined;
  const suites: string[] = [];
  let left =
    newest === undefined
      ? []
      : execFileSync('openssl', ['ciphers', '-s', '-tls1_2', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], { encoding: 'utf8' }).trim().split(':');
  left = left.filter((suite) => !/PSK|SRP/.test(suite));
  while (newest !== undefined && left.length > 0) {
    const suite = await agreed([...target, flags[newest], '-cipher', `${left.join(':')}@SECLEVEL=0`]);
    if (suite === null) break;
    suites.push(suite);
    left = left.filter((one) => one !== suite);
  }
  const tls13Suites: string[] = [];
  for (const suite of protocols.includes('TLSv1.3') ? ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'] : []) {
    if ((await agreed([...target, '-tls1_3', '-ciphersuites', suite])) !== null) tls13Suites.push(suite);
  }
  return { protocols, suites: suites.sort(), tls13Suites: tls13Suites.sort() };
}

/** The suite that a handshake agrees on; null when it fails. */
function agreed(words: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const client = spawn('openssl', ['s_client', ...words], { stdio: ['pipe', 'pipe', 'ignore'] });
    let text = '';
    client.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    client.stdin.end();
    client.on('close', () => {
      const suite = /Cipher is (\S+)/.exec(text)?.[1];
      resolve(suite === undefined || suite === '(NONE)' ? null : suite);
    });
  });
}

/** The certificate of these tests is RSA: suites that need another kind can't be agreed on. */
function usableWithRsa(tls: Tls | null): Offer {
  if (tls === null) return { protocols: [], suites: [], tls13Suites: [] };
  return { protocols: tls.protocols, suites: tls.suites.filter((suite) => !/ECDSA|DSS/.test(suite)).sort(), tls13Suites: [...tls.tls13Suites].sort() };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function untilListening(server: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`nginx ended with ${server.exitCode}`);
    const run = spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${port}`], { input: '', encoding: 'utf8', timeout: 2000 });
    if (run.stdout.includes('CONNECTED')) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('nginx does not listen');
}
