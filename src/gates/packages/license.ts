import * as z from 'zod';
import type { Package } from '../../model/index.ts';
import { distributionPackageTypes } from '../ecosystems.ts';
import { defineTrigger } from '../trigger.ts';
import { describePackage } from './named-version.ts';

/** A package's licence declarations, whole and cut into words, in small letters (SPDX ids are compared without regard to case). */
function licenceWords(licenses: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const declared of licenses) {
    const text = declared.toLowerCase();
    words.add(text.trim());
    for (const word of text.split(/[\s()|&,;]+/)) words.add(word);
  }
  words.delete('');
  return words;
}

export default defineTrigger({
  gate: 'packages',
  name: 'license',
  since: '0.1.0',
  summary: 'A package declares a licence that is not wanted.',
  why: 'Some licences bind whoever ships the image to terms that the organisation does not accept.',
  remedy: 'Replace the package, or have the licence approved and this finding excepted.',
  parameters: {
    full: z.array(z.string().min(1)).optional().describe('licences as they are declared, or words of a declaration: AGPL-3, AGPL-3.0-only'),
    part: z.array(z.string().min(1)).optional().describe('texts that no licence word may contain: GPL-3'),
  },
  needs: () => [{ kind: 'packages', detail: { licenses: true } }],
  translates: [
    {
      gate: 'LICBLACKLIST',
      trigger: 'LICFULLMATCH',
      summary: 'A package declares one of these licences.',
      parameters: { LICBLACKLIST_FULLMATCH: { to: 'full', syntax: 'list' } },
      requiresOneOf: ['LICBLACKLIST_FULLMATCH'],
      sample: { action: 'warn', parameters: 'LICBLACKLIST_FULLMATCH=AGPL-3,AGPL-3.0-only' },
      note: 'Every package counts, one finding each; case doesn’t. Packages that declare no licence leave the rule undecided, in one row.',
    },
    {
      gate: 'LICBLACKLIST',
      trigger: 'LICSUBMATCH',
      summary: 'A package declares a licence that contains one of these texts.',
      parameters: { LICBLACKLIST_SUBMATCH: { to: 'part', syntax: 'list' } },
      requiresOneOf: ['LICBLACKLIST_SUBMATCH'],
      sample: { action: 'warn', parameters: 'LICBLACKLIST_SUBMATCH=AGPL' },
      note: 'Every package counts, one finding each; case doesn’t. Packages that declare no licence leave the rule undecided, in one row.',
    },
  ],
  check: ({ full, part }) => (full === undefined && part === undefined ? 'a list of licences is needed' : undefined),
  examples: [
    {
      title: 'A word of an expression.',
      line: 'LICBLACKLIST_FULLMATCH=AGPL-3.0-only,SSPL-1.0',
      facts: {
        packages: [
          { name: 'db', licenses: ['MIT OR (AGPL-3.0-only AND BSD-3-Clause)'] },
          { name: 'web', licenses: ['AGPL-3.0-or-later'] },
        ],
      },
      fires: ['db|AGPL-3.0-only'],
    },
    {
      title: 'A part of a word.',
      as: 'LICBLACKLIST:LICSUBMATCH',
      line: 'LICBLACKLIST_SUBMATCH=AGPL',
      facts: { packages: [{ name: 'web', licenses: ['AGPL-3.0-or-later'] }] },
      fires: ['web|AGPL'],
    },
    { title: 'Other licences.', line: 'LICBLACKLIST_FULLMATCH=GPL-3', facts: { packages: [{ name: 'bash', licenses: ['GPL-3+'] }] }, fires: [] },
    {
      title: 'A package that declares none.',
      line: 'LICBLACKLIST_FULLMATCH=GPL-3',
      facts: { packages: [{ name: 'bash', licenses: [] }] },
      fires: [],
      undecided: ['undeclared-licence'],
    },
  ],
  *judge({ packages }, { full, part }) {
    const undeclared: Package[] = [];
    for (const each of packages) {
      const words = licenceWords(each.licenses);
      if (words.size === 0) undeclared.push(each);
      const hits = [
        ...(full ?? []).filter((licence) => words.has(licence.toLowerCase())),
        ...(part ?? []).filter((text) => [...words].some((word) => word.includes(text.toLowerCase()))),
      ];
      const location = each.locations[0];
      for (const hit of new Set(hits)) {
        yield {
          state: 'fired',
          subject: `${each.name}|${hit}`,
          message: `${describePackage(each)} is under ${each.licenses.join(', ')}; the policy denies ${hit}`,
          ...(location === undefined ? {} : { location, located: !distributionPackageTypes.some((type) => type === each.type) }),
          about: { package: each },
        };
      }
    }
    if (undeclared.length > 0) {
      const names = undeclared.slice(0, 3).map((each) => each.name);
      const more = undeclared.length > names.length ? ', …' : '';
      yield {
        state: 'undecided',
        subject: 'undeclared-licence',
        reason: `${undeclared.length} of ${packages.length} packages declare no licence (${names.join(', ')}${more})`,
        cause: 'outside',
      };
    }
  },
});
