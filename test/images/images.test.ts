import { beforeAll, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import { listImages } from '../../src/image/index.ts';
import type { Evidence, Image, Package, Request } from '../../src/model/index.ts';
import { topmostFile } from './layer-file.ts';
import { hasImages, type Sample, samples, type Truth, type TruthPackage } from './truth.ts';

/** Names and versions of the source package, out of the source rpm's file name: `NAME-VERSION-RELEASE.src.rpm`. */
function sourceOfRpm(file: string | null | undefined): string | null {
  const match = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file ?? '');
  return match === null ? null : `${match[1]} ${match[2]}`;
}

/** One line for a package, the same from truth and from the catalogue: type, name, version, architecture, source, place. */
type Line = string;

const places = { deb: '/var/lib/dpkg/status', apk: '/lib/apk/db/installed' };
const rpmPlaces: Readonly<Record<string, string>> = {
  'alma8-db:8': '/var/lib/rpm/Packages',
  'alma9-micro:9': '/var/lib/rpm/rpmdb.sqlite',
  'mariner2-db:2.0': '/var/lib/rpm/rpmdb.sqlite',
  'sles15-db:15.3': '/usr/lib/sysimage/rpm/Packages.db',
};

const expectedLines: Readonly<Record<keyof Truth['packages'], (item: TruthPackage, truth: Truth) => Line>> = {
  deb: (item, { image }) => {
    const place = image.startsWith('distroless') ? `/var/lib/dpkg/status.d/${item.name}` : places.deb;
    return `deb ${item.name} ${item.version} ${item.arch} source ${item.source} ${item.sourceVersion} in ${place}`;
  },
  apk: (item) => `apk ${item.name} ${item.version} ${item.arch} source ${item.origin} ${item.version} in ${places.apk}`,
  rpm: (item, { image }) => {
    // The truth was printed with rpm's query format, which writes a tag that a header doesn't have as "(none)": gpg-pubkey, a
    // key that rpm keeps like a package, has no architecture.
    const architecture = item.arch === '(none)' ? null : item.arch;
    const version = `${item.epoch == null ? '' : `${item.epoch}:`}${item.version}-${item.release}`;
    return `rpm ${item.name} ${version} ${architecture} source ${sourceOfRpm(item.sourceRpm)} in ${rpmPlaces[image]}`;
  },
  npm: (item) => `npm ${item.name} ${item.version} null source null in ${item.path}/package.json`,
  python: (item) => `pypi ${item.name} ${item.version} null source null in ${item.path}`,
};

function lineOf(item: Package): Line {
  const source = item.source === null ? null : `${item.source.name} ${item.source.version}`;
  return `${item.type} ${item.name} ${item.version} ${item.architecture} source ${source} in ${item.locations.map(({ path }) => path).join(', ')}`;
}

/** Which distribution package owns a language package: by path, from what the truth files say is planted. */
const owners: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'python-app:3.2': { '/usr/lib/python3/dist-packages/PyYAML-6.0.dist-info/METADATA': 'python3-yaml' },
};

/** The ecosystems of this test; other packages have tests of their own. */
const packages: Request = { kind: 'packages', detail: { types: ['deb', 'apk', 'rpm', 'npm', 'pypi'] } };
const requests: readonly Request[] = [packages, { kind: 'configuration' }, { kind: 'distribution' }, { kind: 'accounts' }, { kind: 'dockerfile' }];

async function openSample({ file, truth }: Sample): Promise<Image> {
  const isMulti = truth.image.startsWith('alpine-multi');
  const variant = truth.variant == null ? {} : { variant: truth.variant };
  const platform = isMulti ? { os: 'linux', architecture: truth.architecture, ...variant } : null;
  const tag = file.endsWith('debian-family.tar') ? truth.image : null;
  const found = await listImages(file, { platform, tag, limits: defaultLimits });
  expect(found).toHaveLength(1);
  return await (found[0] as (typeof found)[number]).open();
}

/** Values that are left out of a truth file stand there in parentheses. */
function sameButForLeftOut(given: Readonly<Record<string, string>>, truth: Readonly<Record<string, string>>): void {
  expect(Object.keys(given).sort()).toEqual(Object.keys(truth).sort());
  for (const [name, value] of Object.entries(truth)) {
    if (value.startsWith('(')) expect(given[name]).not.toBe('');
    else expect(given[name]).toBe(value);
  }
}

function assignments(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(list.map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)]));
}

test.skipIf(hasImages)('the sample images (../shared/images) are absent: their tests are skipped', () => {});

describe.each(samples().map((sample) => ({ ...sample, name: `${sample.truth.image} ${sample.truth.architecture}${sample.truth.variant ?? ''}` })))(
  '$name',
  (sample) => {
    const { truth } = sample;
    let image: Image;
    let evidence: Evidence;
    beforeAll(async () => {
      image = await openSample(sample);
      evidence = await catalog(image, requests, { limits: defaultLimits, dockerfile: null });
    });

    test('has the packages of the truth, no more and no less', () => {
      const expected = (Object.keys(expectedLines) as (keyof Truth['packages'])[]).flatMap((kind) =>
        (truth.packages[kind] ?? []).map((item) => expectedLines[kind](item, truth)),
      );
      // Lock files are compared in languages.test.ts.
      const installed = (evidence.facts.packages ?? []).filter(({ lockfile }) => !lockfile);
      expect(installed.map(lineOf).sort()).toEqual(expected.sort());
    });

    test('knows whose the language packages are', () => {
      const packages = evidence.facts.packages ?? [];
      const nameOf = (purl: string): string | undefined => packages.find((item) => item.purl === purl)?.name;
      const owned = packages.filter((item) => item.ownedBy !== null).map((item) => [item.locations[0]?.path, nameOf(item.ownedBy as string)]);
      expect(Object.fromEntries(owned)).toEqual(owners[truth.image] ?? {});
    });

    test('has no problem, and everything that was asked for is known', () => {
      expect(evidence.problems).toEqual([]);
      expect(evidence.coverage.map(({ state }) => state)).toEqual(requests.map(() => 'collected'));
    });

    test('names the distribution', () => {
      const { distribution } = evidence.facts;
      expect(distribution == null ? null : { id: distribution.id, versionId: distribution.version, prettyName: distribution.name }).toEqual(truth.os);
    });

    test('has the digests and layers of the truth', () => {
      expect(image.facts.imageId).toBe(truth.configDigest);
      // An archive in the old form of docker save has no manifest that could have a digest.
      expect(image.facts.digest).toBe(truth.image.startsWith('alpine-3.6:') ? null : truth.manifestDigest);
      // Of the single images the truth leaves the variant out: alma9-micro's configuration says arm64 v8.
      expect(image.facts.platform).toMatchObject({
        os: 'linux',
        architecture: truth.architecture,
        ...(truth.variant == null ? {} : { variant: truth.variant }),
      });
      expect(image.layers.map(({ diffId }) => diffId)).toEqual(truth.layers.map(({ diffId }) => diffId));
      if (!truth.image.startsWith('alpine-3.6:')) expect(image.layers.map(({ digest }) => digest)).toEqual(truth.layers.map(({ digest }) => digest));
      expect(image.layers.map(({ createdBy }) => createdBy)).toEqual(truth.layers.map(({ createdBy }) => createdBy));
      expect(image.configuration.history).toHaveLength(truth.historyEntries);
      expect(image.facts.verified).toBe(true);
    });

    test('has the configuration of the truth', () => {
      const { configuration } = image;
      const { config } = truth;
      expect(configuration.user).toBe(config.User ?? '');
      expect([...configuration.exposedPorts].sort()).toEqual(Object.keys(config.ExposedPorts ?? {}).sort());
      expect([...configuration.volumes].sort()).toEqual(Object.keys(config.Volumes ?? {}).sort());
      expect(configuration.entrypoint).toEqual(config.Entrypoint ?? []);
      expect(configuration.cmd).toEqual(config.Cmd ?? []);
      expect(configuration.workingDir).toBe(config.WorkingDir ?? '');
      expect(configuration.healthcheck?.test).toEqual(config.Healthcheck?.Test);
      sameButForLeftOut(configuration.labels, config.Labels ?? {});
      sameButForLeftOut(assignments(configuration.env), assignments(config.Env ?? []));
    });

    test('has the accounts that /etc/passwd lists', async () => {
      const lines = ((await topmostFile(image, 'etc/passwd')) ?? '').split('\n').filter((line) => line !== '');
      const written = lines.map((line) => line.split(':').filter((_, index) => index !== 1));
      const read = (evidence.facts.accounts ?? []).map(({ name, uid, gid, gecos, home, shell }) => [name, uid, gid, gecos, home, shell]);
      expect(read).toEqual(written);
    });
  },
);

describe.skipIf(!hasImages)('planted accounts of secrets-app (skipped without ../shared/images)', () => {
  test('two with uid 0, one without a password, no hash kept', async () => {
    const sample = samples().find(({ truth }) => truth.image === 'secrets-app:1') as Sample;
    const evidence = await catalog(await openSample(sample), [{ kind: 'accounts' }], { limits: defaultLimits, dockerfile: null });
    const accounts = evidence.facts.accounts ?? [];
    expect(accounts.filter(({ uid }) => uid === '0').map(({ name }) => name)).toEqual(['root', 'toor']);
    expect(accounts.filter(({ password }) => password === '').map(({ name }) => name)).toEqual(['ci']);
    expect(accounts.every(({ password }) => ['x', '*', '!', '', 'set'].includes(password))).toBe(true);
  });
});
