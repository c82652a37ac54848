import { randomBytes } from 'node:crypto';
import type { Secret } from '../model/index.ts';
import { fingerprintOf, type Hit, MAX_HITS, masked, SecretScanner } from '../secrets/index.ts';
import { type CatalogContext, defineCataloger, type Fact, type PieceReader } from './cataloger.ts';

/** What of a secret may leave its reader. */
export function secretOf(hit: Hit, key: Uint8Array, place: Pick<Secret, 'source' | 'name' | 'location'>): Secret {
  const { name, what, confidence } = hit.rule;
  return { rule: name, what, confidence, ...place, masked: masked(hit), fingerprint: fingerprintOf(hit.secret, key), deleted: false };
}

function reader(path: string, context: CatalogContext): PieceReader<'secrets'> {
  const scanner = new SecretScanner(path);
  const key = context.fingerprintKey ?? randomBytes(32);
  return {
    write: (piece) => scanner.write(piece),
    skip: (zeros) => scanner.skip(zeros),
    *end() {
      for (const hit of scanner.end()) {
        const location = { path: `/${path}`, line: hit.line };
        yield { kind: 'secrets', fact: secretOf(hit, key, { source: 'file', name: null, location }) } satisfies Fact<'secrets'>;
      }
      if (scanner.overflowed) yield { problem: { kind: 'limit', what: `/${path}`, why: `it holds more than ${MAX_HITS} secrets, of which these are listed` } };
    },
  };
}

export default defineCataloger({
  name: 'secrets',
  version: 1,
  summary: 'Keys, tokens and passwords that lie open in files, deleted ones too; none is kept',
  provides: ['secrets'],
  evidence: 'secrets',
  findsDeleted: true,
  selects: ({ type, size }) => type === 'file' && size > 0,
  pieces: ({ path }, _, context) => reader(path, context),
  *read(file, _, context) {
    const whole = reader(file.path, context);
    whole.write(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength));
    yield* whole.end();
  },
});
