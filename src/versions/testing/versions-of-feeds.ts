import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const feeds = join(import.meta.dirname, '../../../../shared/feeds/osv');

/**
 * For tests: real versions out of OSV archives that lie beside the repository (`../shared/feeds/osv/<Ecosystem>/all.zip`),
 * without doubles, sorted as text. Empty when there are none or `unzip` is absent.
 */
export function versionsOfFeeds(ecosystems: readonly string[]): string[] {
  const found = new Set<string>();
  for (const ecosystem of ecosystems) {
    const archive = join(feeds, ecosystem, 'all.zip');
    if (!existsSync(archive)) continue;
    for (const version of versionsIn(unzipped(archive))) if (/^[!-~]+$/.test(version)) found.add(version);
  }
  return [...found].sort();
}

function unzipped(archive: string): string {
  try {
    return execFileSync('unzip', ['-p', archive, '*.json'], { encoding: 'utf8', maxBuffer: 2 ** 29, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

function* versionsIn(json: string): Generator<string> {
  for (const match of json.matchAll(/"(?:introduced|fixed|last_affected)":\s*"([^"\\]+)"/g)) yield match[1] ?? '';
  for (const match of json.matchAll(/"versions":\s*\[([^\]]*)\]/g)) {
    for (const version of (match[1] ?? '').matchAll(/"([^"\\]+)"/g)) yield version[1] ?? '';
  }
}
