import data from './directives.json' with { type: 'json' };

/** What is known of a directive of httpd 2.4. */
export interface KnownDirective {
  /** As the manual writes it; sections start with `<`. */
  readonly name: string;
  /** Source files of the modules that have it: `mod_ssl.c`. */
  readonly modules: readonly string[];
  /** `server`: only outside of directory sections; `directory`: only inside; `any`. */
  readonly place: 'server' | 'directory' | 'any';
}

const places = { s: 'server', d: 'directory', a: 'any' } as const;
const known = new Map<string, KnownDirective>(
  Object.entries(data.directives).map(([name, text]) => {
    const [place = 'a', ...modules] = text.split(' ');
    return [name.toLowerCase(), { name, modules, place: places[place as keyof typeof places] }] as const;
  }),
);

/** A directive by name in any case (`sslengine`, `<virtualhost`); undefined when no module of httpd's own has it. */
export function directiveOf(name: string): KnownDirective | undefined {
  return known.get(name.toLowerCase());
}

const sourceOfModule = new Map<string, string>(Object.entries(data.oddSources).map(([source, module]) => [module, source] as const));
sourceOfModule.set('ldap_module', 'util_ldap.c').set('core_module', 'core.c').set('http_module', 'http_core.c').set('mpm_itk_module', 'mpm_itk.c');
sourceOfModule.set('itk_module', 'itk.c').set('mpm_itk_module', 'itk.c').set('pagespeed_module', 'mod_pagespeed.cc');
/** The source file that `<IfModule>` knows a module by: `ssl_module` → `mod_ssl.c`. */
export function sourceOf(module: string): string {
  return sourceOfModule.get(module) ?? `mod_${module.replace(/_module$/, '')}.c`;
}

const ownFiles = new Set<string>([
  ...data.files,
  'mod_systemd.so',
  'mod_http.so',
  'mod_unixd.so',
  'mod_log_config.so',
  'mod_logio.so',
  'mod_version.so',
  'mod_watchdog.so',
  'mod_so.so',
]);
for (const text of Object.values(data.directives)) for (const source of text.split(' ').slice(1)) ownFiles.add(source.replace(/\.c$/, '.so'));

/** Whether a module is one of httpd's own, by name or file; others may bring directives that aren't known here. */
export function isOwnModule(name: string, file: string): boolean {
  return ownFiles.has(file.slice(file.lastIndexOf('/') + 1)) || ownFiles.has(sourceOf(name).replace(/\.c$/, '.so'));
}

/** Directives that count for the whole server and can't stand in a virtual host. */
export const serverWide: ReadonlySet<string> = new Set(
  [
    'AcceptMutex',
    'ChrootDir',
    'CoreDumpDirectory',
    'DefaultRuntimeDir',
    'EnableExceptionHook',
    'ExtendedStatus',
    'GracefulShutdownTimeout',
    'Group',
    'Listen',
    'ListenBacklog',
    'ListenCoresBucketsRatio',
    'LoadFile',
    'LoadModule',
    'LockFile',
    'MaxClients',
    'MaxConnectionsPerChild',
    'MaxMemFree',
    'MaxRequestsPerChild',
    'MaxRequestWorkers',
    'MaxSpareServers',
    'MaxSpareThreads',
    'MinSpareServers',
    'MinSpareThreads',
    'Mutex',
    'NameVirtualHost',
    'PidFile',
    'ReceiveBufferSize',
    'ScoreBoardFile',
    'SendBufferSize',
    'ServerLimit',
    'ServerRoot',
    'ServerTokens',
    'SSLCryptoDevice',
    'SSLFIPS',
    'SSLPassPhraseDialog',
    'SSLRandomSeed',
    'SSLSessionCache',
    'SSLStaplingCache',
    'StartServers',
    'ThreadLimit',
    'ThreadsPerChild',
    'ThreadStackSize',
    'User',
    'AsyncRequestWorkerFactor',
  ].map((name) => name.toLowerCase()),
);

/** Directives whose statements add up instead of replacing each other. */
const additive = new Set(
  [
    'AddAlt',
    'AddAltByEncoding',
    'AddAltByType',
    'AddCharset',
    'AddDescription',
    'AddEncoding',
    'AddHandler',
    'AddIcon',
    'AddIconByEncoding',
    'AddIconByType',
    'AddInputFilter',
    'AddLanguage',
    'AddOutputFilter',
    'AddOutputFilterByType',
    'AddType',
    'Alias',
    'AliasMatch',
    'Allow',
    'AuthLDAPUserDNGroup',
    'BalancerMember',
    'BrowserMatch',
    'BrowserMatchNoCase',
    'CustomLog',
    'Deny',
    'ErrorDocument',
    'ExpiresByType',
    'ExtFilterDefine',
    'FilterChain',
    'FilterProvider',
    'Header',
    'IndexIgnore',
    'Listen',
    'LoadFile',
    'LoadModule',
    'LogFormat',
    'Mutex',
    'MDomain',
    'NameVirtualHost',
    'PassEnv',
    'php_admin_flag',
    'php_admin_value',
    'php_flag',
    'php_value',
    'Protocols',
    'ProxyBlock',
    'ProxyPass',
    'ProxyPassMatch',
    'ProxyPassReverse',
    'ProxySet',
    'Redirect',
    'RedirectMatch',
    'RedirectPermanent',
    'RedirectTemp',
    'RequestHeader',
    'Require',
    'RewriteCond',
    'RewriteMap',
    'RewriteRule',
    'ScriptAlias',
    'ScriptAliasMatch',
    'SecRule',
    'SecAction',
    'ServerAlias',
    'SetEnv',
    'SetEnvIf',
    'SetEnvIfExpr',
    'SetEnvIfNoCase',
    'SSLCertificateFile',
    'SSLCertificateKeyFile',
    'SSLOpenSSLConfCmd',
    'SSLRandomSeed',
    'SSLRequire',
    'Substitute',
    'UnsetEnv',
    'WSGIScriptAlias',
    'WSGIDaemonProcess',
  ].map((name) => name.toLowerCase()),
);

/** Whether several statements of a directive in one scope all count. */
export function isAdditive(key: string): boolean {
  return additive.has(key.toLowerCase());
}
