import type { Comparison, Distribution, Package } from '../model/index.ts';
import { orderForEcosystem } from '../versions/index.ts';
import { distributionEcosystem, isDistributionType, languageEcosystem } from './ecosystem.ts';
import { evaluate } from './evaluate.ts';
import type { OsvRange } from './osv.ts';
import type { Store } from './store.ts';
import { distributionSubject, languageSubject, type Subject } from './subject.ts';

/**
 * Every entry of the advisories that a name (an id or an alias) means about the packages: what it says, how it was compared, and what
 * came of it. Packages that no such advisory names give nothing.
 * @throws {PortcullisError} STORE_DAMAGED
 */
export function comparePackages(name: string, packages: readonly Package[], distribution: Distribution | null, store: Store): readonly Comparison[] {
  const lookup = distribution === null ? undefined : distributionEcosystem(distribution);
  const explanations: Comparison[] = [];
  for (const pkg of packages) {
    let subject: Subject | undefined;
    if (isDistributionType(pkg.type)) {
      if (lookup?.state === 'known' && lookup.found.packages === pkg.type) subject = distributionSubject(pkg, lookup.found);
    } else {
      const ecosystem = pkg.ownedBy === null ? languageEcosystem(pkg.type) : undefined;
      if (ecosystem !== undefined) subject = languageSubject(pkg, ecosystem);
    }
    if (subject !== undefined) explanations.push(...compareSubject(name, subject, store));
  }
  return explanations;
}

function compareSubject(name: string, subject: Subject, store: Store): Comparison[] {
  const order = orderForEcosystem(subject.base);
  const explanations: Comparison[] = [];
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

function comparisons(version: string, range: OsvRange, order: ReturnType<typeof orderForEcosystem>): Comparison['ranges'][number]['events'] {
  return range.events.map((event) => {
    const result = event.version === '0' ? 1 : order?.compare(version, event.version);
    const comparison = result === undefined ? '?' : result < 0 ? '<' : result > 0 ? '>' : '=';
    return { event: event.kind, version: event.version, comparison } as const;
  });
}
