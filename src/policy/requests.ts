import type { EvidenceKind, Policy, Request, RequestDetail } from '../model/index.ts';

/** What a kind of evidence is made from. */
const implied: Readonly<Partial<Record<EvidenceKind, readonly EvidenceKind[]>>> = {
  vulnerabilities: ['packages', 'distribution', 'feeds'],
  feeds: ['packages', 'distribution'],
  services: ['packages', 'distribution', 'configuration'],
};

function union(a: readonly string[] | undefined, b: readonly string[] | undefined): string[] | undefined {
  return a === undefined || b === undefined ? undefined : [...new Set([...a, ...b])].sort();
}

function merge(a: RequestDetail, b: RequestDetail): RequestDetail {
  const types = union(a.types, b.types) as RequestDetail['types'];
  const services = union(a.services, b.services);
  const licenses = a.licenses === true || b.licenses === true;
  return { ...(types === undefined ? {} : { types }), ...(services === undefined ? {} : { services }), ...(licenses ? { licenses } : {}) };
}

/**
 * Everything that a policy's rules ask for, each kind once with the widest detail that any of them needs, and what the
 * kinds are made from. Sorted by kind, so that the same rules give the same text.
 */
export function requestsOf(policy: Pick<Policy, 'rules'>): Request[] {
  const details = new Map<EvidenceKind, RequestDetail>();
  const add = (kind: EvidenceKind, detail: RequestDetail): void => {
    const known = details.get(kind);
    details.set(kind, known === undefined ? detail : merge(known, detail));
  };
  for (const { requests } of policy.rules) {
    for (const { kind, detail } of requests) {
      add(kind, detail ?? {});
      for (const other of implied[kind] ?? []) add(other, {});
    }
  }
  return [...details].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, detail]) => (Object.keys(detail).length === 0 ? { kind } : { kind, detail }));
}
