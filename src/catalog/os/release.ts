import { type DistributionFact, defineCataloger } from '../cataloger.ts';
import { type ReleasePath, releasePaths } from '../release-paths.ts';

/** os-release(5): shell assignments, quoted or not. */
function assignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const raw of text.split('\n')) {
    const match = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(raw);
    if (match === null) continue;
    let value = match[2] as string;
    const quote = value[0];
    if ((quote === '"' || quote === "'") && value.length >= 2 && value.endsWith(quote)) {
      value = value.slice(1, -1);
      if (quote === '"') value = value.replace(/\\(["\\$`])/g, '$1');
    }
    values.set(match[1] as string, value);
  }
  return values;
}

function osRelease(text: string, path: string): DistributionFact | null {
  const values = assignments(text);
  const id = (values.get('ID') ?? '').toLowerCase();
  if (id === '') return null;
  return {
    id,
    version: values.get('VERSION_ID') ?? '',
    name: values.get('PRETTY_NAME') || values.get('NAME') || id,
    like: (values.get('ID_LIKE') ?? '').toLowerCase().split(/\s+/).filter(Boolean),
    codename: values.get('VERSION_CODENAME') || null,
    location: { path },
  };
}

function lsbRelease(text: string, path: string): DistributionFact | null {
  const values = assignments(text);
  const id = (values.get('DISTRIB_ID') ?? '').toLowerCase();
  if (id === '') return null;
  return {
    id,
    version: values.get('DISTRIB_RELEASE') ?? '',
    name: values.get('DISTRIB_DESCRIPTION') || id,
    like: [],
    codename: values.get('DISTRIB_CODENAME') || null,
    location: { path },
  };
}

/** `CentOS release 6.9 (Final)`, `Red Hat Enterprise Linux Server release 7.4 (Maipo)`. */
function redhatRelease(text: string, path: string): DistributionFact | null {
  const match = /^(.*?)\s+(?:Linux\s+)?release\s+([0-9][0-9.]*)/i.exec(text.trim());
  if (match === null) return null;
  const name = (match[1] as string).toLowerCase();
  const ids: readonly [string, string][] = [
    ['red hat', 'rhel'],
    ['centos', 'centos'],
    ['fedora', 'fedora'],
    ['oracle', 'ol'],
    ['rocky', 'rocky'],
    ['alma', 'almalinux'],
    ['amazon', 'amzn'],
    ['scientific', 'scientific'],
  ];
  const id = ids.find(([word]) => name.includes(word))?.[1];
  if (id === undefined) return null;
  return {
    id,
    version: match[2] as string,
    name: text.trim().split('\n')[0] as string,
    like: id === 'fedora' ? [] : ['rhel', 'fedora'],
    codename: null,
    location: { path },
  };
}

/** CPE 2.2 in system-release-cpe: `cpe:/o:centos:linux:6:GA`. */
function releaseCpe(text: string, path: string): DistributionFact | null {
  const [, part, vendor, , version] = text.trim().split(':');
  if (part !== '/o' || vendor === undefined || version === undefined) return null;
  const ids: Readonly<Record<string, string>> = {
    redhat: 'rhel',
    centos: 'centos',
    fedoraproject: 'fedora',
    oracle: 'ol',
    amazon: 'amzn',
    almalinux: 'almalinux',
    rocky: 'rocky',
  };
  const id = ids[vendor] ?? vendor;
  return { id, version, name: `${id} ${version}`, like: id === 'fedora' ? [] : ['rhel', 'fedora'], codename: null, location: { path } };
}

function plainVersion(id: string): (text: string, path: string) => DistributionFact | null {
  return (text, path) => {
    const version = text.trim().split('\n')[0] ?? '';
    if (version === '') return null;
    const numeric = /^[0-9]/.test(version);
    return {
      id,
      version: numeric ? version : '',
      name: `${id} ${version}`,
      like: [],
      codename: numeric ? null : (version.split('/')[0] ?? null),
      location: { path },
    };
  };
}

const parsers: Readonly<Record<ReleasePath, (text: string, path: string) => DistributionFact | null>> = {
  'etc/os-release': osRelease,
  'usr/lib/os-release': osRelease,
  'etc/lsb-release': lsbRelease,
  'etc/alpine-release': plainVersion('alpine'),
  'etc/system-release-cpe': releaseCpe,
  'etc/redhat-release': redhatRelease,
  'etc/centos-release': redhatRelease,
  'etc/system-release': redhatRelease,
  'etc/debian_version': plainVersion('debian'),
};

export default defineCataloger({
  name: 'os/release',
  version: 1,
  summary: 'The distribution and its release from os-release and its older relatives',
  provides: ['distribution'],
  evidence: 'distribution',
  maxBytes: 1024 * 1024,
  wellKnown: releasePaths,
  selects: ({ path, type }) => type === 'file' && Object.hasOwn(parsers, path),
  *read(file) {
    const fact = Object.hasOwn(parsers, file.path) ? parsers[file.path as ReleasePath](file.text(), `/${file.path}`) : null;
    if (fact !== null) yield { kind: 'distribution', fact };
    else if (file.path.endsWith('os-release')) {
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: 'it names no distribution (no ID)' } };
    }
  },
});
