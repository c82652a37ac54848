import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scoreVector } from './cvss.ts';

describe('published examples', () => {
  test.each([
    // CVSS v2 guide, section 3.3: CVE-2002-0392, CVE-2003-0818, CVE-2003-0062
    ['AV:N/AC:L/Au:N/C:N/I:N/A:C', '2.0', 7.8],
    ['AV:N/AC:L/Au:N/C:C/I:C/A:C', '2.0', 10],
    ['AV:L/AC:H/Au:N/C:C/I:C/A:C', '2.0', 6.2],
    // CVSS v3.0 and v3.1 examples document
    ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', '3.0', 6.4],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', '3.1', 3.1],
    ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', '3.1', 9.9],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', '3.1', 7.5],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.1', 9.8],
    ['CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.1', 6.8],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', '3.1', 0],
    // CVSS v4.0 examples document and calculator
    ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 7.3],
    ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 7.7],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', '4.0', 10],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 9.3],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', '4.0', 0],
  ])('%s', (vector, version, score) => {
    expect(scoreVector(vector)).toEqual({ version, vector, score });
  });
});

test('the vector tells its version, whatever the label; a trailing slash and temporal metrics are forgiven', () => {
  expect(scoreVector('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/')).toMatchObject({ version: '3.1', score: 9.8 });
  expect(scoreVector('(AV:N/AC:L/Au:N/C:P/I:P/A:P)')).toMatchObject({ version: '2.0', score: 7.5 });
  expect(scoreVector('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U')?.score).toBe(8.1);
});

test.each([
  '',
  '/',
  'high',
  '9.8',
  'CVSS:3.1/',
  'CVSS:3.1/AV:N',
  'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:5.0/AV:N',
  'AV:N/AC:L',
  'CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/constructor:x/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:4.0/__proto__:N',
])('no vector: %j', (vector) => {
  expect(scoreVector(vector)).toBeUndefined();
});

test('never throws, and a score lies between 0 and 10', () => {
  const part = fc.constantFrom('CVSS:3.1', 'CVSS:4.0', 'AV:N', 'AC:L', 'PR:N', 'UI:N', 'S:C', 'C:H', 'I:H', 'A:H', 'VC:H', 'X', '::', 'E:U');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part, { maxLength: 14 }).map((parts) => parts.join('/')),
      ),
      (vector) => {
        const score = scoreVector(vector)?.score ?? 0;
        return score >= 0 && score <= 10;
      },
    ),
  );
});

const oracle = spawnSync('python3', ['-c', 'import cvss']).status === 0;
test.skipIf(!oracle)("agrees with the Python package cvss on random vectors of every version (skipped where it isn't installed: pip install cvss)", () => {
  const seed = Date.now() % 1_000_000;
  console.log(`seed ${seed}`);
  const script = `import random,sys
from cvss import CVSS2,CVSS3,CVSS4
from cvss.constants4 import METRICS_VALUE_NAMES as M
random.seed(int(sys.argv[1])); pick=random.choice
base="AV AC AT PR UI VC VI VA SC SI SA".split(); more="E CR IR AR MAV MAC MAT MPR MUI MVC MVI MVA MSC MSI MSA".split()
for _ in range(3000):
    v='CVSS:4.0/'+'/'.join(m+':'+pick(list(M[m])) for m in base+[m for m in more if random.random()<.3]); print(v,CVSS4(v).base_score)
    v='CVSS:3.'+pick('01')+'/AV:'+pick('NALP')+'/AC:'+pick('LH')+'/PR:'+pick('NLH')+'/UI:'+pick('NR')+'/S:'+pick('UC')+''.join('/'+m+':'+pick('HLN') for m in 'CIA'); print(v,CVSS3(v).base_score)
    v='AV:'+pick('LAN')+'/AC:'+pick('HML')+'/Au:'+pick('MSN')+''.join('/'+m+':'+pick('NPC') for m in 'CIA'); print(v,CVSS2(v).base_score)`;
  const { stdout } = spawnSync('python3', ['-c', script, String(seed)], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const different = stdout
    .trim()
    .split('\n')
    .filter((line) => scoreVector(line.split(' ')[0] ?? '')?.score !== Number(line.split(' ')[1]));
  expect(stdout.split('\n').length).toBeGreaterThan(9000);
  expect(different).toEqual([]);
});
