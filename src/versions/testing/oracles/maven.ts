import { existsSync } from 'node:fs';
import { maven } from '../../maven.ts';
import { answers, type Oracle, run, succeeds } from './oracle.ts';

const libraries = '/usr/share/maven/lib';

/** The main class of Maven's artifact library: it takes versions as arguments and compares each with the one before. */
export const mavenLibrary: Oracle = {
  tool: 'ComparableVersion (Maven)',
  order: maven,
  ecosystems: ['Maven'],
  pairs: 6000,
  judgesValidity: false,
  absent: () => (existsSync(libraries) && succeeds('java', ['-version']) ? undefined : 'Java or the libraries of Maven are absent'),
  compare(pairs) {
    const args = ['-cp', `${libraries}/*`, 'org.apache.maven.artifact.versioning.ComparableVersion', ...pairs.flat()];
    const compared = run('java', args)
      .split('\n')
      .filter((line) => line.startsWith('   '))
      .map((line) => line.trim().split(' ')[1]?.charAt(0) ?? '?');
    // Between two pairs the last of one is compared with the first of the next; those answers were not asked for.
    return answers(compared.filter((_, i) => i % 2 === 0).join('\n'));
  },
};
