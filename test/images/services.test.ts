import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ServicesDocument, VerdictDocument } from '../../src/model/index.ts';
import { portcullis, shared } from '../support/cli.ts';

// The founding promise on real images: the newest web server with the wrong TLS configuration is stopped, each weak
// protocol and suite named at its file and line; the well-configured one passes.

const archive = join(shared, 'images', 'debian-family.tar');
const absent = !existsSync(archive);
const title = absent ? ' (skipped: ../shared/images is absent)' : '';

async function judged(tag: string, policy: string): Promise<{ code: number | null; image: Extract<VerdictDocument['images'][number], { verdict: string }> }> {
  const { code, stdout } = await portcullis(['gate', archive, '--tag', tag, '--policy', policy, '-o', 'json']);
  const [image] = (JSON.parse(stdout) as VerdictDocument).images;
  if (image === undefined || 'error' in image) throw new Error(stdout);
  return { code, image };
}

describe.skipIf(absent)(`services of the sample images${title}`, () => {
  test.each(['apache-strong:1.0', 'nginx-strong:1.0'])('%s is GO under tls-intermediate', async (tag) => {
    const { code, image } = await judged(tag, 'tls-intermediate');
    expect(image.findings).toEqual([]);
    expect(code).toBe(0);
  });

  test.each([
    ['apache-weak:1.0', 'tls.protocols', ['TLSv1 '], '/etc/apache2/sites-enabled/shop.conf', 8],
    ['apache-weak:1.0', 'tls.protocols', ['SSLv3'], '/etc/apache2/mods-enabled/ssl.conf', 6],
    ['apache-weak:1.0', 'tls.ciphers', ['RC4-SHA', 'DES-CBC3-SHA'], '/etc/apache2/mods-enabled/ssl.conf', 7],
    ['nginx-weak:1.0', 'tls.protocols', ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1'], '/etc/nginx/nginx.conf', 10],
    ['nginx-weak:1.0', 'tls.ciphers', ['RC4-SHA', 'NULL-SHA', 'ECDHE-RSA-DES-CBC3-SHA'], '/etc/nginx/nginx.conf', 11],
    ['nginx-weak:1.0', 'tls.ciphers', ['RC4-SHA', 'DES-CBC3-SHA'], '/etc/nginx/conf.d/shop.conf', 13],
  ] as const)('%s is stopped by %s, which names %j at %s:%i', async (tag, trigger, names, path, line) => {
    const { code, image } = await judged(tag, 'tls-intermediate');
    expect(code).toBe(1);
    const here = image.findings.filter(
      (finding) => finding.trigger === trigger && finding.action === 'stop' && finding.file?.path === path && finding.file.line === line,
    );
    for (const name of names) expect(here.map((finding) => finding.message).join('\n')).toContain(name);
  });

  test('apache-weak: root may log in over ssh, and the policy ssh-hardening says where that is set', async () => {
    const { code, image } = await judged('apache-weak:1.0', 'ssh-hardening');
    expect(code).toBe(1);
    expect(image.findings.some((finding) => /PermitRootLogin/i.test(finding.message) && finding.file?.path.startsWith('/etc/ssh/'))).toBe(true);
  });

  test('services lists scopes, protocols and origins, and says what the image starts', async () => {
    const { code, stdout } = await portcullis(['services', archive, '--tag', 'apache-weak:1.0', '-o', 'json']);
    expect(code).toBe(0);
    const [image] = (JSON.parse(stdout) as ServicesDocument).images;
    if (image === undefined || 'error' in image) throw new Error(stdout);
    const apache = image.services.find((service) => service.service === 'apache');
    const sshd = image.services.find((service) => service.service === 'sshd');
    expect(apache).toMatchObject({ version: '2.4.68', entry: '/etc/apache2/apache2.conf', runs: true });
    expect(sshd).toMatchObject({ runs: false });
    expect(apache?.scopes.map((scope) => scope.scope.join(' > '))).toContain('VirtualHost *:443');
  });
});
