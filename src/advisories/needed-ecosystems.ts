import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Distribution, Package } from '../model/index.ts';
import { advisoriesDir, checkPrivate, createAdvisoriesDir } from './data-directory.ts';
import { distributionEcosystem, isDistributionType, languageEcosystem } from './ecosystem.ts';

const fileName = 'needed.json';
/** OSV has about fifty; a file with more was not written by us. */
const most = 500;

/** The base ecosystems (`Debian`, `npm`) whose advisories an image's packages need, sorted. */
export function neededEcosystems(packages: readonly Package[], distribution: Distribution | null): readonly string[] {
  const needed = new Set<string>();
  const lookup = distribution === null ? undefined : distributionEcosystem(distribution);
  for (const pkg of packages) {
    if (isDistributionType(pkg.type)) {
      if (lookup?.state === 'known' && lookup.found.packages === pkg.type) needed.add(lookup.found.base);
      continue;
    }
    const ecosystem = pkg.ownedBy === null ? languageEcosystem(pkg.type) : undefined;
    if (ecosystem !== undefined) needed.add(ecosystem);
  }
  return [...needed].sort();
}

/** The ecosystems that images seen so far need; none when none was seen. What isn't readable counts as none. */
export async function rememberedEcosystems(dataDir: string): Promise<readonly string[]> {
  if (!(await checkPrivate(dataDir))) return [];
  const text = await readFile(join(advisoriesDir(dataDir), fileName), 'utf8').catch(() => '');
  try {
    const { ecosystems } = JSON.parse(text) as { ecosystems?: unknown };
    return Array.isArray(ecosystems) ? ecosystems.filter((name): name is string => typeof name === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

/**
 * Remembers ecosystems for the next sync. A convenience: where it can't be written nothing is lost but that. Two processes that
 * write at the same time may forget one of theirs, which the next image brings back.
 */
export async function rememberEcosystems(dataDir: string, ecosystems: readonly string[]): Promise<void> {
  try {
    const known = new Set(await rememberedEcosystems(dataDir));
    if (ecosystems.every((name) => known.has(name))) return;
    for (const name of ecosystems) known.add(name);
    const directory = await createAdvisoriesDir(dataDir);
    const path = join(directory, `needed-${randomBytes(6).toString('hex')}`);
    try {
      await writeFile(path, `${JSON.stringify({ ecosystems: [...known].sort() }, null, 2)}\n`, { mode: 0o600 });
      await rename(path, join(directory, fileName));
    } finally {
      await rm(path, { force: true });
    }
  } catch {
    // A read-only or foreign directory is told where it is opened for the advisories themselves.
  }
}
