import { describe, expect, test } from 'vitest';
import { findHelp } from '../policy/index.ts';
import { gateHelpText } from './gate-help.ts';

function helpOf(name: string): string {
  const { found } = findHelp(name);
  if (found === null) throw new Error(`no help for ${name}`);
  return gateHelpText(found, 100);
}

describe('what a parameter needs', () => {
  test.each([
    ['SERVICECONFIG.service.hardening', 'set=a,b (required)'],
    ['SERVICECONFIG.service.hardening', 'skip=a,b'],
    ['SERVICECONFIG.service.hardening', 'running=true or false (default false)'],
    ['SERVICECONFIG.tls.ciphers', 'weaker=text (one of these is required)'],
    ['SERVICECONFIG.tls.ciphers', 'service=a,b'],
    ['PKGBLACKLIST.PKGNAMEMATCH', 'BLACKLIST_NAMEMATCH=a,b (required)'],
  ])('%s: %s', (name, line) => {
    expect(helpOf(name).split('\n')).toContain(`    ${line}`);
  });
});
