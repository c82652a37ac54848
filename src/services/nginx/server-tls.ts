import type { ServiceProblem, SettingOrigin, Tls, TlsCertificate, TlsProtocol } from '../../model/index.ts';
import { compareReleases } from '../installed-version.ts';
import type { ServiceImage } from '../service-reader.ts';
import type { Configured, EffectiveTls, SystemTlsPolicy, TlsLibrary, TlsRequest } from '../tls/index.ts';
import { curveList, effectiveTls, protocolOf, readTlsCertificate } from '../tls/index.ts';
import type { Statement } from './configuration-tree.ts';
import { defaultValue } from './default-values.ts';
import { directivesNamed } from './directives.ts';
import type { ScopeFrame } from './scopes.ts';
import { originOf } from './scopes.ts';
import { tlsCommands } from './tls-commands.ts';

/** What TLS needs to know beside the configuration. */
export interface TlsSurroundings {
  readonly image: ServiceImage;
  readonly library: TlsLibrary;
  readonly policy: SystemTlsPolicy;
  readonly release: string;
  /** The main file's directory: certificates' relative paths start there. */
  readonly directory: string;
  readonly doubt: string | null;
  /** What was worked out before: thousands of servers mostly ask for the same. */
  readonly known: { readonly tls: Map<string, EffectiveTls>; readonly certificates: Map<string, TlsCertificate> };
}

/** One server's own TLS, as if it stood alone at its address. */
export interface OwnTls {
  readonly request: TlsRequest;
  readonly effective: EffectiveTls;
  readonly certificates: readonly TlsCertificate[];
  readonly problems: readonly ServiceProblem[];
}

/** The TLS that a server's directives ask for: `ssl_protocols`, `ssl_ciphers`, `ssl_ecdh_curve`, then `ssl_conf_command`. */
export function ownTls(frame: ScopeFrame, surroundings: TlsSurroundings): OwnTls {
  const { release, library } = surroundings;
  const stated = (name: string) => frame.inForce.get(name);
  const commands = tlsCommands(stated('ssl_conf_command') ?? []);
  const value = (name: string): Configured<string> => {
    const statement = stated(name)?.[0];
    if (statement !== undefined) return configured(statement, statement.arguments[0] ?? '');
    const directive = directivesNamed(name, release).find((one) => one.family === frame.context.family);
    return { value: (directive === undefined ? null : defaultValue(directive, release)) ?? '', origin: { default: `nginx ${release}` } };
  };
  const protocols = protocolsOf(frame, value('ssl_protocols'));
  const edited = commands.protocols;
  const curves = commands.curves === null ? value('ssl_ecdh_curve') : configured(commands.curves.statement, commands.curves.value);
  const request: TlsRequest = {
    protocols: edited === null ? protocols : configured(edited.statement, edited.edit(protocols.value)),
    cipherString: commands.cipherString === null ? value('ssl_ciphers') : configured(commands.cipherString.statement, commands.cipherString.value),
    tls13Suites: commands.tls13Suites === null ? null : configured(commands.tls13Suites.statement, commands.tls13Suites.value),
    curves: curves.value === 'auto' || curves.value === '' ? null : { ...curves, value: curveList(curves.value, library.curves) },
    ignoresSystemProtocols: true,
    keyExchange: { dhe: stated('ssl_dhparam') !== undefined || commands.dhParameters || compareReleases(release, '1.11.0') < 0 },
  };
  const effective = workOut(request, surroundings);
  const problems = [...commands.problems];
  for (const why of effective.errors)
    problems.push({ kind: 'invalid', what: 'the configuration of nginx', why, location: locationOf(effective.origins.suites) });
  return { request, effective, certificates: certificatesOf(frame, surroundings), problems };
}

/**
 * What is in force for a server at an address whose default server is another one. Protocols, TLS 1.3 suites and
 * curves are settled before the server's name is known, so they are the default server's; the older suites and the security
 * level are its own. Since 1.29.2 (OpenSSL 1.1.1) only the curves are the default server's. Measured with 1.22 and OpenSSL 3.0.
 */
export function tlsBehind(own: OwnTls, first: OwnTls, surroundings: TlsSurroundings): EffectiveTls {
  if (own === first) return own.effective;
  const { library, release } = surroundings;
  if (compareReleases(release, '1.29.2') >= 0 && library.table !== '1.0.2') {
    return workOut({ ...own.request, curves: first.request.curves }, surroundings);
  }
  return workOut({ ...own.request, protocols: first.request.protocols, tls13Suites: first.request.tls13Suites, curves: first.request.curves }, surroundings);
}

/** effectiveTls, remembered by the values; the origins are the request's own. */
function workOut(request: TlsRequest, surroundings: TlsSurroundings): EffectiveTls {
  const { protocols, cipherString, tls13Suites, curves } = request;
  const parts = [protocols, cipherString, tls13Suites, curves].map((part) => [part?.value ?? null, part?.uncertainty ?? null]);
  const key = JSON.stringify([parts, request.keyExchange]);
  const known = surroundings.known.tls.get(key) ?? effectiveTls(request, surroundings.library, surroundings.policy);
  surroundings.known.tls.set(key, known);
  const origins = {
    protocols: protocols?.origin ?? known.origins.protocols,
    suites: cipherString?.origin ?? known.origins.suites,
    tls13Suites: tls13Suites?.origin ?? known.origins.tls13Suites,
    curves: curves?.origin ?? known.origins.curves,
  };
  return { ...known, origins };
}

/** The document's form; QUIC speaks TLS 1.3 alone (RFC 9001, 4.2). */
export function tlsOf(effective: EffectiveTls, certificates: readonly TlsCertificate[], quic: boolean, doubt: string | undefined): Tls {
  const why = doubt ?? effective.uncertainty;
  return {
    enabled: true,
    protocols: quic ? effective.protocols.filter((protocol) => protocol === 'TLSv1.3') : effective.protocols,
    suites: quic ? [] : effective.suites,
    tls13Suites: effective.tls13Suites,
    curves: effective.curves,
    origins: effective.origins,
    ...(quic ? {} : { configured: effective.configured }),
    certain: why === undefined,
    ...(why === undefined ? {} : { uncertainty: why }),
    certificates,
  };
}

function configured<T>(statement: Statement, value: T): Configured<T> {
  const base = { value, origin: originOf(statement) };
  return statement.doubt === null ? base : { ...base, certain: false, uncertainty: statement.doubt };
}

function protocolsOf(frame: ScopeFrame, first: Configured<string>): Configured<readonly TlsProtocol[]> {
  const statements = frame.inForce.get('ssl_protocols');
  const words = statements === undefined ? first.value.split(' ') : statements.flatMap((statement) => statement.arguments);
  const value = words.map(protocolOf).filter((protocol) => protocol !== undefined);
  return { ...first, value: [...new Set(value)] };
}

function certificatesOf(frame: ScopeFrame, surroundings: TlsSurroundings): TlsCertificate[] {
  const keys = frame.inForce.get('ssl_certificate_key') ?? [];
  return (frame.inForce.get('ssl_certificate') ?? []).slice(0, 20).map((statement, index): TlsCertificate => {
    const path = statement.arguments[0] ?? '';
    const key = keys[index]?.arguments[0] ?? null;
    const origin = originOf(statement);
    const keyFile = key === null || isComputed(key) ? null : absolute(key, surroundings.directory);
    if (isComputed(path)) return { path, keyPath: keyFile, origin, certificate: null, keyFile: null, problem: 'it is chosen at run time' };
    const full = absolute(path, surroundings.directory);
    const known = surroundings.known.certificates.get(`${full}\n${keyFile}`) ?? readTlsCertificate(surroundings.image.files, full, keyFile, origin);
    surroundings.known.certificates.set(`${full}\n${keyFile}`, known);
    return { ...known, origin };
  });
}

/** Holds a variable, or isn't a file at all. */
function isComputed(path: string): boolean {
  return path.includes('$') || /^(?:data|engine|store):/.test(path);
}

function absolute(path: string, directory: string): string {
  return path.startsWith('/') ? path : `${directory}/${path}`;
}

function locationOf(origin: SettingOrigin): { readonly path: string; readonly line: number } | null {
  return 'path' in origin ? { path: origin.path, line: origin.line } : null;
}
