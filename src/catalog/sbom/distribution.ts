import type { PackageURL } from 'packageurl-js';
import type { Distribution, Problem } from '../../model/index.ts';
import { problemOf } from '../problem.ts';
import { type SbomReading, short } from './reading.ts';

type System = SbomReading['systems'][number];

/** `debian-12`, `opensuse-leap-15.5`, and as Trivy writes it for Alpine `3.16.9`: the namespace says the rest. */
function systemOf({ namespace, qualifiers }: PackageURL): System | undefined {
  const distro = qualifiers?.distro ?? '';
  const space = (namespace ?? '').toLowerCase();
  const base = { name: '', like: [], codename: null };
  if (/^\d/.test(distro)) return space === '' ? undefined : { ...base, id: space, version: distro };
  const cut = /^(.+?)-(\d.*)$/.exec(distro);
  if (cut !== null) return { ...base, id: (cut[1] as string).toLowerCase(), version: cut[2] as string };
  if (distro === '' || distro.toLowerCase() === space)
    return space === '' && distro === '' ? undefined : { ...base, id: space === '' ? distro.toLowerCase() : space, version: '' };
  // A release by its name: `bookworm`.
  return space === '' ? { ...base, id: distro.toLowerCase(), version: '' } : { ...base, id: space, version: '', codename: distro };
}

/**
 * The distribution that an SBOM's packages are from: what it says of the operating system, else what the purls of the
 * distribution's packages say. Where they differ it is a problem.
 */
export function distributionOf(reading: SbomReading, urls: readonly PackageURL[], reference: string): { found: Distribution | null; problems: Problem[] } {
  const fromPurls = new Map<string, System>();
  for (const url of urls) {
    const system = systemOf(url);
    if (system !== undefined) fromPurls.set(`${system.id} ${system.version} ${system.codename ?? ''}`, system);
  }
  const all = [...reading.systems, ...fromPurls.values()];
  const ids = [...new Set(all.map(({ id }) => id))];
  const problems: Problem[] = [];
  const releases = new Set([...fromPurls.values()].map(({ version }) => version));
  const named = new Set(reading.systems.map(({ id, version }) => `${id} ${version}`));
  if (ids.length > 1 || releases.size > 1 || named.size > 1) {
    const listed = all.slice(0, 5).map(({ id, version }) => short(`${id} ${version}`.trim()));
    problems.push(
      problemOf({
        kind: 'contradiction',
        evidence: 'distribution',
        cause: 'outside',
        what: 'the distribution',
        why: `the SBOM names several: ${[...new Set(listed)].join(', ')}`,
        subject: 'several',
      }),
    );
  }
  const best = reading.systems[0] ?? [...fromPurls.values()][0];
  if (best === undefined) return { found: null, problems };
  const name = best.name === '' ? `${best.id} ${best.version}`.trim() : best.name;
  return { found: { ...best, name, location: { path: reference } }, problems };
}
