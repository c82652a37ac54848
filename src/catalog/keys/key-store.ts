import { type Element, elementsIn, identifier, octets, wholeSequence } from './ber.ts';

/** A private key in a store. */
export interface StoredKey {
  /** The name that it has in the store; null: none. */
  readonly alias: string | null;
  /** PKCS #8, where no passphrase protects it. */
  readonly clear: Buffer | null;
  /** Its certificate, where the store says which. */
  readonly certificate: Buffer | null;
}

/** What lies open in a key store. */
export interface KeyStore {
  readonly format: 'pkcs12' | 'jks';
  readonly keys: readonly StoredKey[];
  /** DER, with the names that they have in the store. */
  readonly certificates: readonly { readonly alias: string | null; readonly der: Buffer }[];
  /** False: what it holds besides isn't known, keys perhaps. */
  readonly isWhole: boolean;
}

const oid = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  x509: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
} as const;

/** How deep bags of bags are followed. */
const MAX_DEPTH = 8;

/** The store in a file: PKCS #12 or Java's; undefined: it is none. */
export function keyStore(bytes: Uint8Array): KeyStore | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = buffer.length < 12 ? 0 : buffer.readUInt32BE(0);
  return magic === 0xfeedfeed || magic === 0xcececece ? javaStore(buffer) : pkcs12Store(buffer);
}

/** Reads the numbers and texts of Java's DataOutputStream. @throws RangeError when the bytes end too early */
class JavaData {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  number(): number {
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }
  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('it ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
  text(): string {
    this.#at += 2;
    return this.take(this.#bytes.readUInt16BE(this.#at - 2)).toString('utf8');
  }
}

/**
 * Java's own formats, JKS and JCEKS (sun.security.provider.JavaKeyStore, com.sun.crypto.provider.JceKeyStore): keys are encrypted,
 * certificates lie open.
 */
function javaStore(bytes: Buffer): KeyStore {
  const keys: StoredKey[] = [];
  const certificates: { alias: string | null; der: Buffer }[] = [];
  const data = new JavaData(bytes);
  try {
    data.number();
    const version = data.number();
    const certificate = (): Buffer => {
      if (version > 1) data.text();
      return data.take(data.number());
    };
    for (let left = data.number(); left > 0; left--) {
      const tag = data.number();
      const alias = data.text();
      data.take(8);
      if (tag === 2) certificates.push({ alias, der: certificate() });
      else if (tag === 1) {
        data.take(data.number());
        const chain: Buffer[] = [];
        for (let length = data.number(); length > 0; length--) chain.push(certificate());
        keys.push({ alias, clear: null, certificate: chain[0] ?? null });
        certificates.push(...chain.map((der) => ({ alias, der })));
      } else return { format: 'jks', keys, certificates, isWhole: false }; // a secret key of JCEKS: a Java object, whose end only Java knows
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { format: 'jks', keys, certificates, isWhole: false };
  }
  return { format: 'jks', keys, certificates, isWhole: true };
}

/** What stands in `[0]`. */
function explicit(tagged: Element | undefined): Element | undefined {
  return tagged?.tag === 0xa0 ? elementsIn(tagged.content)[0] : undefined;
}

function aliasOf(attributes: Element | undefined): string | null {
  for (const attribute of attributes === undefined ? [] : elementsIn(attributes.content)) {
    const [type, values] = elementsIn(attribute.content);
    const [name] = values === undefined || identifier(type) !== oid.friendlyName ? [] : elementsIn(values.content);
    if (name !== undefined && name.content.length % 2 === 0) return Buffer.from(name.content).swap16().toString('utf16le');
  }
  return null;
}

/** PKCS #12 (RFC 7292). What is encrypted stays so: by custom that are the certificates, while keys lie in bags of their own. */
function pkcs12Store(bytes: Buffer): KeyStore | undefined {
  const [version, authSafe] = wholeSequence(bytes) ?? [];
  if (version?.tag !== 2 || version.content.length !== 1 || version.content[0] !== 3 || authSafe?.tag !== 0x30) return undefined;
  const [type, content] = elementsIn(authSafe.content);
  if (!identifier(type)?.startsWith('1.2.840.113549.1.7.')) return undefined;
  const keys: StoredKey[] = [];
  const certificates: { alias: string | null; der: Buffer }[] = [];
  let isWhole = true;
  const readBags = (contents: Buffer, depth: number): void => {
    const [bags] = elementsIn(contents);
    if (bags?.tag !== 0x30 || depth > MAX_DEPTH) isWhole = false;
    for (const bag of bags === undefined || depth > MAX_DEPTH ? [] : elementsIn(bags.content)) {
      const [id, tagged, attributes] = elementsIn(bag.content);
      const value = explicit(tagged);
      const kind = identifier(id);
      if (kind === oid.keyBag || kind === oid.shroudedKeyBag) {
        keys.push({ alias: aliasOf(attributes), clear: kind === oid.keyBag ? (value?.raw ?? null) : null, certificate: null });
      } else if (kind === oid.certificateBag && value !== undefined) {
        const [form, inner] = elementsIn(value.content);
        const der = explicit(inner);
        if (identifier(form) === oid.x509 && der !== undefined) certificates.push({ alias: aliasOf(attributes), der: octets(der) });
      } else if (kind === oid.safeContentsBag && value !== undefined) readBags(value.raw, depth + 1);
    }
  };
  const safe = explicit(content);
  const [parts] = identifier(type) === oid.data && safe !== undefined ? elementsIn(octets(safe)) : [];
  if (parts === undefined) return { format: 'pkcs12', keys, certificates, isWhole: false };
  for (const part of elementsIn(parts.content)) {
    const [kind, inner] = elementsIn(part.content);
    const data = explicit(inner);
    if (identifier(kind) === oid.data && data !== undefined) readBags(octets(data), 0);
    else if (identifier(kind) !== oid.encryptedData) isWhole = false;
  }
  return { format: 'pkcs12', keys, certificates, isWhole };
}
