import { describe, expect, test } from 'vitest';
import type { Service, Setting } from '../../model/index.ts';
import { distributionOf, type FixtureFile, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { apacheReader } from './reader.ts';

const debian = [packageOf('deb', 'apache2-bin', '2.4.57-2+deb12u1'), packageOf('deb', 'libssl3', '3.0.17-1~deb12u2')];
const modules = ['mpm_event', 'authz_core', 'ssl'].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n');

function read(files: Record<string, FixtureFile>, more: Omit<Parameters<typeof serviceImageOf>[0], 'files'> = {}): Service {
  const [service] = [...apacheReader.read(serviceImageOf({ files, packages: debian, configuration: { cmd: ['apache2ctl', '-D', 'FOREGROUND'] }, ...more }))];
  if (service === undefined) throw new Error('no service was found');
  return service;
}
/** Debian's layout with one file of text. */
const conf = (text: string, more: Record<string, FixtureFile> = {}) => ({ '/etc/apache2/apache2.conf': `${modules}\nListen 443\n${text}`, ...more });
const scope = (service: Service, ...path: string[]) => service.scopes.find((one) => one.scope.join(' > ') === path.join(' > '));
const setting = (service: Service, path: string[], key: string): Setting | undefined => scope(service, ...path)?.settings.find((one) => one.key === key);

describe('effective settings', () => {
  test('the last statement wins, the others are shadowed, each with file, line and layer', () => {
    const service = read({
      '/etc/apache2/apache2.conf': { text: `${modules}\nListen 443\nServerTokens OS\nInclude sub.conf\n`, layer: 1 },
      '/etc/apache2/sub.conf': { link: 'real.conf' },
      '/etc/apache2/real.conf': { text: '\nServerTokens Full\n\nservertokens Prod\n', layer: 3 },
    });
    expect(service.problems).toEqual([]);
    expect(setting(service, [], 'ServerTokens')).toEqual({
      key: 'ServerTokens',
      value: 'Prod',
      origin: { path: '/etc/apache2/sub.conf', line: 4, layer: 3 },
      certain: true,
      shadowed: [
        { value: 'OS', origin: { path: '/etc/apache2/apache2.conf', line: 5, layer: 1 } },
        { value: 'Full', origin: { path: '/etc/apache2/sub.conf', line: 2, layer: 3 } },
      ],
    });
  });

  test('a virtual host inherits, overrides and says what it overrode', () => {
    const service = read(conf('TraceEnable off\nTimeout 5\n<VirtualHost *:443>\nTraceEnable on\n</VirtualHost>\n'));
    expect(setting(service, ['VirtualHost *:443'], 'TraceEnable')).toMatchObject({
      value: 'on',
      origin: { line: 8 },
      shadowed: [{ value: 'off', origin: { line: 5 } }],
    });
    expect(setting(service, ['VirtualHost *:443'], 'Timeout')).toMatchObject({ value: '5', origin: { line: 6 } });
    expect(setting(service, ['VirtualHost *:443'], 'ServerTokens')).toBeUndefined();
    expect(setting(service, [], 'ServerTokens')).toMatchObject({ value: 'Full', origin: { default: 'httpd default' } });
  });

  test('statements that add up all stay', () => {
    const service = read(conf('LoadModule headers_module m.so\nHeader set A "1 2"\n<VirtualHost *:443>\nHeader set B 2\n</VirtualHost>\n'));
    expect(
      scope(service, 'VirtualHost *:443')
        ?.settings.filter((one) => one.key === 'Header')
        .map((one) => one.value),
    ).toEqual(['set A "1 2"', 'set B 2']);
  });

  test('Options are counted out along the directories', () => {
    const service = read(
      conf(
        '<Directory />\nOptions FollowSymLinks\nAllowOverride None\n</Directory>\n<Directory /var/www>\nOptions +Indexes\n</Directory>\n<Directory "/var/www/html/">\nOptions -FollowSymLinks +Includes\n</Directory>\n',
      ),
    );
    expect(setting(service, ['Directory /var/www/html/'], 'Options')).toMatchObject({ value: 'Indexes Includes', origin: { line: 13 } });
    expect(setting(service, ['Directory /var/www/html/'], 'AllowOverride')).toMatchObject({ value: 'None', origin: { line: 7 } });
    expect(setting(service, ['Directory /var/www'], 'Options')?.value).toBe('FollowSymLinks Indexes');
  });

  test('hosts with the same address are told apart by name, and by number', () => {
    const host = (name: string) => `<VirtualHost *:443>\n${name}\n</VirtualHost>\n`;
    const service = read(conf(host('ServerName a.test') + host('ServerName b.test') + host('')));
    expect(service.scopes.map((one) => one.scope.join())).toEqual(['', 'VirtualHost *:443 a.test', 'VirtualHost *:443 b.test', 'VirtualHost *:443 #3']);
  });

  test('defaults follow the version', () => {
    const files = conf('');
    const old = read(files, { packages: [packageOf('deb', 'apache2', '2.4.10-10+deb8u16'), packageOf('deb', 'libssl1.0.0', '1.0.1t-1')] });
    expect(setting(old, [], 'SSLProtocol')).toMatchObject({ value: 'all', origin: { default: 'httpd before 2.4.17' } });
    expect(setting(read(files), [], 'SSLProtocol')?.value).toBe('all -SSLv3');
  });
});

describe('what is not certain', () => {
  test('a variable that the image does not set', () => {
    const service = read(conf('Timeout ${WAIT}\nServerTokens Prod\n'));
    expect(setting(service, [], 'Timeout')).toMatchObject({ value: '${WAIT}', certain: false, uncertainty: expect.stringContaining('${WAIT}') });
    expect(setting(service, [], 'ServerTokens')?.certain).toBe(true);
  });

  test('a missing include: what stands before it and defaults, not what stands after it', () => {
    const service = read(conf('ServerTokens Prod\nInclude gone.conf\nTraceEnable off\n'));
    expect(service.problems).toMatchObject([{ kind: 'invalid', location: { path: '/etc/apache2/apache2.conf', line: 6 } }]);
    expect(setting(service, [], 'ServerTokens')).toMatchObject({ certain: false, uncertainty: '/etc/apache2/gone.conf is not in the image' });
    expect(setting(service, [], 'Timeout')?.certain).toBe(false);
    expect(setting(service, [], 'TraceEnable')?.certain).toBe(true);
  });

  test('conditions on what a missing include may bring', () => {
    const service = read(
      conf(
        'Include gone.conf\n<IfModule status_module>\nTimeout 1\n</IfModule>\n<IfModule !status_module>\nTimeout 2\n</IfModule>\n<IfModule ssl_module>\nKeepAlive Off\n</IfModule>\n',
      ),
    );
    expect(setting(service, [], 'Timeout')).toMatchObject({ value: '2', certain: false });
    expect(setting(service, [], 'KeepAlive')).toMatchObject({ value: 'Off', certain: true });
  });

  test('a file that cannot be read; one that is pending is as if empty', () => {
    const service = read(
      conf('Include a.conf\nInclude b.conf\n', { '/etc/apache2/a.conf': { unreadable: 'too large' }, '/etc/apache2/b.conf': { pending: true } }),
    );
    expect(service.problems).toMatchObject([{ kind: 'unreadable', why: 'too large' }]);
    expect(setting(service, [], 'Timeout')?.uncertainty).toBe('/etc/apache2/a.conf could not be read');
  });

  test('an unknown version: IfVersion, and that it is unknown', () => {
    const service = read(conf('<IfModule mod_version.c>\n<IfVersion >= 2.4>\nTimeout 7\n</IfVersion>\n</IfModule>\n'), { packages: [] });
    expect(setting(service, [], 'Timeout')).toMatchObject({ value: '7', certain: false });
    expect(service.problems).toMatchObject([{ kind: 'uncertain' }]);
  });

  test('directives of foreign modules are taken as they are', () => {
    const service = read(conf('LoadModule security2_module m.so\nSecRuleEngine On\nSSLPolicy modern\n'));
    expect(service.problems).toEqual([]);
    expect(setting(service, [], 'SecRuleEngine')?.value).toBe('On');
  });

  test('a command line with a variable', () => {
    const service = read(conf('ServerTokens Prod\n'), { configuration: { cmd: ['sh', '-c', 'exec apache2ctl -D FOREGROUND $EXTRA'] } });
    expect(service.problems).toMatchObject([{ kind: 'uncertain' }]);
    expect(setting(service, [], 'ServerTokens')?.certain).toBe(false);
  });
});

describe('how it is installed and started', () => {
  const fixed = (entrypoint: string[], cmd: string[], env: string[] = []) => ({ configuration: { entrypoint, cmd, env } });

  test("Debian's envvars reach the server through its scripts alone", () => {
    const files = conf('User ${APACHE_RUN_USER}\nPidFile ${APACHE_PID_FILE}\n', {
      '/etc/apache2/envvars':
        'unset HOME\nif [ "${APACHE_CONFDIR##/etc/apache2-}" != "${APACHE_CONFDIR}" ] ; then\n\tSUFFIX="-${APACHE_CONFDIR##/etc/apache2-}"\nelse\n\tSUFFIX=\nfi\nexport APACHE_RUN_USER=www-data\nexport APACHE_PID_FILE=/var/run/apache2$SUFFIX/apache2.pid\n',
    });
    const service = read(files, fixed([], ['apachectl', '-D', 'FOREGROUND']));
    expect(service.runs).toBe(true);
    expect(setting(service, [], 'User')).toMatchObject({ value: 'www-data', certain: true });
    expect(setting(service, [], 'PidFile')?.value).toBe('/var/run/apache2/apache2.pid');
    expect(setting(read(files, fixed([], ['apache2', '-DFOREGROUND'])), [], 'User')).toMatchObject({ value: '${APACHE_RUN_USER}', certain: false });
  });

  test('variables with standing values, as the image of PHP writes them', () => {
    const envvars =
      ': ${APACHE_CONFDIR:=/etc/apache2}\n: ${APACHE_RUN_USER:=www-data}\nexport APACHE_RUN_USER\n: ${APACHE_LOG_DIR:=/var/log/apache2$SUFFIX}\nexport X=$(hostname)\n';
    const files = conf('User ${APACHE_RUN_USER}\nErrorLog ${APACHE_LOG_DIR}/e\nServerName ${X}.test\n', { '/etc/apache2/envvars': envvars });
    const service = read(files, fixed([], ['apache2-foreground'], ['APACHE_RUN_USER=app']));
    expect(setting(service, [], 'User')?.value).toBe('app');
    expect(setting(service, [], 'ErrorLog')).toMatchObject({ value: '/var/log/apache2/e', certain: true });
    expect(setting(service, [], 'ServerName')?.certain).toBe(false);
  });

  test.each([
    ['official image', '/usr/local/apache2/conf/httpd.conf', fixed([], ['httpd-foreground'], ['HTTPD_VERSION=2.4.62']), '2.4.62', true],
    [
      'Red Hat',
      '/etc/httpd/conf/httpd.conf',
      {
        ...fixed(['/usr/sbin/httpd'], ['-DFOREGROUND']),
        packages: [packageOf('rpm', 'httpd-core', '2.4.57-5.el9')],
        distribution: distributionOf('rhel', '9.3', ['fedora']),
      },
      '2.4.57',
      true,
    ],
    [
      'Alpine',
      '/etc/apache2/httpd.conf',
      {
        ...fixed([], ['sh', '-c', 'httpd -D FOREGROUND']),
        packages: [packageOf('apk', 'apache2', '2.4.62-r0')],
        distribution: distributionOf('alpine', '3.20'),
      },
      '2.4.62',
      true,
    ],
    ['installed, not started', '/etc/apache2/apache2.conf', fixed([], ['nginx', '-g', 'daemon off;']), '2.4.57', false],
  ])('%s', (_name, entry, more, version, runs) => {
    const service = read({ [entry]: 'Listen 80\nLoadModule mpm_event_module modules/mod_mpm_event.so\n' }, more);
    expect(service).toMatchObject({ service: 'apache', entry, version, runs, problems: [] });
  });

  test('options: another file, another root, defines, directives before and after', () => {
    const files = {
      '/srv/web/conf/my.conf': '<IfDefine A>\nTimeout 1\n</IfDefine>\nKeepAlive Off\nListen 80\nLoadModule mpm_event_module x\nInclude more.conf\n',
      '/srv/web/more.conf': 'TraceEnable off\n',
    };
    const service = read(files, fixed(['httpd', '-d', '/srv/web', '-f', 'conf/my.conf'], ['-DA', '-C', 'KeepAlive On', '-c', 'Timeout 9']));
    expect(service.entry).toBe('/srv/web/conf/my.conf');
    expect(setting(service, [], 'Timeout')).toMatchObject({ value: '9', origin: { path: 'command line', line: 1, layer: null }, shadowed: [{ value: '1' }] });
    expect(setting(service, [], 'KeepAlive')).toMatchObject({ value: 'Off', shadowed: [{ value: 'On' }] });
    expect(setting(service, [], 'TraceEnable')?.value).toBe('off');
  });

  test('a package without its configuration file, and an image without httpd', () => {
    expect(read({ '/etc/hosts': '' }).problems).toMatchObject([{ kind: 'invalid', what: '/etc/apache2/apache2.conf is not in the image.' }]);
    expect([...apacheReader.read(serviceImageOf({ files: { '/etc/nginx/nginx.conf': '' } }))]).toEqual([]);
  });

  test('a module that is not beside the others stops the server', () => {
    const service = read(
      conf('LoadModule gone_module /usr/lib/apache2/modules/mod_gone.so\n', {
        '/usr/lib/apache2/modules/mod_ssl.so': '',
        '/usr/lib/apache2/modules/mod_mpm_event.so': '',
        '/usr/lib/apache2/modules/mod_authz_core.so': '',
      }),
    );
    expect(service.problems).toMatchObject([{ kind: 'invalid', what: 'The module /usr/lib/apache2/modules/mod_gone.so is not in the image.' }]);
  });
});

describe('TLS', () => {
  const tlsConf = (text: string) => conf(`SSLCertificateFile /c.pem\n${text}`);

  test('what is asked for stays visible where the library takes it away', () => {
    const service = read(tlsConf('<VirtualHost *:443>\nSSLEngine on\nSSLProtocol -all +TLSv1\nSSLCipherSuite AES128-SHA:RC4-SHA\n</VirtualHost>\n'));
    const tls = scope(service, 'VirtualHost *:443')?.tls;
    expect(tls).toMatchObject({ enabled: true, protocols: [], suites: [], configured: { protocols: ['TLSv1'], suites: ['AES128-SHA', 'RC4-SHA'] } });
    expect(tls?.origins.suites).toEqual({ path: '/etc/apache2/apache2.conf', line: 9, layer: 0 });
    expect(tls?.certificates).toMatchObject([{ path: '/c.pem', certificate: null, problem: 'no such file in the image', keyFile: null }]);
  });

  test("a main server without TLS shows what its hosts inherit, and that it's off", () => {
    const service = read(tlsConf('SSLProtocol all\n'));
    expect(scope(service)?.tls).toMatchObject({ enabled: false, configured: { protocols: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] } });
    expect(scope(read(tlsConf('')))?.tls).toBeNull();
  });

  test("before 2.4.42 the address's first host decides the protocols of all", () => {
    const files = tlsConf(
      '<VirtualHost *:443>\nServerName a\nSSLEngine on\nSSLProtocol TLSv1.2\n</VirtualHost>\n<VirtualHost *:443>\nServerName b\nSSLEngine on\nSSLProtocol TLSv1.3\n</VirtualHost>\n',
    );
    const of = (version: string) =>
      scope(read(files, { packages: [packageOf('deb', 'apache2-bin', version), ...debian.slice(1)] }), 'VirtualHost *:443 b')?.tls?.protocols;
    expect(of('2.4.41-1')).toEqual(['TLSv1.2']);
    expect(of('2.4.42-1')).toEqual(['TLSv1.3']);
  });

  test('an address where another host decides that there is no TLS', () => {
    const service = read(tlsConf('<VirtualHost *:80>\n</VirtualHost>\n<VirtualHost *:443 *:80>\nSSLEngine on\n</VirtualHost>\n'));
    const both = scope(service, 'VirtualHost *:443 *:80');
    expect(both?.tls?.enabled).toBe(true);
    expect(both?.listen).toEqual([{ address: '*:443' }, { address: '*:80', tls: null }]);
  });

  test('Red Hat: protocols and suites that nobody set come from the crypto policy', () => {
    const files = {
      '/etc/httpd/conf/httpd.conf': 'Listen 443\nLoadModule mpm_event_module x\nLoadModule ssl_module x\nSSLCertificateFile /c.pem\nSSLEngine on\n',
      '/etc/crypto-policies/back-ends/openssl.config': { link: '/usr/share/crypto-policies/DEFAULT/openssl.txt' },
      '/usr/share/crypto-policies/DEFAULT/openssl.txt': '@SECLEVEL=2:kEECDH:!aNULL:!eNULL:!SHA1',
      '/etc/pki/tls/openssl.cnf':
        'openssl_conf = d\n[d]\nssl_conf = m\n[m]\nsystem_default = p\n[p]\n.include = /etc/crypto-policies/back-ends/opensslcnf.config\n',
      '/etc/crypto-policies/back-ends/opensslcnf.config':
        'CipherString = @SECLEVEL=2:kEECDH\nTLS.MinProtocol = TLSv1.2\nTLS.MaxProtocol = TLSv1.3\nDTLS.MinProtocol = DTLSv1.2\n',
    };
    const packages = [packageOf('rpm', 'httpd-core', '2.4.57-5.el9'), packageOf('rpm', 'openssl-libs', '1:3.0.7-24.el9')];
    const tls = scope(
      read(files, { packages, distribution: distributionOf('rhel', '9.3', ['fedora']), configuration: { cmd: ['httpd', '-DFOREGROUND'] } }),
    )?.tls;
    expect(tls?.protocols).toEqual(['TLSv1.2', 'TLSv1.3']);
    expect(tls?.origins.protocols).toMatchObject({ path: '/etc/crypto-policies/back-ends/opensslcnf.config', line: 2 });
    expect(tls?.suites.every((name) => name.startsWith('ECDHE-'))).toBe(true);
    expect(tls?.suites).not.toContain('ECDHE-RSA-AES128-SHA');
    expect(tls?.origins.suites).toMatchObject({ path: '/etc/crypto-policies/back-ends/openssl.config', line: 1 });
  });

  test('curves, and the address that SSLOpenSSLConfCmd was set at', () => {
    const tls = scope(read(tlsConf('SSLEngine on\nSSLOpenSSLConfCmd Curves X25519:P-256\n')))?.tls;
    expect(tls?.curves).toEqual(['X25519', 'prime256v1']);
    expect(tls?.origins.curves).toMatchObject({ line: 7 });
  });
});
