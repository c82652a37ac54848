import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { PrivateKey } from '../../model/index.ts';
import { defineCataloger, type Fact, type SelectedFile } from '../cataloger.ts';
import { pemText, SMALL } from './certificates.ts';
import { opensshKey } from './openssh.ts';
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

/** Names of stores that hold keys in a form of their own. */
const stores = /\.(?:p12|pfx|jks|keystore|ppk)$/i;
/** OpenSSH's and Dropbear's identities of a server. */
const hostKey = /(?:^|\/)(?:ssh_host_[a-z0-9]+_key|dropbear_[a-z0-9]+_host_key)$/;

type KeyFacts = Pick<PrivateKey, 'format' | 'encrypted' | 'keyType' | 'keyBits' | 'publicKey'>;
const unknown = { keyType: null, keyBits: null, publicKey: null };

/** What may be said of a key; of the key itself nothing stays. A body that is no key is none: `null`. */
function keyFacts(block: PemBlock): KeyFacts | null {
  const format = formats[block.label];
  if (format === undefined || block.body.length < 16) return null;
  if (format === 'pgp') return { format, encrypted: null, ...unknown };
  const encrypted = block.label.startsWith('ENCRYPTED') || /^\s*Proc-Type:.*ENCRYPTED/m.test(block.headers);
  if (encrypted) return { format, encrypted, ...unknown };
  try {
    if (format === 'openssh') {
      const key = opensshKey(block.body);
      return { format, encrypted: key.encrypted, ...(key.facts ?? unknown) };
    }
    return { format, encrypted, ...publicKeyFacts(createPublicKey(createPrivateKey(block.text))) };
  } catch {
    // Of a kind that isn't known here, or damaged: it lies there all the same.
    return { format, encrypted, ...unknown };
  }
}

function* storedKeys(file: SelectedFile): Generator<KeyFacts> {
  const begin = Buffer.from(file.bytes.subarray(0, 400)).toString('latin1');
  if (begin.startsWith('\xfe\xed\xfe\xed') || begin.startsWith('\xce\xce\xce\xce')) yield { format: 'jks', encrypted: true, ...unknown };
  else if (/\.(?:p12|pfx)$/i.test(file.path) && begin.startsWith('0')) yield { format: 'pkcs12', encrypted: null, ...unknown };
  else if (begin.startsWith('PuTTY-User-Key-File-')) yield { format: 'putty', encrypted: !/^Encryption: none/m.test(begin), ...unknown };
}

export default defineCataloger({
  name: 'keys/private-keys',
  version: 1,
  summary: 'Private keys in files: what kind, how large, whether a passphrase protects them',
  provides: ['keys'],
  evidence: 'keys',
  maxBytes: 16 * SMALL,
  selects: ({ path, type, size }) => type === 'file' && size > 60 && (size <= SMALL || stores.test(path)),
  *read(file) {
    const isHostKey = hostKey.test(file.path);
    const fact = (facts: KeyFacts, line: number | null): Fact<'keys'> => ({
      kind: 'keys',
      fact: { ...facts, hostKey: isHostKey, mode: file.mode, location: { path: `/${file.path}`, ...(line === null ? {} : { line }) } },
    });
    const text = pemText(file.bytes);
    if (text !== undefined) {
      for (const block of pemBlocks(text, (label) => label in formats)) {
        const facts = keyFacts(block);
        if (facts !== null) yield fact(facts, block.line);
      }
    }
    for (const facts of storedKeys(file)) yield fact(facts, null);
  },
});
