import type { PackageURL } from 'packageurl-js';
import type { Distribution, Problem } from '../../model/index.ts';
import { problemOf } from '../problem.ts';
import { type SbomReading, short } from './reading.ts';

type System = SbomReading['systems'][number];

/** What SBOM writers call distributions, and the `ID` of their os-release: Trivy's families, names in full, namespaces of purls. */
const ids: Readonly<Record<string, string>> = {
  alma: 'almalinux',
  'alma linux': 'almalinux',
  'alpine linux': 'alpine',
  amazon: 'amzn',
  'amazon linux': 'amzn',
  archlinux: 'arch',
  'arch linux': 'arch',
  'azure linux': 'azurelinux',
  'cbl-mariner': 'mariner',
  'cbl mariner': 'mariner',
  'common base linux mariner': 'mariner',
  'centos linux': 'centos',
  'centos stream': 'centos',
  'debian gnu/linux': 'debian',
  'fedora linux': 'fedora',
  opensuse: 'opensuse-leap',
  'opensuse leap': 'opensuse-leap',
  'opensuse.leap': 'opensuse-leap',
  'opensuse tumbleweed': 'opensuse-tumbleweed',
  'opensuse.tumbleweed': 'opensuse-tumbleweed',
  oracle: 'ol',
  oraclelinux: 'ol',
  'oracle linux': 'ol',
  'oracle linux server': 'ol',
  'photon os': 'photon',
  'vmware photon os': 'photon',
  redhat: 'rhel',
  'red hat': 'rhel',
  'red hat enterprise linux': 'rhel',
  'rocky linux': 'rocky',
  rockylinux: 'rocky',
  'sle-micro': 'sle-micro',
  slem: 'sle-micro',
  'suse.linux.enterprise.micro': 'sle-micro',
  suse: 'sles',
  sle: 'sles',
  'suse linux enterprise server': 'sles',
  'suse.linux.enterprise.server': 'sles',
  'wolfi os': 'wolfi',
};

/** The `ID` that a name stands for; the empty one where it names none. */
function idOf(name: string): string {
  const word = name.trim().toLowerCase();
  if (word === 'unknown') return '';
  return Object.hasOwn(ids, word) ? (ids[word] as string) : word;
}

const unnamed = { name: '', like: [], codename: null } as const;

/**
 * `debian-12`, `opensuse-leap-15.5`; as Trivy writes it for Alpine `3.16.9`, a codename (`bookworm`), and Docker Scout's
 * `os_name` and `os_version`: where the qualifier doesn't say which, the namespace does.
 */
function systemOf({ namespace, qualifiers }: PackageURL): System | undefined {
  const space = idOf(namespace ?? '');
  if (qualifiers?.os_name) {
    return { ...unnamed, id: idOf(qualifiers.os_name), version: qualifiers.os_version ?? '', codename: qualifiers.os_distro || null };
  }
  const distro = (qualifiers?.distro ?? '').trim();
  const named = (id: string, version: string, codename: string | null = null): System | undefined =>
    id === '' ? undefined : { ...unnamed, id, version, codename };
  if (/^\d/.test(distro)) return named(space, distro);
  const cut = /^(.+?)-(\d.*)$/.exec(distro);
  if (cut !== null) return named(idOf(cut[1] as string), cut[2] as string);
  const own = idOf(distro);
  if (own === '' || own === space) return named(space, '');
  // A release by its name: `bookworm`.
  return space === '' ? named(own, '') : named(space, '', distro);
}

/** Whether a release is a longer one's beginning (`12` and `12.5`), or says none. */
function beginsWith(longest: string, version: string): boolean {
  return version === '' || longest === version || (longest.startsWith(version) && /[.\s(_-]/.test(longest.charAt(version.length)));
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
  const systems = reading.systems.map((system) => ({ ...system, id: idOf(system.id) })).filter(({ id }) => id !== '');
  const all = [...systems, ...fromPurls.values()];
  const problems: Problem[] = [];
  const longest = all.reduce((found, { version }) => (version.length > found.length ? version : found), '');
  if (all.some(({ id, version }) => id !== all[0]?.id || !beginsWith(longest, version))) {
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
  const best = systems[0] ?? [...fromPurls.values()].find(({ version }) => version !== '') ?? [...fromPurls.values()][0];
  if (best === undefined) return { found: null, problems };
  const name = best.name === '' ? `${best.id} ${best.version}`.trim() : best.name;
  // A release that the system leaves out, the purls may say.
  const version = best.version === '' ? ([...fromPurls.values()].find((each) => each.id === best.id && each.version !== '')?.version ?? '') : best.version;
  const codename = best.codename ?? [...fromPurls.values()].find((each) => each.id === best.id && each.codename !== null)?.codename ?? null;
  return { found: { ...best, name, version, codename, location: { path: reference } }, problems };
}
