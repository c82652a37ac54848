import type { Distribution, Package, TlsProtocol } from '../../model/index.ts';
import type { CipherLibrary } from './cipher-string.ts';
import { protocolRank, tlsProtocols } from './protocols.ts';
import type { CipherTable } from './suites.ts';

/** The OpenSSL of an image: plain data. */
export interface TlsLibrary extends CipherLibrary {
  /** Name of the package that holds it: `libssl3`; null: none was found and the values are assumptions. */
  readonly package: string | null;
  /** Protocols that the build can speak at all. */
  readonly protocols: readonly TlsProtocol[];
  /** Compiled-in security level; 0 where the library knows no levels. */
  readonly securityLevel: number;
  /** Compiled-in least protocol of a new context; null: none. */
  readonly minimumProtocol: TlsProtocol | null;
  /** TLS 1.2 is the least at levels from 2 on (Ubuntu's patch). */
  readonly level2NeedsTls12: boolean;
  /** Groups that are offered when none are configured, in order. */
  readonly curves: readonly string[];
  /** False: the library, or how it was built, is a guess; `uncertainty` says why. */
  readonly certain: boolean;
  readonly uncertainty?: string;
}

interface Candidate {
  readonly package: Package;
  /** OpenSSL's own version. */
  readonly version: string;
  readonly foreign?: string;
}

/** Package names that hold libssl, by package type. */
const openssl: Readonly<Record<'deb' | 'rpm' | 'apk', RegExp>> = {
  deb: /^libssl(?:0\.9\.\d|1\.0\.[012]|1\.1|3|3t64|4)$/,
  rpm: /^(?:openssl-libs|openssl11-libs|openssl3-libs|openssl|compat-openssl1[01]|libopenssl(?:1_0_0|1_1|-?3|3))$/,
  apk: /^(?:libssl(?:1\.0|1\.1|3)|openssl)$/,
};
const foreignLibrary = /^(?:libressl[\d.]*-libssl|libressl[\d.]*|libssl\d+-libressl|boringssl|libtls\d*)$/;

/**
 * The OpenSSL that the services of an image use, from its catalogue: version, and what the distribution compiled in
 * (suites, security level, least protocol). Several libraries: the one that the distribution's programs use, or the
 * newest, and `certain` is false.
 */
export function tlsLibraryOf(packages: readonly Package[], distribution: Distribution | null): TlsLibrary {
  const candidates = packages.flatMap((item): Candidate[] => {
    if (item.lockfile) return [];
    if (item.type !== 'deb' && item.type !== 'rpm' && item.type !== 'apk') return [];
    if (foreignLibrary.test(item.name)) return [{ package: item, version: upstreamVersion(item.version), foreign: 'LibreSSL or BoringSSL' }];
    return openssl[item.type].test(item.name) ? [{ package: item, version: upstreamVersion(item.version) }] : [];
  });
  const known = candidates.filter((candidate) => candidate.foreign === undefined && tableOf(candidate.version) !== undefined);
  known.sort((a, b) => compareVersions(b.version, a.version) || a.package.name.localeCompare(b.package.name));
  // `openssl` is the command on RHEL and Alpine 3.x: its library has a package of its own.
  const libraries = known.filter((candidate) => candidate.package.name !== 'openssl');
  const found = (libraries.length > 0 ? libraries : known)[0];
  if (found === undefined) {
    const foreign = candidates.find((candidate) => candidate.foreign !== undefined);
    const why =
      foreign === undefined
        ? 'no package of OpenSSL is in the image; OpenSSL 3 with its upstream defaults is assumed'
        : `the TLS library is ${foreign.foreign} (${foreign.package.name}), whose suites are not known; OpenSSL 1.1.1 is assumed`;
    const assumed = build(foreign === undefined ? '3.0' : '1.1.1', null, null, { kind: 'upstream' });
    return { ...assumed, certain: false, uncertainty: why };
  }
  const library = build(tableOf(found.version) ?? '3.0', found.version, found.package, flavourOf(distribution, found.package));
  const families = new Set((libraries.length > 0 ? libraries : known).map((candidate) => tableOf(candidate.version)));
  if (families.size > 1) return { ...library, certain: false, uncertainty: `several versions of OpenSSL are in the image; ${found.package.name} is assumed` };
  return library;
}

/** The same library with every suite of its family, as if its build left none out, and at no security level. */
export function withEverySuite(library: TlsLibrary): TlsLibrary {
  return { ...library, absent: [] };
}

/** Whether a library of the table can speak a protocol at a security level (ssl_security_default_callback). */
export function protocolAtLevel(library: TlsLibrary, protocol: TlsProtocol, level: number): boolean {
  if (!library.protocols.includes(protocol)) return false;
  const rank = protocolRank(protocol);
  if (library.table === '1.0.2') return true;
  if (library.level2NeedsTls12 && level >= 2 && rank < protocolRank('TLSv1.2')) return false;
  if (library.table === '3.0') return level === 0 || rank >= protocolRank('TLSv1.2');
  if (level >= 4) return rank >= protocolRank('TLSv1.2');
  if (level >= 3) return rank >= protocolRank('TLSv1.1');
  if (level >= 2) return rank >= protocolRank('TLSv1');
  return true;
}

type Flavour = { readonly kind: 'debian' | 'ubuntu' | 'alpine' | 'redhat' | 'suse' | 'upstream'; readonly release?: number };

function flavourOf(distribution: Distribution | null, item: Package): Flavour {
  const ids = distribution === null ? [] : [distribution.id, ...distribution.like];
  const release = Number.parseFloat(distribution?.version ?? '');
  const of = (kind: Flavour['kind']): Flavour => (Number.isNaN(release) ? { kind } : { kind, release });
  if (distribution?.id === 'ubuntu') return of('ubuntu');
  if (item.type === 'apk') return of('alpine');
  if (item.type === 'deb') return ids.includes('ubuntu') ? { kind: 'ubuntu' } : distribution?.id === 'debian' ? of('debian') : { kind: 'debian' };
  if (ids.some((id) => /^(?:suse|opensuse|sles|sle)/.test(id))) return of('suse');
  if (ids.some((id) => ['fedora', 'rhel', 'centos', 'almalinux', 'rocky', 'ol', 'amzn'].includes(id))) return of('redhat');
  return { kind: 'upstream' };
}

function build(table: CipherTable, version: string | null, item: Package | null, flavour: Flavour): TlsLibrary {
  return {
    table,
    version,
    package: item?.name ?? null,
    absent: absentEncryption(table, flavour),
    defaultString: defaultString(table, version),
    systemProfile: null,
    protocols: tlsProtocols.filter((protocol) => speaks(table, version, flavour, protocol)),
    securityLevel: securityLevel(table, version, flavour),
    minimumProtocol: null,
    level2NeedsTls12: flavour.kind === 'ubuntu' && table !== '1.0.2' && compareVersions(version ?? '', '1.1.1d') > 0,
    curves: defaultCurves(table, version),
    certain: true,
  };
}

/**
 * What builds leave out. `weak-ssl-ciphers` (RC4, 3DES) is off unless asked for since 1.1.0; in 3.x SEED, IDEA and
 * RC4 are in the legacy provider, which isn't loaded. Debian's family builds without IDEA.
 */
function absentEncryption(table: CipherTable, flavour: Flavour): readonly string[] {
  if (table === '1.0.2') return flavour.kind === 'debian' || flavour.kind === 'ubuntu' ? ['IDEA'] : [];
  if (table === '3.0') return ['RC4', '3DES', 'SEED', 'IDEA'];
  // Red Hat's 1.1.1 is configured with enable-weak-ssl-ciphers.
  if (flavour.kind === 'redhat' || flavour.kind === 'suse') return [];
  return flavour.kind === 'upstream' ? ['RC4', '3DES'] : ['RC4', '3DES', 'IDEA'];
}

function speaks(table: CipherTable, version: string | null, flavour: Flavour, protocol: TlsProtocol): boolean {
  switch (protocol) {
    case 'SSLv2':
      return table === '1.0.2' && flavour.kind === 'upstream' && compareVersions(version ?? '', '1.0.2g') < 0;
    case 'SSLv3':
      return table === '1.0.2' && !(flavour.kind === 'debian' && (flavour.release ?? 9) >= 9);
    case 'TLSv1.3':
      return table === '3.0' || compareVersions(version ?? '1.1.1', '1.1.1') >= 0;
    default:
      return true;
  }
}

function securityLevel(table: CipherTable, version: string | null, flavour: Flavour): number {
  if (table === '1.0.2') return 0;
  if (flavour.kind === 'ubuntu') return compareVersions(version ?? '', '1.1.1d') > 0 ? 2 : 1;
  if (flavour.kind === 'debian') return table === '3.0' ? 2 : 1;
  return table === '3.0' && version !== null && compareVersions(version, '3.2') >= 0 ? 2 : 1;
}

function defaultString(table: CipherTable, version: string | null): string {
  if (table !== '1.0.2') return 'ALL:!COMPLEMENTOFDEFAULT:!eNULL';
  return compareVersions(version ?? '1.0.2u', '1.0.2g') >= 0 ? 'ALL:!EXPORT:!LOW:!aNULL:!eNULL:!SSLv2' : 'ALL:!EXPORT:!aNULL:!eNULL:!SSLv2';
}

function defaultCurves(table: CipherTable, version: string | null): readonly string[] {
  if (table === '1.0.2') return ['secp521r1', 'brainpoolP512r1', 'brainpoolP384r1', 'secp384r1', 'brainpoolP256r1', 'secp256k1', 'prime256v1'];
  const classic = ['X25519', 'prime256v1', 'X448', 'secp521r1', 'secp384r1'];
  if (table === '1.1.1') return compareVersions(version ?? '1.1.1', '1.1.1') >= 0 ? classic : ['X25519', 'prime256v1', 'secp521r1', 'secp384r1'];
  const finite = ['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'];
  if (compareVersions(version ?? '3.0', '3.5') < 0) return [...classic, ...finite];
  return ['X25519MLKEM768', 'X25519', 'prime256v1', 'X448', 'secp384r1', 'secp521r1', 'ffdhe2048', 'ffdhe3072'];
}

/** `1:1.1.1k-9.el8` → `1.1.1k`; `3.0.17-1~deb12u2` → `3.0.17`. */
function upstreamVersion(version: string): string {
  return /^(?:\d+:)?(\d+(?:\.\d+)*[a-z]*)/.exec(version)?.[1] ?? '';
}

function tableOf(version: string): CipherTable | undefined {
  const [major = Number.NaN, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major >= 3) return '3.0';
  if (major === 1) return minor === 0 ? '1.0.2' : '1.1.1';
  return major === 0 ? '1.0.2' : undefined;
}

/** OpenSSL's versions: numbers, then letters (`1.0.2g` < `1.0.2zk`). */
function compareVersions(a: string, b: string): number {
  const parts = (text: string): (number | string)[] => (text.match(/\d+|[a-z]+/g) ?? []).map((part) => (/\d/.test(part) ? Number(part) : part));
  const left = parts(a);
  const right = parts(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const x = left[index] ?? '';
    const y = right[index] ?? '';
    if (x === y) continue;
    if (typeof x === 'number' || typeof y === 'number') return (typeof x === 'number' ? x : -1) - (typeof y === 'number' ? y : -1) || 0;
    return x.length - y.length || (x < y ? -1 : 1);
  }
  return 0;
}
