import { compareReleases } from '../installed-version.ts';

/** A directive's value where no statement sets it, and the rule that says so. */
export interface DefaultValue {
  readonly key: string;
  readonly value: string;
  readonly rule: string;
  /** `server`: it counts for the whole server, not for each virtual host; `directory`: inside directories alone. */
  readonly place?: 'server' | 'directory';
}

/** Whether httpd is at least a version; an unknown one counts as the newest 2.4. */
export function isSince(version: string | null, since: string): boolean {
  return version === null || compareReleases(version, since) >= 0;
}

/**
 * What is in force where the configuration says nothing, by version (httpd's manual, "Default"): directives that
 * recommendations speak of.
 *
 * @param sources source files of the modules that are there
 */
export function defaultsOf(version: string | null, sources: ReadonlySet<string>): readonly DefaultValue[] {
  const since = (release: string): boolean => isSince(version, release);
  const rule = (text: string) => `httpd ${text}`;
  const core: DefaultValue[] = [
    { key: 'ServerTokens', value: 'Full', rule: rule('default'), place: 'server' },
    { key: 'ServerSignature', value: 'Off', rule: rule('default') },
    { key: 'TraceEnable', value: 'on', rule: rule('default') },
    { key: 'FileETag', value: since('2.3.15') ? 'MTime Size' : 'INode MTime Size', rule: rule(since('2.3.15') ? 'since 2.3.15' : 'before 2.3.15') },
    { key: 'Options', value: since('2.3.11') ? 'FollowSymlinks' : 'All', rule: rule(since('2.3.11') ? 'since 2.3.11' : 'before 2.3.11') },
    { key: 'AllowOverride', value: since('2.3.9') ? 'None' : 'All', rule: rule(since('2.3.9') ? 'since 2.3.9' : 'before 2.3.9'), place: 'directory' },
    { key: 'Timeout', value: since('2.3.0') ? '60' : '300', rule: rule(since('2.3.0') ? 'since 2.4' : 'before 2.4') },
    { key: 'KeepAlive', value: 'On', rule: rule('default') },
    { key: 'MaxKeepAliveRequests', value: '100', rule: rule('default') },
    { key: 'KeepAliveTimeout', value: since('2.3.0') ? '5' : '15', rule: rule(since('2.3.0') ? 'since 2.4' : 'before 2.4') },
    { key: 'LimitRequestLine', value: '8190', rule: rule('default') },
    { key: 'LimitRequestFields', value: '100', rule: rule('default') },
    { key: 'LimitRequestFieldSize', value: '8190', rule: rule('default') },
    { key: 'LimitRequestBody', value: since('2.4.54') ? '1073741824' : '0', rule: rule(since('2.4.54') ? 'since 2.4.54' : 'before 2.4.54') },
    { key: 'HostnameLookups', value: 'Off', rule: rule('default') },
    { key: 'LogLevel', value: 'warn', rule: rule('default') },
  ];
  if (sources.has('mod_unixd.c'))
    core.push({ key: 'User', value: '#-1', rule: rule('default'), place: 'server' }, { key: 'Group', value: '#-1', rule: rule('default'), place: 'server' });
  if (!sources.has('mod_ssl.c')) return core;
  const tls: DefaultValue[] = [
    { key: 'SSLEngine', value: 'off', rule: rule('default') },
    { key: 'SSLProtocol', value: since('2.4.17') ? 'all -SSLv3' : 'all', rule: rule(since('2.4.17') ? 'since 2.4.17' : 'before 2.4.17') },
    { key: 'SSLCipherSuite', value: 'DEFAULT', rule: rule('default') },
    { key: 'SSLHonorCipherOrder', value: 'off', rule: rule('default') },
    { key: 'SSLCompression', value: since('2.4.4') ? 'off' : 'on', rule: rule(since('2.4.4') ? 'since 2.4.4' : 'before 2.4.4') },
    { key: 'SSLInsecureRenegotiation', value: 'off', rule: rule('default') },
    { key: 'SSLSessionTickets', value: 'on', rule: rule('default') },
    { key: 'SSLUseStapling', value: 'off', rule: rule('default') },
    { key: 'SSLVerifyClient', value: 'none', rule: rule('default') },
    { key: 'SSLStrictSNIVHostCheck', value: 'off', rule: rule('default') },
  ];
  return [...core, ...tls];
}
