import * as z from 'zod';
import type { Problem } from '../../model/index.ts';
import { distributionPackageTypes } from '../ecosystems.ts';
import { defineTrigger, type Outcome } from '../trigger.ts';
import { byName, compareInstalled, describePackage, hasVersion, namedVersion } from './named-version.ts';

/** Absent, unless something that couldn't be read may hold it. */
function absent(name: string, subject: string, wanted: string, problems: readonly Problem[]): Outcome {
  const problem = problems.find((each) => each.cause === 'image') ?? problems[0];
  if (problem === undefined) return { state: 'fired', subject, message: `required package ${wanted} is not installed` };
  return {
    state: 'undecided',
    subject,
    reason: `whether ${name} is installed can’t be told: ${problem.what}: ${problem.why}`,
    cause: problem.cause,
  };
}

export default defineTrigger({
  gate: 'packages',
  name: 'required',
  since: '0.1.0',
  summary: 'A distribution package that must be in the image is absent, has another version, or is too old.',
  why: 'Some packages carry what every image of an organisation needs (certificates, a fixed library).',
  remedy: 'Install or update the package.',
  parameters: {
    versions: z.array(namedVersion).optional().describe('packages that must be present in just this version, written name|version'),
    names: z.array(z.string().min(1)).optional().describe('packages that must be present, in any version'),
    minimum: z.array(namedVersion).optional().describe('packages that must be present in this version or a newer one, written name|version'),
  },
  needs: () => [{ kind: 'packages', detail: { types: distributionPackageTypes } }],
  translates: [
    {
      gate: 'PKGCHECK',
      trigger: 'PKGNOTPRESENT',
      parameters: {
        PKGFULLMATCH: { to: 'versions', syntax: 'pairs' },
        PKGNAMEMATCH: { to: 'names', syntax: 'list' },
        PKGVERSMATCH: { to: 'minimum', syntax: 'pairs' },
      },
      requiresOneOf: ['PKGFULLMATCH', 'PKGNAMEMATCH', 'PKGVERSMATCH'],
      sample: { action: 'stop', parameters: 'PKGNAMEMATCH=ca-certificates PKGVERSMATCH=openssl|1.1.1' },
      note: 'Versions are compared by the distribution’s own order, epochs included. For rpm, PKGFULLMATCH without epoch means any epoch.',
    },
  ],
  check: ({ versions, names, minimum }) =>
    versions === undefined && names === undefined && minimum === undefined ? 'at least one list of packages is needed' : undefined,
  examples: [
    {
      title: 'Absent, another version, too old.',
      line: 'PKGNAMEMATCH=ca-certificates PKGFULLMATCH=tzdata|2024a-0+deb12u1 PKGVERSMATCH=openssl|3.0.11-1~deb12u2',
      facts: {
        packages: [
          { name: 'tzdata', version: '2023c-5' },
          { name: 'openssl', version: '3.0.11-1~deb12u1' },
        ],
      },
      fires: ['ca-certificates', 'openssl|3.0.11-1~deb12u2', 'tzdata|2024a-0+deb12u1'],
    },
    {
      title: 'All as required; an epoch makes a version newer.',
      line: 'PKGNAMEMATCH=bash PKGVERSMATCH=zlib1g|1.2.13',
      facts: {
        packages: [
          { name: 'bash', version: '5.2.15-2' },
          { name: 'zlib1g', version: '1:1.2.8' },
        ],
      },
      fires: [],
    },
    {
      title: 'A package of a language is not the distribution’s.',
      line: 'PKGNAMEMATCH=bash',
      facts: { packages: [{ name: 'bash', type: 'npm' }] },
      fires: ['bash'],
    },
  ],
  // What is found is found; only absence depends on what could not be read.
  handlesProblems: true,
  *judge({ packages }, { versions, names, minimum }, { problems }) {
    const installed = byName(
      packages.filter((each) => !each.lockfile),
      distributionPackageTypes,
    );
    for (const { name, version } of versions ?? []) {
      const subject = `${name}|${version}`;
      const present = installed.get(name);
      if (present === undefined) yield absent(name, subject, `${name} ${version}`, problems);
      else if (!present.some((each) => hasVersion(each, version))) {
        const has = present.map(describePackage).join(', ');
        if (problems.length > 0) yield absent(name, subject, `${name} ${version}`, problems);
        else yield { state: 'fired', subject, message: `required package ${name} ${version} is not installed, but ${has}` };
      }
    }
    for (const name of new Set(names)) {
      if (!installed.has(name)) yield absent(name, name, name, problems);
    }
    for (const { name, version } of minimum ?? []) {
      const subject = `${name}|${version}`;
      const present = installed.get(name);
      if (present === undefined) yield absent(name, subject, `${name} ${version} or newer`, problems);
      for (const each of present ?? []) {
        const location = each.locations[0];
        const place = location === undefined ? {} : { location };
        const order = compareInstalled(each, version);
        if (order === undefined) {
          yield { state: 'undecided', subject, reason: `${describePackage(each)} can’t be compared with ${version}`, cause: 'image', ...place };
        } else if (order < 0) {
          const message = `required package ${name} is older than ${version}: ${describePackage(each)}`;
          yield { state: 'fired', subject, message, ...place, about: { package: each } };
        }
      }
    }
  },
});
