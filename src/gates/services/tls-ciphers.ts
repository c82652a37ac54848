import * as z from 'zod';
import { mozillaLevel, type SuiteClass, suiteClasses, suiteClassOf, suiteFaults, suiteOf } from '../tls-vocabulary.ts';
import { defineTrigger } from '../trigger.ts';
import { originWords, placeOf } from './place.ts';
import { suitesRemedy } from './remedy-line.ts';
import { judgeServices, selection, selectionLine, serviceRequests } from './selection.ts';
import { levelParameter } from './tls-level.ts';
import { namesForId, type Offer, offerWords, suiteOffers, tlsViews } from './tls-view.ts';

const className = z.enum(['broken', 'weak', 'legacy', 'good', 'modern']);
const suite = z.string().refine((name) => suiteOf(name) !== undefined || className.safeParse(name).success, {
  error: 'is no cipher suite by OpenSSL’s name, such as ECDHE-RSA-AES128-GCM-SHA256, and no class (broken, weak, legacy, good, modern)',
});

/** Whether a list of suites and classes holds a suite. */
const holds = (list: readonly string[], name: string): boolean => list.includes(name) || list.includes(suiteClassOf(name) ?? '');

/** From the worst class, 0, to the best; what nobody knows last. */
function rankOf(name: string): number {
  const found = suiteClassOf(name);
  return found === undefined ? suiteClasses.length : suiteClasses.indexOf(found);
}

/** `RC4-SHA [RC4, no forward secrecy]`. */
function described(offer: Offer): Offer {
  const found = suiteOf(offer.name);
  const faults = found === undefined ? [] : suiteFaults(found);
  return faults.length === 0 ? offer : { ...offer, name: `${offer.name} [${faults.join(', ')}]` };
}

export default defineTrigger({
  gate: 'services',
  name: 'tls-ciphers',
  since: '0.1.0',
  summary: 'A service offers a TLS cipher suite that it must not.',
  why: 'The newest server with a weak suite is as easy to read along with as an old one: the suite decides what an eavesdropper has to break.',
  remedy: 'Offer suites with ephemeral keys and authenticated encryption only (ECDHE with AES-GCM or ChaCha20).',
  parameters: {
    ...selection,
    weaker: className.optional().describe('the worst class that may be offered; finds every suite that is weaker: broken, weak, legacy, good, modern'),
    deny: z.array(suite).optional().describe('suites, or classes of suites, that must not be offered: DES-CBC3-SHA,broken'),
    only: z.array(suite).optional().describe('the only suites, or classes of suites, that may be offered'),
    level: levelParameter.describe('only the suites of a level of Mozilla’s guideline in one version: mozilla:intermediate@5.8'),
  },
  needs: serviceRequests,
  translates: [
    {
      gate: 'SERVICECONFIG',
      trigger: 'tls.ciphers',
      parameters: {
        weaker: { to: 'weaker', syntax: 'text' },
        deny: { to: 'deny', syntax: 'list' },
        only: { to: 'only', syntax: 'list' },
        level: { to: 'level', syntax: 'text' },
        ...selectionLine,
      },
      requiresOneOf: ['weaker', 'deny', 'only', 'level'],
      own: true,
      sample: { action: 'stop', parameters: 'weaker=good' },
      note: 'broken: no authentication, no encryption, export, DES, RC2, RC4, MD5, SSLv2. weak: 3DES, IDEA, SEED. legacy: no forward secrecy, or CBC. good: ephemeral keys and AEAD. modern: TLS 1.3. A suite that a file asks for counts even where the library in the image lacks it.',
    },
  ],
  check: ({ weaker, deny, only, level }) => ((weaker ?? deny ?? only ?? level) === undefined ? 'one of weaker, deny, only and level is needed' : undefined),
  examples: [
    {
      title: 'None weaker than legacy.',
      line: 'weaker=legacy',
      facts: { services: [{ scopes: [{ tls: { suites: ['ECDHE-RSA-AES128-GCM-SHA256', 'AES128-SHA', 'DES-CBC3-SHA', 'RC4-SHA'] } }] }] },
      fires: ['nginx RC4-SHA,DES-CBC3-SHA'],
    },
    {
      title: 'A level, and the suite that it lacks.',
      line: 'level=mozilla:intermediate@5.8',
      facts: { services: [{ scopes: [{ tls: { suites: ['ECDHE-RSA-AES128-GCM-SHA256', 'DHE-RSA-AES128-GCM-SHA256'] } }] }] },
      fires: ['nginx DHE-RSA-AES128-GCM-SHA256'],
    },
    {
      title: 'Old suites mean nothing where only TLS 1.3 is spoken.',
      line: 'weaker=good',
      facts: { services: [{ scopes: [{ tls: { protocols: ['TLSv1.3'], suites: ['RC4-SHA'] } }] }] },
      fires: [],
    },
    {
      title: 'Only good ones.',
      line: 'only=good,modern',
      facts: { services: [{ scopes: [{ tls: { suites: ['ECDHE-RSA-AES128-GCM-SHA256'] } }] }] },
      fires: [],
    },
    {
      title: 'A suite that nobody knows.',
      line: 'weaker=good',
      facts: { services: [{ scopes: [{ tls: { suites: ['NEW-SUITE'] } }] }] },
      fires: [],
      undecided: ['nginx NEW-SUITE'],
    },
  ],
  *judge({ services }, parameters) {
    const { weaker, deny, only, level } = parameters;
    const guideline = level === undefined ? undefined : mozillaLevel(level);
    const isWeaker = (of: SuiteClass | undefined): boolean =>
      weaker !== undefined && of !== undefined && suiteClasses.indexOf(of) < suiteClasses.indexOf(weaker);
    const isWrong = (name: string, levelList: readonly string[] | undefined): boolean =>
      isWeaker(suiteClassOf(name)) ||
      (deny !== undefined && holds(deny, name)) ||
      (only !== undefined && !holds(only, name)) ||
      levelList?.includes(name) === false;
    yield* judgeServices(services, parameters, function* (service) {
      for (const { where, subject, tls } of tlsViews(service, parameters.services !== undefined)) {
        const groups = [
          { offers: suiteOffers(tls), origin: tls.origins.suites, list: guideline?.suites, isOld: true },
          {
            offers: tls.protocols.includes('TLSv1.3') ? tls.tls13Suites.map((name) => ({ name, offered: true })) : [],
            origin: tls.origins.tls13Suites,
            list: guideline?.tls13Suites,
            isOld: false,
          },
        ];
        for (const { offers, origin, list, isOld } of groups) {
          const location = placeOf(origin, service);
          // The worst first: a list that is cut for people shows what matters.
          const wrong = offers.filter(({ name }) => isWrong(name, list)).sort((a, b) => rankOf(a.name) - rankOf(b.name));
          if (wrong.length > 0) {
            const rest = offers.filter(({ name, offered }) => offered && !isWrong(name, list)).map(({ name }) => name);
            const names = namesForId(wrong.map(({ name }) => name));
            const message = `${where}: ${offerWords(wrong.map(described))} (${originWords(origin)})`;
            yield { state: 'fired', subject: `${subject} ${names}`, message, location, located: true, ...(isOld ? suitesRemedy(service, rest) : {}) };
          }
          const strange = offers.filter(({ name }) => suiteOf(name) === undefined && !isWrong(name, list)).map(({ name }) => name);
          if (strange.length > 0) {
            yield {
              state: 'undecided',
              subject: `${subject} ${strange.join(',')}`,
              reason: `${where}: nothing is known of ${strange.join(', ')}`,
              cause: 'image',
              location,
            };
          }
        }
        if (!tls.certain)
          yield {
            state: 'undecided',
            subject,
            reason: `${where}: ${tls.uncertainty ?? 'it is decided at run time'}`,
            cause: 'image',
            location: placeOf(tls.origins.suites, service),
          };
      }
    });
  },
});
