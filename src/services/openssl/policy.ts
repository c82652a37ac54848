import type { ImageFiles, ServiceProblem, SettingOrigin, TlsProtocol } from '../../model/index.ts';
import type { ServiceImage } from '../service-reader.ts';
import { type Configured, curveList, protocolOf, type SystemTlsPolicy, type TlsLibrary, tls13KnownSuites, tlsLibraryOf, tlsProtocols } from '../tls/index.ts';
import { type Configuration, type ConfigurationValue, readConfiguration } from './configuration-file.ts';

/** A system policy with what it was read from. */
export interface SystemPolicy {
  readonly policy: SystemTlsPolicy;
  /** The configuration file that programs load; null: none is in the image. */
  readonly path: string | null;
  /** The commands of the `system_default` section in the file's order. */
  readonly commands: readonly ConfigurationValue[];
  readonly problems: readonly ServiceProblem[];
}

/** Where Fedora's family keeps the string that PROFILE=SYSTEM stands for (crypto-policies(7)). */
export const systemProfilePath = '/etc/crypto-policies/back-ends/openssl.config';

/**
 * What an image's system says to every program that uses libssl: the `system_default` section of the openssl.cnf that
 * programs load (config(5), SSL_CONF_cmd(3)), and crypto-policies' back-end.
 */
export function readSystemPolicy(image: ServiceImage, library: TlsLibrary): SystemPolicy {
  const environment = new Map(
    image.configuration.env.map((entry) => [entry.slice(0, Math.max(0, entry.indexOf('='))), entry.slice(entry.indexOf('=') + 1)] as const),
  );
  const path = configurationPath(image.files, environment, library);
  const profile = systemProfile(image, library);
  // 1.0.x reads no system default for TLS.
  const configuration: Configuration | null = path === null ? null : readConfiguration(image.files, path, environment);
  const commands = configuration === null || library.table === '1.0.2' ? [] : systemDefault(configuration);
  const policy = policyOf(commands, library);
  return {
    path,
    commands,
    problems: [...(configuration?.problems ?? []), ...policy.problems, ...profile.problems],
    policy: { ...policy.policy, systemProfile: profile.value, uncertainty: configuration?.uncertainty ?? null },
  };
}

/** The OpenSSL of an image and what its system says of TLS: what `effectiveTls` needs beside a service's own values. */
export function systemTlsOf(image: ServiceImage): { readonly library: TlsLibrary; readonly policy: SystemTlsPolicy } {
  const library = tlsLibraryOf(image.packages, image.distribution);
  return { library, policy: readSystemPolicy(image, library).policy };
}

/** The file that OpenSSL opens: `OPENSSL_CONF`, else `openssl.cnf` of the directory that the distribution compiled in. */
function configurationPath(files: ImageFiles, environment: ReadonlyMap<string, string>, library: TlsLibrary): string | null {
  const chosen = environment.get('OPENSSL_CONF');
  if (chosen !== undefined) return chosen.startsWith('/') && files.stat(chosen)?.type === 'file' ? chosen : null;
  const old = library.table === '1.1.1' ? ['/etc/ssl1.1/openssl.cnf'] : [];
  const usual = ['/usr/lib/ssl/openssl.cnf', '/etc/pki/tls/openssl.cnf', '/etc/ssl/openssl.cnf', '/usr/local/ssl/openssl.cnf'];
  const path = [...old, ...usual].find((candidate) => files.stat(candidate)?.type === 'file');
  // The path that people know, not the link to it.
  return path === '/usr/lib/ssl/openssl.cnf' ? (files.stat(path)?.path ?? path) : (path ?? null);
}

function systemDefault(configuration: Configuration): readonly ConfigurationValue[] {
  const section = (name: string | undefined) => (name === undefined ? undefined : configuration.sections.get(name));
  const start = section(section('default')?.get('openssl_conf')?.value);
  const tls = section(start?.get('ssl_conf')?.value);
  return [...(section(tls?.get('system_default')?.value)?.values() ?? [])];
}

function originOf(value: ConfigurationValue): SettingOrigin {
  return { path: value.path, line: value.line, layer: value.layer };
}

/** The command's name without what stands before a dot (`TLS.MinProtocol`), lower case. */
export function commandName(value: ConfigurationValue): string {
  return value.name.slice(value.name.indexOf('.') + 1).toLowerCase();
}

function policyOf(commands: readonly ConfigurationValue[], library: TlsLibrary) {
  const problems: ServiceProblem[] = [];
  let minProtocol: Configured<TlsProtocol | null> | null = null;
  let maxProtocol: Configured<TlsProtocol | null> | null = null;
  let disabledProtocols: Configured<readonly TlsProtocol[]> | null = null;
  let cipherString: Configured<string> | null = null;
  let tls13Suites: Configured<readonly string[]> | null = null;
  let curves: Configured<readonly string[]> | null = null;
  for (const command of commands) {
    const origin = originOf(command);
    const { value } = command;
    switch (commandName(command)) {
      case 'minprotocol':
      case 'maxprotocol': {
        if (/^dtls/i.test(value)) break;
        const protocol = value === 'None' ? null : protocolOf(value);
        if (protocol === undefined) problems.push(refused(command));
        else if (commandName(command) === 'minprotocol') minProtocol = { value: protocol, origin };
        else maxProtocol = { value: protocol, origin };
        break;
      }
      case 'protocol':
        disabledProtocols = { value: disabledBy(value), origin };
        break;
      case 'cipherstring':
        cipherString = { value, origin };
        break;
      case 'ciphersuites': {
        const names = value.split(':').map((name) => name.trim());
        const known = names.filter((name) => tls13KnownSuites.includes(name));
        if (known.length === 0 && value !== '') problems.push(refused(command));
        else tls13Suites = { value: known, origin };
        break;
      }
      case 'groups':
      case 'curves':
        curves = { value: curveList(value, library.curves), origin };
        break;
      default:
    }
  }
  return { problems, policy: { minProtocol, maxProtocol, disabledProtocols, cipherString, tls13Suites, curves } };
}

function refused(command: ConfigurationValue): ServiceProblem {
  return {
    kind: 'invalid',
    what: `${command.name} has a value that OpenSSL doesn't know: ${command.value.slice(0, 100)}.`,
    why: 'the command is refused; the others of its section count',
    location: { path: command.path, line: command.line },
  };
}

/**
 * What a `Protocol` command takes away (SSL_CONF_cmd(3)): `-TLSv1`, `-ALL,TLSv1.2`. A name without a minus only takes
 * back an earlier minus: `TLSv1.2` alone takes nothing away.
 */
export function disabledBy(text: string): readonly TlsProtocol[] {
  const disabled = new Set<TlsProtocol>();
  for (const item of text.split(',')) {
    const word = item.trim();
    const name = word.replace(/^[+-]/, '');
    for (const protocol of /^all$/i.test(name) ? tlsProtocols : tlsProtocols.filter((known) => known === protocolOf(name))) {
      if (word.startsWith('-')) disabled.add(protocol);
      else disabled.delete(protocol);
    }
  }
  return tlsProtocols.filter((protocol) => disabled.has(protocol));
}

/** The string behind PROFILE=SYSTEM where the library knows the word: rpm packages of Fedora's family. */
function systemProfile(image: ServiceImage, library: TlsLibrary): { readonly value: Configured<string> | null; readonly problems: readonly ServiceProblem[] } {
  const ids = image.distribution === null ? [] : [image.distribution.id, ...image.distribution.like];
  const family = ids.some((id) => ['fedora', 'rhel', 'centos', 'almalinux', 'rocky', 'ol', 'mariner', 'azurelinux'].includes(id));
  const file = image.files.read(systemProfilePath);
  if (!family || library.table === '1.0.2' || file.state === 'pending') return { value: null, problems: [] };
  if (file.state === 'missing')
    return { value: { value: library.defaultString, origin: { default: 'OpenSSL (no crypto policy is in the image)' } }, problems: [] };
  if (file.state === 'unreadable') {
    const value = { value: library.defaultString, origin: { default: 'OpenSSL' }, certain: false, uncertainty: `${systemProfilePath} could not be read` };
    return { value, problems: [{ kind: 'unreadable', what: `${systemProfilePath} could not be read.`, why: file.why, location: { path: systemProfilePath } }] };
  }
  const line = new TextDecoder().decode(file.bytes).split('\n', 1)[0]?.trim() ?? '';
  return { value: { value: line, origin: { path: systemProfilePath, line: 1, layer: file.entry.layer } }, problems: [] };
}
