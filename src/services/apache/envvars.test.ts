import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellVariables } from './envvars.ts';

const skip = spawnSync('sh', ['-c', 'true']).status !== 0;

/** Files of assignments that a shell decides without running anything. */
const decided: readonly string[] = [
  'A=1\nexport B=2\nC="$A $B" D=\'$A\'\n',
  'A=x # a comment\n#B=2\nC=a#b\n',
  'A=/etc/apache2-x\nif [ "${A##/etc/apache2-}" != "$A" ] ; then\n\tB="-${A##/etc/apache2-}"\nelse\n\tB=\nfi\nC=/run/apache2$B/x.pid\n',
  'if test -z "$A"; then\n A=empty\nelif [ -n "$A" ]; then\n A=full\nelse A=none\nfi\n',
  'A=1\nif [ "$A" = 2 ]; then\nB=two\nelif [ "$A" = 1 ]; then\nB=one\nelse\nB=other\nfi\n',
  'if [ 1 = 2 ]; then\nif [ 1 = 1 ]; then\nA=in\nfi\nB=in\nfi\nC=out\n',
  ': ${A:=standing}\n: "${B:=a $A}"\nA=${A:-no}\nC=${X:-${A}}\nD=${NOSUCH:-d}${A:+plus}\n',
  'A=abc.txt\nB=${A%.txt}\nC=${A#ab}\nD=${A%%nosuch}\n',
  'A="a\\"b\\$c" B=a\\ b\nC=\'it\'"\'"\'s\'\n',
  'A=long\\\ner\nB=2; C=3\nunset B\n',
];

test.skipIf(skip).each(decided)(`as a shell reads it${skip ? ' (skipped: no sh)' : ''}: %j`, (text) => {
  const names = ['A', 'B', 'C', 'D'];
  const run = spawnSync('sh', ['-c', `${text}\nprintf '%s\\0' ${names.map((name) => `"$${name}"`).join(' ')}`], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  const { values, uncertain } = shellVariables(text, new Map());
  expect(names.map((name) => values.get(name) ?? '')).toEqual(run.stdout.split('\0').slice(0, 4));
  expect([...uncertain]).toEqual([]);
});

test('what hangs on a command or an unknown condition is uncertain', () => {
  const text = 'A=$(id -u)\nB=`date`\nC=x$A\nif grep -q x /etc/passwd; then\nD=1\nfi\nfor E in 1 2; do\nF=$E\ndone\nG=sure\n';
  const { uncertain } = shellVariables(text, new Map());
  expect([...uncertain].sort()).toEqual(['A', 'B', 'C', 'D', 'F']);
});

test('rubbish and growth end', () => {
  expect(shellVariables('if '.repeat(50_000), new Map()).values.size).toBe(0);
  expect(shellVariables(`A=xxxxxxxxxx\n${'A=$A$A\n'.repeat(5000)}`, new Map()).values.get('A')?.length).toBeLessThan(200_000);
  expect(shellVariables('A=${'.repeat(10_000), new Map()).values.size).toBeLessThan(3);
});
