import type { ImageFiles, ServiceProblem, SettingOrigin, Tls, TlsCertificate, TlsProtocol } from '../../model/index.ts';
import { disabledBy } from '../openssl/index.ts';
import {
  type Configured,
  curveList,
  effectiveTls,
  protocolOf,
  protocolsBetween,
  readTlsCertificate,
  type SystemTlsPolicy,
  type TlsLibrary,
} from '../tls/index.ts';
import { isSince } from './defaults.ts';
import type { Context, Statement } from './server.ts';
import { type Effective, effective } from './settings.ts';
import { nothingLeft, sslProtocols } from './ssl-protocol.ts';

/** What TLS of a server depends on beside its directives. */
export interface TlsSurroundings {
  readonly files: ImageFiles;
  readonly library: TlsLibrary;
  readonly policy: SystemTlsPolicy;
  readonly version: string | null;
  readonly serverRoot: string;
  /** mod_md brings certificates at run time. */
  readonly managed: boolean;
  /** Certificates that were read already, by path and key path. */
  readonly certificates: Map<string, TlsCertificate>;
}

/** TLS of one server and what httpd would refuse in it. */
export interface HttpdTls {
  readonly tls: Tls;
  readonly problems: readonly ServiceProblem[];
}

/** Whether `SSLEngine` turns TLS on for a server; `doubt` when it may be otherwise at run time. */
export function tlsSwitch(own: Context, parent: Context | null): { readonly on: boolean; readonly doubt: string | null } {
  const { won, doubt } = effective('SSLEngine', own, parent);
  const word = won[0]?.words[0]?.toLowerCase();
  return { on: word === 'on' || word === 'optional', doubt };
}

/**
 * The TLS that a server with SSLEngine on offers: SSLProtocol, SSLCipherSuite with what httpd appends, then
 * SSLOpenSSLConfCmd over them, then what the library can do.
 *
 * @param protocolsFrom the server whose SSLProtocol counts: for a name-based host of an old httpd the address's first
 */
export function httpdTls(
  own: Context,
  parent: Context | null,
  protocolsFrom: { readonly own: Context; readonly parent: Context | null },
  around: TlsSurroundings,
): HttpdTls {
  const problems: ServiceProblem[] = [];
  const refuse = (what: string, why: string, origin: SettingOrigin | null) =>
    problems.push({ kind: 'invalid', what, why, location: placeOf(origin ?? own.origin) });
  const commands = effective('SSLOpenSSLConfCmd', own, parent);
  const protocolsSet = effective('SSLProtocol', protocolsFrom.own, protocolsFrom.parent);
  const { protocols, asked, faults } = protocolRequest(protocolsSet, commands, around);
  if (faults.includes(nothingLeft)) refuse('SSLProtocol leaves no protocol.', 'httpd refuses to start without one', protocolsSet.won[0]?.origin ?? null);

  const suites = suiteRequest(own, parent, commands, around);
  const last = (...names: string[]) => commands.won.findLast((statement) => names.includes((statement.words[0] ?? '').toLowerCase()));
  const groups = last('curves', 'groups', 'ecdhparameters');
  const automatic = /^(?:automatic|auto|\+automatic)$/i.test(groups?.words[1] ?? '');
  const result = effectiveTls(
    {
      protocols,
      cipherString: suites.older,
      tls13Suites: suites.tls13,
      curves: groups === undefined || automatic ? null : configured(curveList(groups.words[1] ?? '', around.library.curves), groups, null),
      ignoresSystemProtocols: protocols !== null,
      keyExchange: { srp: effective('SSLSRPVerifierFile', own, parent).won.length > 0 },
    },
    around.library,
    around.policy,
  );
  for (const error of result.errors) refuse('The cipher suites are refused.', error, suites.older?.origin ?? null);

  const certificates = certificatesOf(own, parent, around);
  const doubt = [own.doubt, tlsSwitch(own, parent).doubt].find((one) => one !== null) ?? null;
  if (certificates.length === 0 && !around.managed && doubt === null && effective('SSLCertificateFile', own, parent).doubt === null) {
    refuse(
      'SSLEngine is on and no SSLCertificateFile is set.',
      'httpd refuses to start a TLS server without a certificate',
      effective('SSLEngine', own, parent).won[0]?.origin ?? null,
    );
  }
  const uncertainty = [result.uncertainty, doubt].filter((why) => why !== undefined && why !== null);
  const tls: Tls = {
    enabled: true,
    protocols: result.protocols,
    suites: result.suites,
    tls13Suites: result.tls13Suites,
    curves: result.curves,
    origins: result.origins,
    configured: { protocols: asked ?? result.configured.protocols, suites: result.configured.suites },
    certain: uncertainty.length === 0,
    ...(uncertainty.length === 0 ? {} : { uncertainty: uncertainty.join('; ') }),
    certificates,
  };
  return { tls, problems };
}

function configured<T>(value: T, statement: Statement, doubt: string | null): Configured<T> {
  const why = statement.doubt ?? doubt;
  return { value, origin: statement.origin, ...(why === null ? {} : { certain: false, uncertainty: why }) };
}

function protocolRequest(set: Effective, commands: Effective, around: TlsSurroundings) {
  const { library, policy, version } = around;
  const statement = set.won[0];
  // Fedora's httpd leaves protocols that nobody set to the system policy.
  const own = statement !== undefined || policy.systemProfile === null;
  const words = statement?.words ?? (isSince(version, '2.4.17') ? ['all', '-SSLv3'] : ['all']);
  const native = sslProtocols(words, library, version);
  const fallback = { default: isSince(version, '2.4.17') ? 'httpd: all -SSLv3' : 'httpd before 2.4.17: all' };
  const certain = set.doubt === null ? {} : { certain: false, uncertainty: set.doubt };
  let value: Configured<readonly TlsProtocol[]> | null = own ? { value: native.allowed, origin: statement?.origin ?? fallback, ...certain } : null;
  let asked: readonly TlsProtocol[] | null = own ? native.asked : null;
  const bounds: { min: TlsProtocol | null | undefined; max: TlsProtocol | null | undefined } = { min: undefined, max: undefined };
  const disabled = new Set<TlsProtocol>();
  let by: Statement | undefined;
  for (const command of commands.won) {
    const name = (command.words[0] ?? '').toLowerCase();
    const argument = command.words[1] ?? '';
    const protocol = argument === 'None' ? null : protocolOf(argument);
    if (name === 'minprotocol' && protocol !== undefined) bounds.min = protocol;
    else if (name === 'maxprotocol' && protocol !== undefined) bounds.max = protocol;
    else if (name === 'protocol') for (const one of disabledBy(argument)) disabled.add(one);
    else continue;
    by = command;
  }
  if (by !== undefined) {
    const base = value?.value ?? library.protocols;
    const touched = bounds.min !== undefined || bounds.max !== undefined;
    const min = bounds.min === undefined ? (base[0] ?? null) : bounds.min;
    const max = bounds.max === undefined ? (base.at(-1) ?? null) : bounds.max;
    const list = (touched ? protocolsBetween(min, max) : base).filter((protocol) => !disabled.has(protocol));
    value = configured(
      list.filter((protocol) => library.protocols.includes(protocol)),
      by,
      set.doubt,
    );
    asked = list.filter((protocol) => library.protocols.includes(protocol) || native.asked.includes(protocol));
  }
  return { protocols: value, asked, faults: own ? native.faults : [] };
}

function suiteRequest(own: Context, parent: Context | null, commands: Effective, around: TlsSurroundings) {
  const { won, doubt } = effective('SSLCipherSuite', own, parent);
  const for13 = effective('SSLCipherSuite TLSv1.3', own, parent);
  const [older] = won;
  const [newer] = for13.won;
  const command = commands.won.findLast((statement) => (statement.words[0] ?? '').toLowerCase() === 'cipherstring');
  const command13 = commands.won.findLast((statement) => (statement.words[0] ?? '').toLowerCase() === 'ciphersuites');
  const system = around.policy.systemProfile;
  const fallback: Configured<string> =
    system === null
      ? { value: tailed('DEFAULT', around.version), origin: { default: 'httpd: OpenSSL’s DEFAULT without anonymous, NULL and export suites' } }
      : { ...system, value: 'PROFILE=SYSTEM' };
  const string = (statement: Statement): string => statement.words.at(-1) ?? '';
  const list = (statement: Statement): readonly string[] =>
    string(statement)
      .split(':')
      .filter((name) => name !== '');
  return {
    older:
      command !== undefined
        ? configured(string(command), command, null)
        : older === undefined
          ? { ...fallback, ...(doubt === null ? {} : { certain: false, uncertainty: doubt }) }
          : configured(tailed(string(older), around.version), older, doubt),
    tls13: command13 !== undefined ? configured(list(command13), command13, null) : newer === undefined ? null : configured(list(newer), newer, for13.doubt),
  };
}

/** What httpd adds to a string: at the end since 2.4.17, at the start since 2.4.7 (its CHANGES). */
function tailed(string: string, version: string | null): string {
  if (isSince(version, '2.4.17')) return `${string}:!aNULL:!eNULL:!EXP`;
  return isSince(version, '2.4.7') ? `!aNULL:!eNULL:!EXP:${string}` : string;
}

const maxCertificates = 20;

function certificatesOf(own: Context, parent: Context | null, around: TlsSurroundings) {
  const files = effective('SSLCertificateFile', own, parent).won.slice(0, maxCertificates);
  const keys = effective('SSLCertificateKeyFile', own, parent).won;
  const absolute = (path: string): string => (path.startsWith('/') ? path : `${around.serverRoot.replace(/\/+$/, '')}/${path}`);
  return files.map((statement, index) => {
    const key = keys[index]?.words[0];
    const path = absolute(statement.words[0] ?? '');
    const keyPath = key === undefined ? null : absolute(key);
    const name = `${path}\n${keyPath}`;
    const read = around.certificates.get(name) ?? readTlsCertificate(around.files, path, keyPath, statement.origin);
    around.certificates.set(name, read);
    return { ...read, origin: statement.origin };
  });
}

/** Where a problem is shown; nothing for what a default or the command line says. */
export function placeOf(origin: SettingOrigin | null): ServiceProblem['location'] {
  return origin !== null && 'path' in origin && origin.path.startsWith('/') ? { path: origin.path, line: origin.line } : null;
}
