import { test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import bitnami from './bitnami.ts';

const path = 'opt/bitnami/postgresql/.spdx-postgresql.spdx';
const components = 'opt/bitnami/.bitnami_components.json';

const item = (name: string, version: string | undefined, purl: string | null, license = 'NOASSERTION') => ({
  SPDXID: `SPDXRef-${name}`,
  name,
  versionInfo: version,
  licenseDeclared: license,
  externalRefs: [
    { referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:*:x:x:1:*:*:*:*:*:*:*' },
    ...(purl === null ? [] : [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }]),
  ],
});
const spdx = (...packages: unknown[]): string => JSON.stringify({ spdxVersion: 'SPDX-2.3', name: 'x', packages });

testCataloger(
  bitnami,
  {
    takes: [path, 'opt/bitnami/common/.spdx-render-template.spdx', components],
    leaves: [
      'opt/bitnami/postgresql/postgresql.spdx',
      'opt/bitnami/postgresql/.spdx-postgresql.json',
      'srv/opt/bitnami/a/.spdx-a.spdx',
      'opt/bitnami/licenses/a.txt',
    ],
    files: [
      {
        title: 'components with their builds, and what they bring',
        path,
        content: spdx(
          item('postgresql', '17.2.0-8', 'pkg:bitnami/postgresql@17.2.0-8?arch=arm64&distro=debian-12', 'PostgreSQL'),
          item('geos', '3.13.0', 'pkg:bitnami/geos@3.13.0?arch=arm64&distro=debian-12'),
          item('left-pad', '1.0.0', 'pkg:npm/left-pad@1.0.0'),
          item('no purl', '1', null),
        ),
        facts: {
          packages: [
            {
              type: 'bitnami',
              name: 'postgresql',
              version: '17.2.0-8',
              architecture: 'arm64',
              licenses: ['PostgreSQL'],
              locations: [{ path: `/${path}` }],
              purl: { qualifiers: { arch: 'arm64', distro: 'debian-12' } },
            },
            { name: 'geos', version: '3.13.0', licenses: [] },
          ],
        },
      },
      {
        title: 'the list of older images',
        path: components,
        content: '{ "redis": { "arch": "amd64", "distro": "debian-11", "type": "NAMI", "version": "7.0.5-0" }, "gosu": { "version": "1.14.0-1" } }',
        facts: {
          packages: [
            { name: 'redis', version: '7.0.5-0', architecture: 'amd64', purl: { qualifiers: { arch: 'amd64', distro: 'debian-11' } } },
            { name: 'gosu', version: '1.14.0-1', architecture: null, purl: { qualifiers: {} } },
          ],
        },
      },
      { title: 'an empty list', path: components, content: '{}' },
      {
        title: 'components without a version',
        path: components,
        content: '{"a": {}, "b": 1, "c": {"version": "1"}}',
        facts: { packages: [{ name: 'c' }] },
        problems: [{}, {}],
      },
      {
        title: 'packages without a name or a version',
        path,
        content: spdx(item('a', undefined, 'pkg:bitnami/a'), item('', '1', 'pkg:bitnami/b@1'), 7, item('c', '1', 'pkg:bitnami/c@1')),
        facts: { packages: [{ name: 'c' }] },
        problems: [{ kind: 'unreadable', why: '3 of its packages have no name or no version' }],
      },
      { title: 'empty', path, content: '', problems: [{ why: 'it is not a JSON object' }] },
      { title: 'the other form of SPDX', path, content: 'SPDXVersion: SPDX-2.2\nPackageName: redis\n', problems: [{ kind: 'unreadable' }] },
      { title: 'cut off', path, content: spdx(item('a', '1', null)).slice(0, 40), problems: [{ kind: 'unreadable' }] },
      { title: 'no list of packages', path, content: '{"packages": {}}', problems: [{ why: 'it has no list of packages' }] },
      { title: 'a list', path: components, content: '[]', problems: [{ why: 'it is not a JSON object' }] },
    ],
  },
  test,
);
