import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compactDirectives } from './directives.fixture.ts';
import { directiveOf, sourceOf } from './directives.ts';

const modules = '/usr/lib/apache2/modules';
const version = /Apache\/([\d.]+)/.exec(spawnSync('apache2', ['-v'], { encoding: 'utf8' }).stdout ?? '')?.[1];
const update = process.env.UPDATE_DIRECTIVES === '1';
const committed = new URL('./directives.json', import.meta.url);
const made = (JSON.parse(readFileSync(committed, 'utf8')) as { made: string }).made;
const skip = version === undefined || (!update && !made.includes(`httpd ${version} `));

/** What `apache2 -L` prints with every module but the other MPMs. */
function listing(mpm: string): string {
  const root = mkdtempSync(join(tmpdir(), 'portcullis-apache-'));
  try {
    const others = readdirSync(modules).filter((name) => /^mod_(?!mpm_).*\.so$/.test(name));
    const first = ['authz_core', 'dav', 'proxy', 'session', 'cache', 'dbd', 'watchdog', 'slotmem_shm', 'proxy_balancer', 'socache_shmcb', 'ldap'].map(
      (name) => `mod_${name}.so`,
    );
    const order = [`mod_mpm_${mpm}.so`, ...first.filter((name) => others.includes(name)), ...others.filter((name) => !first.includes(name))];
    const file = join(root, 'httpd.conf');
    writeFileSync(
      file,
      `ServerRoot ${root}\nServerName localhost\nErrorLog ${root}/error.log\n${order.map((name) => `LoadModule ${/^mod_(.*)\.so$/.exec(name)?.[1]}_module ${modules}/${name}`).join('\n')}\n`,
    );
    return execFileSync('apache2', ['-L', '-f', file], { encoding: 'utf8' });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test.skipIf(skip)(`directives.json is what httpd lists${skip ? ' (skipped: the httpd of this list is not here)' : ''}`, () => {
  const fresh = compactDirectives(version ?? '', readdirSync(modules), ['event', 'prefork', 'worker'].map(listing));
  if (update) writeFileSync(committed, `${JSON.stringify(fresh, null, 2)}\n`);
  expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(fresh);
});

test('directives are known in any case, with their modules and places', () => {
  expect(directiveOf('sslengine')).toEqual({ name: 'SSLEngine', modules: ['mod_ssl.c'], place: 'server' });
  expect(directiveOf('<DIRECTORY')?.place).toBe('server');
  expect(directiveOf('AllowOverride')?.place).toBe('directory');
  expect(directiveOf('Options')?.place).toBe('any');
  expect(directiveOf('nosuch')).toBeUndefined();
  expect([sourceOf('ssl_module'), sourceOf('mpm_event_module'), sourceOf('ldap_module')]).toEqual(['mod_ssl.c', 'event.c', 'util_ldap.c']);
});
