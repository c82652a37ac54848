import data from './suites.json' with { type: 'json' };

/** The data tables: libraries of 1.0.x, of 1.1.x, and of 3.x and later. */
export type CipherTable = '1.0.2' | '1.1.1' | '3.0';

/** A cipher suite's attributes. */
export interface Suite {
  /** IANA's number, `0xC02F`. */
  readonly id: string;
  /** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`; null for suites that never got a name there. */
  readonly iana: string | null;
  /** OpenSSL's name. */
  readonly name: string;
  /** The oldest protocol that can use it: `SSLv3`, `TLSv1`, `TLSv1.2`, `TLSv1.3`; `SSLv2` for that protocol's own suites. */
  readonly protocol: string;
  /** Key exchange: `ECDH`, `DH`, `RSA`, `DH(static)`, `ECDH(static)`, `PSK`, `ECDHEPSK`, `DHEPSK`, `RSAPSK`, `SRP`, `any`. `ECDH` and `DH` are ephemeral. */
  readonly kx: string;
  /** Authentication: `RSA`, `ECDSA`, `DSS`, `None`, `PSK`, `SRP`, `DH`, `ECDH`, `any`. */
  readonly au: string;
  /** Encryption: `AESGCM`, `AESCCM`, `AESCCM8`, `CHACHA20/POLY1305`, `ARIAGCM`, `AES`, `Camellia`, `3DES`, `RC4`, `SEED`, `IDEA`, `DES`, `RC2`, `None`. */
  readonly enc: string;
  /** Key length in bits. */
  readonly bits: number;
  /** What the key is worth in bits (3DES: 112): the sort key of `@STRENGTH` and the measure of security levels. */
  readonly strengthBits: number;
  /** `AEAD`, `SHA1`, `SHA256`, `SHA384`, `MD5`. */
  readonly mac: string;
  readonly aead: boolean;
  readonly forwardSecrecy: boolean;
  readonly anonymous: boolean;
  readonly export: boolean;
}

/** One library family's suites in base order, and its group words. Bit n of a mask is suite n of the order. */
export interface CipherTableData {
  readonly order: readonly string[];
  readonly position: ReadonlyMap<string, number>;
  /** Group word → members. */
  readonly groups: ReadonlyMap<string, bigint>;
  /** Index = security level: suites that this level drops, those of lower levels included. */
  readonly droppedAt: readonly bigint[];
}

const byName = new Map<string, Suite>();
for (const line of data.suites) {
  const [id = '', iana = '', name = '', protocol = '', kx = '', au = '', enc = '', bits = '0', strengthBits = '0', mac = '', flags = ''] = line.split(' ');
  const set = new Set(flags.split(','));
  byName.set(name, {
    id,
    iana: iana === '-' ? null : iana,
    name,
    protocol,
    kx,
    au,
    enc,
    bits: Number(bits),
    strengthBits: Number(strengthBits),
    mac,
    aead: set.has('aead'),
    forwardSecrecy: set.has('fs'),
    anonymous: set.has('anon'),
    export: set.has('export'),
  });
}
const synonyms = new Map<string, string>(Object.entries(data.synonyms));
for (const suite of byName.values()) if (suite.iana !== null && suite.iana !== suite.name) synonyms.set(suite.iana, suite.name);

/** A suite by OpenSSL's or IANA's name, or by its name of older versions; undefined when no version has it. */
export function suiteOf(name: string): Suite | undefined {
  return byName.get(name) ?? byName.get(synonyms.get(name) ?? '') ?? (data.sslv2.includes(name) ? sslv2Suite(name) : undefined);
}

/** OpenSSL's names of all suites that any version has, SSLv2's own excepted. */
export function suiteNames(): readonly string[] {
  return [...byName.keys()];
}

/** TLS 1.3 suites that a library offers when nothing else is asked, in its order. */
export const tls13DefaultSuites: readonly string[] = data.tls13Default;

/** All TLS 1.3 suites that OpenSSL knows. */
export const tls13KnownSuites: readonly string[] = [...data.tls13Default, 'TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256'];

function sslv2Suite(name: string): Suite {
  const enc = name.includes('RC4') ? 'RC4' : name.includes('RC2') ? 'RC2' : name.includes('IDEA') ? 'IDEA' : name.includes('CBC3') ? '3DES' : 'DES';
  const bits = name.startsWith('EXP-') ? 40 : enc === '3DES' ? 168 : enc === 'DES' ? 56 : 128;
  return {
    id: '',
    iana: null,
    name,
    protocol: 'SSLv2',
    kx: 'RSA',
    au: 'RSA',
    enc,
    bits,
    strengthBits: bits === 168 ? 112 : bits,
    mac: 'MD5',
    aead: false,
    forwardSecrecy: false,
    anonymous: false,
    export: name.startsWith('EXP-'),
  };
}

function readTable(source: { order: string[]; groups: Record<string, string>; secLevelDrops: Record<string, string> }): CipherTableData {
  const droppedAt: bigint[] = [0n];
  for (let level = 1; level <= 5; level += 1) droppedAt.push((droppedAt[level - 1] ?? 0n) | BigInt(`0x${source.secLevelDrops[String(level)] ?? '0'}`));
  return {
    order: source.order,
    position: new Map(source.order.map((name, index) => [name, index])),
    groups: new Map(Object.entries(source.groups).map(([word, bits]) => [word, BigInt(`0x${bits}`)])),
    droppedAt,
  };
}

/** 3.x knows the suites of 1.1.1 and one more word, CBC (ssl_ciph.c: SSL_CBC). */
function withCbc(table: CipherTableData): CipherTableData {
  const block = new Set(['AES', 'Camellia', '3DES', 'SEED', 'IDEA', 'DES', 'RC2']);
  const members = table.order.reduce((mask, name, index) => (block.has(byName.get(name)?.enc ?? '') ? mask | (1n << BigInt(index)) : mask), 0n);
  return { ...table, groups: new Map([...table.groups, ['CBC', members]]) };
}

const table111 = readTable(data.tables['1.1.1']);

/** The data of each library family. What a build lacks is not taken out here: see `TlsLibrary.absent`. */
export const tables: Readonly<Record<CipherTable, CipherTableData>> = {
  '1.0.2': readTable({ ...data.tables['1.0.2'], secLevelDrops: {} }),
  '1.1.1': table111,
  '3.0': withCbc(table111),
};
