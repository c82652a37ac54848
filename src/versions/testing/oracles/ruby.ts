import { rubygems } from '../../rubygems.ts';
import { answers, lines, type Oracle, run, succeeds } from './oracle.ts';

const program = `STDIN.each_line do |line|
  a, b = line.chomp.split("\\t", -1)
  puts(Gem::Version.correct?(a) && Gem::Version.correct?(b) ? Gem::Version.new(a) <=> Gem::Version.new(b) : '?')
end`;

/** RubyGems itself. */
export const rubyGems: Oracle = {
  tool: 'Gem::Version (Ruby)',
  order: rubygems,
  ecosystems: ['RubyGems'],
  pairs: 6000,
  judgesValidity: true,
  absent: () => (succeeds('ruby', ['-rrubygems', '-e', '1']) ? undefined : 'Ruby is absent'),
  compare: (pairs) => answers(run('ruby', ['-rrubygems', '-e', program], { input: lines(pairs) })),
};
