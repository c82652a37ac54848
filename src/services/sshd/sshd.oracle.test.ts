import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../model/index.ts';
import { packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { invalidCases, type SshdCase, validCases } from './corpus.fixture.ts';
import reader from './index.ts';

/** The installed sshd as an oracle: `sshd -T` prints the value of every directive, `sshd -t` says whether a file is valid. */
const program = '/usr/sbin/sshd';
const installed = installedVersion();
const title = installed === null ? 'skipped: no sshd of a Debian package that runs here' : `against sshd ${installed}`;

function installedVersion(): string | null {
  try {
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  } catch {
    // the call below tells whether it is needed
  }
  try {
    execFileSync(program, ['-T', '-f', '/dev/null'], { stdio: 'pipe' });
    return execFileSync('dpkg-query', ['-W', '-f', '$' + '{Version}', 'openssh-server'], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return null;
  }
}

describe.skipIf(installed === null)(title, () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'sshd-oracle-'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'key')]);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('the program says the release that its package has', () => {
    const files = { '/etc/ssh/sshd_config': '', [program]: readFileSync(program) };
    const [service] = [...reader.read(serviceImageOf({ files, packages: [] }))];
    expect(installed).toContain(`:${service?.version}-`);
  });

  function build(one: SshdCase): { directory: string; service: Service } {
    const directory = mkdtempSync(join(root, 'case-'));
    const files: Record<string, string> = {};
    copyFileSync(join(root, 'key'), join(directory, 'key'));
    chmodSync(join(directory, 'key'), 0o600);
    for (const [name, text] of Object.entries(one.files)) {
      const path = join(directory, name);
      const content = text.replaceAll(/\bD\//g, `${directory}/`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      files[path] = content;
    }
    const image = serviceImageOf({
      files,
      packages: [packageOf('deb', 'openssh-server', installed ?? '')],
      configuration: { entrypoint: ['/usr/sbin/sshd'], cmd: ['-D', '-e', '-f', join(directory, 'sshd_config'), ...(one.options ?? [])] },
    });
    const [service] = [...reader.read(image)];
    if (service === undefined) throw new Error('no service was read');
    return { directory, service };
  }

  test.each(validCases)('$name', (one) => {
    const { directory, service } = build(one);
    expect(service.problems).toEqual([]);
    expect(service.runs).toBe(true);
    for (const { as, scope } of one.connections ?? [{ as: '', scope: [] }]) {
      const settings = service.scopes.find((candidate) => candidate.scope.join('\n') === scope.join('\n'))?.settings ?? [];
      const extra = as === '' ? [] : ['-C', as];
      const said = execFileSync(program, ['-T', '-f', join(directory, 'sshd_config'), ...(one.options ?? []), ...extra], { encoding: 'utf8', stdio: 'pipe' });
      const theirs = ofProgram(said);
      const ours = new Map(
        settings
          .filter((setting) => theirs.has(setting.key.toLowerCase()))
          .map((setting) => [setting.key.toLowerCase(), ofSetting(setting.key.toLowerCase(), settings)]),
      );
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
    }
  });

  test.each(invalidCases)('refused: $name', (one) => {
    const { directory, service } = build(one);
    expect(spawnSync(program, ['-T', '-f', join(directory, 'sshd_config')]).status).not.toBe(0);
    expect(service.problems.filter((problem) => problem.kind === 'invalid')).not.toEqual([]);
  });
});

/** `sshd -T`, by keyword, spelt as we spell it. */
function ofProgram(text: string): Map<string, string> {
  const lines = new Map<string, string[]>();
  for (const line of text.trim().split('\n')) {
    const [, key = '', value = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    lines.set(key, [...(lines.get(key) ?? []), value]);
  }
  lines.delete('listenaddress');
  if (/gss-/.test(lines.get('gssapikexalgorithms')?.[0] ?? '')) lines.delete('gssapikexalgorithms');
  return new Map([...lines].map(([key, values]) => [key, normalised(key, values.join(key === 'subsystem' ? '\n' : ' '))]));
}

function ofSetting(key: string, settings: Service['scopes'][number]['settings']): string {
  return normalised(
    key,
    settings
      .filter((setting) => setting.key.toLowerCase() === key)
      .map((setting) => setting.value)
      .join(key === 'subsystem' ? '\n' : ' '),
  );
}

function normalised(key: string, value: string): string {
  if (key === 'permitrootlogin') return value.replace('without-password', 'prohibit-password');
  if (key === 'unusedconnectiontimeout') return value === 'none' ? '0' : value;
  if (key === 'rekeylimit') {
    return value
      .replace('default', '0')
      .replace('none', '0')
      .replace(/\b([0-9]+)([KMG])\b/, (_, digits, unit) => String(Number(digits) * 1024 ** ('KMG'.indexOf(unit) + 1)));
  }
  return value;
}
