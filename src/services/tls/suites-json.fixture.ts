/** The part of ../shared/reference/openssl-ciphers.json that is used. */
export interface SuiteReference {
  readonly suites: readonly {
    readonly id: string;
    readonly iana: string | null;
    readonly openssl: string;
    readonly protocol: string;
    readonly kx: string;
    readonly au: string;
    readonly enc: string;
    readonly bits: number;
    readonly strengthBits: number;
    readonly mac: string;
    readonly aead: boolean;
    readonly forwardSecrecy: boolean;
    readonly anonymous: boolean;
    readonly export: boolean;
  }[];
  readonly sslv2: readonly { readonly openssl: string }[];
  readonly synonyms: Readonly<Record<string, string>>;
  readonly baseOrder: Readonly<Record<string, readonly string[]>>;
  readonly aliases: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly defaultStrings: Readonly<Record<string, string>>;
  readonly tls13Default: readonly string[];
  readonly secLevelDrops: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly mozilla: { readonly versions: Readonly<Record<string, unknown>> };
}

/**
 * Builds `suites.json` from the reference data: one line a suite, group members as bits over the order of a table
 * (hexadecimal, the first suite of the order is the lowest bit). The 3.x tables are those of 1.1.1 without what a
 * build lacks; `suites.test.ts` proves it.
 */
export function compactSuites(reference: SuiteReference): unknown {
  const flags = (suite: SuiteReference['suites'][number]): string =>
    [suite.aead ? 'aead' : '', suite.forwardSecrecy ? 'fs' : '', suite.anonymous ? 'anon' : '', suite.export ? 'export' : '']
      .filter((flag) => flag !== '')
      .join(',') || '-';
  const table = (name: string) => {
    const order = reference.baseOrder[name] ?? [];
    const bits = (members: readonly string[]): string =>
      members.reduce((mask, member) => (order.includes(member) ? mask | (1n << BigInt(order.indexOf(member))) : mask), 0n).toString(16);
    const groups = Object.entries(reference.aliases[name] ?? {}).filter(([word]) => !word.startsWith('SUITEB'));
    const drops = Object.entries(reference.secLevelDrops[name] ?? {});
    return {
      order,
      groups: Object.fromEntries(groups.map(([word, members]) => [word, bits(members)])),
      secLevelDrops: Object.fromEntries(drops.map(([level, members]) => [level, bits(members)])),
    };
  };
  return {
    made: 'By `UPDATE_SUITES=1 npx vitest run src/services/tls/suites.test.ts` from facts that the ciphers command of OpenSSL 3.0.19, 1.1.1w and 1.0.2e gave; do not edit.',
    columns: 'id iana openssl protocol kx au enc bits strengthBits mac flags',
    suites: reference.suites.map((suite) =>
      [suite.id, suite.iana ?? '-', suite.openssl, suite.protocol, suite.kx, suite.au, suite.enc, suite.bits, suite.strengthBits, suite.mac, flags(suite)].join(
        ' ',
      ),
    ),
    sslv2: reference.sslv2.map((suite) => suite.openssl),
    synonyms: reference.synonyms,
    defaultStrings: reference.defaultStrings,
    tls13Default: reference.tls13Default,
    tables: { '1.0.2': table('1.0.2'), '1.1.1': table('1.1.1') },
    mozilla: reference.mozilla.versions,
  };
}
