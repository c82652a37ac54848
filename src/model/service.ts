/** A TLS protocol by OpenSSL's name. */
export type TlsProtocol = 'SSLv2' | 'SSLv3' | 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Where a setting was made, or which default is in force. */
export type SettingOrigin = { readonly path: string; readonly line: number; readonly layer: number | null } | { readonly default: string };

/** One effective setting of a service. */
export interface Setting {
  /** The directive's canonical name: `ssl_protocols`, `PermitRootLogin`. */
  readonly key: string;
  readonly value: string;
  readonly origin: SettingOrigin;
  /** False when a run-time variable, a missing include or an unknown module may change it. */
  readonly certain: boolean;
  /** Why it isn't certain; absent when it is. */
  readonly uncertainty?: string;
  /** Statements that lost. */
  readonly shadowed: readonly { readonly value: string; readonly origin: SettingOrigin }[];
}

/** A certificate or key that a scope uses. Paths are absolute in the image. */
export interface TlsCertificate {
  readonly path: string;
  readonly keyPath: string | null;
  readonly origin: SettingOrigin;
  /** null: the file couldn't be read (`problem` says why). */
  readonly certificate: {
    readonly subject: string;
    readonly issuer: string;
    readonly selfSigned: boolean;
    /** RFC 3339. */
    readonly notBefore: string;
    readonly notAfter: string;
    readonly keyType: string;
    readonly keyBits: number | null;
    /** `sha1WithRSAEncryption`, `ecdsa-with-SHA256`. */
    readonly signatureAlgorithm: string;
  } | null;
  /** The key file's mode and owner in the image; null when it isn't there. */
  readonly keyFile: { readonly mode: number; readonly uid: number; readonly gid: number } | null;
  readonly problem: string | null;
}

/** What TLS is really in force for a scope or listener. */
export interface Tls {
  readonly enabled: boolean;
  readonly protocols: readonly TlsProtocol[];
  /** TLS 1.2 and older, OpenSSL names, in the library's preference order. */
  readonly suites: readonly string[];
  readonly tls13Suites: readonly string[];
  readonly curves: readonly string[];
  /** Where each of the four was set. */
  readonly origins: {
    readonly protocols: SettingOrigin;
    readonly suites: SettingOrigin;
    readonly tls13Suites: SettingOrigin;
    readonly curves: SettingOrigin;
  };
  /**
   * What the configuration asks for, before the library's build and security level take away (a word like RC4 that this
   * library lacks is weak on another). Absent: the same as is offered.
   */
  readonly configured?: { readonly protocols: readonly TlsProtocol[]; readonly suites: readonly string[] };
  /** False when any of it may differ at run time; `uncertainty` says why. */
  readonly certain: boolean;
  readonly uncertainty?: string;
  readonly certificates: readonly TlsCertificate[];
}

/** An address that a scope listens on; `tls` only where it differs from the scope's. */
export interface Listen {
  readonly address: string;
  readonly tls?: Tls | null;
}

/** A scope of a service's configuration, in the configuration's own words. */
export interface ServiceScope {
  /** `['http', 'server example.org:443']`, `['VirtualHost *:443']`, `['Match User git']`; `[]` is the main scope. */
  readonly scope: readonly string[];
  readonly listen: readonly Listen[];
  /** null: TLS has no meaning here (sshd) or is off. */
  readonly tls: Tls | null;
  readonly settings: readonly Setting[];
}

/** Why a service's configuration could not be read or decided as a whole. */
export interface ServiceProblem {
  readonly what: string;
  readonly why: string;
  readonly location: { readonly path: string; readonly line?: number } | null;
  /** `invalid`: the service would refuse to start with it; `unreadable`: can't be read; `uncertain`: decided at run time. */
  readonly kind: 'invalid' | 'unreadable' | 'uncertain';
}

/** One service that the image holds, with its effective configuration. */
export interface Service {
  /** `apache`, `nginx`, `sshd`, `openssl`, `redis`, `postgresql`. */
  readonly service: string;
  /** The program's own version (`2.4.57`); null when nothing tells it. */
  readonly version: string | null;
  /** The configuration file it starts from. */
  readonly entry: string;
  /** Whether it is what the image starts; null when that can't be told (a script starts it). */
  readonly runs: boolean | null;
  readonly scopes: readonly ServiceScope[];
  readonly problems: readonly ServiceProblem[];
}
