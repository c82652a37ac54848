import type { ServiceImage } from '../service-reader.ts';

const file = '/etc/crypto-policies/back-ends/opensshserver.config';

/**
 * RHEL 8 hands its crypto policy to sshd as options in a variable of the service unit
 * (`CRYPTO_POLICY='-oCiphers=… -oMACs=…'`); later releases include a file in sshd's own syntax instead.
 *
 * @returns the options, empty when the image has no policy in that form
 */
export function cryptoPolicyOptions(image: ServiceImage): readonly string[] {
  const read = image.files.read(file);
  if (read.state !== 'read' || read.bytes.byteLength > 65_536) return [];
  const text = new TextDecoder().decode(read.bytes);
  const options = /^CRYPTO_POLICY='([^']*)'/m.exec(text)?.[1];
  if (options === undefined) return [];
  const own = image.files.read('/etc/sysconfig/sshd');
  if (own.state === 'read' && /^[ \t]*CRYPTO_POLICY=/m.test(new TextDecoder().decode(own.bytes.subarray(0, 65_536)))) return [];
  return options.split(' ').filter((option) => option !== '');
}
