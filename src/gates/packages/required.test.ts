import { test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import required from './required.ts';

testTrigger(
  required,
  [
    { title: 'no package at all', line: 'PKGNAMEMATCH=bash', facts: { packages: [] }, fires: ['bash'] },
    {
      title: 'absence is no proof when a database could not be read',
      line: 'PKGNAMEMATCH=bash,tar',
      facts: { packages: [{ name: 'tar' }] },
      problems: [{ evidence: 'packages' }],
      undecided: ['bash'],
    },
    {
      title: 'another version is no proof either: the right one may be in what could not be read',
      line: 'PKGFULLMATCH=bash|5.2',
      facts: { packages: [{ name: 'bash', version: '5.1' }] },
      problems: [{ evidence: 'packages' }],
      undecided: ['bash|5.2'],
    },
    {
      title: 'a package that is too old is, whatever else could not be read',
      line: 'PKGVERSMATCH=bash|5.2',
      facts: { packages: [{ name: 'bash', version: '5.1' }] },
      problems: [{ evidence: 'packages' }],
      fires: ['bash|5.2'],
    },
    {
      title: 'a problem of another ecosystem changes nothing',
      line: 'PKGNAMEMATCH=bash',
      facts: {},
      problems: [{ evidence: 'packages', scope: { ecosystem: 'npm' } }],
      fires: ['bash'],
    },
    { title: 'packages that nobody collected', line: 'PKGNAMEMATCH=bash', facts: {}, missing: ['packages'], undecided: ['packages'] },
    { title: 'what a lock file names is not installed', line: 'PKGNAMEMATCH=bash', facts: { packages: [{ name: 'bash', lockfile: true }] }, fires: ['bash'] },
    {
      title: 'each installed version must be new enough',
      line: 'PKGVERSMATCH=kernel|5.14.0-362',
      facts: {
        packages: [
          { name: 'kernel', version: '5.14.0-70', type: 'rpm' },
          { name: 'kernel', version: '5.14.0-400', type: 'rpm' },
        ],
      },
      fires: ['kernel|5.14.0-362'],
    },
    {
      title: 'one of the installed versions may be the one that is wanted',
      line: 'PKGFULLMATCH=kernel|5.14.0-70',
      facts: {
        packages: [
          { name: 'kernel', version: '5.14.0-70', type: 'rpm' },
          { name: 'kernel', version: '5.14.0-400', type: 'rpm' },
        ],
      },
    },
    {
      title: 'a tilde comes before everything',
      line: 'PKGVERSMATCH=curl|8.0-1',
      facts: { packages: [{ name: 'curl', version: '8.0~rc1-1' }] },
      fires: ['curl|8.0-1'],
    },
    {
      title: 'a version that has no place in the order',
      line: 'PKGVERSMATCH=musl|1.2.4-r2',
      facts: { packages: [{ name: 'musl', version: 'not a version', type: 'apk' }] },
      undecided: ['musl|1.2.4-r2'],
    },
  ],
  test,
);
