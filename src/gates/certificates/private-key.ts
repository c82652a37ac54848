import * as z from 'zod';
import { allowedPaths, isAllowed } from '../allowed-paths.ts';
import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'certificates',
  name: 'private-key',
  since: '0.2.0',
  summary: 'A private key lies in the image.',
  why: 'Whoever can pull the image has the key: a certificate that belongs to it proves nothing any more.',
  remedy: 'Count the key as known and replace it; hand keys to the container when it runs.',
  parameters: {
    encrypted: z.boolean().default(false).describe('whether keys under a passphrase count too'),
    readable: z.boolean().default(false).describe('whether only those count that everyone in the container may read'),
    allow: allowedPaths,
  },
  needs: () => [{ kind: 'keys' }],
  translates: [
    {
      gate: 'CERTCHECK',
      trigger: 'PRIVATEKEY',
      parameters: {
        encrypted: { to: 'encrypted', syntax: 'boolean' },
        readable: { to: 'readable', syntax: 'boolean' },
        allow: { to: 'allow', syntax: 'list' },
      },
      own: true,
      sample: { action: 'stop', parameters: '' },
    },
  ],
  examples: [
    {
      title: 'Two keys, one of them under a passphrase.',
      line: '',
      facts: {
        keys: [
          { location: { path: '/etc/nginx/tls/shop.key' }, mode: 0o644, certificates: ['/etc/nginx/tls/shop.crt'] },
          { location: { path: '/app/p8enc.key' }, encrypted: true },
        ],
      },
      fires: ['/etc/nginx/tls/shop.key'],
    },
    { title: 'Only root may read it.', line: 'readable=true', facts: { keys: [{ location: { path: '/etc/ssl/a.key' }, mode: 0o600 }] }, fires: [] },
    { title: 'Where one may be.', line: 'allow=/app/test/', facts: { keys: [{ location: { path: '/app/test/a.key' } }] }, fires: [] },
  ],
  *judge({ keys }, { encrypted, readable, allow }) {
    for (const { format, encrypted: isEncrypted, keyType, keyBits, mode, uid, gid, certificates, location } of keys) {
      if ((isEncrypted === true && !encrypted) || (readable && (mode & 0o004) === 0) || isAllowed(location.path, allow)) continue;
      const kind = keyType === null ? format : `${keyType}${keyBits === null ? '' : ` ${keyBits}`}`;
      const rights = (mode & 0o004) !== 0 ? 'everyone may read it' : `mode ${mode.toString(8)}, user ${uid}, group ${gid}`;
      const beside = certificates.length === 0 ? '' : `; it belongs to the certificate in ${certificates.join(', ')}`;
      const shut = isEncrypted === true ? ' under a passphrase' : '';
      yield { state: 'fired', subject: location.path, message: `${location.path} holds a private key (${kind})${shut}; ${rights}${beside}`, location };
    }
  },
});
