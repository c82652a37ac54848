import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FixtureFile } from '../image-files.fixture.ts';
import { type HttpdCase, prelude } from './corpus.fixture.ts';

const modules = '/usr/lib/apache2/modules';

function versionOf(program: string, argument: string, pattern: RegExp): string | null {
  return pattern.exec(spawnSync(program, [argument], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? null;
}

/** The local httpd of Debian; null: it isn't here. */
export const httpdVersion = existsSync(join(modules, 'mod_ssl.so')) ? versionOf('apache2', '-v', /Apache\/([\d.]+)/) : null;
/** The local OpenSSL 3; null: it isn't here. */
export const opensslVersion = versionOf('openssl', 'version', /^OpenSSL (3\.\S+)/);

/** A case written to a folder of its own, to be handed to the real server and to the reader. */
export interface LaidOut {
  readonly root: string;
  readonly port: number;
  /** Options after the program's name. */
  readonly options: readonly string[];
  readonly environment: Record<string, string>;
  /** The folder's files, by their real paths, for the reader. */
  readonly files: Record<string, FixtureFile>;
  remove(): void;
}

/** Writes a case, with a certificate and key when it wants TLS. */
export async function layOut(one: HttpdCase, certificate: { readonly cert: string; readonly key: string } | null): Promise<LaidOut> {
  const root = mkdtempSync(join(tmpdir(), 'portcullis-httpd-'));
  const port = await freePort();
  const put = (text: string) => text.replaceAll('@ROOT@', root).replaceAll('@PORT@', String(port)).replaceAll('@MODULES@', modules);
  const texts: Record<string, string> = { ...one.files, 'httpd.conf': prelude + (one.files['httpd.conf'] ?? '') };
  if (certificate !== null) Object.assign(texts, { 'cert.pem': certificate.cert, 'key.pem': certificate.key });
  if (one.openssl !== undefined) texts['openssl.cnf'] = one.openssl;
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), put(text));
  }
  const files: Record<string, FixtureFile> = {};
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else files[path] = readFileSync(path);
    }
  };
  walk(root);
  return {
    root,
    port,
    options: ['-f', join(root, 'httpd.conf'), ...(one.options ?? []).map(put)],
    environment: { ...one.environment, ...(one.openssl === undefined ? {} : { OPENSSL_CONF: join(root, 'openssl.cnf') }) },
    files,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What the real server says of a configuration (`-t` with dumps). */
export interface Dump {
  readonly accepted: boolean;
  readonly output: string;
  /** `file:line` of each virtual host → its name. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly modules: readonly string[];
  /** Files in the order in which they are read. */
  readonly includes: readonly string[];
  readonly defines: readonly string[];
}

export function dump(laid: LaidOut): Dump {
  const wanted = ['DUMP_VHOSTS', 'DUMP_MODULES', 'DUMP_INCLUDES', 'DUMP_RUN_CFG'].flatMap((name) => ['-D', name]);
  const run = spawnSync('apache2', ['-t', ...laid.options, ...wanted], { encoding: 'utf8', env: { PATH: process.env.PATH, ...laid.environment } });
  const output = `${run.stdout}${run.stderr}`;
  const hosts = new Map<string, string>();
  for (const match of output.matchAll(/(\S+) \((\/[^\s()]+:\d+)\)$/gm)) hosts.set(match[2] ?? '', match[1] ?? '');
  return {
    accepted: run.status === 0,
    output,
    hosts,
    modules: [...output.matchAll(/^ (\w+_module) \((?:static|shared)\)$/gm)].map((match) => match[1] ?? ''),
    includes: [...output.matchAll(/^\s*\((?:\*|\d+)\) (\/.*)$/gm)].map((match) => match[1] ?? ''),
    defines: [...output.matchAll(/^Define: ([^=\n]+)/gm)].map((match) => match[1] ?? '').filter((name) => !name.startsWith('DUMP_')),
  };
}

/** The directives that httpd has after reading (mod_info's DUMP_CONFIG), one a line, closing tags and indents left out. */
export function dumpConfiguration(laid: LaidOut): readonly string[] {
  const options = [...laid.options, '-C', `LoadModule info_module ${modules}/mod_info.so`, '-D', 'DUMP_CONFIG'];
  const run = spawnSync('apache2', ['-t', ...options], { encoding: 'utf8', env: { PATH: process.env.PATH, ...laid.environment } });
  const lines = run.stdout.split('\n').map((line) => line.trim().replace(/(?:Syntax OK)$/, ''));
  return lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('</')).map((line) => line.replace(/\s+/g, ' '));
}

/** A running server. */
export interface Running {
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts the server on loopback; null: it refuses to start. Stopped by the process that was started here. */
export async function start(laid: LaidOut): Promise<Running | null> {
  const child = spawn('apache2', ['-X', ...laid.options], { env: { PATH: process.env.PATH, ...laid.environment }, stdio: 'ignore' });
  let ended = false;
  const end = new Promise<void>((resolve) =>
    child.on('exit', () => {
      ended = true;
      resolve();
    }),
  );
  const stop = async () => {
    if (!ended) child.kill('SIGKILL');
    await end;
  };
  for (let tries = 0; tries < 400 && !ended; tries += 1) {
    // The socket is open before the modules have agreed to start; the file of its id comes after.
    if (existsSync(join(laid.root, 'httpd.pid')) && (await answers(laid.port)) && !ended) return { process: child, stop };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await stop();
  return null;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
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

/** Every suite that the local client can offer below TLS 1.3, in its own order. */
export const clientSuites: readonly string[] =
  opensslVersion === null
    ? []
    : execFileSync('openssl', ['ciphers', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], { encoding: 'utf8', env: { PATH: process.env.PATH, OPENSSL_CONF: '/dev/null' } })
        .trim()
        .split(':')
        .filter((name) => !name.startsWith('TLS_') && !name.includes('PSK') && !name.startsWith('SRP'));

export const clientProtocols = { TLSv1: '-tls1', 'TLSv1.1': '-tls1_1', 'TLSv1.2': '-tls1_2', 'TLSv1.3': '-tls1_3' } as const;

/** The suite that a handshake agrees on; null: there is none. */
export function handshake(port: number, name: string, options: readonly string[]): Promise<string | null> {
  const arguments_ = ['s_client', '-connect', `127.0.0.1:${port}`, ...(name === '' ? ['-noservername'] : ['-servername', name]), ...options];
  return new Promise((resolve) => {
    const child = execFile(
      'openssl',
      arguments_,
      { encoding: 'utf8', timeout: 10_000, env: { PATH: process.env.PATH, OPENSSL_CONF: '/dev/null' } },
      (_error, stdout) => {
        const suite = /^New, .*Cipher is (\S+)$/m.exec(stdout)?.[1];
        resolve(suite === undefined || suite === '(NONE)' ? null : suite);
      },
    );
    child.stdin?.end();
  });
}

/** The suites that a server agrees on for a protocol, found by leaving out what it chose, in the order of its choices; `most` of them. */
export async function agreedSuites(port: number, name: string, protocol: keyof typeof clientProtocols, most: number): Promise<readonly string[]> {
  const newest = protocol === 'TLSv1.3';
  let left = newest ? ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'] : clientSuites;
  const agreed: string[] = [];
  while (left.length > 0 && agreed.length < most) {
    const list = newest ? ['-ciphersuites', left.join(':')] : ['-cipher', `${left.join(':')}:@SECLEVEL=0`];
    const suite = await handshake(port, name, [clientProtocols[protocol], ...list]);
    if (suite === null) break;
    agreed.push(suite);
    left = left.filter((one) => one !== suite);
  }
  return agreed;
}
