import * as z from 'zod';
import type { Match, Severity } from '../../model/index.ts';
import { distributionPackageTypes } from '../ecosystems.ts';
import { defineTrigger, type LineName, type Outcome } from '../trigger.ts';
import { uncovered } from './coverage.ts';
import { type Flaw, isFixable, joinMatches, legacyIdsOf, severities } from './flaw.ts';

const severityLine = (trigger: string, of: readonly Severity[], summary: string, more: Partial<LineName> = {}): LineName => ({
  gate: 'ANCHORESEC',
  trigger,
  summary,
  parameters: { FIXEDONLY: { to: 'fixedOnly', syntax: 'boolean' }, INSTALLEDONLY: { to: 'installedOnly', syntax: 'boolean' } },
  fixed: { severities: of },
  formerly: [`PKG${trigger}`],
  sample: { action: 'stop', parameters: '' },
  note: 'Packages of programming languages count too. Where a severity is not known, the rule is undecided, in one row, unless a VULNUNKNOWN line says what that means.',
  ...more,
});

function fixOf(match: Match): string {
  if (match.fixedIn !== null) return `fixed in ${match.fixedIn}`;
  if (match.fixState === 'wont-fix') return 'will not be fixed';
  return match.fixState === 'fixed' ? 'a fix exists' : 'no fixing version is known';
}

function fired(flaw: Flaw): Outcome {
  const { match, id } = flaw;
  const { name, version, type } = match.package;
  const isDistribution = distributionPackageTypes.some((each) => each === type);
  const source = match.matchedBy.through === 'source' && match.matchedBy.name !== name ? ` (source ${match.matchedBy.name})` : '';
  const also = flaw.cves.length > 1 ? ` with ${flaw.cves.filter((cve) => cve !== id).join(', ')}` : '';
  return {
    state: 'fired',
    subject: `${id}+${name}`,
    message: `${id}${also}, ${match.severity}: ${name} ${version}${source}${match.lockfile === true ? ' (from a lock file)' : ''} is vulnerable, ${fixOf(match)}`,
    ...(match.location === null ? {} : { location: match.location, located: !isDistribution }),
    ...(match.fixedIn === null ? {} : { remediation: `Update ${name} to ${match.fixedIn} or newer.` }),
    about: { vulnerability: match },
    legacyIds: legacyIdsOf(flaw),
  };
}

export default defineTrigger({
  gate: 'vulnerabilities',
  name: 'severity',
  since: '0.1.0',
  summary: 'A package has a known vulnerability of this severity.',
  why: 'A known vulnerability is one that others know too, with ready-made ways to use it.',
  remedy: 'Update the package to the fixing version; where there is none, remove the package or except the finding with a reason.',
  parameters: {
    severities: z.array(z.enum(severities)).min(1).describe('the severities that it finds'),
    fixedOnly: z.boolean().default(false).describe('true: only vulnerabilities that a known version of the package mends'),
    installedOnly: z.boolean().default(false).describe('true: not those of packages that only a lock file names'),
    unknown: z
      .enum(['undecided', 'elsewhere'])
      .default('undecided')
      .describe('what vulnerabilities of unknown severity mean for this rule: undecided, or nothing because another rule of the policy names them'),
  },
  needs: () => [{ kind: 'vulnerabilities' }, { kind: 'packages' }, { kind: 'distribution' }, { kind: 'feeds' }],
  translates: [
    severityLine('VULNCRITICAL', ['critical'], 'A package has a vulnerability of severity critical.'),
    severityLine('VULNHIGH', ['high'], 'A package has a vulnerability of severity high.'),
    severityLine('VULNMEDIUM', ['medium'], 'A package has a vulnerability of severity medium.', { sample: { action: 'warn', parameters: '' } }),
    severityLine('VULNLOW', ['low'], 'A package has a vulnerability of severity low.', { sample: { action: 'go', parameters: '' } }),
    severityLine('VULNUNKNOWN', ['unknown', 'negligible'], 'A package has a vulnerability of negligible severity, or of one that nobody has said.', {
      sample: { action: 'warn', parameters: 'FIXEDONLY=true' },
      note: 'Covers negligible too, as the old tool did. Packages of programming languages count too.',
    }),
  ],
  beside(parameters, others) {
    const isNamed = others.some(
      (other) => other.severities.includes('unknown') && (!other.fixedOnly || parameters.fixedOnly) && (!other.installedOnly || parameters.installedOnly),
    );
    return isNamed ? { ...parameters, unknown: 'elsewhere' as const } : parameters;
  },
  examples: [
    {
      title: 'One of severity high, known by a CVE.',
      as: 'ANCHORESEC:VULNHIGH',
      line: '',
      facts: {
        vulnerabilities: [
          {
            id: 'DEBIAN-CVE-2016-2108',
            aliases: ['CVE-2016-2108'],
            severity: 'high',
            package: { name: 'openssl', version: '1.0.1t-1' },
            fixedIn: '1.0.1t-1+deb8u1',
          },
          { id: 'DEBIAN-CVE-2016-2107', aliases: ['CVE-2016-2107'], severity: 'medium', package: { name: 'openssl', version: '1.0.1t-1' } },
        ],
      },
      fires: ['CVE-2016-2108+openssl'],
    },
    {
      title: 'Only those that can be mended.',
      as: 'ANCHORESEC:VULNHIGH',
      line: 'FIXEDONLY=true',
      facts: { vulnerabilities: [{ id: 'CVE-2024-1000', severity: 'high', package: { name: 'tar' }, fixState: 'not-fixed', fixedIn: null }] },
      fires: [],
    },
    {
      title: 'Not those that only a lock file names.',
      as: 'ANCHORESEC:VULNHIGH',
      line: 'INSTALLEDONLY=true',
      facts: {
        vulnerabilities: [
          { id: 'CVE-2024-1000', severity: 'high', package: { name: 'lodash', version: '4.17.11' }, lockfile: true },
          { id: 'CVE-2024-1000', severity: 'high', package: { name: 'minimist', version: '0.0.8' } },
        ],
      },
      fires: ['CVE-2024-1000+minimist'],
    },
    {
      title: 'A severity that nobody has said.',
      as: 'ANCHORESEC:VULNCRITICAL',
      line: '',
      facts: { vulnerabilities: [{ id: 'CVE-2024-1000', severity: 'unknown', package: { name: 'tar' } }] },
      fires: [],
      undecided: ['unknown-severity'],
    },
    {
      title: 'Unknown and negligible.',
      as: 'ANCHORESEC:VULNUNKNOWN',
      line: '',
      facts: {
        vulnerabilities: [
          { id: 'CVE-2024-1000', severity: 'unknown', package: { name: 'tar' } },
          { id: 'CVE-2024-1001', severity: 'negligible', package: { name: 'tar' } },
        ],
      },
      fires: ['CVE-2024-1000+tar', 'CVE-2024-1001+tar'],
    },
    {
      title: 'No advisories are loaded.',
      as: 'ANCHORESEC:VULNCRITICAL',
      line: '',
      facts: { vulnerabilities: [], feeds: { digest: null, sources: [] } },
      fires: [],
      undecided: ['no-advisories'],
    },
  ],
  *judge({ vulnerabilities, feeds }, { severities: wanted, fixedOnly, installedOnly, unknown }, { problems }) {
    yield* uncovered(feeds, problems);
    let unrated = 0;
    for (const flaw of joinMatches(vulnerabilities)) {
      if (fixedOnly && !isFixable(flaw.match)) continue;
      if (installedOnly && flaw.match.lockfile === true) continue;
      if (wanted.includes(flaw.match.severity)) yield fired(flaw);
      else if (flaw.match.severity === 'unknown' && flaw.match.vex === undefined) unrated += 1;
    }
    if (unrated > 0 && unknown === 'undecided') {
      const what = unrated === 1 ? '1 vulnerability has' : `${unrated} vulnerabilities have`;
      yield {
        state: 'undecided',
        subject: 'unknown-severity',
        reason: `${what} no known severity, so whether one is ${wanted.join(' or ')} can’t be told; a rule that names unknown severities decides it`,
        cause: 'outside',
      };
    }
  },
});
