import { distributionPackageTypes } from '../gates/index.ts';
import type { EvidenceKind, FileSelection, Policy, Request, RequestDetail } from '../model/index.ts';

/** What a kind of evidence is made from. */
const implied: Readonly<Partial<Record<EvidenceKind, readonly Request[]>>> = {
  vulnerabilities: [{ kind: 'packages' }, { kind: 'distribution' }, { kind: 'feeds' }],
  feeds: [{ kind: 'packages' }, { kind: 'distribution' }],
  services: [{ kind: 'packages' }, { kind: 'distribution' }, { kind: 'configuration' }],
  drift: [{ kind: 'packages', detail: { types: distributionPackageTypes } }, { kind: 'distribution' }],
};

/** Both lists as one; undefined, which stands for everything, where one is. */
function union<T extends string>(a: readonly T[] | undefined, b: readonly T[] | undefined): T[] | undefined {
  return a === undefined || b === undefined ? undefined : sum(a, b);
}

/** Both lists as one; an absent one stands for nothing. */
function sum<T extends string>(a: readonly T[] | undefined, b: readonly T[] | undefined): T[] {
  return [...new Set([...(a ?? []), ...(b ?? [])])].sort();
}

function eitherFiles(a: FileSelection | undefined, b: FileSelection | undefined): FileSelection | undefined {
  if (a === undefined || b === undefined) return undefined;
  const names = sum(a.names, b.names);
  const digests = sum(a.digests, b.digests);
  const modeBits = (a.modeBits ?? 0) | (b.modeBits ?? 0);
  return {
    ...(names.length === 0 ? {} : { names }),
    ...(modeBits === 0 ? {} : { modeBits }),
    ...(a.capabilities === true || b.capabilities === true ? { capabilities: true } : {}),
    ...(digests.length === 0 ? {} : { digests }),
  };
}

function merge(a: RequestDetail, b: RequestDetail): RequestDetail {
  const types = union(a.types, b.types);
  const services = union(a.services, b.services);
  const licenses = a.licenses === true || b.licenses === true;
  const files = eitherFiles(a.files, b.files);
  const digests = sum(a.digests, b.digests);
  const patterns = sum(a.patterns, b.patterns);
  return {
    ...(types === undefined ? {} : { types }),
    ...(services === undefined ? {} : { services }),
    ...(licenses ? { licenses } : {}),
    ...(files === undefined ? {} : { files }),
    ...(digests.length === 0 ? {} : { digests }),
    ...(patterns.length === 0 ? {} : { patterns }),
    ...(a.owners === true || b.owners === true ? { owners: true } : {}),
  };
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
      for (const other of implied[detail?.owners === true ? 'drift' : kind] ?? []) add(other.kind, other.detail ?? {});
    }
  }
  return [...details].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, detail]) => (Object.keys(detail).length === 0 ? { kind } : { kind, detail }));
}
