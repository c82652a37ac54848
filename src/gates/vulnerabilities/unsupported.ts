import { isLanguageEcosystem } from '../ecosystems.ts';
import { defineTrigger } from '../trigger.ts';
import { areLoaded, notLoaded, whyUncovered } from './coverage.ts';

export default defineTrigger({
  gate: 'vulnerabilities',
  name: 'unsupported',
  since: '0.1.0',
  summary: 'There are no advisories for the image’s distribution, or it has no distribution.',
  why: 'No finding then means that nobody looked, not that nothing is wrong.',
  remedy: 'Load the advisories of the distribution, or build on one that publishes them.',
  parameters: {},
  needs: () => [{ kind: 'feeds' }, { kind: 'distribution' }],
  translates: [{ gate: 'ANCHORESEC', trigger: 'UNSUPPORTEDDISTRO', parameters: {}, sample: { action: 'warn', parameters: '' } }],
  examples: [
    {
      title: 'A distribution without advisories.',
      line: '',
      facts: { distribution: { id: 'gentoo', name: 'Gentoo' }, feeds: { needed: [{ ecosystem: 'Gentoo', state: 'unsupported' }] } },
      fires: ['Gentoo'],
    },
    { title: 'No distribution at all.', line: '', facts: { distribution: null, feeds: { needed: [] } }, fires: ['no-distribution'] },
    {
      title: 'Debian 12, loaded; a language without advisories is another matter.',
      line: '',
      facts: {
        distribution: { id: 'debian', version: '12' },
        feeds: {
          needed: [
            { ecosystem: 'Debian:12', state: 'available' },
            { ecosystem: 'npm', state: 'no-data' },
          ],
        },
      },
      fires: [],
    },
    {
      title: 'Nothing is loaded at all.',
      line: '',
      facts: { distribution: { id: 'debian', version: '12' }, feeds: { digest: null, sources: [], needed: [{ ecosystem: 'Debian:12', state: 'no-data' }] } },
      fires: [],
      undecided: ['no-advisories'],
    },
  ],
  *judge({ feeds, distribution }) {
    if (distribution === null) {
      yield { state: 'fired', subject: 'no-distribution', message: 'the image names no distribution, so there are no advisories for it as a whole' };
      return;
    }
    const needed = feeds.needed.filter(({ ecosystem }) => !isLanguageEcosystem(ecosystem));
    const known = needed.filter(({ state }) => state !== 'no-data');
    if (!areLoaded(feeds) && known.length === 0) {
      yield notLoaded;
      return;
    }
    const name = distribution.name === '' ? `${distribution.id} ${distribution.version}`.trim() : distribution.name;
    for (const { ecosystem, state } of needed) {
      if (state === 'available') continue;
      yield { state: 'fired', subject: ecosystem, message: `the vulnerabilities of ${name} (${ecosystem}) can’t be told: ${whyUncovered(state)}` };
    }
    if (needed.length === 0) {
      yield { state: 'fired', subject: distribution.id, message: `no package of ${name} was matched with advisories` };
    }
  },
});
