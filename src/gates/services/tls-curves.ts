import * as z from 'zod';
import { curveName, isKnownCurve, mozillaLevel } from '../tls-vocabulary.ts';
import { defineTrigger } from '../trigger.ts';
import { originWords, placeOf } from './place.ts';
import { judgeServices, selection, selectionLine, serviceRequests } from './selection.ts';
import { levelParameter } from './tls-level.ts';
import { tlsViews } from './tls-view.ts';

const curve = z.string().refine(isKnownCurve, { error: 'is no group by OpenSSL’s name, such as X25519 or prime256v1' }).transform(curveName);

export default defineTrigger({
  gate: 'services',
  name: 'tls-curves',
  since: '0.1.0',
  summary: 'A service offers a group (elliptic curve) for the key exchange that it must not.',
  why: 'Small and odd groups make the key exchange the weakest part of the connection.',
  remedy: 'Offer X25519, prime256v1 and secp384r1, and X25519MLKEM768 where the library has it.',
  parameters: {
    ...selection,
    deny: z.array(curve).optional().describe('groups that must not be offered: secp224r1,prime192v1'),
    only: z.array(curve).optional().describe('the only groups that may be offered: X25519,prime256v1'),
    level: levelParameter.describe('where groups are set: only those of a level of Mozilla’s guideline in one version'),
  },
  needs: serviceRequests,
  translates: [
    {
      gate: 'SERVICECONFIG',
      trigger: 'tls.curves',
      parameters: { deny: { to: 'deny', syntax: 'list' }, only: { to: 'only', syntax: 'list' }, level: { to: 'level', syntax: 'text' }, ...selectionLine },
      requiresOneOf: ['deny', 'only', 'level'],
      own: true,
      sample: { action: 'warn', parameters: 'only=X25519MLKEM768,X25519,prime256v1,secp384r1' },
      note: 'A level judges groups that a configuration sets; the library’s default is left to it.',
    },
  ],
  check: ({ deny, only, level }) => ((deny ?? only ?? level) === undefined ? 'one of deny, only and level is needed' : undefined),
  examples: [
    {
      title: 'A small curve.',
      line: 'deny=P-224',
      facts: { services: [{ scopes: [{ tls: { curves: ['X25519', 'secp224r1'] } }] }] },
      fires: ['nginx secp224r1'],
    },
    {
      title: 'Another than the level has.',
      line: 'level=mozilla:intermediate@5.8',
      facts: { services: [{ scopes: [{ tls: { curves: ['X25519', 'X448'] } }] }] },
      fires: ['nginx X448'],
    },
    {
      title: 'The library’s default under a level.',
      line: 'level=mozilla:intermediate@5.8',
      facts: { services: [{ scopes: [{ tls: { curves: ['X448'], origins: { curves: { default: 'OpenSSL' } } } }] }] },
      fires: [],
    },
    { title: 'Only allowed ones.', line: 'only=X25519,P-256', facts: { services: [{ scopes: [{ tls: { curves: ['prime256v1'] } }] }] }, fires: [] },
  ],
  *judge({ services }, parameters) {
    const { deny, only, level } = parameters;
    const guideline = level === undefined ? [] : (mozillaLevel(level)?.curves ?? []);
    yield* judgeServices(services, parameters, function* (service) {
      for (const { where, subject, tls } of tlsViews(service, parameters.services !== undefined)) {
        const origin = tls.origins.curves;
        const listed = 'path' in origin && guideline.length > 0 ? guideline : undefined;
        const wrong = tls.curves.filter((name) => deny?.includes(name) === true || only?.includes(name) === false || listed?.includes(name) === false);
        const location = placeOf(origin, service);
        if (wrong.length > 0) {
          yield {
            state: 'fired',
            subject: `${subject} ${wrong.join(',')}`,
            message: `${where}: ${wrong.join(', ')} (${originWords(origin)})`,
            location,
            located: true,
          };
        }
        if (!tls.certain)
          yield { state: 'undecided', subject, reason: `${where}: ${tls.uncertainty ?? 'it is decided at run time'}`, cause: 'image', location };
      }
    });
  },
});
