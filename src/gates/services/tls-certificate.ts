import * as z from 'zod';
import type { Service, TlsCertificate } from '../../model/index.ts';
import { defineTrigger, type Outcome } from '../trigger.ts';
import { originWords, placeOf, scopeWords } from './place.ts';
import { judgeServices, selection, selectionLine, serviceRequests } from './selection.ts';

const day = 86_400_000;
type Details = NonNullable<TlsCertificate['certificate']>;

/** Bits of an elliptic curve that are worth as much as RSA keys of that size (NIST SP 800-57 part 1, table 2). */
function ellipticBits(rsaBits: number): number {
  if (rsaBits <= 1024) return 160;
  if (rsaBits <= 2048) return 224;
  if (rsaBits <= 3072) return 256;
  return rsaBits <= 7680 ? 384 : 512;
}

const isElliptic = ({ keyType }: Details): boolean => /^(?:ec|ed25519|ed448|x25519|x448)/i.test(keyType);

interface Demands {
  readonly expires?: number | undefined;
  readonly keysize?: number | undefined;
  readonly signature: boolean;
  readonly selfsigned: boolean;
  readonly keyreadable: boolean;
}

/** What is wrong with a certificate: a stable word for the id, and a sentence; `known` is false where it can't be told. */
function* faults(details: Details, demands: Demands, now: Date): Iterable<{ word: string; says: string; known: boolean }> {
  const { expires, keysize } = demands;
  if (expires !== undefined) {
    const end = Date.parse(details.notAfter);
    const start = Date.parse(details.notBefore);
    const left = Math.floor((end - now.getTime()) / day);
    if (Number.isNaN(end) || Number.isNaN(start))
      yield { word: 'expiry', says: `its dates can’t be read (${details.notBefore}, ${details.notAfter})`, known: false };
    else if (end <= now.getTime()) yield { word: 'expired', says: `it expired on ${details.notAfter}`, known: true };
    else if (end - now.getTime() < expires * day) yield { word: 'expires', says: `it expires in ${left} days, on ${details.notAfter}`, known: true };
    else if (start > now.getTime()) yield { word: 'not-yet-valid', says: `it is valid only from ${details.notBefore}`, known: true };
  }
  if (keysize !== undefined) {
    const least = isElliptic(details) ? ellipticBits(keysize) : keysize;
    if (details.keyBits === null) yield { word: 'key-size', says: `the size of its ${details.keyType} key is not known`, known: false };
    else if (details.keyBits < least)
      yield { word: 'key-size', says: `its ${details.keyType} key has ${details.keyBits} bits; ${least} are needed`, known: true };
  }
  if (demands.signature && /md[245]|sha-?1(?!\d)/i.test(details.signatureAlgorithm)) {
    yield { word: 'signature', says: `it is signed with ${details.signatureAlgorithm}`, known: true };
  }
  if (demands.selfsigned && details.selfSigned) yield { word: 'self-signed', says: 'it is signed by itself', known: true };
}

export default defineTrigger({
  gate: 'services',
  name: 'tls-certificate',
  since: '0.1.0',
  summary: 'A certificate or private key that a service uses is not fit for it.',
  why: 'A certificate that is expired, weak or made by nobody else proves nothing, and a key that others can read belongs to them too.',
  remedy: 'Use a current certificate of a trusted authority with a strong key, and give the key when the container is run.',
  parameters: {
    ...selection,
    expires: z
      .number()
      .int('is no whole number of days')
      .min(0, 'is no number of days')
      .max(36_500, 'is more than a hundred years')
      .optional()
      .describe('days that a certificate must still be valid; 0 finds expired ones'),
    keysize: z
      .number()
      .int('is no whole number of bits')
      .min(1, 'is no number of bits')
      .optional()
      .describe('least size of an RSA key in bits; an elliptic curve needs one that is worth as much'),
    signature: z.boolean().default(false).describe('true: finds signatures with MD5 and SHA-1'),
    selfsigned: z.boolean().default(false).describe('true: finds certificates that are signed by themselves'),
    keyreadable: z.boolean().default(false).describe('true: finds private keys in the image that every user can read'),
  },
  needs: serviceRequests,
  translates: [
    {
      gate: 'SERVICECONFIG',
      trigger: 'tls.certificate',
      parameters: {
        expires: { to: 'expires', syntax: 'number' },
        keysize: { to: 'keysize', syntax: 'number' },
        signature: { to: 'signature', syntax: 'boolean' },
        selfsigned: { to: 'selfsigned', syntax: 'boolean' },
        keyreadable: { to: 'keyreadable', syntax: 'boolean' },
        ...selectionLine,
      },
      requiresOneOf: ['expires', 'keysize', 'signature', 'selfsigned', 'keyreadable'],
      own: true,
      sample: { action: 'warn', parameters: 'expires=30 keysize=2048 signature=true keyreadable=true' },
      note: 'A certificate that is not in the image is given when the container is run; the rule is then undecided.',
    },
  ],
  check: ({ expires, keysize, signature, selfsigned, keyreadable }) =>
    expires === undefined && keysize === undefined && !signature && !selfsigned && !keyreadable ? 'nothing is asked of the certificate' : undefined,
  examples: [
    {
      title: 'Expired, small, SHA-1, made by itself, its key open to all.',
      line: 'expires=30 keysize=2048 signature=true selfsigned=true keyreadable=true',
      facts: {
        services: [
          {
            scopes: [
              {
                tls: {
                  certificates: [
                    {
                      path: '/tls/a.crt',
                      keyPath: '/tls/a.key',
                      keyFile: { mode: 0o644, uid: 0, gid: 0 },
                      certificate: { notAfter: '2023-06-01T00:00:00Z', keyBits: 1024, signatureAlgorithm: 'sha1WithRSAEncryption', selfSigned: true },
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
      fires: [
        'nginx /tls/a.crt expired',
        'nginx /tls/a.crt key-size',
        'nginx /tls/a.crt self-signed',
        'nginx /tls/a.crt signature',
        'nginx /tls/a.key readable',
      ],
    },
    {
      title: 'Current, an elliptic curve, SHA-256, its key closed.',
      line: 'expires=30 keysize=2048 signature=true selfsigned=true keyreadable=true',
      facts: {
        services: [
          {
            scopes: [
              {
                tls: {
                  certificates: [
                    {
                      keyPath: '/k',
                      keyFile: { mode: 0o640, uid: 0, gid: 0 },
                      certificate: { keyType: 'EC', keyBits: 256, signatureAlgorithm: 'ecdsa-with-SHA256' },
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
      fires: [],
    },
    {
      title: 'Given when the container is run.',
      line: 'expires=0',
      facts: { services: [{ scopes: [{ tls: { certificates: [{ path: '/run/secrets/tls.crt', certificate: null, problem: 'no such file' }] } }] }] },
      fires: [],
      undecided: ['nginx /run/secrets/tls.crt'],
    },
  ],
  *judge({ services }, parameters, { now }) {
    const asksCertificate = parameters.expires !== undefined || parameters.keysize !== undefined || parameters.signature || parameters.selfsigned;
    yield* judgeServices(services, parameters, function* (service) {
      for (const { found, where } of certificatesOf(service)) {
        if (asksCertificate) yield* judgeCertificate(service, found, where, parameters, now);
        if (parameters.keyreadable && found.keyPath !== null && found.keyFile !== null && (found.keyFile.mode & 0o004) !== 0) {
          const mode = (found.keyFile.mode & 0o7777).toString(8).padStart(4, '0');
          yield {
            state: 'fired',
            subject: `${service.service} ${found.keyPath} readable`,
            message: `${where}: every user can read the private key ${found.keyPath} (mode ${mode})`,
            location: { path: found.keyPath },
          };
        }
      }
    });
  },
});

/** Each certificate with its key once, and the first place that uses it. */
function certificatesOf(service: Service): { found: TlsCertificate; where: string }[] {
  const used = new Map<string, { found: TlsCertificate; where: string }>();
  for (const { scope, tls, listen } of service.scopes) {
    for (const each of [tls, ...listen.map((address) => address.tls)]) {
      for (const found of each?.enabled === true ? each.certificates : []) {
        const key = JSON.stringify([found.path, found.keyPath]);
        if (!used.has(key)) used.set(key, { found, where: scopeWords(service, scope) });
      }
    }
  }
  return [...used.values()];
}

function* judgeCertificate(service: Service, found: TlsCertificate, where: string, demands: Demands, now: Date): Iterable<Outcome> {
  const subject = `${service.service} ${found.path}`;
  const set = `${where}: the certificate ${found.path} (${originWords(found.origin)})`;
  const location = placeOf(found.origin, service);
  if (found.certificate === null) {
    yield { state: 'undecided', subject, reason: `${set}: ${found.problem ?? 'it could not be read'}`, cause: 'image', location };
    return;
  }
  for (const { word, says, known } of faults(found.certificate, demands, now)) {
    if (known) yield { state: 'fired', subject: `${subject} ${word}`, message: `${set}: ${says}`, location };
    else yield { state: 'undecided', subject: `${subject} ${word}`, reason: `${set}: ${says}`, cause: 'image', location };
  }
}
