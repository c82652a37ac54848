import { describe, expect, test } from 'vitest';
import type { ImageConfiguration, Package, Service, ServiceScope } from '../../model/index.ts';
import { type FixtureFile, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import reader from './index.ts';

interface Parts {
  readonly packages?: readonly Package[];
  readonly configuration?: Partial<ImageConfiguration>;
}

function read(files: Readonly<Record<string, FixtureFile>>, parts: Parts = {}): Service {
  const [service] = [
    ...reader.read(serviceImageOf({ files, packages: [packageOf('deb', 'nginx', '1.22.1-9+deb12u1'), packageOf('deb', 'libssl3', '3.0.17-1')], ...parts })),
  ];
  if (service === undefined) throw new Error('no service was read');
  return service;
}

function http(text: string, version = '1.22.1', global = ''): Service {
  return read(
    { '/etc/nginx/nginx.conf': `${global} events {}\nhttp {\n${text}\n}` },
    { packages: [packageOf('deb', 'nginx', `${version}-1`), packageOf('deb', 'libssl3', '3.0.17-1')] },
  );
}

function scope(service: Service, ...path: string[]): ServiceScope {
  const found = service.scopes.find((one) => one.scope.join(' > ') === path.join(' > '));
  if (found === undefined) throw new Error(`no scope ${path.join(' > ')} among ${service.scopes.map((one) => one.scope.join(' > ')).join(', ')}`);
  return found;
}

/** Values of a directive in a scope, in order. */
function values(one: ServiceScope, key: string): string[] {
  return one.settings.filter((setting) => setting.key === key).map((setting) => setting.value);
}

describe('inheritance', () => {
  test('an inner block replaces the values of the outer one as a whole, and shows them as shadowed', () => {
    const service = http('add_header A 1;\nadd_header B 2;\nserver { listen 80; server_name x; location / { add_header C 3; } location /plain { } }');
    expect(values(scope(service, 'http', 'server x:80'), 'add_header')).toEqual(['A 1', 'B 2']);
    expect(values(scope(service, 'http', 'server x:80', 'location /plain'), 'add_header')).toEqual(['A 1', 'B 2']);
    const inner = scope(service, 'http', 'server x:80', 'location /').settings.filter((setting) => setting.key === 'add_header');
    expect(inner).toEqual([
      {
        key: 'add_header',
        value: 'C 3',
        origin: { path: '/etc/nginx/nginx.conf', line: 5, layer: 0 },
        certain: true,
        shadowed: [
          { value: 'A 1', origin: { path: '/etc/nginx/nginx.conf', line: 3, layer: 0 } },
          { value: 'B 2', origin: { path: '/etc/nginx/nginx.conf', line: 4, layer: 0 } },
        ],
      },
    ]);
  });

  test('add_header_inherit merge keeps them since 1.29.3', () => {
    const text = 'add_header A 1; server { listen 80; location / { add_header_inherit merge; add_header B 2; } }';
    expect(values(scope(http(text, '1.29.3'), 'http', 'server *:80', 'location /'), 'add_header')).toEqual(['A 1', 'B 2']);
    expect(http(text, '1.28.0').problems.map((problem) => problem.kind)).toEqual(['uncertain']);
  });

  test('what is not handed down stays where it is', () => {
    const service = http('server { listen 80; return 301 /x; root /r; location / { location /a { } } }');
    const inner = scope(service, 'http', 'server *:80', 'location /', 'location /a');
    expect(values(inner, 'return')).toEqual([]);
    expect(values(inner, 'root')).toEqual(['/r']);
  });

  test('error_log of the main part reaches http', () => {
    const service = http('server { listen 80; }', '1.22.1', 'error_log /main;');
    expect(values(scope(service, 'http', 'server *:80'), 'error_log')).toEqual(['/main']);
    expect(values(scope(service), 'error_log')).toEqual(['/main']);
  });

  test('defaults stand with http and every server, not with locations', () => {
    const service = http('server { listen 80; location / { } }');
    expect(values(scope(service, 'http', 'server *:80'), 'autoindex')).toEqual(['off']);
    expect(values(scope(service, 'http'), 'server_tokens')).toEqual(['on']);
    expect(values(scope(service, 'http', 'server *:80', 'location /'), 'autoindex')).toEqual([]);
    expect(values(scope(service), 'user')).toEqual(['nobody']);
  });
});

describe('defaults by release', () => {
  test.each([
    ['1.9.0', 'SSLv3 TLSv1 TLSv1.1 TLSv1.2'],
    ['1.9.1', 'TLSv1 TLSv1.1 TLSv1.2'],
    ['1.23.3', 'TLSv1 TLSv1.1 TLSv1.2'],
    ['1.23.4', 'TLSv1 TLSv1.1 TLSv1.2 TLSv1.3'],
    ['1.27.2', 'TLSv1 TLSv1.1 TLSv1.2 TLSv1.3'],
    ['1.27.3', 'TLSv1.2 TLSv1.3'],
  ])('ssl_protocols of %s', (version, expected) => {
    expect(values(scope(http('server { listen 80; }', version), 'http', 'server *:80'), 'ssl_protocols')).toEqual([expected]);
  });

  test('others that changed', () => {
    const of = (version: string, key: string) => values(scope(http('server { listen 80; }', version), 'http', 'server *:80'), key);
    expect(of('1.10.0', 'ssl_ecdh_curve')).toEqual(['prime256v1']);
    expect(of('1.12.0', 'ssl_ecdh_curve')).toEqual(['auto']);
    expect(of('1.18.0', 'keepalive_requests')).toEqual(['100']);
    expect(of('1.20.0', 'keepalive_requests')).toEqual(['1000']);
    expect(of('1.26.0', 'ssl')).toEqual([]);
  });
});

describe('listeners and TLS', () => {
  const certificate = 'ssl_certificate /c; ssl_certificate_key /k;';

  test('plain text beside TLS', () => {
    const service = http(`server { listen 80; listen [::]:80; listen 443 ssl; server_name x; ${certificate} }`);
    const one = scope(service, 'http', 'server x:80');
    expect(one.tls?.protocols).toEqual(['TLSv1.2']);
    expect(one.listen).toEqual([{ address: '*:80', tls: null }, { address: '[::]:80', tls: null }, { address: '*:443' }]);
    expect(one.tls?.origins.protocols).toEqual({ default: 'nginx 1.22.1' });
    expect(one.tls?.certificates.map(({ path, keyPath, problem }) => ({ path, keyPath, problem }))).toEqual([
      { path: '/c', keyPath: '/k', problem: 'no such file in the image' },
    ]);
  });

  test('QUIC speaks TLS 1.3 alone', () => {
    const service = http(`server { listen 443 ssl; listen 443 quic; ssl_protocols TLSv1.2 TLSv1.3; server_name x; ${certificate} }`, '1.26.0');
    const one = scope(service, 'http', 'server x:443');
    expect(one.tls?.protocols).toEqual(['TLSv1.2', 'TLSv1.3']);
    expect(one.listen[1]?.tls?.protocols).toEqual(['TLSv1.3']);
    expect(one.listen[1]?.tls?.suites).toEqual([]);
  });

  test.each([
    ['1.22.1', ['TLSv1.2']],
    ['1.29.1', ['TLSv1.2']],
    ['1.29.2', ['TLSv1.3']],
  ])('protocols of a named server in %s', (version, protocols) => {
    const service = http(
      `${certificate} server { listen 443 ssl; server_name d; ssl_protocols TLSv1.2; } server { listen 443 ssl; server_name n; ssl_protocols TLSv1.3; }`,
      version,
    );
    expect(scope(service, 'http', 'server n:443').tls?.protocols).toEqual(protocols);
  });

  test('a server on two addresses with different default servers', () => {
    const service = http(
      `${certificate} server { listen 443 ssl; server_name a; ssl_protocols TLSv1.3; } server { listen 444 ssl; server_name b; ssl_protocols TLSv1.2; } server { listen 443 ssl; listen 444 ssl; server_name c; }`,
    );
    const one = scope(service, 'http', 'server c:443');
    expect(one.tls?.protocols).toEqual(['TLSv1.3']);
    expect(one.listen.map((listen) => listen.tls?.protocols)).toEqual([undefined, ['TLSv1.2']]);
  });

  test('ssl on is no directive any more', () => {
    const service = http(`server { listen 443; ssl on; ${certificate} }`, '1.25.1');
    expect(scope(service, 'http', 'server *:443').tls).toBeNull();
    expect(service.problems.map((problem) => problem.why).join()).toContain('"ssl"');
    expect(scope(http(`server { listen 443; ssl on; ${certificate} }`, '1.25.0'), 'http', 'server *:443').tls?.enabled).toBe(true);
  });

  test('a certificate by a variable is chosen at run time', () => {
    const service = http('server { listen 443 ssl; ssl_certificate /c/$ssl_server_name; ssl_certificate_key /k/$ssl_server_name; }');
    expect(scope(service, 'http', 'server *:443').tls?.certificates[0]?.problem).toBe('it is chosen at run time');
  });
});

describe('layouts', () => {
  const main = (include: string) => `events {} http { ${include} }`;

  test.each<[name: string, files: Record<string, FixtureFile>, parts: Parts]>([
    [
      'Debian',
      {
        '/etc/nginx/nginx.conf': main('include /etc/nginx/sites-enabled/*;'),
        '/etc/nginx/sites-available/s': 'server { server_name s; }',
        '/etc/nginx/sites-enabled/s': { link: '../sites-available/s' },
      },
      {},
    ],
    [
      'Alpine',
      { '/etc/nginx/nginx.conf': main('include /etc/nginx/http.d/*.conf;'), '/etc/nginx/http.d/s.conf': 'server { server_name s; }' },
      { packages: [packageOf('apk', 'nginx', '1.26.2-r4')] },
    ],
    [
      'RHEL',
      { '/etc/nginx/nginx.conf': main('server { server_name s; include /etc/nginx/default.d/*.conf; }') },
      { packages: [packageOf('rpm', 'nginx-core', '2:1.20.1-16.el9')] },
    ],
    [
      'built by hand',
      {
        '/usr/local/nginx/conf/nginx.conf': main('include s.conf;'),
        '/usr/local/nginx/conf/s.conf': 'server { server_name s; }',
        '/usr/local/nginx/sbin/nginx': 'xx\0nginx version: nginx/1.24.0\0configure arguments: --prefix=/usr/local/nginx --with-http_ssl_module\0',
      },
      { packages: [] },
    ],
  ])('%s', (_, files, parts) => {
    const service = read(files, parts);
    expect(service.problems).toEqual([]);
    expect(scope(service, 'http', 'server s:80').listen).toEqual([{ address: '*:80' }]);
  });

  test('the version comes from the program file before the package', () => {
    const service = read({ '/usr/sbin/nginx': 'nginx version: nginx/1.25.3\0configure arguments: --conf-path=/etc/n.conf\0', '/etc/n.conf': 'events {}' });
    expect([service.version, service.entry]).toEqual(['1.25.3', '/etc/n.conf']);
  });

  test('an image without nginx has no service', () => {
    expect([...reader.read(serviceImageOf({ files: { '/etc/passwd': '' } }))]).toEqual([]);
  });

  test.each([
    [['-c', '/x/y.conf'], '/x/y.conf'],
    [['-p', '/x/', '-c', 'y.conf'], '/x/y.conf'],
    [['-c/x/y.conf', '-g', 'daemon off;'], '/x/y.conf'],
    [['-q', '-g', 'daemon off;'], '/etc/nginx/nginx.conf'],
  ])('the command line %j starts %s', (cmd, entry) => {
    const service = read({ '/etc/nginx/nginx.conf': 'events {}', '/x/y.conf': 'events {}' }, { configuration: { entrypoint: ['nginx'], cmd } });
    expect([service.entry, service.runs, service.problems]).toEqual([entry, true, []]);
  });

  test('directives of the command line count', () => {
    const service = read({ '/etc/nginx/nginx.conf': 'user www; events {}' }, { configuration: { cmd: ['nginx', '-g', 'user root; daemon off;'] } });
    expect(service.problems.map((problem) => problem.why)).toEqual(['"user" directive is duplicate']);
    expect(values(scope(service), 'daemon')).toEqual(['off']);
  });

  test('not what the image starts', () => {
    expect(read({ '/etc/nginx/nginx.conf': 'events {}' }, { configuration: { cmd: ['sleep', '1'] } }).runs).toBe(false);
  });
});

describe('what is decided when the container starts', () => {
  const files: Record<string, FixtureFile> = {
    '/docker-entrypoint.sh': '#!/bin/sh\nexec "$@"\n',
    '/docker-entrypoint.d/20-envsubst-on-templates.sh': '#!/bin/sh\n',
    '/etc/nginx/nginx.conf': 'events {} http { include /etc/nginx/conf.d/*.conf; }',
    '/etc/nginx/templates/site.conf.template': `server { listen \${PORT}; server_name \${NAME}; return 200 $host; }`,
  };
  const configuration = { entrypoint: ['/docker-entrypoint.sh'], cmd: ['nginx', '-g', 'daemon off;'], env: ['PORT=8080'] };

  test("templates are filled in with the image's environment and marked", () => {
    const service = read(files, { configuration });
    const one = scope(service, 'http', `server \${NAME}:8080`);
    const setting = one.settings.find((candidate) => candidate.key === 'return');
    expect(setting).toMatchObject({ value: '200 $host', certain: false, origin: { path: '/etc/nginx/conf.d/site.conf', line: 1 } });
    expect(setting?.uncertainty).toContain('/etc/nginx/templates/site.conf.template');
    expect(service.problems).toMatchObject([{ kind: 'uncertain', location: { path: '/etc/nginx/templates/site.conf.template' } }]);
    expect(service.runs).toBe(true);
  });

  test('a variable that only the start fills in is no error of the configuration', () => {
    const template = `server { listen 443 ssl; ssl_protocols \${PROTOCOLS}; }`;
    const { problems } = read({ ...files, '/etc/nginx/templates/site.conf.template': template }, { configuration });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.filter(({ kind }) => kind !== 'uncertain')).toEqual([]);
  });

  test('templates that no script fills in are nothing', () => {
    expect(read(files, { configuration: { cmd: ['nginx'] } }).problems).toEqual([]);
  });

  test("a script of one's own makes everything uncertain", () => {
    const service = read({ ...files, '/docker-entrypoint.d/99-mine.sh': '#!/bin/sh\n' }, { configuration });
    expect(service.problems.map((problem) => problem.location?.path)).toContain('/docker-entrypoint.d/99-mine.sh');
    expect(service.scopes.flatMap((one) => one.settings).every((setting) => !setting.certain)).toBe(true);
  });

  test('an included file that is not read yet makes everything uncertain', () => {
    const service = read({ '/etc/nginx/nginx.conf': 'events {} http { include x; }', '/etc/nginx/x': { pending: true } });
    expect(service.scopes.flatMap((one) => one.settings).every((setting) => setting.uncertainty === '/etc/nginx/x has not been read yet')).toBe(true);
  });
});

describe('modules', () => {
  test('a directive of another module is uncertain, once', () => {
    const service = read({
      '/etc/nginx/nginx.conf':
        'load_module m/ngx_http_brotli_filter_module.so; events {} http { brotli on; server { brotli off; listen 80; } rtmp { foo { } } }',
    });
    expect(service.problems.map(({ kind, why }) => `${kind}: ${why.split(' ')[0]}`)).toEqual(['uncertain: "brotli"', 'uncertain: "rtmp"']);
    expect(values(scope(service, 'http', 'server *:80'), 'brotli')).toEqual(['off']);
  });

  test('without one it is an error', () => {
    const program = 'nginx version: nginx/1.22.1\0configure arguments: --with-http_ssl_module --with-stream=dynamic\0';
    const service = read({ '/usr/sbin/nginx': program, '/etc/nginx/conf/nginx.conf': 'events {} http { brotli on; http2 on; gunzip on; }' });
    expect(service.problems.map((problem) => problem.why)).toEqual(['unknown directive "brotli"', 'unknown directive "http2"', 'unknown directive "gunzip"']);
  });

  test("Lua blocks are skipped by Lua's own rules", () => {
    const lua = 'content_by_lua_block { local s = "}" -- }\n local t = [[ } ]] --[=[ } ]=] if x then y = { 1, { 2 } } end }';
    const service = http(`server { listen 80; location / { ${lua} autoindex on; } }`);
    expect(values(scope(service, 'http', 'server *:80', 'location /'), 'autoindex')).toEqual(['on']);
  });
});

test('links lead to the file, origins keep the path that the include names', () => {
  const service = read(
    {
      '/etc/nginx/nginx.conf': 'events {} http { include sites/*; }',
      '/srv/s': { text: '\nserver { listen 81; autoindex on; }', layer: 3 },
      '/etc/nginx/sites/s': { link: '/srv/s' },
    },
    { packages: [packageOf('deb', 'nginx', '1.22.1-9')] },
  );
  expect(scope(service, 'http', 'server *:81').settings.find((setting) => setting.key === 'autoindex')?.origin).toEqual({
    path: '/etc/nginx/sites/s',
    line: 2,
    layer: 3,
  });
});
