import * as z from 'zod';
import type { Certificate } from '../../model/index.ts';
import { allowedPaths, isAllowed } from '../allowed-paths.ts';
import { defineTrigger } from '../trigger.ts';

/** What is wrong with a certificate's strength (NIST SP 800-57 part 1, table 2: 112 bits of security). */
function weaknesses({ keyType, keyBits, signatureAlgorithm, selfSigned }: Certificate, least: number): string[] {
  const isModular = /^(?:rsa|rsa-pss|dsa|dh)$/i.test(keyType);
  const bits = isModular ? least : 224;
  const found: string[] = [];
  if (keyBits !== null && keyBits < bits) found.push(`a ${keyType} key of ${keyBits} bits`);
  // Nobody checks the signature of a root on itself.
  if (/md[245]|sha1/i.test(signatureAlgorithm) && !selfSigned) found.push(`a signature by ${signatureAlgorithm}`);
  return found;
}

export default defineTrigger({
  gate: 'certificates',
  name: 'weak',
  since: '0.2.0',
  summary: 'A certificate has a key that is too short, or a signature that can be forged.',
  why: 'RSA keys below 2048 bits can be factored by those who can pay for it; MD5 and SHA-1 signatures can be forged.',
  remedy: 'Make a new key of 2048 bits at least, or an elliptic curve, and have it signed with SHA-256.',
  parameters: {
    rsabits: z.number().int().min(512).max(16_384).default(2048).describe('bits that an RSA or DSA key must have at least'),
    authorities: z.boolean().default(false).describe('whether certificates of authorities count, which come with the system'),
    allow: allowedPaths,
  },
  needs: () => [{ kind: 'certificates' }],
  translates: [
    {
      gate: 'CERTCHECK',
      trigger: 'WEAK',
      parameters: {
        rsabits: { to: 'rsabits', syntax: 'number' },
        authorities: { to: 'authorities', syntax: 'boolean' },
        allow: { to: 'allow', syntax: 'list' },
      },
      own: true,
      sample: { action: 'warn', parameters: '' },
    },
  ],
  examples: [
    {
      title: 'A short key, and a signature by SHA-1.',
      line: '',
      facts: {
        certificates: [
          { serial: '0a', keyBits: 1024 },
          { serial: '0b', signatureAlgorithm: 'sha1WithRSAEncryption' },
        ],
      },
      fires: ['0a', '0b'],
    },
    {
      title: 'An elliptic curve, and a root that signed itself long ago.',
      line: '',
      facts: {
        certificates: [
          { keyType: 'ec', keyBits: 256, signatureAlgorithm: 'ecdsa-with-SHA256' },
          { selfSigned: true, signatureAlgorithm: 'sha1WithRSAEncryption' },
        ],
      },
      fires: [],
    },
  ],
  *judge({ certificates }, { rsabits, authorities, allow }) {
    for (const certificate of certificates) {
      const { subject, serial, authority, selfSigned, location } = certificate;
      // A self-made certificate of a server says of itself that it is an authority: that a stranger's root is one is not its matter.
      if ((authority && !selfSigned && !authorities) || isAllowed(location.path, allow)) continue;
      const found = weaknesses(certificate, rsabits);
      if (found.length === 0) continue;
      const message = `the certificate of ${subject === '' ? 'nobody' : subject} in ${location.path} has ${found.join(' and ')}`;
      yield { state: 'fired', subject: serial, message, location, located: true };
    }
  },
});
