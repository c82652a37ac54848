import type { Distribution, Package } from '../model/index.ts';
import { orderForEcosystem } from '../versions/index.ts';
import { distributionEcosystem, isDistributionType, languageEcosystem } from './ecosystem.ts';
import { evaluate } from './evaluate.ts';
import type { OsvRange } from './osv.ts';
import type { Store } from './store.ts';
import { distributionSubject, languageSubject, type Subject } from './subject.ts';

/** How one advisory's entry about a package was judged. */
export interface Explanation {
  /** purl of the package. */
  readonly purl: string;
  /** The advisory's own id. */
  readonly advisory: string;
  readonly withdrawn: boolean;
  /** Whose entry it is: `Debian:12`. */
  readonly ecosystem: string;
  /** The name that was looked up, and whether it is the package's own or its source's. */
  readonly name: string;
  readonly through: 'package' | 'source';
  /** The version that was compared. */
  readonly version: string;
  /** Where it came from: the file that was imported, or the address. */
  readonly origin: string;
  readonly order: { readonly name: string; readonly specification: string } | null;
  readonly ranges: readonly {
    readonly type: string;
    /** As the advisory has them; how the package's version stands to each. */
    readonly events: readonly { readonly event: string; readonly version: string; readonly comparison: '<' | '=' | '>' | '?' }[];
  }[];
  /** How many versions the entry lists, and whether this one is among them. */
  readonly listed: { readonly count: number; readonly contains: boolean };
  readonly result: 'affected' | 'unaffected' | 'incomparable';
}

/**
 * Every entry of the advisories that a name (an id or an alias) means about the packages: what it says, how it was compared, and what
 * came of it. Packages that no such advisory names give nothing.
 * @throws {PortcullisError} STORE_DAMAGED
 */
export function explainPackages(name: string, packages: readonly Package[], distribution: Distribution | null, store: Store): readonly Explanation[] {
  const lookup = distribution === null ? undefined : distributionEcosystem(distribution);
  const explanations: Explanation[] = [];
  for (const pkg of packages) {
    let subject: Subject | undefined;
    if (isDistributionType(pkg.type)) {
      if (lookup?.state === 'known' && lookup.found.packages === pkg.type) subject = distributionSubject(pkg, lookup.found);
    } else {
      const ecosystem = pkg.ownedBy === null ? languageEcosystem(pkg.type) : undefined;
      if (ecosystem !== undefined) subject = languageSubject(pkg, ecosystem);
    }
    if (subject !== undefined) explanations.push(...explainSubject(name, subject, store));
  }
  return explanations;
}

function explainSubject(name: string, subject: Subject, store: Store): Explanation[] {
  const order = orderForEcosystem(subject.base);
  const explanations: Explanation[] = [];
  const ecosystems = [...subject.ecosystems, ...(subject.subscription === null ? [] : [subject.subscription])];
  for (const looked of subject.names) {
    for (const ecosystem of ecosystems) {
      for (const candidate of store.candidates(ecosystem, looked.key)) {
        const record = store.recordOf(candidate);
        if (![record.id, ...record.aliases, ...record.upstream, ...record.related].includes(name)) continue;
        explanations.push({
          purl: subject.package.purl,
          advisory: record.id,
          withdrawn: record.withdrawn,
          ecosystem,
          name: looked.name,
          through: looked.through,
          version: looked.version,
          origin: candidate.set.origin,
          order: order === undefined ? null : { name: order.name, specification: order.specification },
          ranges: candidate.ranges.map((range) => ({ type: range.type, events: comparisons(looked.version, range, order) })),
          listed: { count: candidate.versions.all().length, contains: candidate.versions.has(looked.version) },
          result: order === undefined ? 'incomparable' : record.withdrawn ? 'unaffected' : evaluate(looked.version, candidate, order).state,
        });
      }
    }
  }
  return explanations;
}

function comparisons(version: string, range: OsvRange, order: ReturnType<typeof orderForEcosystem>): Explanation['ranges'][number]['events'] {
  return range.events.map((event) => {
    const result = event.version === '0' ? 1 : order?.compare(version, event.version);
    const comparison = result === undefined ? '?' : result < 0 ? '<' : result > 0 ? '>' : '=';
    return { event: event.kind, version: event.version, comparison } as const;
  });
}
