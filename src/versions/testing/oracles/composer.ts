import { composer } from '../../composer.ts';
import { answers, lines, type Oracle, run, succeeds } from './oracle.ts';

const program = `require '/usr/share/php/Composer/Semver/autoload.php';
$parser = new Composer\\Semver\\VersionParser();
while (($line = fgets(STDIN)) !== false) {
  try {
    [$a, $b] = array_map([$parser, 'normalize'], explode("\\t", rtrim($line, "\\n")));
    echo strpos($a, 'dev-') === 0 || strpos($b, 'dev-') === 0 ? '?' : version_compare($a, $b), "\\n";
  } catch (UnexpectedValueException $e) {
    echo "?\\n";
  }
}`;

/** Composer's own library (Debian's php-composer-semver). */
export const composerLibrary: Oracle = {
  tool: 'composer/semver (PHP)',
  order: composer,
  ecosystems: ['Packagist'],
  pairs: 6000,
  judgesValidity: true,
  // Releases since 3.4 take one more number behind a date than the one that Debian 12 has.
  skips: (a, b) => [a, b].some((text) => /^v?\d{8}\.\d+\.\d/.test(text)),
  absent: () =>
    succeeds('php', ['-r', "exit(is_file('/usr/share/php/Composer/Semver/autoload.php') ? 0 : 1);"]) ? undefined : 'PHP or php-composer-semver is absent',
  compare: (pairs) => answers(run('php', ['-r', program], { input: lines(pairs) })),
};
