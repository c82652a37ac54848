import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rpm } from '../../rpm.ts';
import { answers, lines, type Oracle, run, succeeds } from './oracle.ts';

const lua = 'for line in io.lines("pairs") do local a, b = line:match("([^\\t]*)\\t(.*)") print(rpm.vercmp(a, b) .. "\\n") end';

/** rpm, asked by its Lua interpreter. */
export const rpmProgram: Oracle = {
  tool: 'rpm (rpm.vercmp)',
  order: rpm,
  ecosystems: ['AlmaLinux', 'Azure Linux', 'Rocky Linux', 'Red Hat'],
  pairs: 6000,
  judgesValidity: false,
  absent: () => (succeeds('rpm', ['--eval', '%{lua:print(rpm.vercmp("1", "2"))}']) ? undefined : 'rpm with Lua is absent'),
  compare(pairs) {
    const folder = mkdtempSync(join(tmpdir(), 'versions-rpm-'));
    try {
      writeFileSync(join(folder, 'pairs'), lines(pairs));
      writeFileSync(join(folder, 'ask.lua'), lua);
      return answers(run('rpm', ['--eval', '%{lua:dofile("ask.lua")}'], { cwd: folder }).trimEnd());
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
