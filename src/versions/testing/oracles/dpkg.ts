import { dpkg } from '../../dpkg.ts';
import { answers, lines, type Oracle, run, succeeds } from './oracle.ts';

const perl = `use Dpkg::Version; while (<STDIN>) { chomp; my ($a, $b) = split /\\t/; print Dpkg::Version->new($a) <=> Dpkg::Version->new($b), "\\n"; }`;

/** Debian's own library, which can be asked for many pairs at once. */
export const dpkgLibrary: Oracle = {
  tool: 'Dpkg::Version (perl)',
  order: dpkg,
  ecosystems: ['Debian', 'Ubuntu'],
  pairs: 6000,
  judgesValidity: false,
  absent: () => (succeeds('perl', ['-MDpkg::Version', '-e', '1']) ? undefined : 'perl or libdpkg-perl is absent'),
  compare: (pairs) => answers(run('perl', ['-e', perl], { input: lines(pairs) })),
};

const shell = `while IFS="$(printf '\\t')" read -r a b; do
  if dpkg --compare-versions "$a" lt "$b" 2>/dev/null; then echo '<'; elif dpkg --compare-versions "$a" eq "$b" 2>/dev/null; then echo =
  elif dpkg --compare-versions "$a" gt "$b" 2>/dev/null; then echo '>'; else echo '?'; fi
done`;

/** dpkg itself; a process for each question, so for few pairs. */
export const dpkgProgram: Oracle = {
  tool: 'dpkg --compare-versions',
  order: dpkg,
  ecosystems: ['Debian', 'Ubuntu'],
  pairs: 250,
  judgesValidity: true,
  // It would take such a version for an option.
  skips: (a, b) => a.startsWith('-') || b.startsWith('-'),
  absent: () => (succeeds('dpkg', ['--version']) ? undefined : 'dpkg is absent'),
  compare: (pairs) => answers(run('sh', ['-c', shell], { input: lines(pairs) })),
};
