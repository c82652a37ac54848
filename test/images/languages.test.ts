import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import { listImages } from '../../src/image/index.ts';
import type { Evidence, Package, PackageType } from '../../src/model/index.ts';
import { hasImages, type Sample, samples } from './truth.ts';

/** A language package as the truth files write it. */
interface TruthItem {
  readonly name?: string;
  readonly version: string;
  readonly path: string;
  readonly license?: string;
  readonly groupId?: string;
  readonly artifactId?: string;
  readonly nested?: string;
}
type TruthLists = Readonly<Partial<Record<string, readonly TruthItem[]>>>;

/** What is compared: where, what, in which version, installed or not. */
function line(type: PackageType, name: string, version: string, place: string, isLocked: boolean): string {
  return `${type} ${name} ${version} in ${place}${isLocked ? ' (locked)' : ''}`;
}

/** An archive within others is named by the truth as `war!jar`; what in it says so is left out there. */
function archiveOf(item: Package): string {
  const { path = '', member = '' } = item.locations[0] ?? {};
  const archives = member.split('!/').filter((part) => /\.(?:jar|war|ear)$/.test(part));
  return [path, ...archives].join('!');
}

const lineOf: Readonly<Partial<Record<PackageType, (item: Package) => string>>> = {
  maven: (item) => line('maven', item.name, item.version, archiveOf(item), false),
};

function lines(packages: readonly Package[], types: readonly PackageType[]): string[] {
  return packages
    .filter((item) => types.includes(item.type))
    .map((item) => lineOf[item.type]?.(item) ?? line(item.type, item.name, item.version, item.locations[0]?.path ?? '', item.lockfile))
    .sort();
}

function truthLines(list: readonly TruthItem[] | undefined, type: PackageType, isLocked: boolean, suffix = ''): string[] {
  return (list ?? []).map((item) => line(type, item.name ?? '', item.version, `${item.path}${suffix}`, isLocked));
}

async function read(name: string): Promise<{ readonly evidence: Evidence; readonly truth: TruthLists; readonly planted: Readonly<Record<string, unknown>> }> {
  const sample = samples().find(({ truth }) => truth.image.startsWith(`${name}:`)) as Sample;
  const tag = sample.file.endsWith('debian-family.tar') ? sample.truth.image : null;
  const [image] = await listImages(sample.file, { platform: null, tag, limits: defaultLimits });
  const evidence = await catalog(await (image as NonNullable<typeof image>).open(), [{ kind: 'packages' }], { limits: defaultLimits, dockerfile: null });
  const { packages, planted = {} } = sample.truth as unknown as { packages: TruthLists; planted?: Readonly<Record<string, unknown>> };
  return { evidence, truth: packages, planted };
}

test.skipIf(hasImages)('the sample images (../shared/images) are absent: their language packages are not compared', () => {});

describe.skipIf(!hasImages)('language packages equal the truth', () => {
  test('java-app', async () => {
    const { evidence, truth } = await read('java-app');
    const expected = (truth.java ?? []).map((item) =>
      line(
        'maven',
        `${item.groupId}:${item.artifactId}`,
        item.version,
        [item.path, ...(item.nested ?? '').split('!').filter((part) => part !== '')].join('!'),
        false,
      ),
    );
    // The truth lists what has Maven's coordinates; the war names itself in its manifest, without a group.
    expected.push(line('maven', 'shop', '1.0.0', '/srv/webapps/shop.war', false));
    expect(lines(evidence.facts.packages ?? [], ['maven'])).toEqual(expected.sort());
    expect(evidence.problems).toMatchObject([
      { kind: 'unreadable', evidence: 'packages', scope: { ecosystem: 'maven', path: '/app/lib/broken-1.0.jar' }, what: '/app/lib/broken-1.0.jar' },
    ]);
    // The image has busybox, copied in without a package manager. Its first name is that of another applet.
    expect(lines(evidence.facts.packages ?? [], ['generic'])).toEqual(['generic busybox 1.37.0 in /bin/busybox']);
  });

  test('go-app', async () => {
    const { evidence, truth } = await read('go-app');
    expect(lines(evidence.facts.packages ?? [], ['golang'])).toEqual(truthLines(truth.go, 'golang', false).sort());
    expect(evidence.problems).toEqual([]);
    const purls = (evidence.facts.packages ?? []).map(({ purl }) => purl);
    expect(purls).toContain('pkg:golang/stdlib@1.21.0');
    expect(purls).toContain('pkg:golang/github.com/gin-gonic/gin@v1.6.0');
    expect(purls).toContain('pkg:golang/example.org/portcullis/goapp');
  });

  test('rust-app', async () => {
    const { evidence, truth } = await read('rust-app');
    const expected = [...truthLines(truth['rust-binary'], 'cargo', false), ...truthLines(truth['rust-lockfile'], 'cargo', true)];
    expect(lines(evidence.facts.packages ?? [], ['cargo'])).toEqual(expected.sort());
    expect(evidence.problems).toEqual([]);
  });

  test('php-app', async () => {
    const { evidence, truth } = await read('php-app');
    const installed = truthLines(truth.composer, 'composer', false);
    // The truth lists what is installed; the lock file that Composer wrote beside it has the same packages.
    const locked = installed.map((item) => `${item.replace('/vendor/composer/installed.json', '/composer.lock')} (locked)`);
    expect(lines(evidence.facts.packages ?? [], ['composer'])).toEqual([...installed, ...locked].sort());
    const licenses = (evidence.facts.packages ?? [])
      .filter(({ type, lockfile }) => type === 'composer' && !lockfile)
      .map(({ name, licenses }) => [name, licenses]);
    expect(Object.fromEntries(licenses)).toEqual(Object.fromEntries((truth.composer ?? []).map(({ name, license }) => [name, [license]])));
    expect(evidence.problems).toEqual([]);
  });

  test('ruby-app', async () => {
    const { evidence, truth } = await read('ruby-app');
    const expected = [...truthLines(truth.gem, 'gem', false), ...truthLines(truth['gem-lockfile'], 'gem', true)];
    // The truth left out a directory of RubyGems' path in Debian: the one of gems with machine code.
    const compiled = [['json', '2.6.3'] as const, ['nokogiri', '1.13.10'] as const, ['sdbm', '1.0.0'] as const];
    const directory = '/usr/lib/x86_64-linux-gnu/rubygems-integration/3.1.0/specifications';
    expected.push(...compiled.map(([name, version]) => line('gem', name, version, `${directory}/${name}-${version}.gemspec`, false)));
    expect(lines(evidence.facts.packages ?? [], ['gem'])).toEqual(expected.sort());
    expect(evidence.problems).toEqual([]);
    const gems = (evidence.facts.packages ?? []).filter(({ type, lockfile }) => type === 'gem' && !lockfile);
    // What Debian installed belongs to its packages; what gem installed to none.
    for (const gem of gems)
      expect([gem.locations[0]?.path, gem.ownedBy === null]).toEqual([gem.locations[0]?.path, gem.locations[0]?.path.startsWith('/var/lib/gems/')]);
  });

  test('node-app', async () => {
    const { evidence, truth, planted } = await read('node-app');
    const { path, optionalNotInstalled } = planted.lockfile as { path: string; optionalNotInstalled: string[] };
    const installed = truthLines(truth.npm, 'npm', false, '/package.json');
    const notInstalled = optionalNotInstalled.map((place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length));
    const found = evidence.facts.packages ?? [];
    expect(
      lines(
        found.filter(({ lockfile }) => !lockfile),
        ['npm'],
      ),
    ).toEqual(installed.sort());
    // The lock file names a version once for each place; here it is listed once. Besides what is installed it has the optional ones.
    const locked = found.filter(({ lockfile, type }) => lockfile && type === 'npm');
    expect(locked.every(({ locations }) => locations[0]?.path === path)).toBe(true);
    const both = new Set((truth.npm ?? []).map(({ name, version }) => `${name} ${version}`));
    expect(
      locked
        .map(({ name, version }) => `${name} ${version}`)
        .filter((item) => both.has(item))
        .sort(),
    ).toEqual([...both].sort());
    const rest = locked.filter(({ name, version }) => !both.has(`${name} ${version}`)).map(({ name }) => name);
    expect([...new Set(rest)].sort()).toEqual([...new Set(notInstalled)].sort());
    expect(evidence.problems).toEqual([]);
  });

  test('python-app', async () => {
    const { evidence, truth, planted } = await read('python-app');
    const found = evidence.facts.packages ?? [];
    expect(
      lines(
        found.filter(({ lockfile }) => !lockfile),
        ['pypi'],
      ),
    ).toEqual(truthLines(truth.python, 'pypi', false).sort());
    const locked = found.filter(({ lockfile, type }) => lockfile && type === 'pypi');
    expect(locked.length).toBeGreaterThan(10);
    expect(locked.every(({ locations }) => locations[0]?.path === planted.requirements)).toBe(true);
    expect(locked.map(({ name, version }) => `${name}==${version}`)).toContain('Django==3.2.0');
    expect(evidence.problems).toEqual([]);
  });
});
