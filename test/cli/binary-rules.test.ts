import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { elfFixture } from '../../src/catalog/executable/program.fixture.ts';
import { portcullis, temporaryDirectory, writeIn } from '../support/cli.ts';
import { dockerArchive, layer } from '../support/image-builder.ts';

let directory = '';

const rules = String.raw`# What we build ourselves.
rules:
  - name: acme-server
    paths: [bin/acme-server]
    before: 'Acme Server '
    version: '\d+\.\d+\.\d+'
`;

beforeAll(() => {
  directory = temporaryDirectory();
  const text = Buffer.from('\0usage: %s\0Acme Server 4.2.0 (built by hand)\0', 'latin1');
  const server = elfFixture(text, [], { wide: true, bigEndian: false });
  dockerArchive([{ layers: [layer([{ path: 'usr/local/bin/acme-server', content: server, mode: 0o755 }])], tags: ['acme:4'] }]).writeTo(
    join(directory, 'image.tar'),
  );
  writeIn(directory, 'acme.yaml', rules);
  writeIn(directory, 'other.json', JSON.stringify({ rules: [{ name: 'other', paths: ['bin/acme-*'], before: 'usage: ', version: '%s' }] }));
  writeIn(directory, 'acme.policy', 'PKGCHECK:DENIED:STOP:NAMES=acme-server TYPES=generic\n');
  writeIn(directory, 'old.policy', 'PKGCHECK:DENIED:STOP:VERSIONS=acme-server|4.1.9\n');
});

const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) => portcullis(words, { cwd: directory, env });
const given = ['--binary-rules', 'acme.yaml'];

describe('a program of one’s own, recognised by one’s own rules', () => {
  test('catalog shows it, and doesn’t without the file; a layer read before with other rules is read again', async () => {
    expect((await run(['catalog', 'image.tar', '-o', 'purls'])).stdout).toBe('');
    expect(await run(['catalog', 'image.tar', '-o', 'purls', ...given])).toMatchObject({ code: 0, stdout: 'pkg:generic/acme-server@4.2.0\n' });
    expect((await run(['catalog', 'image.tar', '-o', 'purls'])).stdout).toBe('');
    const both = await run(['catalog', 'image.tar', '-o', 'purls', ...given, '--binary-rules', 'other.json']);
    expect(both.stdout).toBe('pkg:generic/acme-server@4.2.0\npkg:generic/other@%25s\n');
    const table = await run(['catalog', 'image.tar'], { PORTCULLIS_BINARY_RULES: 'acme.yaml,other.json' });
    expect(table.stdout).toMatch(/acme-server +4\.2\.0/);
    expect(table.stdout).toMatch(/other +%s/);
  });

  test('gate fires on it, and says by which file', async () => {
    const { code, stdout } = await run(['gate', 'image.tar', '-p', 'acme.policy', '-o', 'json', ...given]);
    expect(code).toBe(1);
    const document = JSON.parse(stdout) as { settings: object[]; images: { findings: object[] }[] };
    expect(document.settings).toContainEqual({ name: 'binary-rules', value: 'acme.yaml', origin: 'command line' });
    expect(document.images[0]?.findings).toMatchObject([
      {
        state: 'fired',
        package: { purl: 'pkg:generic/acme-server@4.2.0' },
        file: { path: '/usr/local/bin/acme-server' },
        message: 'forbidden package acme-server 4.2.0 (generic) in /usr/local/bin/acme-server',
      },
    ]);
    expect((await run(['gate', 'image.tar', '-p', 'acme.policy'])).code).toBe(0);
    expect((await run(['gate', 'image.tar', '-p', 'old.policy', ...given])).code).toBe(0);
    const byVariable = await run(['gate', 'image.tar', '-p', 'acme.policy', '-o', 'json'], { PORTCULLIS_BINARY_RULES: 'acme.yaml' });
    expect(byVariable.code).toBe(1);
    expect(byVariable.stdout).toContain('"origin": "environment"');
  });

  test('stored evidence holds it; judged by rules that it was made without, it isn’t certain', async () => {
    const stored = await run(['evidence', 'image.tar', '--offline', '-o', 'json=with.json', ...given]);
    expect(stored).toMatchObject({ code: 0 });
    await run(['evidence', 'image.tar', '--offline', '-o', 'json=without.json']);
    for (const words of [[], given]) expect((await run(['gate', 'evidence:with.json', '-p', 'acme.policy', ...words])).code).toBe(1);
    expect((await run(['gate', 'evidence:without.json', '-p', 'acme.policy'])).code).toBe(0);
    const open = await run(['gate', 'evidence:without.json', '-p', 'acme.policy', ...given]);
    expect(open.code).toBe(2);
    expect(open.stdout).toContain('not made with these rules');
  });

  test('an SBOM can’t answer for rules that it wasn’t made with', async () => {
    await run(['catalog', 'image.tar', '-o', 'cyclonedx-json=bom.json']);
    expect((await run(['gate', 'bom.json', '-p', 'acme.policy'])).code).toBe(0);
    expect((await run(['gate', 'bom.json', '-p', 'acme.policy', ...given])).code).toBe(2);
  });

  test.each(['vulnerabilities', 'services'])('%s takes them too', async (command) => {
    expect((await run([command, 'image.tar', ...given, ...(command === 'services' ? [] : ['--offline'])])).code).toBe(0);
  });
});

test('a faulty file ends with 3, and says where and what to write', async () => {
  writeIn(directory, 'faulty.yaml', rules.replace("version: '", "version: '(").replace('before:', 'befor:'));
  for (const command of ['catalog', 'gate', 'vulnerabilities', 'services', 'evidence']) {
    const { code, stderr, stdout } = await run([command, 'image.tar', '--binary-rules', 'faulty.yaml']);
    expect([command, code, stdout]).toEqual([command, 3, '']);
    expect(stderr).toContain('faulty.yaml:3:5: error: rule acme-server, before is missing: write the text right in front of the version');
    expect(stderr).toContain('faulty.yaml:5:5: error: rule acme-server has the unknown key befor (did you mean before?)');
    expect(stderr).toContain('faulty.yaml:6:14: error: rule acme-server, version is no expression: it opens a group that it does not close');
  }
  const json = await run(['gate', 'image.tar', '-o', 'json', '--binary-rules', 'gone.yaml']);
  expect(json.code).toBe(3);
  expect(JSON.parse(json.stdout)).toMatchObject({ schema: 'portcullis.error.v1', code: 'BINARY_RULES_INVALID' });
});
