import { compareReleases } from '../installed-version.ts';
import type { OpenSshRelease } from './keywords.ts';

/** The keywords whose value is a list of algorithms. */
export type AlgorithmKeyword =
  | 'kexalgorithms'
  | 'ciphers'
  | 'macs'
  | 'casignaturealgorithms'
  | 'hostkeyalgorithms'
  | 'hostbasedacceptedalgorithms'
  | 'pubkeyacceptedalgorithms';

type History = readonly (readonly [since: string, list: string])[];

/** A server's default lists and the release that each came with: myproposal.h of 5.9 to 10.5, all options compiled in. */
const histories: Readonly<Record<'kexalgorithms' | 'ciphers' | 'macs' | 'casignaturealgorithms' | 'keys', History>> = {
  kexalgorithms: [
    [
      '5.9',
      'ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1,diffie-hellman-group1-sha1',
    ],
    [
      '6.5',
      'curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1,diffie-hellman-group1-sha1',
    ],
    [
      '6.7',
      'curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha1',
    ],
    [
      '7.3',
      'curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256,diffie-hellman-group14-sha1',
    ],
    [
      '7.4',
      'curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256,diffie-hellman-group14-sha1',
    ],
    [
      '8.2',
      'curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256',
    ],
    [
      '8.9',
      'curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,sntrup761x25519-sha512@openssh.com,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256',
    ],
    [
      '9.0',
      'sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256',
    ],
    [
      '9.9',
      'sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,mlkem768x25519-sha256,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256',
    ],
    [
      '10.0',
      'mlkem768x25519-sha256,sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521',
    ],
  ],
  ciphers: [
    [
      '5.9',
      'aes128-ctr,aes192-ctr,aes256-ctr,arcfour256,arcfour128,aes128-cbc,3des-cbc,blowfish-cbc,cast128-cbc,aes192-cbc,aes256-cbc,arcfour,rijndael-cbc@lysator.liu.se',
    ],
    [
      '6.2',
      'aes128-ctr,aes192-ctr,aes256-ctr,arcfour256,arcfour128,aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-cbc,3des-cbc,blowfish-cbc,cast128-cbc,aes192-cbc,aes256-cbc,arcfour,rijndael-cbc@lysator.liu.se',
    ],
    [
      '6.5',
      'aes128-ctr,aes192-ctr,aes256-ctr,arcfour256,arcfour128,aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-cbc,3des-cbc,blowfish-cbc,cast128-cbc,aes192-cbc,aes256-cbc,arcfour,rijndael-cbc@lysator.liu.se',
    ],
    ['6.7', 'aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com'],
    ['6.9', 'chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com'],
    ['10.0', 'chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr'],
  ],
  macs: [
    [
      '5.9',
      'hmac-md5,hmac-sha1,umac-64@openssh.com,hmac-sha2-256,hmac-sha2-256-96,hmac-sha2-512,hmac-sha2-512-96,hmac-ripemd160,hmac-ripemd160@openssh.com,hmac-sha1-96,hmac-md5-96',
    ],
    ['6.1', 'hmac-md5,hmac-sha1,umac-64@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-ripemd160,hmac-ripemd160@openssh.com,hmac-sha1-96,hmac-md5-96'],
    [
      '6.2',
      'hmac-md5-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-ripemd160-etm@openssh.com,hmac-sha1-96-etm@openssh.com,hmac-md5-96-etm@openssh.com,hmac-md5,hmac-sha1,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-ripemd160,hmac-ripemd160@openssh.com,hmac-sha1-96,hmac-md5-96',
    ],
    [
      '6.7',
      'umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1',
    ],
  ],
  keys: [
    [
      '5.9',
      'ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,ssh-dss-cert-v01@openssh.com,ssh-rsa-cert-v00@openssh.com,ssh-dss-cert-v00@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-rsa,ssh-dss',
    ],
    [
      '6.5',
      'ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,ssh-ed25519-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,ssh-dss-cert-v01@openssh.com,ssh-rsa-cert-v00@openssh.com,ssh-dss-cert-v00@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,ssh-rsa,ssh-dss',
    ],
    [
      '7.0',
      'ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,ssh-ed25519-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,ssh-rsa',
    ],
    [
      '7.2',
      'ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,ssh-ed25519-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ssh-rsa',
    ],
    [
      '7.8',
      'ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,ssh-ed25519-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ssh-rsa',
    ],
    [
      '8.2',
      'ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,ssh-ed25519-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,ssh-ed25519,sk-ssh-ed25519@openssh.com,rsa-sha2-512,rsa-sha2-256,ssh-rsa',
    ],
    [
      '8.5',
      'ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256,ssh-rsa',
    ],
    [
      '8.8',
      'ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256',
    ],
    [
      '10.3',
      'ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,webauthn-sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256',
    ],
  ],
  casignaturealgorithms: [
    ['7.9', 'ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ssh-rsa'],
    [
      '8.2',
      'ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,ssh-ed25519,sk-ssh-ed25519@openssh.com,rsa-sha2-512,rsa-sha2-256',
    ],
    [
      '8.5',
      'ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256',
    ],
    [
      '10.3',
      'ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,webauthn-sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256',
    ],
  ],
};

/** Every name that some release since 5.9 implements, in the order of its tables; `<7.6` is the first release without it. */
const implemented: Readonly<Record<'kexalgorithms' | 'ciphers' | 'macs' | 'keys', string>> = {
  ciphers:
    '3des-cbc blowfish-cbc<7.6 cast128-cbc<7.6 arcfour<7.6 arcfour128<7.6 arcfour256<7.6 aes128-cbc aes192-cbc aes256-cbc rijndael-cbc@lysator.liu.se<8.5 aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com>6.2 aes256-gcm@openssh.com>6.2 chacha20-poly1305@openssh.com>6.5',
  macs: 'hmac-sha1 hmac-sha1-96 hmac-sha2-256 hmac-sha2-256-96<6.1 hmac-sha2-512 hmac-sha2-512-96<6.1 hmac-md5 hmac-md5-96 hmac-ripemd160<7.6 hmac-ripemd160@openssh.com<7.6 umac-64@openssh.com umac-128@openssh.com>6.2 hmac-sha1-etm@openssh.com>6.2 hmac-sha1-96-etm@openssh.com>6.2 hmac-sha2-256-etm@openssh.com>6.2 hmac-sha2-512-etm@openssh.com>6.2 hmac-md5-etm@openssh.com>6.2 hmac-md5-96-etm@openssh.com>6.2 hmac-ripemd160-etm@openssh.com>6.2<7.6 umac-64-etm@openssh.com>6.2 umac-128-etm@openssh.com>6.2',
  kexalgorithms:
    'diffie-hellman-group1-sha1 diffie-hellman-group14-sha1 diffie-hellman-group14-sha256>7.3 diffie-hellman-group16-sha512>7.3 diffie-hellman-group18-sha512>7.3 diffie-hellman-group-exchange-sha1 diffie-hellman-group-exchange-sha256 ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 curve25519-sha256>7.4 curve25519-sha256@libssh.org>6.5 sntrup4591761x25519-sha512@tinyssh.org>8.0<8.5 sntrup761x25519-sha512>9.0 sntrup761x25519-sha512@openssh.com>8.5 mlkem768x25519-sha256>9.9 mlkem768nistp256-sha256>10.5',
  keys: 'ssh-ed25519>6.5 ssh-ed25519-cert-v01@openssh.com>6.5 sk-ssh-ed25519@openssh.com>8.2 sk-ssh-ed25519-cert-v01@openssh.com>8.2 ecdsa-sha2-nistp256 ecdsa-sha2-nistp256-cert-v01@openssh.com ecdsa-sha2-nistp384 ecdsa-sha2-nistp384-cert-v01@openssh.com ecdsa-sha2-nistp521 ecdsa-sha2-nistp521-cert-v01@openssh.com sk-ecdsa-sha2-nistp256@openssh.com>8.2 sk-ecdsa-sha2-nistp256-cert-v01@openssh.com>8.2 webauthn-sk-ecdsa-sha2-nistp256@openssh.com>8.4 webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com>10.3 ssh-dss<10.0 ssh-dss-cert-v01@openssh.com<10.0 ssh-dss-cert-v00@openssh.com<7.0 ssh-rsa ssh-rsa-cert-v01@openssh.com ssh-rsa-cert-v00@openssh.com<7.0 rsa-sha2-256>7.2 rsa-sha2-256-cert-v01@openssh.com>7.8 rsa-sha2-512>7.2 rsa-sha2-512-cert-v01@openssh.com>7.8',
};

/**
 * The list that a server offers when its configuration says nothing; a release older than 5.9 counts as 5.9.
 * Debian offers `sntrup761x25519-sha512` under its final name since 1:9.2p1-2+deb12u4.
 */
export function defaultAlgorithms(keyword: AlgorithmKeyword, context: OpenSshRelease): readonly string[] {
  const family = familyOf(keyword);
  const history = histories[keyword === 'casignaturealgorithms' ? keyword : family];
  let list = history[0]?.[1] ?? '';
  for (const [since, names] of history) if (compareReleases(context.release, since) >= 0) list = names;
  const names = list.split(',');
  const revision = /^1:9\.2p1-2\+deb12u([0-9]+)/.exec(context.packageVersion ?? '')?.[1];
  if (keyword === 'kexalgorithms' && revision !== undefined && Number(revision) >= 4) return ['sntrup761x25519-sha512', ...names];
  return names;
}

/** The names that a release implements, in its own order. */
export function implementedAlgorithms(keyword: AlgorithmKeyword, release: string): readonly string[] {
  const names: string[] = [];
  for (const entry of implemented[familyOf(keyword)].split(' ')) {
    const [, name = '', since, until] = /^([^<>]+)(?:>([\d.]+))?(?:<([\d.]+))?$/.exec(entry) ?? [];
    if (since !== undefined && compareReleases(release, since) < 0) continue;
    if (until !== undefined && compareReleases(release, until) >= 0) continue;
    names.push(name);
  }
  return names;
}

function familyOf(keyword: AlgorithmKeyword): 'kexalgorithms' | 'ciphers' | 'macs' | 'keys' {
  return keyword === 'kexalgorithms' || keyword === 'ciphers' || keyword === 'macs' ? keyword : 'keys';
}
