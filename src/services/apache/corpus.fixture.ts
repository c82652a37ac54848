/** A configuration of httpd 2.4 for tests. `@ROOT@`, `@PORT@` and `@MODULES@` are put in; `httpd.conf` gets a prelude. */
export interface HttpdCase {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** `-D` names and other options. */
  readonly options?: readonly string[];
  /** Environment of the server. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether httpd refuses it (by `-t`, or at start for TLS). */
  readonly refused?: boolean;
  /** Server names to ask for in handshakes (`''`: none). Present: TLS is compared. */
  readonly handshakes?: readonly string[];
  /** Text of an openssl.cnf that OPENSSL_CONF names. */
  readonly openssl?: string;
}

/** What every httpd.conf of the corpus starts with. */
export const prelude = `ServerRoot @ROOT@
ServerName main.test
DefaultRuntimeDir @ROOT@
PidFile @ROOT@/httpd.pid
ErrorLog @ROOT@/error.log
User www-data
Group www-data
LoadModule mpm_event_module @MODULES@/mod_mpm_event.so
LoadModule authz_core_module @MODULES@/mod_authz_core.so
`;
const listen = 'Listen 127.0.0.1:@PORT@\n';
const ssl = `${listen}LoadModule ssl_module @MODULES@/mod_ssl.so
SSLCertificateFile cert.pem
SSLCertificateKeyFile key.pem
`;
const macro = `${listen}LoadModule macro_module @MODULES@/mod_macro.so\n`;
const host = (name: string, inside = '') => `<VirtualHost 127.0.0.1:@PORT@>\nServerName ${name}\n${inside}</VirtualHost>\n`;
const level0 = 'SSLCipherSuite HIGH@SECLEVEL=0\n';

/** One file. */
const one = (title: string, text: string, more: Omit<HttpdCase, 'title' | 'files'> = {}): HttpdCase => ({ title, files: { 'httpd.conf': text }, ...more });

/** Reading: includes, conditions, variables, macros, sections. */
export const readingCases: readonly HttpdCase[] = [
  one('no host at all', listen),
  one('variables are put in while reading', `${listen}Define N first\n${host('${N}.test')}Define N second\n${host('${N}.test')}`),
  one(
    'a variable with blanks becomes several words',
    `${listen}Define A "a.test b.test"\n<VirtualHost 127.0.0.1:@PORT@>\nServerName x.test\nServerAlias \${A}\n</VirtualHost>\n`,
  ),
  one('a variable of the environment', `${listen}${host('${WHO}.test')}`, { environment: { WHO: 'env' } }),
  one('an undefined variable stays', `${listen}${host('a${NOSUCH}b')}`),
  one('UnDefine takes back', `${listen}Define A\nUnDefine A\n<IfDefine A>\n${host('no.test')}</IfDefine>\n<IfDefine !A>\n${host('yes.test')}</IfDefine>\n`),
  one('Define with a colon', `${listen}Define a:b c\n`, { refused: true }),
  one('-D defines', `${listen}<IfDefine EXTRA>\n${host('extra.test')}</IfDefine>\n`, { options: ['-D', 'EXTRA', '-DOTHER'] }),
  one('-C and -c', `<IfDefine EARLY>\n${host('early.test')}</IfDefine>\n<IfDefine LATE>\n${host('late.test')}</IfDefine>\n`, {
    options: ['-C', 'Define EARLY', '-c', 'Define LATE', '-c', 'Listen 127.0.0.1:@PORT@'],
  }),
  one(
    'IfModule by name, by file, negated, compiled in',
    `${listen}<IfModule authz_core_module>\n${host('a.test')}</IfModule>\n<IfModule mod_authz_core.c>\n${host('b.test')}</IfModule>\n<IfModule !mod_ssl.c>\n${host('c.test')}</IfModule>\n<IfModule mod_log_config.c>\n${host('d.test')}</IfModule>\n<IfModule event.c>\n${host('e.test')}</IfModule>\n<IfModule mpm_event.c>\n${host('no.test')}</IfModule>\n<IfModule MOD_AUTHZ_CORE.C>\n${host('no.test')}</IfModule>\n`,
  ),
  one(
    'IfModule sees only what was loaded before',
    `${listen}<IfModule ssl_module>\n${host('early.test')}</IfModule>\nLoadModule ssl_module @MODULES@/mod_ssl.so\n<IfModule ssl_module>\n${host('late.test')}</IfModule>\n`,
  ),
  one(
    'IfVersion in all forms',
    `${listen}<IfVersion >= 2.4>\n<IfVersion !< 2.4.5>\n<IfVersion = /^2.4/>\n<IfVersion ~ ^2\\.4>\n${host('a.test')}</IfVersion>\n</IfVersion>\n</IfVersion>\n</IfVersion>\n<IfVersion < 2.4>\n${host('no.test')}</IfVersion>\n<IfVersion 2.2.0>\n${host('no.test')}</IfVersion>\n<IfVersion = 2.4>\n${host('no.test')}</IfVersion>\n`,
  ),
  one(
    'IfFile, IfDirective and IfSection',
    `${listen}<IfFile "httpd.conf">\n${host('a.test')}</IfFile>\n<IfFile nothere>\n${host('no.test')}</IfFile>\n<IfFile !nothere>\n${host('b.test')}</IfFile>\n<IfDirective ServerName>\n${host('c.test')}</IfDirective>\n<IfDirective SSLEngine>\n${host('no.test')}</IfDirective>\n<IfSection VirtualHost>\n${host('d.test')}</IfSection>\n`,
  ),
  one('a skipped condition is read no further than its nesting', `${listen}<IfModule nosuch>\n<Bogus x>\nInclude nothere.conf\nBogus\n</Bogus>\n</IfModule>\n`),
  one('a skipped condition must nest well', `${listen}<IfModule nosuch>\n<Bogus x>\n</IfModule>\n</Bogus>\n`, { refused: true }),
  one('sections must nest well', `${listen}<VirtualHost 127.0.0.1:@PORT@>\n<Directory /x>\n</VirtualHost>\n</Directory>\n`, { refused: true }),
  one('a section that is not closed', `${listen}<VirtualHost 127.0.0.1:@PORT@>\nServerName a.test\n`, { refused: true }),
  one('a section that was not opened', `${listen}</VirtualHost>\n`, { refused: true }),
  one('a section across a condition', `${listen}<IfModule !nosuch>\n<VirtualHost 127.0.0.1:@PORT@>\n</IfModule>\n</VirtualHost>\n`, { refused: true }),
  one(
    'continuation, also of a comment',
    `${listen}# a comment \\\nthat goes on: Bogus\n<VirtualHost 127.0.0.1:@PORT@>\nServerName \\\n   joined.test\n</VirtualHost>\n`,
  ),
  one('two backslashes continue as well', `${listen}<VirtualHost 127.0.0.1:@PORT@>\nServerName a\\\\\nServerAlias b\n</VirtualHost>\n`, { refused: true }),
  one('quotes', `${listen}<VirtualHost "127.0.0.1:@PORT@">\nServerName "a.test"\nServerAlias 'b.test' "c.test"\n</VirtualHost>\n`),
  one('names in any case', `LISTEN 127.0.0.1:@PORT@\n<virtualhost 127.0.0.1:@PORT@>\nservername a.test\n</VIRTUALHOST>\n`),
  {
    title: 'includes: globs, directories, order, hidden files, links',
    files: {
      'httpd.conf': `${listen}Include conf/b-*.conf\nInclude dirs/*/x.conf\nIncludeOptional nothere/*.conf\nIncludeOptional nothere.conf\nInclude whole\n`,
      'conf/b-2.conf': host('b2.test'),
      'conf/b-10.conf': host('b10.test'),
      'conf/.b-hidden.conf': 'Bogus\n',
      'conf/c.conf': 'Bogus\n',
      'dirs/a/x.conf': host('a.test'),
      'dirs/a-b/x.conf': host('ab.test'),
      'dirs/.h/x.conf': 'Bogus\n',
      'whole/z.conf': host('z.test'),
      'whole/sub/.hidden': host('hidden.test'),
      'whole/README': host('readme.test'),
    },
  },
  {
    title: 'a class and a question mark in a glob',
    files: {
      'httpd.conf': `${listen}Include c/[ab]?.conf\n`,
      'c/a1.conf': host('a1.test'),
      'c/b2.conf': host('b2.test'),
      'c/c3.conf': 'Bogus\n',
      'c/a12.conf': 'Bogus\n',
    },
  },
  {
    title: 'a directory without the file that a glob wants',
    files: { 'httpd.conf': `${listen}Include d/*/x.conf\n`, 'd/a/x.conf': host('a.test'), 'd/b/y.conf': 'Bogus\n' },
    refused: true,
  },
  one('a missing include', `${listen}Include nothere.conf\n`, { refused: true }),
  one('a glob without a match', `${listen}Include nothere*.conf\n`, { refused: true }),
  {
    title: 'a cycle of includes',
    files: { 'httpd.conf': `${listen}Include a.conf\n`, 'a.conf': 'Include b.conf\n', 'b.conf': 'Include a.conf\n' },
    refused: true,
  },
  {
    title: 'an include inside a host',
    files: { 'httpd.conf': `${listen}${host('a.test', 'Include inside.conf\n')}`, 'inside.conf': 'ServerAlias b.test\nDocumentRoot /tmp\n' },
  },
  {
    title: 'an included file closes what it opens',
    files: { 'httpd.conf': `${listen}<VirtualHost 127.0.0.1:@PORT@>\nInclude end.conf\n`, 'end.conf': '</VirtualHost>\n' },
    refused: true,
  },
  one(
    'macros',
    `${macro}<Macro Site $host %port @alias>\n<VirtualHost 127.0.0.1:%port>\nServerName $host.test\nServerAlias @alias www-$host\n</VirtualHost>\n</Macro>\nUse Site one @PORT@ "al1 al2"\nUse sITE two @PORT@ x\nUndefMacro Site\n`,
  ),
  one(
    'a macro inside a host and a macro that uses a macro',
    `${macro}<Macro Inner $a>\nServerAlias $a\n</Macro>\n<Macro Outer $b>\n<VirtualHost 127.0.0.1:@PORT@>\nServerName $b\nUse Inner in-$b\n</VirtualHost>\n</Macro>\nUse Outer o.test\n`,
  ),
  one(
    'macro arguments: quotes for @, the longest name, no second look',
    `${macro}LoadModule autoindex_module @MODULES@/mod_autoindex.so\n<Macro M @a $b $bb %c>\nAddDescription @a/$b/$bb/%c/@a@a x\n</Macro>\nUse M 'q"x\\y z' '$bb%c' '@a' '%c$b'\nUse M '$b' '@a' 'x' 'y'\n`,
  ),
  one('a macro that uses itself', `${macro}<Macro A>\nUse B\n</Macro>\n<Macro B>\nUse A\n</Macro>\nUse A\n`, { refused: true }),
  one('a macro with too few arguments', `${macro}<Macro A $x $y>\nServerAlias $x $y\n</Macro>\nUse A 1\n`, { refused: true }),
  one('a macro that nobody defined', `${macro}Use Nosuch\n`, { refused: true }),
  one('an unknown directive', `${listen}Bogus yes\n`, { refused: true }),
  one('a directive of a module that is not loaded', `${listen}SSLEngine on\n`, { refused: true }),
  one('a directive in a wrong place', `${listen}<Directory />\nListen 1\n</Directory>\n`, { refused: true }),
  one('AllowOverride outside of a directory', `${listen}AllowOverride None\n`, { refused: true }),
  one('ServerTokens in a host', `${listen}${host('a.test', 'ServerTokens Prod\n')}`, { refused: true }),
  one('a host in a host', `${listen}${host('a.test', host('b.test'))}`, { refused: true }),
  one('mixed Options', `${listen}Options Indexes +Includes\n`, { refused: true }),
  one('a wrong flag', `${listen}KeepAlive maybe\n`, { refused: true }),
  one('a wrong ServerTokens', `${listen}ServerTokens Some\n`, { refused: true }),
  one('root as user', `${listen}User root\n`, { refused: true }),
  one('two MPMs', `${listen}LoadModule mpm_worker_module @MODULES@/mod_mpm_worker.so\n`, { refused: true }),
  one(
    'nested conditions with hosts',
    `${listen}<IfModule authz_core_module>\n<IfDefine !NONE>\n<IfVersion > 2>\n${host('deep.test', '<IfModule nosuch>\nBogus\n</IfModule>\n<Location /x>\nRequire all denied\n</Location>\n')}</IfVersion>\n</IfDefine>\n</IfModule>\n`,
  ),
];

/** TLS: compared with handshakes. */
export const tlsCases: readonly HttpdCase[] = [
  one('Listen https alone is no TLS', `LoadModule ssl_module @MODULES@/mod_ssl.so\nListen 127.0.0.1:@PORT@ https\n`, { handshakes: [''] }),
  one('defaults', `${ssl}SSLEngine on\n`, { handshakes: [''] }),
  one("Debian's ssl.conf", `${ssl}SSLCipherSuite HIGH:!aNULL\nSSLProtocol all -SSLv3\nSSLSessionTickets off\n${host('a.test', 'SSLEngine on\n')}`, {
    handshakes: ['', 'a.test'],
  }),
  one('every protocol at level 0, server order', `${ssl}SSLEngine on\nSSLProtocol all\nSSLHonorCipherOrder on\n${level0}`, { handshakes: [''] }),
  one('a bare word replaces what stood before', `${ssl}SSLEngine on\nSSLProtocol TLSv1.3 TLSv1.2\n`, { handshakes: [''] }),
  one('a hole ends the list', `${ssl}SSLEngine on\nSSLProtocol TLSv1 +TLSv1.1 +TLSv1.3\n${level0}`, { handshakes: [''] }),
  one('words in any case', `${ssl}SSLEngine ON\nSSLProtocol ALL -tlsv1.3 -TLSV1\n${level0}`, { handshakes: [''] }),
  one('the last SSLProtocol wins', `${ssl}SSLEngine on\nSSLProtocol TLSv1.2\nSSLProtocol +TLSv1.3\n`, { handshakes: [''] }),
  one('anonymous and NULL suites are always off', `${ssl}SSLEngine on\nSSLCipherSuite ALL:COMPLEMENTOFALL@SECLEVEL=0\nSSLHonorCipherOrder on\n`, {
    handshakes: [''],
  }),
  one('the level hides old protocols', `${ssl}SSLEngine on\nSSLProtocol all\nSSLCipherSuite HIGH@SECLEVEL=1\n`, { handshakes: [''] }),
  one(
    'level 3 keeps what has forward secrecy',
    `${ssl}SSLEngine on\nSSLCipherSuite HIGH\nSSLOpenSSLConfCmd CipherString AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA@SECLEVEL=2\n`,
    { handshakes: [''] },
  ),
  one(
    'TLS 1.3 suites of their own',
    `${ssl}SSLEngine on\nSSLCipherSuite TLSv1.3 TLS_CHACHA20_POLY1305_SHA256\nSSLCipherSuite ECDHE+AESGCM\nSSLHonorCipherOrder on\n`,
    { handshakes: [''] },
  ),
  one('the SSL form of SSLCipherSuite', `${ssl}SSLEngine on\nSSLCipherSuite SSL ECDHE+AESGCM:!AES128\n`, { handshakes: [''] }),
  one(
    'hosts on one address have their own protocols and suites',
    `${ssl}SSLProtocol TLSv1.2\nSSLCipherSuite ECDHE-RSA-AES128-GCM-SHA256@SECLEVEL=0\n${host('a.test', 'SSLEngine on\nSSLProtocol TLSv1.2 +TLSv1.3\nSSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384\nSSLCipherSuite AES256-SHA@SECLEVEL=0\n')}${host('b.test', 'SSLEngine on\nSSLProtocol TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3\nSSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256\nSSLCipherSuite AES128-SHA:AES256-SHA@SECLEVEL=0\n')}${host('c.test', 'SSLEngine on\n')}`,
    { handshakes: ['', 'a.test', 'b.test', 'c.test'] },
  ),
  one('a host without SSLEngine behind one with it', `${ssl}${host('a.test', 'SSLEngine on\nSSLProtocol TLSv1.3\n')}${host('b.test')}`, {
    handshakes: ['a.test', 'b.test'],
  }),
  one('a host with SSLEngine behind one without it', `${ssl}${host('a.test')}${host('b.test', 'SSLEngine on\n')}`, { handshakes: ['a.test', 'b.test'] }),
  one(
    'a host inherits SSLEngine, and can turn it off',
    `${ssl}SSLEngine on\n${host('a.test')}<VirtualHost 127.0.0.2:@PORT@>\nSSLEngine off\n</VirtualHost>\n`,
    { handshakes: ['a.test'] },
  ),
  one(
    'MinProtocol and CipherString of SSLOpenSSLConfCmd win',
    `${ssl}SSLEngine on\nSSLProtocol all\nSSLOpenSSLConfCmd MinProtocol TLSv1.1\nSSLOpenSSLConfCmd CipherString AES128-SHA@SECLEVEL=0\n`,
    { handshakes: [''] },
  ),
  one('Protocol of SSLOpenSSLConfCmd only subtracts', `${ssl}SSLEngine on\nSSLProtocol TLSv1.2 +TLSv1.3\nSSLOpenSSLConfCmd Protocol ALL,-TLSv1.3\n`, {
    handshakes: [''],
  }),
  one(
    'a Protocol list takes nothing away',
    `${ssl}SSLEngine on\nSSLProtocol TLSv1.2\n${level0}SSLOpenSSLConfCmd Protocol TLSv1,TLSv1.2\nSSLOpenSSLConfCmd MinProtocol TLSv1\nSSLOpenSSLConfCmd MaxProtocol TLSv1.3\n`,
    { handshakes: [''] },
  ),
  one('the system policy: its least protocol and suites lose, its TLS 1.3 suites count', `${ssl}SSLEngine on\n`, {
    handshakes: [''],
    openssl:
      'openssl_conf=i\n[i]\nssl_conf=s\n[s]\nsystem_default=d\n[d]\nMinProtocol=TLSv1.3\nCipherString=AES128-GCM-SHA256\nCiphersuites=TLS_AES_128_GCM_SHA256\n',
  }),
  one('the system policy: its level counts', `${ssl}SSLEngine on\nSSLCipherSuite HIGH\n`, {
    handshakes: [''],
    openssl: 'openssl_conf=i\n[i]\nssl_conf=s\n[s]\nsystem_default=d\n[d]\nCipherString=DEFAULT@SECLEVEL=0\n',
  }),
  one('no suite is left', `${ssl}SSLEngine on\nSSLCipherSuite RC4-SHA\n`, { refused: true, handshakes: [''] }),
  one('no protocol is left', `${ssl}SSLEngine on\nSSLProtocol -all\n`, { refused: true, handshakes: [''] }),
  one('SSLv3 without a library that has it', `${ssl}SSLEngine on\nSSLProtocol all +SSLv3\n`, { refused: true, handshakes: [''] }),
  one('SSLv2', `${ssl}SSLProtocol SSLv2\n`, { refused: true, handshakes: [''] }),
  one('an unknown protocol', `${ssl}SSLProtocol TLSv1.4\n`, { refused: true, handshakes: [''] }),
  one('SSLPolicy is not in 2.4', `${ssl}SSLPolicy modern\n`, { refused: true, handshakes: [''] }),
  one('an unknown protocol family for suites', `${ssl}SSLCipherSuite TLSv1.2 HIGH\n`, { refused: true, handshakes: [''] }),
  one('TLS without a certificate', `${listen}LoadModule ssl_module @MODULES@/mod_ssl.so\nSSLEngine on\n`, { refused: true, handshakes: [''] }),
];
