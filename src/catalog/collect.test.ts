import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/support/cli.ts';
import { debianRoot, debianStanza, debianStatus, osRelease } from '../../test/support/debian.ts';
import { dockerArchive, type LayerItem, layer } from '../../test/support/image-builder.ts';
import { defaultLimits, type Limits } from '../archive/index.ts';
import { listImages } from '../image/index.ts';
import type { Evidence, Request } from '../model/index.ts';
import { catalog } from './collect.ts';

const everything: readonly Request[] = [{ kind: 'packages' }, { kind: 'distribution' }, { kind: 'accounts' }];

async function evidenceOf(
  layers: readonly (readonly LayerItem[])[],
  requests: readonly Request[] = everything,
  limits: Limits = defaultLimits,
): Promise<Evidence> {
  const file = dockerArchive([{ layers: layers.map((items) => layer(items, { compression: 'none' })) }]).writeTo(`${temporaryDirectory()}/image.tar`);
  const [candidate] = await listImages(file, { platform: { os: 'linux', architecture: 'amd64' }, tag: null, limits: defaultLimits });
  const image = await (candidate as NonNullable<typeof candidate>).open();
  return await catalog(image, requests, { limits, dockerfile: null });
}

const found = ({ facts }: Evidence): string[] =>
  (facts.packages ?? []).map(({ name, locations }) => `${name} ${locations.map(({ path, layer: index }) => `${path}@${index}`).join(',')}`);

const status = debianStatus([{ name: 'base-files', version: '12.4+deb12u5' }]);
const apk = 'P:musl\nV:1-r0\nA:x\nF:usr/lib/python3/site-packages/a-1.dist-info\nR:METADATA\n\n';
const alpine = osRelease('alpine', '3.20.1', 'Alpine');
const debian = osRelease('debian', '12', 'Debian');

describe('a database is found where its package manager would find it', () => {
  test.each<[string, LayerItem[][], string[]]>([
    ['plainly', [[debian, { path: 'var/lib/dpkg/status', content: status }]], ['base-files /var/lib/dpkg/status@0']],
    [
      'behind a link',
      [[debian, { path: 'var/lib/dpkg/status', link: '../../../srv/status' }, { path: 'srv/status', content: status }]],
      ['base-files /var/lib/dpkg/status@0'],
    ],
    [
      'behind a link that points out of the root',
      [[debian, { path: 'var/lib/dpkg/status', link: '../../../../../../../srv/status' }, { path: 'srv/status', content: status }]],
      ['base-files /var/lib/dpkg/status@0'],
    ],
    [
      'behind a linked directory',
      [[debian, { path: 'var/lib/dpkg', link: '/srv/dpkg' }, { path: 'srv/dpkg/status', content: status }]],
      ['base-files /var/lib/dpkg/status@0'],
    ],
    [
      'behind a chain of links over layers',
      [[debian, { path: 'srv/a', content: status }], [{ path: 'srv/b', link: 'a' }], [{ path: 'var/lib/dpkg/status', link: '/srv/b' }]],
      ['base-files /var/lib/dpkg/status@0'],
    ],
    [
      'as a hard link',
      [[debian, { path: 'srv/status', content: status }, { path: 'var/lib/dpkg/status', hardlink: 'srv/status' }]],
      ['base-files /var/lib/dpkg/status@0'],
    ],
    [
      'as a hard link over layers, the other name gone',
      [[debian, { path: 'srv/status', content: status }], [{ path: 'var/lib/dpkg/status', hardlink: 'srv/status' }], [{ whiteout: 'srv/status' }]],
      ['base-files /var/lib/dpkg/status@0'],
    ],
    [
      'written through a linked directory',
      [[debian, { path: 'srv/dpkg/', directory: true }, { path: 'var/lib/dpkg', link: '/srv/dpkg' }], [{ path: 'var/lib/dpkg/status', content: status }]],
      ['base-files /srv/dpkg/status@1'],
    ],
    [
      'below a merged /usr',
      [[alpine, { path: 'lib', link: 'usr/lib' }, { path: 'usr/lib/apk/db/installed', content: apk }]],
      ['musl /usr/lib/apk/db/installed@0'],
    ],
    [
      'written through /lib below a merged /usr',
      [[alpine, { path: 'usr/lib/', directory: true }, { path: 'lib', link: 'usr/lib' }], [{ path: 'lib/apk/db/installed', content: apk }]],
      ['musl /usr/lib/apk/db/installed@1'],
    ],
    [
      'records of status.d behind a link',
      [[debian, { path: 'var/lib/dpkg/status.d', link: '/srv/d' }, { path: 'srv/d/x', content: debianStanza({ name: 'x', version: '1' }) }]],
      ['x /var/lib/dpkg/status.d/x@0'],
    ],
  ])('%s', async (_, layers, expected) => {
    const evidence = await evidenceOf(layers);
    expect(evidence.problems).toEqual([]);
    expect(found(evidence)).toEqual(expected);
  });

  test('only once, and of several versions the last', async () => {
    const newer = debianStatus([{ name: 'base-files', version: '12.4+deb12u6' }]);
    const evidence = await evidenceOf([[debian, { path: 'var/lib/dpkg/status', content: status }], [{ path: 'var/lib/dpkg/status', content: newer }]]);
    expect(evidence.facts.packages).toMatchObject([{ version: '12.4+deb12u6', locations: [{ layer: 1, line: 1 }] }]);
  });

  test('os-release and passwd behind links too', async () => {
    const evidence = await evidenceOf([
      [
        { path: 'etc/os-release', link: '../srv/release' },
        { path: 'srv/release', content: 'ID=scratchy\n' },
        { path: 'etc/passwd', link: 'accounts' },
        { path: 'etc/accounts', content: 'a:x:0:0:::\n' },
      ],
    ]);
    expect(evidence.facts.distribution).toMatchObject({ id: 'scratchy', location: { path: '/etc/os-release', layer: 0 } });
    expect(evidence.facts.accounts).toMatchObject([{ name: 'a', location: { path: '/etc/passwd', layer: 0, line: 1 } }]);
  });
});

describe('whose a language package is', () => {
  const metadata = 'Name: PyYAML\nVersion: 6.0\n';
  const place = 'usr/lib/python3/dist-packages/PyYAML-6.0.dist-info/METADATA';
  const owners = async (layers: readonly (readonly LayerItem[])[]): Promise<(string | null)[]> =>
    (await evidenceOf(layers)).facts.packages?.filter(({ type }) => type === 'pypi').map(({ ownedBy }) => ownedBy) ?? [];

  test('its distribution package’s, by the path in the file list', async () => {
    const items = [
      ...debianRoot(12, [{ name: 'python3-yaml', version: '6.0-3', files: [`/${place}`] }]),
      { path: place, content: metadata },
      { path: `srv/${place}`, content: metadata },
    ];
    expect(await owners([items])).toEqual([null, 'pkg:deb/debian/python3-yaml@6.0-3?arch=amd64&distro=debian-12']);
  });

  test('also where the list writes a path through a merged /usr', async () => {
    const items = debianRoot(12, [{ name: 'python3-yaml', version: '6.0-3', files: [`/${place.replace('usr/', '')}`] }]);
    expect(await owners([[...items, { path: place, content: metadata }]])).toEqual([expect.stringContaining('python3-yaml')]);
  });

  test('also in a layer of its own', async () => {
    expect(await owners([debianRoot(12, [{ name: 'python3-yaml', version: '6.0-3', files: [`/${place}`] }]), [{ path: place, content: metadata }]])).toEqual([
      expect.stringContaining('python3-yaml'),
    ]);
  });

  test('nobody’s, when the list is all that is left of the package', async () => {
    const items = debianRoot(12, []);
    expect(await owners([[...items, { path: 'var/lib/dpkg/info/python3-yaml.list', content: `/${place}\n` }, { path: place, content: metadata }]])).toEqual([
      null,
    ]);
  });

  test('an apk package’s', async () => {
    const items: LayerItem[] = [
      alpine,
      { path: 'lib/apk/db/installed', content: apk },
      { path: 'usr/lib/python3/site-packages/a-1.dist-info/METADATA', content: 'Name: a\nVersion: 1\n' },
    ];
    expect(await owners([items])).toEqual(['pkg:apk/alpine/musl@1-r0?arch=x&distro=alpine-3.20.1']);
  });
});

describe('what was not asked for is not judged', () => {
  test('one kind of packages: the databases of others are no problem', async () => {
    const layers: LayerItem[][] = [[alpine, { path: 'lib/apk/db/installed', content: apk }]];
    for (const types of [['deb'], ['rpm'], ['apk'], ['npm']] as const) {
      const evidence = await evidenceOf(layers, [{ kind: 'packages', detail: { types: [...types] } }]);
      expect(evidence.problems).toEqual([]);
      expect(evidence.coverage.map(({ state }) => state)).toEqual(['collected']);
    }
  });

  test('a broken file of one ecosystem leaves requests for others whole', async () => {
    const layers: LayerItem[][] = [[debian, { path: 'var/lib/dpkg/status', content: status }, { path: 'app/node_modules/a/package.json', content: '{' }]];
    const evidence = await evidenceOf(layers, [
      { kind: 'packages' },
      { kind: 'packages', detail: { types: ['deb'] } },
      { kind: 'packages', detail: { types: ['npm'] } },
    ]);
    expect(evidence.coverage.map(({ state }) => state)).toEqual(['incomplete', 'collected', 'incomplete']);
    expect(evidence.problems).toMatchObject([{ kind: 'unreadable', scope: { ecosystem: 'npm', path: '/app/node_modules/a/package.json', layer: 0 } }]);
  });
});

test('entries that no runtime would unpack are problems; a flood of them ends in a count', async () => {
  const items: LayerItem[] = [
    debian,
    { path: 'var/lib/dpkg/status', content: status },
    ...Array.from({ length: 30 }, (_, index) => ({ path: `h${index}`, hardlink: 'missing' })),
  ];
  const all = (await evidenceOf([items])).problems;
  // Every kind that was asked for and is read out of the tree may lack something.
  const kinds = new Set(all.map(({ evidence }) => evidence));
  expect(kinds).toContain('packages');
  expect(all).toHaveLength(21 * kinds.size);
  const problems = all.filter(({ evidence }) => evidence === 'packages');
  expect(problems[0]).toMatchObject({ kind: 'unreadable', what: '/h0', location: { path: '/h0', layer: 0 } });
  expect(problems[20]?.why).toContain('30 entries');
});

describe('over a limit is a problem, never less', () => {
  const many = debianStatus(Array.from({ length: 50 }, (_, index) => ({ name: `p${index}`, version: '1' })));
  const direct: LayerItem[] = [debian, { path: 'var/lib/dpkg/status', content: many }];
  const linked: LayerItem[] = [debian, { path: 'srv/status', content: many }, { path: 'var/lib/dpkg/status', link: '/srv/status' }];

  test.each([
    ['a database', direct],
    ['a database behind a link', linked],
  ])('%s that is too large', async (_, items) => {
    const evidence = await evidenceOf([items], everything, { ...defaultLimits, fileBytes: 1000 });
    expect(evidence.problems).toMatchObject([
      { kind: 'limit', evidence: 'packages', scope: { ecosystem: 'deb' }, location: { path: '/var/lib/dpkg/status', layer: 0 } },
    ]);
    expect(evidence.facts.packages).toEqual([]);
  });

  test('a file with too many facts', async () => {
    const evidence = await evidenceOf([direct], everything, { ...defaultLimits, facts: 10 });
    expect(evidence.problems).toMatchObject([{ kind: 'limit', scope: { ecosystem: 'deb', layer: 0 } }]);
  });

  test('an os-release that is too large leaves the distribution unknown, and says so', async () => {
    const items: LayerItem[] = [{ path: 'etc/os-release', content: `ID=x\n${'#'.repeat(2_000_000)}` }];
    const evidence = await evidenceOf([items]);
    expect(evidence.problems).toMatchObject([{ kind: 'limit', evidence: 'distribution', location: { path: '/etc/os-release', layer: 0 } }]);
    expect(evidence.coverage.map(({ request, state }) => `${request.kind} ${state}`)).toContain('distribution incomplete');
  });
});

test('a reader that gives more problems than a call can have arguments', async () => {
  const items: LayerItem[] = [debian, { path: 'var/lib/dpkg/status', content: status }, { path: 'etc/passwd', content: 'x\n'.repeat(300_000) }];
  const { problems } = await evidenceOf([items]);
  expect(problems).toHaveLength(300_000);
});

test('npm packages behind links are found: a linked node_modules, a linked package, a scope; links in circles end', async () => {
  const manifest = (name: string): string => JSON.stringify({ name, version: '1.0.0' });
  const { facts, problems } = await evidenceOf([
    [
      { path: 'opt/nm/lodash/package.json', content: manifest('lodash') },
      { path: 'opt/nm/@s/x/package.json', content: manifest('@s/x') },
      { path: 'opt/nm/a/node_modules/b/package.json', content: manifest('b') },
      { path: 'app/node_modules', link: '../opt/nm' },
      { path: 'ws/packages/foo/package.json', content: manifest('foo') },
      { path: 'ws/packages/bar/package.json', content: manifest('bar') },
      { path: 'ws/node_modules/foo', link: '../packages/foo' },
      { path: 'ws/node_modules/loop', link: 'loop' },
      { path: 'ws/node_modules/up', link: '../..' },
    ],
  ]);
  expect(facts.packages?.map(({ name, locations }) => [name, locations[0]?.path])).toEqual([
    ['@s/x', '/app/node_modules/@s/x/package.json'],
    ['b', '/opt/nm/a/node_modules/b/package.json'],
    ['foo', '/ws/node_modules/foo/package.json'],
    ['lodash', '/app/node_modules/lodash/package.json'],
  ]);
  expect(problems).toEqual([]);
});
