import type { Listen, ServiceProblem, Setting, Tls, TlsProtocol } from '../../model/index.ts';
import { systemTlsOf } from '../openssl/index.ts';
import type { ServiceImage } from '../service-reader.ts';
import type { Configured } from '../tls/index.ts';
import { effectiveTls, protocolOf, readTlsCertificate } from '../tls/index.ts';

/** What the server listens on, and the TLS of its TLS port. */
export interface RedisListeners {
  readonly listen: readonly Listen[];
  readonly tls: Tls | null;
  readonly problems: readonly ServiceProblem[];
}

/** Ports and addresses by `bind`, `port`, `tls-port`, `unixsocket`; TLS by the `tls-…` directives (tls.c: TLS 1.2 and 1.3 unless said otherwise). */
export function listenersOf(image: ServiceImage, settings: readonly Setting[], doubt: string | null): RedisListeners {
  const find = (key: string) => settings.find((setting) => setting.key === key);
  const value = (key: string) => find(key)?.value ?? '';
  const problems: ServiceProblem[] = [];
  const refuse = (why: string, setting: Setting | undefined) => {
    const location = setting !== undefined && 'path' in setting.origin ? { path: setting.origin.path, line: setting.origin.line } : null;
    problems.push({ kind: 'invalid', what: 'the configuration of redis', why, location });
  };
  const addresses = value('bind')
    .split(' ')
    .slice(0, 64)
    .map((address) => address.replace(/^-/, ''))
    .map((address) => (address.includes(':') ? `[${address === '::*' ? '::' : address}]` : address));
  const at = (port: string) => (port === '' || port === '0' ? [] : addresses.filter((address) => address !== '').map((address) => `${address}:${port}`));
  const plain = [...at(value('port')), ...(value('unixsocket') === '' ? [] : [`unix:${value('unixsocket')}`])];
  const secured = at(value('tls-port'));
  if (secured.length === 0) return { listen: plain.map((address) => ({ address })), tls: null, problems };

  const { library, policy } = systemTlsOf(image);
  const configured = <T>(key: string, read: (text: string) => T): Configured<T> | null => {
    const setting = find(key);
    if (setting === undefined || setting.value === '') return null;
    const base = { value: read(setting.value), origin: setting.origin };
    return setting.certain ? base : { ...base, certain: false, uncertainty: setting.uncertainty ?? 'it is decided at run time' };
  };
  const protocols = configured('tls-protocols', (text) => {
    const words = text.split(/[\s]+/).filter((word) => word !== '');
    const read = words.map(protocolOf).filter((protocol): protocol is TlsProtocol => protocol?.startsWith('TLS') === true);
    if (read.length !== words.length) refuse('tls-protocols names a protocol that redis does not know', find('tls-protocols'));
    return read;
  });
  const effective = effectiveTls(
    {
      protocols: protocols ?? { value: ['TLSv1.2', 'TLSv1.3'], origin: { default: 'redis: TLSv1.2 TLSv1.3' } },
      cipherString: configured('tls-ciphers', (text) => text),
      tls13Suites: configured('tls-ciphersuites', (text) => text.split(':').filter((name) => name !== '')),
      curves: null,
      keyExchange: { dhe: value('tls-dh-params-file') !== '' || library.table === '3.0' },
    },
    library,
    policy,
  );
  for (const why of effective.errors) refuse(why, find('tls-ciphers'));
  const certificate = find('tls-cert-file');
  if (value('tls-cert-file') === '') refuse('tls-port needs tls-cert-file', find('tls-port'));
  const key = value('tls-key-file');
  const why = doubt ?? effective.uncertainty;
  const tls: Tls = {
    enabled: true,
    protocols: effective.protocols,
    suites: effective.suites,
    tls13Suites: effective.tls13Suites,
    curves: effective.curves,
    origins: effective.origins,
    configured: effective.configured,
    certain: why === undefined,
    ...(why === undefined ? {} : { uncertainty: why }),
    certificates:
      certificate === undefined || certificate.value === ''
        ? []
        : [readTlsCertificate(image.files, certificate.value, key === '' ? null : key, certificate.origin)],
  };
  return { listen: [...secured.map((address) => ({ address })), ...plain.map((address) => ({ address, tls: null }))], tls, problems };
}
