import type { TlsProtocol } from '../../model/index.ts';
import data from './suites.json' with { type: 'json' };

/** A level of Mozilla's Server Side TLS guideline in one of its versions. */
export interface MozillaLevel {
  /** `mozilla:intermediate@5.8`. */
  readonly name: string;
  readonly level: 'modern' | 'intermediate' | 'old';
  /** The guideline's version: `5.8`. */
  readonly version: string;
  readonly protocols: readonly TlsProtocol[];
  /** TLS 1.2 and older, OpenSSL's names. */
  readonly suites: readonly string[];
  readonly tls13Suites: readonly string[];
  /** Empty: the guideline names none. */
  readonly curves: readonly string[];
  /** Whether the server's order of suites shall win. */
  readonly serverOrder: boolean;
  /** Least RSA key in bits; null: none named, or no RSA certificate. */
  readonly rsaKeySize: number | null;
  /** Least Diffie-Hellman group in bits; null: no such suite. */
  readonly dhParamSize: number | null;
  /** Longest life of a certificate in days; null: not named. */
  readonly maxCertDays: number | null;
  /** Seconds of Strict-Transport-Security. */
  readonly hstsMinAge: number | null;
}

interface Source {
  readonly protocols: readonly string[];
  readonly ciphers: readonly string[];
  readonly tls13?: readonly string[] | null;
  readonly curves?: readonly string[] | null;
  readonly serverOrder?: boolean | null;
  readonly rsaKeySize?: number | null;
  readonly dhParamSize?: number | null;
  readonly maxCertDays?: number | null;
  readonly hstsMinAge?: number | null;
}

/** Every level of every version, by name. */
export const mozillaLevels: ReadonlyMap<string, MozillaLevel> = new Map(
  Object.entries(data.mozilla as unknown as Readonly<Record<string, Readonly<Record<string, Source>>>>).flatMap(([version, levels]) =>
    Object.entries(levels).map(([level, source]) => {
      const name = `mozilla:${level}@${version}`;
      return [name, levelOf(name, level as MozillaLevel['level'], version, source)] as const;
    }),
  ),
);

function levelOf(name: string, level: MozillaLevel['level'], version: string, source: Source): MozillaLevel {
  return {
    name,
    level,
    version,
    protocols: source.protocols as readonly TlsProtocol[],
    suites: source.ciphers,
    tls13Suites: source.tls13 ?? [],
    curves: source.curves ?? [],
    serverOrder: source.serverOrder ?? false,
    rsaKeySize: source.rsaKeySize ?? null,
    dhParamSize: source.dhParamSize ?? null,
    maxCertDays: source.maxCertDays ?? null,
    hstsMinAge: source.hstsMinAge ?? null,
  };
}

/**
 * A level by `mozilla:LEVEL@VERSION` (`mozilla:intermediate@5.8`); undefined for any other text, also for a level
 * that the version doesn't have (`mozilla:old@6.0`). The version must be given: the lists change with it.
 */
export function mozillaLevel(name: string): MozillaLevel | undefined {
  return mozillaLevels.get(name);
}
