import { expect, test } from 'vitest';
import { capabilitiesOf } from './capabilities.ts';

test('each version of the attribute', () => {
  expect(capabilitiesOf('')).toEqual([]);
  expect(capabilitiesOf('0100000200200000000000000000000000000000')).toEqual(['cap_net_raw']);
  expect(capabilitiesOf('01000002000400000000000000000000000000ff'.slice(0, 40))).toContain('cap_net_bind_service');
  expect(capabilitiesOf('010000030020000000000000000000000000000001000000')).toEqual(['cap_net_raw']);
  expect(capabilitiesOf('000000010100000000000000')).toEqual(['cap_chown']);
  expect(capabilitiesOf('0000000200000000000000000001000000000000')).toEqual(['cap_checkpoint_restore']);
  expect(capabilitiesOf('0000000200000000000000000000008000000000')).toEqual(['cap_63']);
});

test('what can’t be read is not nothing', () => {
  for (const hex of ['00', '0100000200', 'ff'.repeat(20), '0100000200200000000000000000000000000000ff']) expect(capabilitiesOf(hex)).toBeNull();
});
