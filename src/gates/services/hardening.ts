import * as z from 'zod';
import type { Service } from '../../model/index.ts';
import { defineTrigger, type Outcome } from '../trigger.ts';
import { isMet } from './demand.ts';
import { type Recommendation, recommendationSets } from './recommendations.ts';
import { judgeServices, selection, serviceRequests } from './selection.ts';
import { settingOutcomes } from './setting-outcomes.ts';
import { settingPlaces } from './setting-places.ts';

const setNames = [...recommendationSets.keys()].join(', ');
const allIds = new Set([...recommendationSets.values()].flatMap(({ recommendations }) => recommendations.map(({ id }) => id)));
const setName = z.string().refine((name) => recommendationSets.has(name), { error: `is no set of recommendations: there are ${setNames}` });
const idName = z.string().refine((id) => allIds.has(id), { error: 'is the name of no recommendation' });

/** What a service's configuration says against one recommendation. A key that the service doesn't have is not judged. */
function outcomesOf(service: Service, set: string, { id, key, demand, orAny, why, source }: Recommendation): Outcome[] {
  const isOtherwise =
    orAny?.some((other) => settingPlaces(service, other).some(({ setting }) => setting.certain && isMet(setting.value, demand) === true)) === true;
  if (isOtherwise) return [];
  const { outcomes } = settingOutcomes(service, key, demand, `: ${why} (${set}/${id}; ${source})`);
  return outcomes.map((outcome) => ({ ...outcome, subject: `${set}/${id} ${outcome.subject ?? ''}` }));
}

export default defineTrigger({
  gate: 'services',
  name: 'hardening',
  since: '0.1.0',
  summary: 'A service’s effective configuration is against a published recommendation.',
  why: 'Defaults are made for convenience; others have written down what to change and why.',
  remedy: 'Follow the recommendation that the finding names, or leave it out with skip and a reason.',
  parameters: {
    sets: z.array(setName).min(1).describe(`sets of recommendations, each with its version: ${setNames}`),
    skip: z.array(idName).optional().describe('recommendations that are left out, by their names: x11,pam'),
    running: selection.running.describe('true: only services that the image starts'),
  },
  needs: ({ sets }) => serviceRequests({ services: sets.flatMap((name) => recommendationSets.get(name)?.service ?? []), running: false }),
  translates: [
    {
      gate: 'SERVICECONFIG',
      trigger: 'service.hardening',
      parameters: { set: { to: 'sets', syntax: 'list' }, skip: { to: 'skip', syntax: 'list' }, running: { to: 'running', syntax: 'boolean' } },
      requiresOneOf: ['set'],
      own: true,
      sample: { action: 'warn', parameters: 'set=apache@1,nginx@1' },
      note: 'A published set never changes; new advice comes as a set with a new version.',
    },
  ],
  examples: [
    {
      title: 'Two recommendations, one of them left out.',
      line: 'set=nginx@1 skip=autoindex',
      facts: {
        services: [
          {
            scopes: [
              {
                scope: ['http'],
                settings: [
                  { key: 'server_tokens', value: 'on' },
                  { key: 'autoindex', value: 'on' },
                ],
              },
            ],
          },
        ],
      },
      fires: ['nginx@1/server-tokens nginx http server_tokens'],
    },
    {
      title: 'Groups instead of users.',
      line: 'set=sshd@1',
      facts: {
        services: [
          {
            service: 'sshd',
            scopes: [
              {
                settings: [
                  { key: 'AllowUsers', value: '' },
                  { key: 'AllowGroups', value: 'admins' },
                ],
              },
            ],
          },
        ],
      },
      fires: [],
    },
  ],
  *judge({ services }, { sets, skip, running }) {
    for (const name of new Set(sets)) {
      const set = recommendationSets.get(name);
      if (set === undefined) continue;
      yield* judgeServices(services, { services: [set.service], running }, (service) =>
        set.recommendations.filter(({ id }) => skip?.includes(id) !== true).flatMap((each) => outcomesOf(service, name, each)),
      );
    }
  },
});
