import type { ServiceProblem, Setting, Tls } from '../../model/index.ts';
import { compareReleases } from '../installed-version.ts';
import { systemTlsOf } from '../openssl/index.ts';
import type { ServiceImage } from '../service-reader.ts';
import type { Configured } from '../tls/index.ts';
import { curveList, effectiveTls, protocolOf, protocolsBetween, readTlsCertificate } from '../tls/index.ts';

/**
 * The TLS that `ssl = on` brings (be-secure-openssl.c): protocols between `ssl_min_protocol_version` and
 * `ssl_max_protocol_version`, `ssl_ciphers`, `ssl_groups` or `ssl_ecdh_curve`; DH parameters are built in.
 *
 * @param directory the data directory, from which relative paths start
 */
export function postgresTls(
  image: ServiceImage,
  settings: readonly Setting[],
  directory: string,
  release: string,
  doubt: string | null,
): { readonly tls: Tls | null; readonly problems: readonly ServiceProblem[] } {
  const find = (key: string) => settings.find((setting) => setting.key === key);
  const value = (key: string) => find(key)?.value ?? '';
  if (value('ssl') !== 'on') return { tls: null, problems: [] };
  const { library, policy } = systemTlsOf(image);
  const configured = <T>(key: string, read: (text: string) => T): Configured<T> | null => {
    const setting = find(key);
    if (setting === undefined || setting.value === '') return null;
    const base = { value: read(setting.value), origin: setting.origin };
    return setting.certain ? base : { ...base, certain: false, uncertainty: setting.uncertainty ?? 'it is decided at run time' };
  };
  const bounded = compareReleases(release, '12') >= 0;
  const bound = find('ssl_min_protocol_version');
  const most = find('ssl_max_protocol_version');
  const origin = (most !== undefined && most.value !== '' && 'path' in most.origin ? most : bound)?.origin ?? { default: `PostgreSQL ${release}` };
  const between = protocolsBetween(protocolOf(bound?.value ?? '') ?? 'TLSv1', protocolOf(most?.value ?? '') ?? null);
  const effective = effectiveTls(
    {
      protocols: { value: between, origin },
      cipherString: configured('ssl_ciphers', (text) => text),
      tls13Suites: configured('ssl_tls13_ciphers', (text) => text.split(':').filter((name) => name !== '')),
      curves: configured(find('ssl_groups') === undefined ? 'ssl_ecdh_curve' : 'ssl_groups', (text) => curveList(text, library.curves)),
      ignoresSystemProtocols: bounded,
      keyExchange: { dhe: true },
    },
    library,
    policy,
  );
  const location = (setting: Setting | undefined) =>
    setting !== undefined && 'path' in setting.origin ? { path: setting.origin.path, line: setting.origin.line } : null;
  const problems = effective.errors.map(
    (why): ServiceProblem => ({ kind: 'invalid', what: 'the configuration of postgresql', why, location: location(find('ssl_ciphers')) }),
  );
  const file = (key: string) => (value(key) === '' || value(key).startsWith('/') ? value(key) : `${directory}/${value(key)}`);
  const why = doubt ?? effective.uncertainty;
  const certificate = find('ssl_cert_file');
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
      certificate === undefined
        ? []
        : [readTlsCertificate(image.files, file('ssl_cert_file'), value('ssl_key_file') === '' ? null : file('ssl_key_file'), certificate.origin)],
  };
  return { tls, problems };
}
