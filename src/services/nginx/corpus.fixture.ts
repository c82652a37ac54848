const module = (name: string) => `/usr/lib/nginx/modules/ngx_${name}_module.so`;

/** `D` stands for the directory of the case, `C` and `K` for a certificate and its key. */
export type NginxFiles = Readonly<Record<string, string>>;

/** Loads the modules that the tests need. */
export const load = `load_module ${module('stream')}; load_module ${module('mail')};`;
export const certificate = 'ssl_certificate C; ssl_certificate_key K;';
const http = (text: string): NginxFiles => ({ 'nginx.conf': `${load} events {} http { ${text} }` });

/** Configurations that nginx accepts. */
export const validConfigurations: readonly (readonly [name: string, files: NginxFiles])[] = [
  ['an empty server', http('server { }')],
  ['quotes, escapes and comments', http('server { server_name "a\\"b" \'c d\'; # comment\n add_header X "a;b{c}"; return 200 \'it\\\'s\'; }')],
  ['variables with braces', http(`server { location / { return 200 "\${host}"; set $x \${host}a; } }`)],
  [
    'an include of files by a pattern, sorted',
    { ...http('include D/c/*.conf;'), 'c/b.conf': 'server { listen 8081; }', 'c/a.conf': 'server { listen 8080; }' },
  ],
  ['a pattern without a match', http('include D/none/*.conf; include D/no[a-z]/x;')],
  ['an include relative to the main file', { ...http('include c.inc;'), 'c.inc': 'server_tokens off;' }],
  [
    'an include inside a server and a types block',
    { ...http('types { include D/t; } server { include D/s; }'), t: 'text/html html; text/css css;', s: 'autoindex on;' },
  ],
  ['a file of its own for events', { 'nginx.conf': 'include D/e; http { }', e: 'events { worker_connections 64; }' }],
  [
    'map, geo, split_clients and upstream',
    http(
      'map $host $m { hostnames; default 0; *.example.org 1; } geo $g { default 0; 10.0.0.0/8 1; } split_clients $host $s { 50% a; * b; } upstream u { server 127.0.0.1:9000 weight=2; keepalive 4; } server { location / { proxy_pass http://u; } }',
    ),
  ],
  [
    'if and limit_except',
    http('server { if ($host = x) { return 403; } location / { if ($request_method = POST) { return 405; } limit_except GET { deny all; } } }'),
  ],
  [
    'nested locations',
    http('server { location / { location /a { autoindex on; } location ~ \\.php$ { internal; } } location = /x { } location @n { return 204; } }'),
  ],
  ['several servers on one address', http('server { listen 8080; server_name a; } server { listen 8080 default_server; server_name b; }')],
  [
    'listen with parameters',
    http(
      'server { listen 127.0.0.1:8080 backlog=64 rcvbuf=8k deferred; listen [::1]:8080 ipv6only=on; listen unix:/tmp/x.sock; listen localhost:8082; listen 8083-8085; }',
    ),
  ],
  [
    'TLS',
    http(
      `${certificate} server { listen 8443 ssl http2; ssl_protocols TLSv1.2; ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256; }`,
    ),
  ],
  ['TLS refused for unknown names', http('server { listen 8443 ssl; ssl_reject_handshake on; }')],
  ['ssl on', http(`${certificate} server { listen 8443; ssl on; }`)],
  ['a server without a certificate that is not the default', http(`server { listen 8443 ssl; ${certificate} } server { listen 8443 ssl; server_name x; }`)],
  ['words in upper case', http('server { autoindex ON; satisfy ANY; }')],
  [
    'times and sizes',
    http(
      'client_body_timeout 1m30s; keepalive_timeout 65; client_max_body_size 10M; client_header_buffer_size 2k; send_timeout 500ms; client_body_buffer_size 16K; proxy_buffers 4 8k; ssl_session_timeout 1d2h;',
    ),
  ],
  [
    'stream',
    {
      'nginx.conf': `${load} events {} stream { server { listen 9001; return x; } server { listen 9001 udp; return y; } server { listen 9002 ssl; ${certificate} return z; } }`,
    },
  ],
  [
    'mail',
    {
      'nginx.conf': `${load} events {} mail { auth_http 127.0.0.1:1; ${certificate} server { listen 9025; protocol smtp; starttls on; } server { listen 9993 ssl; protocol imap; } }`,
    },
  ],
  ['the same directive in several blocks', http('root /a; server { root /b; location / { root /c; } location /x { root /d; } }')],
  [
    'directives that may be repeated',
    http(
      'add_header A 1; add_header B 2; server { access_log off; access_log /dev/null; error_page 404 /x; error_page 500 /y; allow 10.0.0.0/8; deny all; } log_format x $host;',
    ),
  ],
  ['a word with a parenthesis after a quote', http('server { if ($host ~ "^(a)$") { return 404; } }')],
  ['everything on several lines', { 'nginx.conf': `${load}\nevents\n{\n}\nhttp\n{\n  server\n  {\n    listen\n      8080\n    ;\n  }\n}\n` }],
  ['no newline and carriage returns', { 'nginx.conf': `${load}\r\nevents {}\r\nhttp {\r\n server_tokens off;\r\n}` }],
  ['an empty word', http('server { server_name ""; add_header X ""; }')],
  ['a quote inside a word', http('server { server_name a"b; }')],
];

/** Configurations that nginx refuses. */
export const invalidConfigurations: readonly (readonly [name: string, files: NginxFiles])[] = [
  ['no events', { 'nginx.conf': 'http { }' }],
  ['an unknown directive', http('server_token off;')],
  ['a directive of a later release', http('http2 on; server { }')],
  ['a directive in the wrong place', http('listen 80;')],
  ['a directive of http in stream', { 'nginx.conf': `${load} events {} stream { server_tokens off; }` }],
  ['a module that is not loaded', { 'nginx.conf': 'events {} stream { }' }],
  ['a module that does not exist', { 'nginx.conf': 'load_module D/x.so; events {} http { }' }],
  ['a missing semicolon', http('server_tokens off }')],
  ['a missing brace', { 'nginx.conf': 'events {} http { server { }' }],
  ['a brace too many', { 'nginx.conf': 'events {} http { } }' }],
  ['a quote that stays open', http('add_header X "abc;')],
  ['text right after a quote', http('add_header X "a"b;')],
  ['a semicolon alone', http('; server {}')],
  ['a block where none is due', http('server_tokens off { }')],
  ['no block where one is due', http('server;')],
  ['the same directive twice', http('server { ssl_ciphers A; ssl_ciphers B; }')],
  ['a flag twice', http('server { autoindex on; autoindex off; }')],
  ['http twice', { 'nginx.conf': 'events {} http {} http {}' }],
  ['a flag that is neither on nor off', http('autoindex yes;')],
  ['a number that is none', http('server { ssl_verify_depth two; }')],
  ['a size with a wrong unit', http('client_header_buffer_size 1x;')],
  ['a time with a wrong unit', http('client_body_timeout 1q;')],
  ['times out of order', http('client_body_timeout 1s2m;')],
  ['a word that is none of a choice', http('satisfy some;')],
  ['an unknown protocol', http('ssl_protocols TLSv1.4;')],
  ['too few arguments', http('root;')],
  ['too many arguments', http('root /a /b;')],
  ['an included file that does not exist', http('include D/none.conf;')],
  ['an error in an included file', { ...http('include D/x;'), x: 'foo bar;' }],
  ['an include that includes itself', { ...http('include D/x;'), x: 'include D/x;' }],
  ['an address twice in one server', http('server { listen 8080; listen 8080; }')],
  ['two default servers', http('server { listen 8080 default_server; } server { listen 8080 default_server; }')],
  ['an unknown parameter of listen', http('server { listen 8080 secure; }')],
  ['a port out of range', http('server { listen 70000; }')],
  ['TLS without a certificate', http('server { listen 8443 ssl; }')],
  ['a cipher string that selects nothing', http(`${certificate} server { listen 8443 ssl; ssl_ciphers FOO; }`)],
  ['an unknown command for OpenSSL', http(`${certificate} server { listen 8443 ssl; ssl_conf_command Foo bar; }`)],
  ['a word of more than 4096 bytes', http(`add_header X ${'x'.repeat(5000)};`)],
  ['a comment of more than 4096 bytes', http(`# ${'x'.repeat(5000)}\n`)],
  ['a stream server without listen', { 'nginx.conf': `${load} events {} stream { server { return x; } }` }],
  ['an upstream directive in a server', http('server { keepalive 4; }')],
];
