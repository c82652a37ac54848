import { defineCataloger } from './cataloger.ts';

/** Where services and the TLS library keep their configuration. What they include from elsewhere is read in a later round. */
const directories = [
  'etc/apache2/',
  'etc/httpd/',
  'usr/local/apache2/conf/',
  'etc/nginx/',
  'usr/local/nginx/conf/',
  'etc/ssh/',
  'etc/redis/',
  'etc/valkey/',
  'etc/postgresql/',
  'etc/crypto-policies/',
  'usr/local/etc/redis/',
];
const files = ['etc/ssl/openssl.cnf', 'etc/ssl1.1/openssl.cnf', 'usr/lib/ssl/openssl.cnf', 'etc/pki/tls/openssl.cnf', 'etc/redis.conf', 'etc/valkey.conf'];

/** Keys and passwords beside them are nobody's configuration; what a configuration names of these is asked for by name. */
const secret = /(?:\.(?:key|p12|pfx|jks|pass(?:wd)?|htpasswd)|_key|htpasswd|passw(?:or)?ds?)$/i;

export default defineCataloger({
  name: 'service-files',
  version: 2,
  summary: 'Configuration files of services, kept for reading their effective settings',
  provides: ['content'],
  evidence: 'services',
  maxBytes: 4 * 1024 * 1024,
  selects: ({ path, type, size }) =>
    type === 'file' && size <= 4 * 1024 * 1024 && !secret.test(path) && (directories.some((directory) => path.startsWith(directory)) || files.includes(path)),
  *read(file) {
    yield { kind: 'content', fact: { path: `/${file.path}` } };
  },
});
