import * as z from 'zod';
import type { TlsProtocol } from '../../model/index.ts';
import { mozillaLevel, protocolRank } from '../tls-vocabulary.ts';
import { defineTrigger } from '../trigger.ts';
import { originWords, placeOf } from './place.ts';
import { protocolsRemedy } from './remedy-line.ts';
import { judgeServices, selection, selectionLine, serviceRequests } from './selection.ts';
import { levelParameter } from './tls-level.ts';
import { offerWords, protocolOffers, tlsViews } from './tls-view.ts';

const protocol = z.enum(['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);

export default defineTrigger({
  gate: 'services',
  name: 'tls-protocols',
  since: '0.1.0',
  summary: 'A service speaks a TLS protocol that it must not.',
  why: 'SSL and the first versions of TLS have known weaknesses; whoever sits between can make both sides agree on the worst that they share.',
  remedy: 'Allow TLSv1.2 and TLSv1.3 only, in every virtual host.',
  parameters: {
    ...selection,
    minimum: protocol.optional().describe('the oldest protocol that may be spoken: TLSv1.2'),
    deny: z.array(protocol).optional().describe('protocols that must not be spoken: SSLv3,TLSv1'),
    level: levelParameter.describe('only the protocols of a level of Mozilla’s guideline in one version: mozilla:intermediate@5.8'),
  },
  needs: serviceRequests,
  translates: [
    {
      gate: 'SERVICECONFIG',
      trigger: 'tls.protocols',
      parameters: {
        minimum: { to: 'minimum', syntax: 'text' },
        deny: { to: 'deny', syntax: 'list' },
        level: { to: 'level', syntax: 'text' },
        ...selectionLine,
      },
      requiresOneOf: ['minimum', 'deny', 'level'],
      own: true,
      sample: { action: 'stop', parameters: 'minimum=TLSv1.2' },
      note: 'A protocol that a file asks for counts even where the library in the image has it switched off.',
    },
  ],
  check: ({ minimum, deny, level }) => ((minimum ?? deny ?? level) === undefined ? 'one of minimum, deny and level is needed' : undefined),
  examples: [
    {
      title: 'An old protocol in one server.',
      line: 'minimum=TLSv1.2',
      facts: {
        services: [
          {
            scopes: [
              { scope: ['http', 'server a:443'], tls: { protocols: ['TLSv1', 'TLSv1.2'] } },
              { scope: ['http', 'server b:443'], tls: {} },
            ],
          },
        ],
      },
      fires: ['nginx http server a:443 TLSv1'],
    },
    {
      title: 'A protocol that only the file asks for.',
      line: 'deny=SSLv3',
      facts: { services: [{ service: 'apache', scopes: [{ tls: { protocols: ['TLSv1.2'], configured: { protocols: ['SSLv3', 'TLSv1.2'], suites: [] } } }] }] },
      fires: ['apache SSLv3'],
    },
    {
      title: 'Only what a level has.',
      line: 'level=mozilla:modern@5.8',
      facts: { services: [{ scopes: [{ tls: { protocols: ['TLSv1.2', 'TLSv1.3'] } }] }] },
      fires: ['nginx TLSv1.2'],
    },
    {
      title: 'New protocols, a server without TLS, and a service that the rule doesn’t look at.',
      line: 'minimum=TLSv1.2 service=nginx',
      facts: { services: [{ scopes: [{ tls: {} }, { tls: null }] }, { service: 'apache', scopes: [{ tls: { protocols: ['TLSv1'] } }] }] },
      fires: [],
    },
    {
      title: 'Decided at run time.',
      line: 'minimum=TLSv1.2',
      facts: { services: [{ scopes: [{ tls: { certain: false, uncertainty: 'it depends on $PROTOCOLS' } }] }] },
      fires: [],
      undecided: ['nginx'],
    },
  ],
  *judge({ services }, parameters) {
    const { minimum, deny, level } = parameters;
    const allowed = level === undefined ? undefined : mozillaLevel(level)?.protocols;
    const isWrong = (name: TlsProtocol): boolean =>
      (minimum !== undefined && protocolRank(name) < protocolRank(minimum)) || deny?.includes(name) === true || allowed?.includes(name) === false;
    yield* judgeServices(services, parameters, function* (service) {
      for (const { where, subject, tls } of tlsViews(service, parameters.services !== undefined)) {
        const offers = protocolOffers(tls);
        const wrong = offers.filter(({ name }) => isWrong(name));
        if (wrong.length > 0) {
          yield {
            state: 'fired',
            subject: `${subject} ${wrong.map(({ name }) => name).join(',')}`,
            message: `${where}: ${offerWords(wrong)} (${originWords(tls.origins.protocols)})`,
            location: placeOf(tls.origins.protocols, service),
            located: true,
            ...protocolsRemedy(
              service,
              offers.filter(({ name }) => !isWrong(name)).map(({ name }) => name),
            ),
          };
        }
        if (!tls.certain)
          yield {
            state: 'undecided',
            subject,
            reason: `${where}: ${tls.uncertainty ?? 'it is decided at run time'}`,
            cause: 'image',
            location: placeOf(tls.origins.protocols, service),
          };
      }
    });
  },
});
