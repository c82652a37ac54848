import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding, VerdictDocument } from '../../src/model/index.ts';
import { type CommandResult, portcullis, shared, temporaryDirectory, writeIn } from '../support/cli.ts';
import { foundingDockerfile, writeAdvisories, writeFoundingImage } from './founding-image.ts';

const examples = join(shared, 'reference', 'classic-examples');
const hasExamples = existsSync(examples);
const policies = hasExamples ? readdirSync(examples).filter((name) => name.endsWith('.policy')) : [];

let directory: string;
let data: string;

beforeAll(async () => {
  directory = temporaryDirectory();
  data = join(directory, 'data');
  writeFoundingImage(join(directory, 'apache.tar'));
  writeIn(directory, 'Dockerfile', foundingDockerfile);
  const imported = await portcullis(['feeds', 'import', writeAdvisories(join(directory, 'advisories'))], { env: { PORTCULLIS_DATA_DIR: data } });
  expect(imported.code, imported.stderr).toBe(0);
});

/** Judges the founding image on the day after its advisories. Everything is named without this machine's paths. */
function gate(policy: string, ...options: readonly string[]): Promise<CommandResult> {
  const now = ['--now', '2016-06-03T00:00:00Z', '--platform', 'linux/amd64'];
  return portcullis(['gate', 'apache.tar', '--policy', policy, ...now, ...options], { cwd: directory, env: { PORTCULLIS_DATA_DIR: data } });
}

async function findings(policy: string, ...options: readonly string[]): Promise<{ readonly code: number | null; readonly found: readonly Finding[] }> {
  const result = await gate(policy, '-o', 'json', ...options);
  const [image] = (JSON.parse(result.stdout) as VerdictDocument).images;
  if (image === undefined || !('findings' in image)) throw new Error(result.stdout);
  return { code: result.code, found: image.findings };
}

const rows = (found: readonly Finding[]): string[] =>
  found.map(({ trigger, action, state, package: about }) => [action, trigger, state, about?.name ?? ''].join(' ').trim());

test.skipIf(hasExamples)('the classic examples (../shared/reference) are absent: their golden verdicts are skipped', () => {});

describe.skipIf(!hasExamples)('golden verdicts of the classic examples (skipped without ../shared/reference)', () => {
  test.each(policies)('%s', async (name) => {
    writeIn(directory, name, readFileSync(join(examples, name)));
    const result = await gate(name, '--dockerfile', 'Dockerfile');
    const text = `exit code ${result.code}\n\n--- stdout\n${result.stdout}--- stderr\n${result.stderr}`;
    await expect(text).toMatchFileSnapshot(`classic-examples/${name.replace('.policy', '')}.txt`);
  });
});

describe('the story of the founding article', () => {
  const story = 'DOCKERFILECHECK:NOHEALTHCHECK:WARN\nPKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh-server,foolib\nANCHORESEC:VULNHIGH:STOP\n';

  test('one WARN and two STOPs: a missing health check, an ssh server, a high vulnerability of openssl and its library', async () => {
    const { code, found } = await findings(writeIn(directory, 'story.policy', story));
    expect(code).toBe(1);
    expect(rows(found).sort()).toEqual([
      'stop PKGNAMEMATCH fired openssh-server',
      'stop VULNHIGH fired libssl1.0.0',
      'stop VULNHIGH fired openssl',
      'warn NOHEALTHCHECK fired',
    ]);
    const server = found.find(({ trigger }) => trigger === 'PKGNAMEMATCH');
    expect(server).toMatchObject({ package: { version: '1:6.7p1-5' }, file: { path: '/var/lib/dpkg/status' }, layer: { index: 1 }, rule: { line: 2 } });
    expect(found.find(({ package: about }) => about?.name === 'openssl')?.vulnerability).toMatchObject({ severity: 'high', fixedIn: '1.0.1t-1+deb8u1' });
  });

  test('each severity has its packages; a package is matched by its source; what is fixed is not found', async () => {
    const levels = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'].map((level) => `ANCHORESEC:VULN${level}:WARN`).join('\n');
    const { code, found } = await findings(writeIn(directory, 'levels.policy', `${levels}\n`));
    expect(code).toBe(2);
    expect(rows(found).sort()).toEqual([
      'warn VULNHIGH fired libssl1.0.0',
      'warn VULNHIGH fired openssl',
      'warn VULNLOW fired apache2',
      'warn VULNMEDIUM fired zlib1g',
    ]);
  });

  test('a health check, no ssh server, and a policy that only warns: what is left decides the exit code', async () => {
    expect((await findings(writeIn(directory, 'foolib.policy', 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=foolib\n'))).code).toBe(0);
    expect((await findings(writeIn(directory, 'health.policy', 'DOCKERFILECHECK:NOHEALTHCHECK:WARN\n'))).code).toBe(2);
    expect((await findings(writeIn(directory, 'full.policy', 'PKGBLACKLIST:PKGFULLMATCH:STOP:BLACKLIST_FULLMATCH=openssh-server|1:6.7p1-4\n'))).code).toBe(0);
    expect((await findings(writeIn(directory, 'full.policy', 'PKGBLACKLIST:PKGFULLMATCH:STOP:BLACKLIST_FULLMATCH=openssh-server|1:6.7p1-5\n'))).code).toBe(1);
  });
});
