import { pep440 } from '../../pep440.ts';
import { answers, lines, type Oracle, run, succeeds } from './oracle.ts';

const load = `try:
  from packaging.version import Version
except ImportError:
  from pip._vendor.packaging.version import Version
`;

const program = `${load}
import sys
def read(text):
  try:
    return Version(text)
  except Exception:
    return None
for line in sys.stdin:
  a, b = map(read, line.rstrip("\\n").split("\\t"))
  print("?" if a is None or b is None else (a > b) - (a < b))
`;

/** Python's `packaging`, or the copy of it inside pip. */
export const pythonPackaging: Oracle = {
  tool: 'packaging (Python)',
  order: pep440,
  ecosystems: ['PyPI'],
  pairs: 6000,
  judgesValidity: true,
  absent: () => (succeeds('python3', ['-c', load]) ? undefined : 'Python with packaging or pip is absent'),
  compare: (pairs) => answers(run('python3', ['-c', program], { input: lines(pairs) })),
};
