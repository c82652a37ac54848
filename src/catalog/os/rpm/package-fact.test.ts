import { describe, expect, test } from 'vitest';
import { packageFact } from './package-fact.ts';
import { parseSourceRpm } from './source-rpm.ts';

const bare = { name: 'bash', version: '5.1.8', release: '6.el9', epoch: null, architecture: null, sourceRpm: null, license: null, module: null };

describe('a package', () => {
  test('has what the database says and nothing invented', () => {
    expect(packageFact(bare, 'var/lib/rpm/Packages')).toEqual({
      type: 'rpm',
      name: 'bash',
      version: '5.1.8-6.el9',
      source: null,
      architecture: null,
      licenses: [],
      locations: [{ path: '/var/lib/rpm/Packages' }],
      lockfile: false,
      purl: { version: '5.1.8-6.el9', qualifiers: {} },
    });
  });

  test('carries its epoch in front of the version, and in the purl as a qualifier', () => {
    const fact = packageFact(
      { ...bare, epoch: 1, architecture: 'x86_64', sourceRpm: 'bash-5.1.8-6.el9.src.rpm', license: 'GPLv3+', module: 'm:1:2:c' },
      'x',
      7,
    );
    expect(fact).toMatchObject({
      version: '1:5.1.8-6.el9',
      source: { name: 'bash', version: '5.1.8-6.el9' },
      licenses: ['GPLv3+'],
      module: 'm:1:2:c',
      locations: [{ path: '/x', line: 7 }],
    });
    expect(fact.purl).toEqual({ version: '5.1.8-6.el9', qualifiers: { arch: 'x86_64', epoch: '1', upstream: 'bash-5.1.8-6.el9.src.rpm' } });
  });

  test('with epoch 0 is the same as without', () => {
    expect(packageFact({ ...bare, epoch: 0 }, 'x')).toEqual(packageFact(bare, 'x'));
  });
});

test.each([
  ['bash-5.1.8-6.el9.src.rpm', { name: 'bash', version: '5.1.8-6.el9' }],
  ['java-1.8.0-openjdk-1.8.0.372.b07-2.el8.src.rpm', { name: 'java-1.8.0-openjdk', version: '1.8.0.372.b07-2.el8' }],
  ['kernel-5.14-1.nosrc.rpm', { name: 'kernel', version: '5.14-1' }],
  ['(none)', null],
  ['bash-5.src.rpm', null],
  ['-1-2.src.rpm', null],
  ['a--1.src.rpm', null],
  ['a-1-.src.rpm', null],
  ['bash-5.1.8-6.el9.rpm', null],
])('the source package %s is %o', (text, source) => {
  expect(parseSourceRpm(text)).toEqual(source);
});
