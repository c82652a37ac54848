import { createHash } from 'node:crypto';
import type { Digest } from './model/index.ts';
import { orderedJson } from './reports/index.ts';

/** The digest of an evidence document, over all members but `digest` in one order. */
export function evidenceDigest(document: object): Digest {
  const { digest: _, ...rest } = document as { readonly digest?: unknown };
  const hash = createHash('sha256');
  for (const piece of orderedJson(rest)) hash.update(piece);
  return `sha256:${hash.digest('hex')}`;
}
