import type { SettingOrigin, Tls, TlsProtocol } from '../../model/index.ts';
import { type CipherExpansion, expandCipherString } from './cipher-string.ts';
import { protocolAtLevel, type TlsLibrary, withEverySuite } from './library.ts';
import { protocolRank } from './protocols.ts';
import { type Suite, suiteOf, tables, tls13DefaultSuites, tls13KnownSuites } from './suites.ts';
import type { Configured, SystemTlsPolicy } from './system-policy.ts';

/** What a service asks its library for. null: it doesn't say, the system policy or the library's default counts. */
export interface TlsRequest {
  /** The protocols that the service allows, by its own rules. */
  readonly protocols: Configured<readonly TlsProtocol[]> | null;
  /** The complete string that the service hands to the library (with what the service appends itself). */
  readonly cipherString: Configured<string> | null;
  /** In order. */
  readonly tls13Suites: Configured<readonly string[]> | null;
  readonly curves: Configured<readonly string[]> | null;
  /** The service resets the least and greatest protocol of the system policy (nginx; httpd by any SSLProtocol). */
  readonly ignoresSystemProtocols?: boolean;
  /** Key exchanges that need something set up: PSK and SRP callbacks (off unless true), DH parameters (on unless false). */
  readonly keyExchange?: { readonly psk?: boolean; readonly srp?: boolean; readonly dhe?: boolean };
}

/** What is really offered, and what the library would refuse. */
export interface EffectiveTls {
  readonly protocols: readonly TlsProtocol[];
  readonly suites: readonly string[];
  readonly tls13Suites: readonly string[];
  readonly curves: readonly string[];
  readonly origins: Tls['origins'];
  /** What the configuration asks for, before the build of the library and its security level take away. */
  readonly configured: { readonly protocols: readonly TlsProtocol[]; readonly suites: readonly string[] };
  readonly securityLevel: number;
  readonly certain: boolean;
  readonly uncertainty?: string;
  /** Why the library would refuse the service's values: `cipher string "x": no cipher match`. */
  readonly errors: readonly string[];
}

const levelBits = [0, 80, 112, 128, 192, 256] as const;

/**
 * The protocols, suites and groups that a service really offers: its own values over the system policy's over the
 * library's defaults, less what the library can't do or its security level forbids, less protocols without a suite
 * and suites without a protocol.
 */
export function effectiveTls(request: TlsRequest, library: TlsLibrary, policy: SystemTlsPolicy): EffectiveTls {
  const errors: string[] = [];
  const base: TlsLibrary = policy.systemProfile === null ? library : { ...library, systemProfile: policy.systemProfile.value };
  const profile: Configured<string> | null = policy.systemProfile === null ? null : { ...policy.systemProfile, value: 'PROFILE=SYSTEM' };
  const systemString = policy.cipherString ?? profile;
  const chosen = request.cipherString ?? systemString ?? { value: 'DEFAULT', origin: { default: `OpenSSL: ${library.defaultString}` } };
  const expansion = expanded(chosen.value, base, library);
  if (expansion.errors.length > 0) errors.push(`cipher string "${shown(chosen.value)}": ${expansion.errors[0]}`);
  const level = securityLevel(expansion, chosen === request.cipherString ? systemString : null, base);

  const protocolsAsked = askedProtocols(request, library, policy);
  const speaking = protocolsAsked.value.filter((protocol) => protocolAtLevel(library, protocol, level));
  const tls13 = request.tls13Suites ?? policy.tls13Suites ?? { value: tls13DefaultSuites, origin: { default: 'OpenSSL' } };
  const unknown = tls13.value.filter((name) => !tls13KnownSuites.includes(name));
  // SSL_CTX_set_ciphersuites ignores unknown names since 1.1.1k or so and refuses a list without a known one.
  if (unknown.length > 0 && unknown.length === tls13.value.length) errors.push(`TLS 1.3 suites "${shown(tls13.value.join(':'))}": no cipher match`);
  const tls13Suites = tls13.value.filter((name) => (suiteOf(name)?.strengthBits ?? 0) >= (levelBits[level] ?? 256) && !unknown.includes(name));
  const usable = expansion.suites.filter((name) => usableSuite(name, level, base, request.keyExchange ?? {}));
  const offered = agree(speaking, usable, tls13Suites);
  const curves = request.curves ?? policy.curves ?? { value: library.curves, origin: { default: 'OpenSSL' } };

  const whole = expanded(chosen.value, withEverySuite(base), library);
  const doubts = [...uncertainties([chosen, protocolsAsked, tls13, curves]), policy.uncertainty, library.uncertainty].filter(
    (why) => why !== undefined && why !== null,
  );
  return {
    ...offered,
    curves: offered.protocols.length === 0 ? [] : curves.value,
    origins: { protocols: protocolsAsked.origin, suites: chosen.origin, tls13Suites: tls13.origin, curves: curves.origin },
    configured: { protocols: protocolsAsked.value, suites: whole.suites },
    securityLevel: level,
    certain: doubts.length === 0,
    ...(doubts.length === 0 ? {} : { uncertainty: doubts.join('; ') }),
    errors,
  };
}

/** Many scopes hand the same string to the same library. */
const expansions = new WeakMap<TlsLibrary, Map<string, CipherExpansion>>();
const maxExpansions = 2000;

function expanded(text: string, library: TlsLibrary, owner: TlsLibrary): CipherExpansion {
  const known = expansions.get(owner) ?? new Map<string, CipherExpansion>();
  expansions.set(owner, known);
  const key = [library.absent.join(), library.systemProfile ?? '', text].join('\n');
  const found = known.get(key) ?? expandCipherString(text, library);
  if (known.size < maxExpansions) known.set(key, found);
  return found;
}

/** An own string without a level leaves the one that the system's string has set. */
function securityLevel(own: CipherExpansion, system: Configured<string> | null, library: TlsLibrary): number {
  if (own.secLevel !== null) return own.secLevel;
  const inherited = system === null ? null : expandCipherString(system.value, library).secLevel;
  return inherited ?? library.securityLevel;
}

function askedProtocols(request: TlsRequest, library: TlsLibrary, policy: SystemTlsPolicy): Configured<readonly TlsProtocol[]> {
  const own = request.protocols;
  const start = own ?? { value: library.protocols, origin: { default: 'OpenSSL' } };
  if (request.ignoresSystemProtocols === true) return start;
  const minimum = policy.minProtocol?.value ?? library.minimumProtocol;
  const maximum = policy.maxProtocol?.value ?? null;
  const disabled = policy.disabledProtocols?.value ?? [];
  const value = start.value.filter(
    (protocol) =>
      (minimum === null || protocolRank(protocol) >= protocolRank(minimum)) &&
      (maximum === null || protocolRank(protocol) <= protocolRank(maximum)) &&
      !disabled.includes(protocol),
  );
  if (value.length === start.value.length) return start;
  const origin = own === null ? (policy.minProtocol ?? policy.maxProtocol ?? policy.disabledProtocols)?.origin : undefined;
  return { ...start, value, origin: origin ?? start.origin };
}

/**
 * Whether a suite is worth its level: enough bits, no anonymous or NULL suite above 0, forward secrecy from 3 on, no
 * SHA-1 from 4 on, no MD5 above 0 (the measured table where there is one).
 */
export function suiteAtLevel(name: string, level: number, library: TlsLibrary): boolean {
  if (library.table === '1.0.2') return true;
  const table = tables[library.table];
  const position = table.position.get(name);
  return position === undefined || (((table.droppedAt[Math.min(level, 5)] ?? 0n) >> BigInt(position)) & 1n) === 0n;
}

function usableSuite(name: string, level: number, library: TlsLibrary, set: NonNullable<TlsRequest['keyExchange']>): boolean {
  const suite = suiteOf(name);
  if (suite === undefined) return false;
  if (suite.kx.includes('PSK') && set.psk !== true) return false;
  if (suite.kx === 'SRP' && set.srp !== true) return false;
  if (suite.kx === 'DH' && set.dhe === false) return false;
  return suiteAtLevel(name, level, library);
}

/** Protocols without a suite and suites without a protocol can't be agreed on. */
function agree(protocols: readonly TlsProtocol[], suites: readonly string[], tls13Suites: readonly string[]) {
  const ranks = protocols.filter((protocol) => protocol !== 'TLSv1.3').map(protocolRank);
  const newest = Math.max(-1, ...ranks);
  const kept = suites.filter((name) => suiteRank(suiteOf(name)) <= newest);
  const oldest = Math.min(...kept.map((name) => suiteRank(suiteOf(name))));
  const tls13 = protocols.includes('TLSv1.3') ? tls13Suites : [];
  return {
    protocols: protocols.filter((protocol) => (protocol === 'TLSv1.3' ? tls13.length > 0 : protocolRank(protocol) >= oldest)),
    suites: kept,
    tls13Suites: tls13,
  };
}

function suiteRank(suite: Suite | undefined): number {
  return suite === undefined ? Number.POSITIVE_INFINITY : protocolRank(suite.protocol as TlsProtocol);
}

function uncertainties(values: readonly { readonly certain?: boolean; readonly uncertainty?: string; readonly origin: SettingOrigin }[]): string[] {
  return [...new Set(values.filter((value) => value.certain === false).map((value) => value.uncertainty ?? 'it is decided at run time'))];
}

function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
