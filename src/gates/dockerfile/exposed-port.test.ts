import { describe, expect, test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import exposedPort from './exposed-port.ts';
import { covers, overlaps, parsePort } from './port.ts';

testTrigger(
  exposedPort,
  [
    {
      title: 'every denied port, whatever its place',
      line: 'DENIEDPORTS=22,23',
      facts: { configuration: { exposedPorts: ['22/tcp', '80/tcp', '23/udp'] } },
      fires: ['22/tcp', '23/udp'],
    },
    { title: 'a protocol narrows', line: 'DENIEDPORTS=53/udp', facts: { configuration: { exposedPorts: ['53/tcp'] } } },
    { title: 'a port without a protocol is TCP', line: 'DENIEDPORTS=53/udp', facts: { configuration: { exposedPorts: ['53'] } } },
    { title: 'leading zeros', line: 'DENIEDPORTS=22', facts: { configuration: { exposedPorts: ['0022/tcp'] } }, fires: ['0022/tcp'] },
    { title: 'any port', line: 'DENIEDPORTS=ALL', facts: { configuration: { exposedPorts: ['1/sctp', 'junk'] } }, fires: ['1/sctp', 'junk'] },
    { title: 'no port', line: 'DENIEDPORTS=ALL', facts: { configuration: {} } },
    {
      title: 'a range must be allowed as a whole',
      line: 'ALLOWEDPORTS=1-5,6-9/tcp,11',
      facts: { configuration: { exposedPorts: ['2-9/tcp', '2-11/tcp', '6/udp'] } },
      fires: ['2-11/tcp', '6/udp'],
    },
    {
      title: 'denied and not allowed is one finding',
      line: 'DENIEDPORTS=22 ALLOWEDPORTS=80',
      facts: { configuration: { exposedPorts: ['22/tcp', '443/tcp'] } },
      fires: ['22/tcp', '443/tcp'],
    },
    {
      title: 'a number that is no port',
      line: 'ALLOWEDPORTS=80',
      facts: { configuration: { exposedPorts: ['70000/tcp', '90-80/tcp'] } },
      undecided: ['70000/tcp', '90-80/tcp'],
    },
    { title: 'no configuration', line: 'DENIEDPORTS=22', facts: {}, missing: ['configuration'], undecided: ['configuration'] },
  ],
  test,
);

describe('ports', () => {
  test.each([
    ['22', { first: 22, last: 22, protocol: null }],
    ['8000-8010/UDP', { first: 8000, last: 8010, protocol: 'udp' }],
    ['', undefined],
    ['-1', undefined],
    ['1-', undefined],
    ['22/icmp', undefined],
    ['65536', undefined],
    ['2-1', undefined],
    ['999999999999', undefined],
  ])('%s', (text, port) => expect(parsePort(text)).toEqual(port));

  test('overlap and cover', () => {
    const port = (text: string) => parsePort(text) ?? { first: 0, last: 0, protocol: 'none' };
    expect(overlaps(port('1-5'), port('5-9/udp'))).toBe(true);
    expect(overlaps(port('1-5/tcp'), port('5-9/udp'))).toBe(false);
    expect(covers([port('4-9'), port('1-6')], port('1-9/tcp'))).toBe(true);
    expect(covers([port('1-4'), port('6-9')], port('1-9/tcp'))).toBe(false);
    expect(covers([], port('1'))).toBe(false);
  });
});
