import * as z from 'zod';
import type { Package } from '../../model/index.ts';
import { distributionPackageTypes, packageTypes } from '../ecosystems.ts';
import { defineTrigger, type Outcome } from '../trigger.ts';
import { byName, describePackage, hasVersion, namedVersion } from './named-version.ts';

function found(each: Package, subject: string, words: string): Outcome {
  const location = each.locations[0];
  const isDistribution = distributionPackageTypes.some((type) => type === each.type);
  const place = isDistribution || location === undefined ? '' : ` in ${location.path}`;
  return {
    state: 'fired',
    subject,
    message: `forbidden package ${describePackage(each)}${place}${words}`,
    ...(location === undefined ? {} : { location, located: !isDistribution }),
    about: { package: each },
  };
}

/** An SBOM may name a package without its version. */
function unknownVersion(each: Package, version: string): Outcome {
  return {
    state: 'undecided',
    subject: `${each.name}|${version}`,
    reason: `which version of ${each.name} (${each.type}) is there is not known; the policy forbids ${version}`,
    cause: 'outside',
  };
}

export default defineTrigger({
  gate: 'packages',
  name: 'denylist',
  since: '0.1.0',
  summary: 'A package that must not be in the image is present.',
  why: 'Some software has no business in an image (a remote login server, a compiler), or is known to be bad in one version.',
  remedy: 'Remove the package, or install another version of it.',
  parameters: {
    names: z.array(z.string().min(1)).optional().describe('names of packages that must not be present, in any version'),
    versions: z.array(namedVersion).optional().describe('names of packages with the version that must not be present, written name|version'),
    types: z.array(z.enum(packageTypes)).min(1).optional().describe('only these kinds of packages; programs without a package manager are generic'),
    installedOnly: z.boolean().default(false).describe('true: not packages that only a lock file names'),
  },
  needs: ({ types }) => [types === undefined ? { kind: 'packages' } : { kind: 'packages', detail: { types } }],
  translates: [
    {
      gate: 'PKGBLACKLIST',
      trigger: 'PKGNAMEMATCH',
      summary: 'A distribution package that must not be in the image is present.',
      parameters: { BLACKLIST_NAMEMATCH: { to: 'names', syntax: 'list' } },
      fixed: { types: distributionPackageTypes },
      requiresOneOf: ['BLACKLIST_NAMEMATCH'],
      sample: { action: 'stop', parameters: 'BLACKLIST_NAMEMATCH=telnetd,rsh-server' },
    },
    {
      gate: 'PKGBLACKLIST',
      trigger: 'PKGFULLMATCH',
      summary: 'A distribution package that must not be in the image in that version is present.',
      parameters: { BLACKLIST_FULLMATCH: { to: 'versions', syntax: 'pairs' } },
      fixed: { types: distributionPackageTypes },
      requiresOneOf: ['BLACKLIST_FULLMATCH'],
      sample: { action: 'stop', parameters: 'BLACKLIST_FULLMATCH=bash|4.3-11,openssh-client|1:6.7p1-5' },
      note: 'The whole version with its release counts; versions that the distribution holds for equal are equal. For rpm, a version without epoch means any epoch.',
    },
    {
      gate: 'NPMCHECK',
      trigger: 'NPMPKGNAMEMATCH',
      summary: 'An npm package that must not be in the image is present.',
      parameters: { BLACKLIST_NPMNAMEMATCH: { to: 'names', syntax: 'list' }, INSTALLEDONLY: { to: 'installedOnly', syntax: 'boolean' } },
      fixed: { types: ['npm'] },
      requiresOneOf: ['BLACKLIST_NPMNAMEMATCH'],
      sample: { action: 'stop', parameters: 'BLACKLIST_NPMNAMEMATCH=event-stream,@example/secret' },
    },
    {
      gate: 'NPMCHECK',
      trigger: 'NPMPKGFULLMATCH',
      summary: 'An npm package that must not be in the image in that version is present.',
      parameters: { BLACKLIST_NPMFULLMATCH: { to: 'versions', syntax: 'pairs' }, INSTALLEDONLY: { to: 'installedOnly', syntax: 'boolean' } },
      fixed: { types: ['npm'] },
      requiresOneOf: ['BLACKLIST_NPMFULLMATCH'],
      sample: { action: 'stop', parameters: 'BLACKLIST_NPMFULLMATCH=left-pad|0.0.3,ms|0.7.0' },
    },
    {
      gate: 'PKGCHECK',
      trigger: 'DENIED',
      own: true,
      summary: 'A package of any kind that must not be in the image is present.',
      parameters: {
        NAMES: { to: 'names', syntax: 'list' },
        VERSIONS: { to: 'versions', syntax: 'pairs' },
        TYPES: { to: 'types', syntax: 'list' },
        INSTALLEDONLY: { to: 'installedOnly', syntax: 'boolean' },
      },
      requiresOneOf: ['NAMES', 'VERSIONS'],
      sample: { action: 'stop', parameters: 'NAMES=acme-server VERSIONS=openssl|1.0.2k TYPES=generic,golang' },
      note: 'A program that no package manager knows is of the type generic: recognised by what it says of itself, by built-in rules and those of --binary-rules.',
    },
  ],
  check: ({ names, versions }) => (names === undefined && versions === undefined ? 'a list of names or of names with versions is needed' : undefined),
  examples: [
    {
      title: 'An ssh server.',
      line: 'BLACKLIST_NAMEMATCH=openssh-server,foolib',
      facts: { packages: [{ name: 'openssh-server', version: '1:9.2p1-2+deb12u3' }] },
      fires: ['openssh-server'],
    },
    {
      title: 'A name that only begins like it, and an npm package of that name.',
      line: 'BLACKLIST_NAMEMATCH=openssh-server',
      facts: { packages: [{ name: 'openssh-server-doc' }, { name: 'openssh-server', type: 'npm' }] },
      fires: [],
    },
    {
      title: 'One version of two.',
      as: 'PKGBLACKLIST:PKGFULLMATCH',
      line: 'BLACKLIST_FULLMATCH=bash|4.3-11,openssh-client|1:6.7p1-5',
      facts: {
        packages: [
          { name: 'bash', version: '4.3-12' },
          { name: 'openssh-client', version: '1:6.7p1-5' },
        ],
      },
      fires: ['openssh-client|1:6.7p1-5'],
    },
    {
      title: 'A scoped npm package.',
      as: 'NPMCHECK:NPMPKGNAMEMATCH',
      line: 'BLACKLIST_NPMNAMEMATCH=@example/secret',
      facts: { packages: [{ name: '@example/secret', version: '1.0.0', type: 'npm' }] },
      fires: ['@example/secret'],
    },
    {
      title: 'An npm package that only a lock file names.',
      as: 'NPMCHECK:NPMPKGNAMEMATCH',
      line: 'BLACKLIST_NPMNAMEMATCH=event-stream INSTALLEDONLY=true',
      facts: { packages: [{ name: 'event-stream', version: '3.3.6', type: 'npm', lockfile: true }] },
      fires: [],
    },
    {
      title: 'A program without a package, and a package of that name.',
      as: 'PKGCHECK:DENIED',
      line: 'NAMES=acme-server TYPES=generic',
      facts: {
        packages: [
          { name: 'acme-server', version: '1.2.3', type: 'generic' },
          { name: 'acme-server', type: 'npm' },
        ],
      },
      fires: ['acme-server'],
    },
    {
      title: 'An npm package in another version.',
      as: 'NPMCHECK:NPMPKGFULLMATCH',
      line: 'BLACKLIST_NPMFULLMATCH=ms|0.7.0',
      facts: { packages: [{ name: 'ms', version: '2.1.3', type: 'npm' }] },
      fires: [],
    },
  ],
  *judge({ packages }, { names, versions, types, installedOnly }) {
    const installed = byName(installedOnly ? packages.filter((each) => !each.lockfile) : packages, types ?? packageTypes);
    for (const name of new Set(names)) {
      for (const each of installed.get(name) ?? []) yield found(each, name, '');
    }
    for (const { name, version } of versions ?? []) {
      for (const each of installed.get(name) ?? []) {
        if (hasVersion(each, version)) yield found(each, `${name}|${version}`, ': this version is forbidden');
        else if (each.version === '') yield unknownVersion(each, version);
      }
    }
  },
});
