import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import { catalogOfImages } from '../../src/catalog-of-images.ts';
import { listImages } from '../../src/image/index.ts';
import type { Evidence, Package } from '../../src/model/index.ts';
import { catalogReporterNamed } from '../../src/reports/index.ts';
import { hasTool, temporaryDirectory, writeIn } from '../support/cli.ts';
import { debianRoot } from '../support/debian.ts';
import { dockerArchive, type LayerItem, layer } from '../support/image-builder.ts';

// Where distributions of Python come from and where they are: what takes more than one file to know.

async function evidenceOf(reference: string): Promise<Evidence> {
  const [candidate] = await listImages(reference, { platform: { os: 'linux', architecture: 'amd64' }, tag: null, limits: defaultLimits });
  const image = await (candidate as NonNullable<typeof candidate>).open();
  return await catalog(image, [{ kind: 'packages' }, { kind: 'distribution' }], { limits: defaultLimits, dockerfile: null });
}

const imageOf = (...layers: readonly (readonly LayerItem[])[]): string =>
  dockerArchive([{ layers: layers.map((items) => layer(items, { compression: 'none' })) }]).writeTo(join(temporaryDirectory(), 'image.tar'));

const inLayers = (...layers: readonly (readonly LayerItem[])[]): Promise<Evidence> => evidenceOf(imageOf(...layers));

const told = ({ facts }: Evidence): string[] =>
  (facts.packages ?? []).map(({ purl, origin, locations }) => [purl, origin ?? '-', ...locations.map(({ path, layer: at }) => `${path}@${at}`)].join(' '));

const site = 'usr/lib/python3.11/site-packages';
const metadata = (name: string, version: string): string => `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;
const info = (name: string, version: string): LayerItem => ({ path: `${site}/${name}-${version}.dist-info/METADATA`, content: metadata(name, version) });
const directUrl = (name: string, version: string, value: unknown): LayerItem => ({
  path: `${site}/${name}-${version}.dist-info/direct_url.json`,
  content: typeof value === 'string' ? value : JSON.stringify(value),
});
const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const at = (path: string, index = 0): string => `/${site}/${path}@${index}`;

describe('the origin that an installer wrote down', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const fork = { url: `https://user:${token}@git.example/a/x.git`, vcs_info: { vcs: 'git', commit_id: commit, requested_revision: 'main' } };
  const purl = `pkg:pypi/x@1.0?vcs_url=${encodeURIComponent(`git+https://git.example/a/x.git@${commit}`)}`;

  test('stands in the purl and among the locations, each with its layer', async () => {
    const digest = 'ab'.repeat(32);
    const evidence = await inLayers(
      [info('x', '1.0'), info('y', '1'), info('z', '2'), info('plain', '3')],
      [
        directUrl('x', '1.0', { ...fork, subdirectory: 'python' }),
        directUrl('y', '1', { url: 'https://files.example/y-1.zip?sig=secret', archive_info: { hashes: { sha256: digest } } }),
        directUrl('z', '2', { url: 'file:///wheels/z-2.whl', archive_info: { hash: `sha256=${digest}` } }),
      ],
    );
    expect(evidence.problems).toEqual([]);
    const address = `checksum=${encodeURIComponent(`sha256:${digest}`)}&download_url=${encodeURIComponent('https://files.example/y-1.zip')}`;
    expect(told(evidence)).toEqual([
      `pkg:pypi/plain@3 - ${at('plain-3.dist-info/METADATA')}`,
      `${purl}%23python vcs ${at('x-1.0.dist-info/METADATA')} ${at('x-1.0.dist-info/direct_url.json', 1)}`,
      `pkg:pypi/y@1?${address} archive ${at('y-1.dist-info/METADATA')} ${at('y-1.dist-info/direct_url.json', 1)}`,
      `pkg:pypi/z@2 archive ${at('z-2.dist-info/METADATA')} ${at('z-2.dist-info/direct_url.json', 1)}`,
    ]);
    expect(JSON.stringify(evidence)).not.toMatch(/ghp_|secret/);
  });

  test('is gone with its file, and with its package', async () => {
    const layers = [[info('x', '1.0'), directUrl('x', '1.0', fork), info('y', '1'), directUrl('y', '1', fork)]];
    const gone: LayerItem[] = [{ whiteout: `${site}/x-1.0.dist-info/direct_url.json` }, { whiteout: `${site}/y-1.dist-info` }];
    expect(told(await inLayers(...layers, gone))).toEqual([`pkg:pypi/x@1.0 - ${at('x-1.0.dist-info/METADATA')}`]);
  });

  test.each<[string, unknown]>([
    ['cut off', '{"url": "https://x'],
    ['empty', ''],
    ['a list', '[]'],
    ['no address', { vcs_info: { vcs: 'git', commit_id: 'a' } }],
    ['no kind', { url: 'https://x.example' }],
    ['a version control system of no name', { url: 'https://x.example', vcs_info: {} }],
    ['one of a hostile name', { url: 'https://x.example', vcs_info: { vcs: 'git+x://y@' } }],
  ])('damaged (%s): a problem, and the package', async (_, value) => {
    const evidence = await inLayers([info('x', '1.0'), directUrl('x', '1.0', value)]);
    expect(told(evidence)).toEqual([`pkg:pypi/x@1.0 - ${at('x-1.0.dist-info/METADATA')}`]);
    const location = { path: `/${site}/x-1.0.dist-info/direct_url.json`, layer: 0 };
    expect(evidence.problems).toMatchObject([{ kind: 'unreadable', evidence: 'packages', scope: { ecosystem: 'pypi' }, location }]);
  });

  test('no piece of a damaged record is shown', async () => {
    const evidence = await inLayers([info('x', '1.0'), directUrl('x', '1.0', `{"url": ${token}}`)]);
    expect(evidence.problems).toMatchObject([{ kind: 'unreadable', why: expect.stringMatching(/^it is not JSON \(\S.*\)$/) }]);
    expect(JSON.stringify(evidence)).not.toContain(token.slice(0, 5));
  });

  test('goes with the package into an SBOM and out of it, its credentials into neither', async () => {
    const file = imageOf([...debianRoot(12, []), info('x', '1.0'), directUrl('x', '1.0', fork)]);
    const request = { references: [file], platform: null, tag: null, places: ['files'], kinds: ['packages'], now: new Date('2026-01-31T12:00:00Z') } as const;
    const origins = (packages: readonly Pick<Package, 'purl' | 'origin' | 'name'>[]): unknown[] =>
      packages.filter(({ name }) => name === 'x').map(({ purl: url, origin }) => [url, origin]);
    const document = await catalogOfImages(request);
    const render = { color: false, width: 120, verbose: true, showExcepted: false, showIds: false };
    for (const name of ['cyclonedx-json', 'spdx-json']) {
      const text = [...catalogReporterNamed(name).render(document, render)].join('');
      expect(text).not.toContain(token);
      const { facts } = await evidenceOf(writeIn(temporaryDirectory(), 'bom.json', text));
      expect(origins(facts.packages ?? [])).toEqual([[purl, 'vcs']]);
    }
  });
});

test('a credential in the purl of an SBOM is masked', async () => {
  const qualifier = encodeURIComponent(`git+https://user:${token}@git.example/x.git`);
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    components: [{ type: 'library', name: 'x', version: '1', purl: `pkg:pypi/x@1?vcs_url=${qualifier}` }],
  };
  const evidence = await evidenceOf(writeIn(temporaryDirectory(), 'bom.json', JSON.stringify(bom)));
  expect(evidence.facts.packages?.map(({ purl }) => purl)).toEqual([expect.stringMatching(/^pkg:pypi\/x@1\?vcs_url=git%2Bhttps/)]);
  expect(JSON.stringify(evidence)).not.toContain(token);
});

describe('what is used where its source lies is one package', () => {
  const editable = { url: 'file:///srv/my%20app/', dir_info: { editable: true } };
  const egg = (directory: string, version = '1.0'): LayerItem => ({ path: `${directory}/my_app.egg-info/PKG-INFO`, content: metadata('my.app', version) });
  const installed: LayerItem[] = [info('my_app', '1.0'), directUrl('my_app', '1.0', editable)];
  const both = `pkg:pypi/my-app@1.0 editable ${at('my_app-1.0.dist-info/METADATA')} ${at('my_app-1.0.dist-info/direct_url.json')}`;

  test.each([
    ['with metadata beside it', 'srv/my app', '1.0', [`${both} /srv/my app/my_app.egg-info/PKG-INFO@0`]],
    ['with metadata below src', 'srv/my app/src', '1.0', [`${both} /srv/my app/src/my_app.egg-info/PKG-INFO@0`]],
    ['built since in another version', 'srv/my app', '1.1', [both, 'pkg:pypi/my-app@1.1 - /srv/my app/my_app.egg-info/PKG-INFO@0']],
    ['and of that name elsewhere', 'srv/other', '1.0', [both, 'pkg:pypi/my-app@1.0 - /srv/other/my_app.egg-info/PKG-INFO@0']],
  ])('PEP 660, %s', async (_, directory, version, expected) => {
    expect(told(await inLayers([...installed, egg(directory, version)])).sort()).toEqual([...expected].sort());
  });

  const link = (content: string): LayerItem => ({ path: `${site}/My-App.egg-link`, content });
  test.each([
    ['an absolute path', '/srv/app\n.'],
    ['a path from the link', '../../../../srv/app\r\n../'],
    ['a path through a link', '/opt/current'],
  ])('.egg-link with %s', async (_, content) => {
    const evidence = await inLayers([egg('srv/app')], [link(content), { path: 'opt/current', link: '../srv/app' }]);
    expect(told(evidence)).toEqual([`pkg:pypi/my-app@1.0 editable /srv/app/my_app.egg-info/PKG-INFO@0 ${at('My-App.egg-link', 1)}`]);
    expect(evidence.problems).toEqual([]);
  });
  test('.egg-link whose source is not in the image: a name without a version', async () => {
    expect(told(await inLayers([egg('srv/app'), link('/srv/app\n.')], [{ whiteout: 'srv/app' }]))).toEqual([
      `pkg:pypi/my-app editable ${at('My-App.egg-link')}`,
    ]);
    expect(told(await inLayers([link('/srv/app'), egg('srv/other')]))).toContain(`pkg:pypi/my-app editable ${at('My-App.egg-link')}`);
  });
  test.each(['', '\n.', '\0'])('.egg-link without a directory: %j', async (content) => {
    const evidence = await inLayers([link(content)]);
    expect(evidence.problems).toMatchObject([{ kind: 'unreadable', scope: { ecosystem: 'pypi' } }]);
  });
});

describe('metadata that are not where they should be', () => {
  const record: LayerItem = { path: `${site}/x-1.0.dist-info/RECORD`, content: 'x.py,,\n' };
  test('taken away: what the directory says, and a problem', async () => {
    const evidence = await inLayers([info('x', '1.0'), record], [{ whiteout: `${site}/x-1.0.dist-info/METADATA` }]);
    expect(told(evidence)).toEqual([`pkg:pypi/x@1.0 - ${at('x-1.0.dist-info/RECORD')}`]);
    expect(evidence.problems).toMatchObject([{ kind: 'removed', evidence: 'packages', scope: { ecosystem: 'pypi' } }]);
  });
  test('uninstalled: nothing', async () => {
    const left: LayerItem = { path: `${site}/x-1.0.dist-info/INSTALLER`, content: 'pip\n' };
    const evidence = await inLayers([info('x', '1.0'), record, left], [{ whiteout: `${site}/x-1.0.dist-info/METADATA` }, { whiteout: record.path as string }]);
    expect([told(evidence), evidence.problems]).toEqual([[], []]);
  });
  test('behind a link, under a name of its own', async () => {
    const layers: LayerItem[] = [
      { path: 'srv/store/0a1b', content: metadata('x', '1.0') },
      { path: `${site}/x-1.0.dist-info/METADATA`, link: '/srv/store/0a1b' },
      directUrl('x', '1.0', { url: 'file:///x', dir_info: {} }),
      record,
    ];
    const evidence = await inLayers(layers);
    expect(told(evidence)).toEqual([`pkg:pypi/x@1.0 directory ${at('x-1.0.dist-info/METADATA')} ${at('x-1.0.dist-info/direct_url.json')}`]);
    expect(evidence.problems).toEqual([]);
  });
  test('a link that leads nowhere', async () => {
    const evidence = await inLayers([{ path: `${site}/x-1.0.dist-info/METADATA`, link: '/srv/gone' }, record]);
    expect(told(evidence)).toEqual([`pkg:pypi/x@1.0 - ${at('x-1.0.dist-info/RECORD')}`]);
    expect(evidence.problems).toMatchObject([{ kind: 'removed' }]);
  });
});

describe('requirements that take others in', () => {
  const pins = (name: string, more = ''): string => `${name}==1\n${more}`;
  test('whatever they are called, over layers, each once', async () => {
    const evidence = await inLayers(
      [{ path: 'app/requirements.txt', content: pins('a', '-r deps/base.in\n-r missing.txt\n-r deps\n') }],
      [
        { path: 'app/deps/base.in', content: pins('b', '-r ../../srv/c\n-r base.in\n-r ../requirements.txt\n') },
        { path: 'srv/c', link: '/srv/d' },
        { path: 'srv/d', content: pins('d') },
      ],
    );
    expect(told(evidence)).toEqual(['pkg:pypi/a@1 - /app/requirements.txt@0', 'pkg:pypi/b@1 - /app/deps/base.in@1', 'pkg:pypi/d@1 - /srv/d@1']);
    expect(evidence.problems).toEqual([]);
  });
  test('damaged: a problem', async () => {
    const evidence = await inLayers([
      { path: 'app/requirements.txt', content: '-r base\n' },
      { path: 'app/base', content: 'a\0' },
    ]);
    expect(evidence.problems).toMatchObject([{ kind: 'unreadable', location: { path: '/app/base' } }]);
  });
  test('over too many levels: a problem', async () => {
    const chain: LayerItem[] = Array.from({ length: 10 }, (_, level) => ({ path: `app/${level}`, content: pins(`p${level}`, `-r ${level + 1}\n`) }));
    const evidence = await inLayers([{ path: 'app/requirements.txt', content: '-r 0\n' }, ...chain]);
    expect(told(evidence)).toHaveLength(6);
    expect(evidence.problems).toMatchObject([{ kind: 'limit', scope: { ecosystem: 'pypi' } }]);
  });
});

const pip = spawnSync('python3', ['-m', 'pip', '--version'], { encoding: 'utf8' });
const pipVersion = Number(/^pip (\d+)/.exec(pip.stdout ?? '')?.[1] ?? 0);
const hasTools = pipVersion >= 22 && hasTool('git', '--version');
test.skipIf(hasTools)('python3 with pip (22 or newer) or git is absent: nothing is installed with them', () => {});

/** A build backend (PEP 517, PEP 660) in the project itself: it needs no network and no package. */
const backend = `import os, zipfile
def wheel(directory, files):
    info = f"{MODULE}-{VERSION}.dist-info"
    files = {**files, f"{info}/METADATA": f"Metadata-Version: 2.4\\nName: {NAME}\\nVersion: {VERSION}\\nLicense-Expression: MIT\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
    files[f"{info}/RECORD"] = "".join(f"{each},,\\n" for each in [*files, f"{info}/RECORD"])
    file = f"{MODULE}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, file), "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file
def build_wheel(directory, config_settings=None, metadata_directory=None):
    return wheel(directory, {f"{MODULE}.py": ""})
def build_editable(directory, config_settings=None, metadata_directory=None):
    return wheel(directory, {f"__editable__.{MODULE}.pth": os.getcwd()})
`;

describe.skipIf(!hasTools)('what pip itself installs from a repository, an archive, a directory (skipped where it is absent)', () => {
  let root: string;
  let server: Server;
  let host: string;
  const password = `pw${randomBytes(8).toString('hex')}`;
  const projects: Record<'vcs' | 'archive' | 'directory' | 'editable', { name: string; version: string; path: string }> = {} as never;
  let commit: string;
  const env = { ...process.env, PIP_CONFIG_FILE: '/dev/null', PIP_DISABLE_PIP_VERSION_CHECK: '1', no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1' };
  const run = (command: string, args: readonly string[], cwd: string): string => execFileSync(command, args, { cwd, encoding: 'utf8', env });

  beforeAll(async () => {
    root = realpathSync(temporaryDirectory());
    for (const kind of ['vcs', 'archive', 'directory', 'editable'] as const) {
      const suffix = randomBytes(3).toString('hex');
      const [name, module, version] = [`Sample.${kind}-${suffix}`, `sample_${kind}_${suffix}`, `1.${randomBytes(1)[0]}.0`];
      const path = join(root, 'srv', kind);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'pyproject.toml'), '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n');
      writeFileSync(join(path, 'backend.py'), `NAME, MODULE, VERSION = "${name}", "${module}", "${version}"\n${backend}`);
      projects[kind] = { name, version, path };
    }
    const served = join(root, 'served');
    const git = (args: readonly string[], cwd: string): string => run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], cwd);
    git(['init', '-q'], projects.vcs.path);
    git(['add', '.'], projects.vcs.path);
    git(['commit', '-qm', 'x'], projects.vcs.path);
    git(['clone', '-q', '--bare', projects.vcs.path, join(served, 'x.git')], root);
    git(['update-server-info'], join(served, 'x.git'));
    commit = git(['rev-parse', 'HEAD'], projects.vcs.path).trim();
    run('python3', ['-m', 'zipfile', '-c', join(served, 'x.zip'), 'pyproject.toml', 'backend.py'], projects.archive.path);
    server = createServer((request, response) => {
      const file = join(served, decodeURIComponent((request.url ?? '/').replace(/\?.*$/, '')));
      if (existsSync(file) && !file.includes('..')) response.end(readFileSync(file));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server?.close();
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });

  /** pip runs beside this process, which serves what it fetches. */
  const install = (...wanted: readonly string[]): Promise<void> => {
    const options = ['--quiet', '--no-index', '--no-deps', '--no-build-isolation', '--root-user-action=ignore', '--prefix', join(root, 'usr')];
    return promisify(execFile)('python3', ['-m', 'pip', 'install', ...options, ...wanted], { cwd: root, env }).then(() => {});
  };

  test('each with its origin, and nothing of the password', async () => {
    const { vcs, archive, directory, editable } = projects;
    await install(`git+http://user:${password}@${host}/x.git`, `http://user:${password}@${host}/x.zip`, directory.path, '-e', editable.path);
    const sites = (readdirSync(join(root, 'usr'), { recursive: true }) as string[]).filter((path) => path.endsWith('-packages'));
    expect(sites).toHaveLength(1);
    const evidence = await evidenceOf(`dir:${root}`);
    expect(evidence.problems.filter(({ evidence: kind }) => kind === 'packages')).toEqual([]);
    const found = Object.fromEntries((evidence.facts.packages ?? []).map((item) => [item.name, item]));
    const url = (text: string): string => encodeURIComponent(text);
    const purl = ({ name, version }: { name: string; version: string }): string => `pkg:pypi/${name.toLowerCase().replace('.', '-')}@${version}`;
    expect(found[vcs.name]).toMatchObject({ origin: 'vcs', purl: `${purl(vcs)}?vcs_url=${url(`git+http://${host}/x.git@${commit}`)}`, licenses: ['MIT'] });
    expect(found[archive.name]).toMatchObject({ origin: 'archive', purl: expect.stringContaining(`download_url=${url(`http://${host}/x.zip`)}`) });
    expect(found[directory.name]).toMatchObject({ origin: 'directory', purl: purl(directory) });
    expect(found[editable.name]).toMatchObject({ origin: 'editable', purl: purl(editable), locations: [{}, {}] });
    expect(Object.keys(found)).toHaveLength(4);
    expect(JSON.stringify(evidence)).not.toContain(password);

    const listed = JSON.parse(run('python3', ['-m', 'pip', 'list', '--format=json', '--path', join(root, 'usr', sites[0] as string)], root)) as Package[];
    const names = (packages: Iterable<Pick<Package, 'name' | 'version'>>): string[] => [...packages].map(({ name, version }) => `${name} ${version}`).sort();
    expect(names(Object.values(found))).toEqual(names(listed));
  });

  test('what pip wrote itself, where a later version of it keeps a password', async () => {
    const site = (readdirSync(join(root, 'usr'), { recursive: true }) as string[]).find((path) => path.endsWith('-packages')) as string;
    const copy = join(root, 'copy', 'usr', site);
    cpSync(join(root, 'usr', site), copy, { recursive: true });
    const file = (readdirSync(copy, { recursive: true }) as string[]).find((path) => /sample_vcs.*direct_url\.json$/.test(path)) as string;
    const record = JSON.parse(readFileSync(join(copy, file), 'utf8')) as { url: string };
    writeFileSync(join(copy, file), JSON.stringify({ ...record, url: record.url.replace('://', `://user:${password}@`) }));
    const evidence = await evidenceOf(`dir:${join(root, 'copy')}`);
    expect(evidence.facts.packages).toHaveLength(4);
    expect(JSON.stringify(evidence)).not.toContain(password);
  });
});
