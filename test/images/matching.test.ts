import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Advisories, importAdvisories, openAdvisories } from '../../src/advisories/index.ts';
import { defaultLimits, openZip } from '../../src/archive/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import { listImages } from '../../src/image/index.ts';
import type { Distribution, Package, PackageType } from '../../src/model/index.ts';
import { orderForEcosystem } from '../../src/versions/index.ts';
import { shared } from '../support/cli.ts';
import { evaluatePlainly, type Osv } from './plain-evaluator.ts';
import { hasImages, samples } from './truth.ts';

/*
 * Over ../shared/images with ../shared/feeds every match is derived again by an evaluator that looks at every record, with the
 * ecosystems' own tools as comparators: no difference either way.
 */
const feeds = join(shared, 'feeds', 'osv');
const isThere = hasImages && existsSync(feeds);
const orders: Readonly<Partial<Record<PackageType, string>>> = {
  deb: 'Debian',
  apk: 'Alpine',
  rpm: 'AlmaLinux',
  npm: 'npm',
  pypi: 'PyPI',
  maven: 'Maven',
  golang: 'Go',
  cargo: 'crates.io',
  gem: 'RubyGems',
  composer: 'Packagist',
};

describe.skipIf(!isThere)('matches in the sample images (skipped where ../shared/images or ../shared/feeds is absent)', () => {
  const dataDir = isThere ? mkdtempSync(join(tmpdir(), 'portcullis-matching-')) : '';
  let advisories: Advisories;
  const records: Osv[] = [];
  beforeAll(async () => {
    await importAdvisories(feeds, { dataDir });
    advisories = (await openAdvisories({ dataDir })) as Advisories;
    for (const name of readdirSync(feeds)) {
      if (!existsSync(join(feeds, name, 'all.zip'))) continue;
      const zip = openZip(readFileSync(join(feeds, name, 'all.zip')));
      for (const entry of zip.entries) {
        const { id, withdrawn, aliases, upstream, related, affected } = JSON.parse(Buffer.from(zip.read(entry)).toString()) as Osv;
        const lists = { aliases: aliases ?? [], upstream: upstream ?? [], related: related ?? [] };
        records.push({ id, affected, ...lists, ...(withdrawn === undefined ? {} : { withdrawn }) });
      }
    }
  });
  afterAll(() => {
    advisories?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const files = [...new Map(samples().map((sample) => [sample.file, sample])).keys()];
  let found = 0;
  let compared = 0;
  test.each(files.map((file) => [file.slice(file.lastIndexOf('/') + 1), file]))('%s', async (_, file) => {
    for (const candidate of await listImages(file, { platform: null, tag: null, limits: defaultLimits })) {
      const image = await candidate.open();
      const { facts } = await catalog(image, [{ kind: 'packages' }, { kind: 'vulnerabilities' }, { kind: 'distribution' }], {
        limits: defaultLimits,
        dockerfile: null,
      });
      const packages: readonly Package[] = facts.packages ?? [];
      const distribution: Distribution | null = facts.distribution ?? null;
      const expected = evaluatePlainly(packages, distribution, records, (type, a, b) => orderForEcosystem(orders[type] ?? '')?.compare(a, b));
      const { matches } = advisories.match(packages, distribution, new Date());
      const differences: string[] = [];
      for (const { purl } of packages) {
        const own = matches.filter((match) => match.package.purl === purl);
        const told = new Set(own.flatMap((match) => [match.id, ...match.aliases]));
        const wanted = expected.affected.get(purl) ?? new Set<string>();
        const doubtful = expected.doubtful.get(purl) ?? new Set<string>();
        for (const id of wanted) if (!told.has(id)) differences.push(`missed: ${purl} ${id}`);
        for (const { id } of own) if (!wanted.has(id) && !doubtful.has(id)) differences.push(`invented: ${purl} ${id}`);
        found += wanted.size;
      }
      compared += expected.comparisons.byTools;
      expect(differences, `${file} ${candidate.tags.join(' ')}`).toEqual([]);
    }
  });
  test('there was something to compare', () => {
    expect(found).toBeGreaterThan(500);
    expect(compared).toBeGreaterThan(1000);
    if (process.env.PORTCULLIS_TEST_FIGURES !== undefined) console.log(`${found} records for packages, ${compared} comparisons by tools`);
  });
});
