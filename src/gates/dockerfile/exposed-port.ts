import * as z from 'zod';
import { defineTrigger } from '../trigger.ts';
import { covers, overlaps, type PortRange, parsePort } from './port.ts';

const port = (word: string) =>
  z.string().refine((text) => text === word || parsePort(text) !== undefined, {
    error: `is neither ${word} nor a port such as 22, 53/udp or 8000-8010/tcp`,
  });

const ranges = (items: readonly string[]): PortRange[] => items.map(parsePort).filter((range) => range !== undefined);

export default defineTrigger({
  gate: 'dockerfile',
  name: 'exposed-port',
  since: '0.1.0',
  summary: 'The image exposes a port that is denied, or one that is not allowed.',
  why: 'An exposed port is published by many tools without asking: it is the image’s surface.',
  remedy: 'Remove the port from EXPOSE, or the service behind it from the image.',
  parameters: {
    denied: z.array(port('ALL')).optional().describe('ports that must not be exposed: 22, 53/udp, 8000-8010/tcp; ALL means any port'),
    allowed: z.array(port('NONE')).optional().describe('the only ports that may be exposed; NONE means none'),
  },
  needs: () => [{ kind: 'configuration' }],
  translates: [
    {
      gate: 'DOCKERFILECHECK',
      trigger: 'EXPOSE',
      parameters: { DENIEDPORTS: { to: 'denied', syntax: 'list' }, ALLOWEDPORTS: { to: 'allowed', syntax: 'list' } },
      requiresOneOf: ['DENIEDPORTS', 'ALLOWEDPORTS'],
      sample: { action: 'stop', parameters: 'DENIEDPORTS=22,23,3389' },
      note: 'Judged from the image’s configuration. A port without a protocol means every protocol; ranges are compared as numbers.',
    },
  ],
  check: ({ denied, allowed }) =>
    (denied?.includes('ALL') && denied.length > 1) || (allowed?.includes('NONE') && allowed.length > 1)
      ? 'ALL and NONE stand alone: no further port beside them has a meaning'
      : undefined,
  examples: [
    { title: 'A denied port.', line: 'DENIEDPORTS=22', facts: { configuration: { exposedPorts: ['22/tcp', '80/tcp'] } }, fires: ['22/tcp'] },
    {
      title: 'A range that holds a denied port, and a port that is not allowed.',
      line: 'DENIEDPORTS=22 ALLOWEDPORTS=443,8000-8010/tcp,20-30',
      facts: { configuration: { exposedPorts: ['20-25/tcp', '8000-8010/tcp', '8005/udp'] } },
      fires: ['20-25/tcp', '8005/udp'],
    },
    { title: 'Nothing may be exposed.', line: 'ALLOWEDPORTS=NONE', facts: { configuration: { exposedPorts: ['80'] } }, fires: ['80/tcp'] },
    { title: 'Only allowed ports.', line: 'ALLOWEDPORTS=80,443', facts: { configuration: { exposedPorts: ['80/tcp', '443/tcp'] } }, fires: [] },
    {
      title: 'A configuration that holds something else.',
      line: 'DENIEDPORTS=22',
      facts: { configuration: { exposedPorts: ['$PORT/tcp'] } },
      fires: [],
      undecided: ['$PORT/tcp'],
    },
  ],
  *judge({ configuration }, { denied, allowed }) {
    const deniedRanges = ranges(denied ?? []);
    const allowedRanges = ranges(allowed ?? []);
    for (const written of configuration.exposedPorts) {
      const exposed = parsePort(written);
      if (exposed === undefined && !denied?.includes('ALL') && !allowed?.includes('NONE')) {
        yield { state: 'undecided', subject: written, reason: `the configuration exposes “${written}”, which is no port`, cause: 'image' };
        continue;
      }
      // Without a protocol the container engines expose TCP.
      const meant = exposed === undefined ? undefined : { ...exposed, protocol: exposed.protocol ?? 'tcp' };
      const subject = meant === undefined || written.includes('/') ? written : `${written}/tcp`;
      if (denied?.includes('ALL') || (meant !== undefined && deniedRanges.some((range) => overlaps(range, meant)))) {
        yield { state: 'fired', subject, message: `port ${subject} is exposed; the policy denies ${denied?.join(',') ?? ''}` };
      } else if (allowed !== undefined && (meant === undefined || !covers(allowedRanges, meant))) {
        yield { state: 'fired', subject, message: `port ${subject} is exposed; the policy allows ${allowed.join(',')}` };
      }
    }
  },
});
