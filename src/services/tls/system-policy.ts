import type { SettingOrigin, TlsProtocol } from '../../model/index.ts';

/** A value with where it was set. `certain` false: it may differ at run time, `uncertainty` says why. */
export interface Configured<T> {
  readonly value: T;
  readonly origin: SettingOrigin;
  readonly certain?: boolean;
  readonly uncertainty?: string;
}

/**
 * What the system says to every program that uses libssl (openssl.cnf `system_default`, crypto-policies): made by the
 * `openssl` folder. null: the system is silent.
 */
export interface SystemTlsPolicy {
  readonly minProtocol: Configured<TlsProtocol | null> | null;
  readonly maxProtocol: Configured<TlsProtocol | null> | null;
  /** Protocols that `Protocol` or `Options` of the policy take away. */
  readonly disabledProtocols: Configured<readonly TlsProtocol[]> | null;
  readonly cipherString: Configured<string> | null;
  readonly tls13Suites: Configured<readonly string[]> | null;
  readonly curves: Configured<readonly string[]> | null;
  /** What `PROFILE=SYSTEM` stands for, in Fedora's family; null elsewhere. */
  readonly systemProfile: Configured<string> | null;
  /** Why the policy as a whole isn't certain; null: it is. */
  readonly uncertainty: string | null;
}

/** The policy of a system that says nothing. */
export const silentPolicy: SystemTlsPolicy = {
  minProtocol: null,
  maxProtocol: null,
  disabledProtocols: null,
  cipherString: null,
  tls13Suites: null,
  curves: null,
  systemProfile: null,
  uncertainty: null,
};
