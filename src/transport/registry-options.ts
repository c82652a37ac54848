/** What requests to a registry may cost. Times in milliseconds. */
export interface RegistryLimits {
  readonly connectTime: number;
  /** Until the answer's headers. */
  readonly headersTime: number;
  /** Between two pieces of a body. */
  readonly idleTime: number;
  /** How often a request is made that fails for a reason that may pass; for a blob: in a row without a new byte. */
  readonly attempts: number;
  /** The first pause between two attempts; each next one is twice as long, and all are cut short at random. */
  readonly pause: number;
  /** The longest pause that a server may ask for (`Retry-After`). */
  readonly longestPause: number;
  readonly redirects: number;
  /** Bytes of a manifest, index or configuration. */
  readonly documentBytes: number;
}

export const defaultRegistryLimits: RegistryLimits = {
  connectTime: 15_000,
  headersTime: 60_000,
  idleTime: 60_000,
  attempts: 5,
  pause: 500,
  longestPause: 120_000,
  redirects: 5,
  documentBytes: 8 * 1024 * 1024,
};

/** A registry that holds copies of another's repositories. */
export interface Mirror {
  /** The domain that it stands in for, as in a reference: `docker.io`. */
  readonly domain: string;
  /** `https://host[:port][/prefix]`; the prefix stands before the names of repositories. */
  readonly url: string;
}

/** How to reach registries. */
export interface RegistryOptions {
  /** For the one registry that the references name; null: from the configuration files of Docker and Podman. */
  readonly login: { readonly username: string; readonly password: string } | null;
  /** Domains that are spoken to without TLS. */
  readonly plainHttp: readonly string[];
  readonly mirrors: readonly Mirror[];
  /** Certificates (PEM) that are trusted in addition; null: none. */
  readonly caFile: string | null;
  /** Shown to registries, never to the hosts that they redirect to; null: those of `certs.d`. */
  readonly clientCertificate: { readonly certificateFile: string; readonly keyFile: string } | null;
  /** Proxies, configuration files and home directory are taken from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits: RegistryLimits;
}

/** Whatever the environment says. */
export function defaultRegistryOptions(env: Readonly<Record<string, string | undefined>>): RegistryOptions {
  return { login: null, plainHttp: [], mirrors: [], caFile: null, clientCertificate: null, env, limits: defaultRegistryLimits };
}
