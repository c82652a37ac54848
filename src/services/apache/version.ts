import { installedVersionOf } from '../installed-version.ts';
import type { ServiceImage } from '../service-reader.ts';

/**
 * httpd's version: of the distribution's package, or what the official image says (`HTTPD_VERSION`, the header file
 * that it keeps). null: nothing tells it.
 */
export function httpdVersion(image: ServiceImage, entry: string): string | null {
  if (entry.startsWith('/usr/local/apache2/')) {
    const said = image.configuration.env.find((one) => one.startsWith('HTTPD_VERSION='))?.slice('HTTPD_VERSION='.length);
    return said !== undefined && /^\d+\.\d+\.\d+/.test(said) ? said : headerVersion(image, '/usr/local/apache2/include/ap_release.h');
  }
  return installedVersionOf(image.packages, ['apache2-bin', 'apache2', 'httpd-core', 'httpd', 'apache2.2-bin', 'apache2-prefork', 'apache2-worker']);
}

function headerVersion(image: ServiceImage, path: string): string | null {
  const file = image.files.read(path);
  if (file.state !== 'read') return null;
  const text = new TextDecoder().decode(file.bytes.subarray(0, 65_536));
  const numbers = ['MAJORVERSION', 'MINORVERSION', 'PATCHLEVEL'].map((part) => new RegExp(`^#define AP_SERVER_${part}_NUMBER\\s+(\\d+)`, 'm').exec(text)?.[1]);
  return numbers.every((number) => number !== undefined) ? numbers.join('.') : null;
}
