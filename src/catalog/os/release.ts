import { type DistributionFact, defineCataloger } from '../cataloger.ts';
import { type ReleasePath, releasePaths } from '../release-paths.ts';

/** Of files that hold a line or two no more than this is looked at. */
const LINE = 1000;

function firstLine(text: string): string {
  return (text.slice(0, LINE).trim().split('\n')[0] as string).trim();
}

/** A shell word without its quotes (POSIX shell, 2.2); null when a quote has no end. */
function unquoted(word: string): string | null {
  let value = '';
  for (let at = 0; at < word.length; at++) {
    const char = word[at] as string;
    if (char === "'") {
      const end = word.indexOf("'", at + 1);
      if (end < 0) return null;
      value += word.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      for (at++; word[at] !== '"'; at++) {
        if (at >= word.length) return null;
        if (word[at] === '\\' && '"\\$`'.includes(word[at + 1] ?? ' ')) at++;
        value += word[at];
      }
    } else if (char === '\\') {
      value += word[++at] ?? '';
    } else {
      value += char;
    }
  }
  return value;
}

/** os-release(5): shell assignments, quoted or not. Of a name that is there twice the last counts. */
function assignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const raw of text.replace(/^\uFEFF/, '').split('\n')) {
    const line = raw.trim();
    const equals = line.indexOf('=');
    if (equals < 0 || !/^[A-Z][A-Z0-9_]*$/.test(line.slice(0, equals))) continue;
    const value = unquoted(line.slice(equals + 1));
    if (value !== null) values.set(line.slice(0, equals), value);
  }
  return values;
}

/** os-release(5), ID: lower-case letters, digits, `.`, `_` and `-`; `''` for anything else. */
function idOf(value: string | undefined): string {
  const id = (value ?? '').toLowerCase();
  return /^[a-z0-9._-]+$/.test(id) ? id : '';
}

function osRelease(text: string, path: string): DistributionFact | null {
  const values = assignments(text);
  const id = idOf(values.get('ID'));
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
  const id = idOf(values.get('DISTRIB_ID'));
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
  const line = firstLine(text);
  const match = /\brelease ([0-9][0-9.]*)/i.exec(line);
  if (match === null) return null;
  const name = line.slice(0, match.index).toLowerCase();
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
    version: match[1] as string,
    name: line,
    like: id === 'fedora' ? [] : ['rhel', 'fedora'],
    codename: null,
    location: { path },
  };
}

/** `SUSE Linux Enterprise Server 11 (x86_64)`, `VERSION = 11`, `PATCHLEVEL = 4`: before there was os-release. */
function suseRelease(text: string, path: string): DistributionFact | null {
  const name = firstLine(text);
  const field = (key: string): string | undefined => new RegExp(`^${key} {0,9}= {0,9}([0-9.]{1,20})`, 'm').exec(text.slice(0, LINE))?.[1];
  const version = field('VERSION');
  if (version === undefined || !/suse/i.test(name)) return null;
  const id = /enterprise/i.test(name) ? (/desktop/i.test(name) ? 'sled' : 'sles') : 'opensuse';
  const patch = field('PATCHLEVEL');
  return { id, version: patch === undefined || patch === '0' ? version : `${version}.${patch}`, name, like: ['suse'], codename: null, location: { path } };
}

/** CPE 2.2 in system-release-cpe: `cpe:/o:centos:linux:6:GA`, `cpe:/o:redhat:enterprise_linux:6server:ga:server`. */
function releaseCpe(text: string, path: string): DistributionFact | null {
  const [, part, vendor, , written] = firstLine(text).split(':');
  const version = /^[0-9.]+/.exec(written ?? '')?.[0];
  if (part !== '/o' || !vendor || version === undefined) return null;
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

/** A file that holds a version alone; `release` is the part of it that os-release has as VERSION_ID. */
function plainVersion(id: string, release: (version: string) => string): (text: string, path: string) => DistributionFact | null {
  return (text, path) => {
    const version = firstLine(text);
    if (version === '') return null;
    const numeric = /^[0-9]/.test(version);
    return {
      id,
      version: numeric ? release(version) : '',
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
  'etc/alpine-release': plainVersion('alpine', (version) => version),
  'etc/system-release-cpe': releaseCpe,
  'etc/redhat-release': redhatRelease,
  'etc/centos-release': redhatRelease,
  'etc/system-release': redhatRelease,
  'etc/SuSE-release': suseRelease,
  // 8.11 is a point release of Debian 8.
  'etc/debian_version': plainVersion('debian', (version) => version.split('.')[0] as string),
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
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: 'it names no distribution (no valid ID)' } };
    }
  },
});
