import type { Tls } from '../model/index.ts';
import { settingOriginText } from './services-settings.ts';

/** Suites that are asked for and not offered are named up to this number without `-v`. */
const mostUnoffered = 12;

/** What TLS is in force, as label and value; the place of each value follows it with an empty label. Not neutralised. */
export function* tlsFacts(tls: Tls, { verbose }: { readonly verbose: boolean }): Iterable<readonly [label: string, value: string]> {
  const { protocols, suites, configured } = tls;
  const parts = [
    ['protocols', protocols, tls.origins.protocols, configured?.protocols],
    ['suites', suites, tls.origins.suites, configured?.suites],
    ['TLS 1.3 suites', tls.tls13Suites, tls.origins.tls13Suites, undefined],
    ['curves', tls.curves, tls.origins.curves, undefined],
  ] as const;
  for (const [label, values, origin, asked] of parts) {
    const offered = new Set<string>(values);
    // What only a default asks for, nobody asked for.
    const unoffered = 'default' in origin && !verbose ? [] : (asked ?? []).filter((name) => !offered.has(name));
    if (values.length === 0 && protocols.length === 0 && label !== 'protocols' && unoffered.length === 0) continue;
    const count = values.length > 4 ? `${values.length}: ` : '';
    yield [label, values.length === 0 ? 'none' : count + values.join(' ')];
    if (unoffered.length > 0) yield ['', `asked for, not offered: ${listed(unoffered, verbose)}`];
    yield ['', `(${settingOriginText(origin)})`];
  }
  if (!tls.certain) yield ['uncertain', tls.uncertainty ?? 'it may differ at run time'];
  for (const { path, certificate, problem } of tls.certificates) {
    if (certificate === null) yield ['certificate', `${path}: ${problem ?? 'could not be read'}`];
    else {
      const { subject, keyType, keyBits, signatureAlgorithm, notAfter } = certificate;
      yield ['certificate', `${path}: ${subject}, ${keyType}${keyBits === null ? '' : ` ${keyBits}`}, ${signatureAlgorithm}, until ${notAfter.slice(0, 10)}`];
    }
  }
}

function listed(names: readonly string[], verbose: boolean): string {
  if (verbose || names.length <= mostUnoffered) return names.join(' ');
  return `${names.slice(0, mostUnoffered).join(' ')} and ${names.length - mostUnoffered} more (-v shows all)`;
}
