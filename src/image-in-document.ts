import { formatPlatform } from './image/index.ts';
import type { Distribution, Evidence, Problem } from './model/index.ts';

/** Which image, as the documents of listing commands say it. */
export function identityInDocument({ reference, digest, imageId, platform, tags, verified }: Evidence['image']) {
  return { reference, digest, imageId, platform: formatPlatform(platform), tags, verified };
}

/** The distribution, as documents say it; null: none was found. */
export function distributionInDocument(distribution: Distribution | null | undefined) {
  return distribution == null ? null : { id: distribution.id, version: distribution.version, name: distribution.name };
}

/** Problems, as documents say them: without what only judging needs. */
export function problemsInDocument(problems: readonly Problem[]) {
  return problems.map(({ id, kind, evidence, what, why, location }) => ({ id, kind, evidence, what, why, location }));
}
