import { test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import denylist from './denylist.ts';

testTrigger(
  denylist,
  [
    {
      title: 'every listed name, once for each architecture',
      line: 'BLACKLIST_NAMEMATCH=a,b,a',
      facts: { packages: [{ name: 'a', architecture: 'amd64' }, { name: 'a', architecture: 'i386' }, { name: 'b', type: 'rpm' }, { name: 'c' }] },
      fires: ['a', 'a', 'b'],
    },
    {
      title: 'names are compared as they are, whatever they mean to JavaScript',
      line: 'BLACKLIST_NAMEMATCH=__proto__,constructor',
      facts: { packages: [{ name: 'constructor' }] },
      fires: ['constructor'],
    },
    { title: 'case counts', line: 'BLACKLIST_NAMEMATCH=Bash', facts: { packages: [{ name: 'bash' }] } },
    { title: 'an unreadable package database', line: 'BLACKLIST_NAMEMATCH=bash', facts: {}, problems: [{ evidence: 'packages' }], undecided: ['problem-1'] },
    {
      title: 'what was found stands beside what could not be read',
      line: 'BLACKLIST_NAMEMATCH=bash',
      facts: { packages: [{ name: 'bash' }] },
      problems: [{ evidence: 'packages', scope: { ecosystem: 'rpm' } }],
      fires: ['bash'],
      undecided: ['problem-1'],
    },
    {
      title: 'a damaged npm package does not touch distribution packages',
      line: 'BLACKLIST_NAMEMATCH=bash',
      facts: {},
      problems: [{ evidence: 'packages', scope: { ecosystem: 'npm' } }],
    },
    { title: 'packages that nobody collected', line: 'BLACKLIST_NAMEMATCH=bash', facts: {}, missing: ['packages'], undecided: ['packages'] },
    {
      title: 'packages of every kind, by name and by version',
      as: 'PKGCHECK:DENIED',
      line: 'NAMES=a VERSIONS=b|1.0',
      facts: {
        packages: [
          { name: 'a', type: 'generic' },
          { name: 'a', type: 'deb' },
          { name: 'b', version: '1.0', type: 'generic' },
          { name: 'b', version: '1.0.0', type: 'generic' },
          { name: 'b', version: '1.0.0', type: 'pypi' },
        ],
      },
      fires: ['a', 'a', 'b|1.0', 'b|1.0'],
    },
    {
      title: 'a program of which not all is known, and a damaged package of another kind',
      as: 'PKGCHECK:DENIED',
      line: 'NAMES=a TYPES=generic',
      facts: {},
      problems: [
        { evidence: 'packages', scope: { ecosystem: 'generic' } },
        { evidence: 'packages', scope: { ecosystem: 'npm' } },
      ],
      undecided: ['problem-1'],
    },
    {
      title: 'versions that the distribution holds for equal',
      as: 'PKGBLACKLIST:PKGFULLMATCH',
      line: 'BLACKLIST_FULLMATCH=tar|0:1.34-1,sed|4.8',
      facts: {
        packages: [
          { name: 'tar', version: '1.34-1' },
          { name: 'sed', version: '4.8-0' },
          { name: 'sed', version: '4.8-1' },
        ],
      },
      fires: ['sed|4.8', 'tar|0:1.34-1'],
    },
    {
      title: 'rpm: a version without epoch means any epoch, one with epoch only that',
      as: 'PKGBLACKLIST:PKGFULLMATCH',
      line: 'BLACKLIST_FULLMATCH=bind|9.16.23-1.el9,dbus|2:1.12-1.el9',
      facts: {
        packages: [
          { name: 'bind', version: '32:9.16.23-1.el9', type: 'rpm' },
          { name: 'dbus', version: '1:1.12-1.el9', type: 'rpm' },
        ],
      },
      fires: ['bind|9.16.23-1.el9'],
    },
    {
      title: 'npm: a distribution package of that name is another matter',
      as: 'NPMCHECK:NPMPKGNAMEMATCH',
      line: 'BLACKLIST_NPMNAMEMATCH=ms',
      facts: { packages: [{ name: 'ms' }, { name: 'ms', type: 'npm', lockfile: true }] },
      fires: ['ms'],
    },
    {
      title: 'a package without its version',
      as: 'NPMCHECK:NPMPKGFULLMATCH',
      line: 'BLACKLIST_NPMFULLMATCH=ms|2.0.0,other|1.0.0',
      facts: { packages: [{ name: 'ms', version: '', type: 'npm' }] },
      undecided: ['ms|2.0.0'],
    },
    {
      title: 'npm: one version',
      as: 'NPMCHECK:NPMPKGFULLMATCH',
      line: 'BLACKLIST_NPMFULLMATCH=@s/x|1.0.0',
      facts: {
        packages: [
          { name: '@s/x', version: '1.0.0', type: 'npm' },
          { name: '@s/x', version: '1.0.1', type: 'npm' },
        ],
      },
      fires: ['@s/x|1.0.0'],
    },
  ],
  test,
);
