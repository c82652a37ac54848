import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import type { PrivateKey } from '../../model/index.ts';
import { defineCataloger, type Fact, type SelectedFile } from '../cataloger.ts';
import { pemText, SMALL } from './certificates.ts';
import { derKeyForm } from './der-key.ts';
import { type KeyStore, keyStore } from './key-store.ts';
import { dropbearKey, isDropbearKey, isOpensshKey, opensshKey } from './openssh.ts';
import { type PemBlock, pemBlocks } from './pem.ts';
import { publicKeyFacts } from './public-key.ts';

const formats: Readonly<Record<string, PrivateKey['format']>> = {
  'PRIVATE KEY': 'pkcs8',
  'ENCRYPTED PRIVATE KEY': 'pkcs8',
  'RSA PRIVATE KEY': 'pkcs1',
  'EC PRIVATE KEY': 'sec1',
  'DSA PRIVATE KEY': 'dsa',
  'OPENSSH PRIVATE KEY': 'openssh',
  'PGP PRIVATE KEY BLOCK': 'pgp',
};

/** Names of stores that hold keys in a form of their own: of these larger files are looked into too. */
const stores = /\.(?:p12|pfx|jks|jceks|keystore|ppk)$/i;
/** OpenSSH's and Dropbear's identities of a server. */
const hostKey = /(?:^|\/)(?:ssh_host_[a-z0-9]+_key|dropbear_[a-z0-9]+_host_key)$/;
/** Where GnuPG keeps private keys, a file each, and where it kept them all. */
const gnupgKey = /(?:^|\/)private-keys-v1\.d\/[0-9A-F]{40}\.key$/;
const gnupgRing = /(?:^|\/)secring\.gpg$/;

type KeyFacts = Pick<PrivateKey, 'format' | 'encrypted' | 'keyType' | 'keyBits' | 'publicKey'>;
const unknown = { keyType: null, keyBits: null, publicKey: null };

/** What a key in DER is, without a passphrase. @throws Error when it is damaged */
function derFacts(body: Buffer, format: 'pkcs1' | 'pkcs8' | 'sec1'): KeyFacts {
  return { format, encrypted: false, ...publicKeyFacts(createPublicKey(createPrivateKey({ key: body, format: 'der', type: format }))) };
}

/** What may be said of a key; of the key itself nothing stays. A body that is no key is none: `null`. */
function keyFacts(block: PemBlock): KeyFacts | null {
  const format = formats[block.label];
  if (format === undefined || block.body.length < 16) return null;
  if (format === 'pgp') return { format, encrypted: null, ...unknown };
  const encrypted = block.label.startsWith('ENCRYPTED') || /^\s*Proc-Type:.*ENCRYPTED/m.test(block.headers);
  if (encrypted) return { format, encrypted, ...unknown };
  // An example in a manual is no key: both forms begin so.
  if (format === 'openssh' ? !isOpensshKey(block.body) : block.body[0] !== 0x30) return null;
  try {
    if (format === 'openssh') {
      const key = opensshKey(block.body);
      return { format, encrypted: key.encrypted, ...(key.facts ?? unknown) };
    }
    if (format === 'dsa') return { format, encrypted, ...publicKeyFacts(createPublicKey(createPrivateKey(block.text))) };
    return derFacts(block.body, format as 'pkcs1' | 'pkcs8' | 'sec1');
  } catch {
    // Of a kind that isn't known here, or damaged: it lies there all the same.
    return { format, encrypted, ...unknown };
  }
}

/** A key in DER, without PEM around it. */
function derKey(bytes: Buffer): KeyFacts | null {
  const form = derKeyForm(bytes);
  if (form === undefined) return null;
  if (form === 'encrypted') return { format: 'pkcs8', encrypted: true, ...unknown };
  try {
    return form === 'dsa' ? { format: form, encrypted: false, ...unknown } : derFacts(bytes, form);
  } catch {
    return { format: form, encrypted: false, ...unknown };
  }
}

/** What a certificate tells of the key that it belongs to. */
function certifiedKey(certificate: Buffer | null): Omit<KeyFacts, 'format' | 'encrypted'> {
  try {
    return certificate === null ? unknown : publicKeyFacts(new X509Certificate(certificate).publicKey);
  } catch {
    return unknown;
  }
}

function* keysInStore({ format, keys, isWhole }: KeyStore): Generator<KeyFacts & { readonly alias: string | null }> {
  for (const { alias, clear, certificate } of keys) {
    const open = clear === null ? null : derKey(clear);
    // A store of PKCS #12 may be encrypted by an empty passphrase.
    const encrypted = clear !== null ? false : format === 'jks' ? true : null;
    yield { ...(open ?? certifiedKey(certificate)), format, encrypted, alias };
  }
  if (!isWhole && keys.length === 0) yield { format, encrypted: format === 'jks' ? true : null, ...unknown, alias: null };
}

/** Keys in forms that are no text. */
function* storedKeys(file: SelectedFile): Generator<KeyFacts & { readonly alias?: string | null }> {
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  const store = keyStore(bytes);
  if (store !== undefined) {
    yield* keysInStore(store);
    return;
  }
  const der = derKey(bytes);
  const begin = bytes.toString('latin1', 0, 400);
  if (der !== null) yield der;
  else if (/\.(?:p12|pfx)$/i.test(file.path) && begin.startsWith('0')) yield { format: 'pkcs12', encrypted: null, ...unknown };
  else if (begin.startsWith('PuTTY-User-Key-File-')) yield { format: 'putty', encrypted: !/^Encryption: none/m.test(begin), ...unknown };
  else if (isDropbearKey(bytes)) yield { format: 'dropbear', encrypted: false, ...(dropbearKey(bytes) ?? unknown) };
  else if (gnupgKey.test(file.path) && begin.includes('private-key')) yield { format: 'pgp', encrypted: begin.includes('protected-private-key'), ...unknown };
  else if (gnupgRing.test(file.path) && (begin.startsWith('\x95') || begin.startsWith('\xc5'))) yield { format: 'pgp', encrypted: null, ...unknown };
}

/**
 * Whether a file may hold a key in a form that is no text: by its first byte, which is that of a SEQUENCE, of Java's marks, of PuTTY's
 * name or of Dropbear's lengths, or by the name that GnuPG gives it.
 */
function mayBeStored({ bytes, path }: SelectedFile): boolean {
  const [first] = bytes;
  return first === 0x30 || first === 0xfe || first === 0xce || first === 0x50 || first === 0 || gnupgKey.test(path) || gnupgRing.test(path);
}

function* keysIn(file: SelectedFile, text: string | undefined): Generator<Fact<'keys'>> {
  const isHostKey = hostKey.test(file.path);
  const fact = (facts: KeyFacts, place: { readonly line?: number; readonly member?: string }): Fact<'keys'> => ({
    kind: 'keys',
    fact: { ...facts, hostKey: isHostKey, mode: file.mode, location: { path: `/${file.path}`, ...place } },
  });
  for (const block of text === undefined ? [] : pemBlocks(text, (label) => label in formats)) {
    const facts = keyFacts(block);
    if (facts !== null) yield fact(facts, { line: block.line });
  }
  for (const { alias, ...facts } of storedKeys(file)) yield fact(facts, alias ? { member: alias } : {});
}

export default defineCataloger({
  name: 'keys/private-keys',
  version: 2,
  summary: 'Private keys in files and key stores: what kind, how large, whether a passphrase protects them',
  provides: ['keys'],
  evidence: 'keys',
  maxBytes: 16 * SMALL,
  selects: ({ path, type, size }) => type === 'file' && size > 60 && (size <= SMALL || stores.test(path)),
  read(file) {
    const text = pemText(file);
    return text === undefined && !mayBeStored(file) ? [] : keysIn(file, text);
  },
});
