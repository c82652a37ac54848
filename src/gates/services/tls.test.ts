import { describe, expect, test } from 'vitest';
import { serviceReaders } from '../../services/index.ts';
import { testTrigger } from '../../testing/index.ts';
import { serviceNames } from './selection.ts';
import tlsCertificate from './tls-certificate.ts';
import tlsCiphers from './tls-ciphers.ts';
import tlsCurves from './tls-curves.ts';
import tlsProtocols from './tls-protocols.ts';

const apache = 'apache';

testTrigger(
  tlsProtocols,
  [
    {
      title: 'an address that speaks otherwise than its scope',
      line: 'minimum=TLSv1.2',
      facts: { services: [{ scopes: [{ tls: {}, listen: [{ address: '*:444', tls: { protocols: ['SSLv3'] } }] }] }] },
      fires: ['nginx *:444 SSLv3'],
    },
    {
      title: 'a default asks for nothing that the library does not have',
      line: 'minimum=TLSv1.2',
      facts: { services: [{ scopes: [{ tls: { configured: { protocols: ['TLSv1'], suites: [] }, origins: { protocols: { default: 'nginx' } } } }] }] },
    },
    {
      title: 'all at once',
      line: 'minimum=TLSv1 deny=TLSv1.1 level=mozilla:modern@5.8',
      facts: { services: [{ scopes: [{ tls: { protocols: ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] } }] }] },
      fires: ['nginx SSLv3,TLSv1,TLSv1.1,TLSv1.2'],
    },
    { title: 'TLS that is switched off', line: 'deny=SSLv3', facts: { services: [{ scopes: [{ tls: { enabled: false, protocols: ['SSLv3'] } }] }] } },
    {
      title: 'the system policy, when it is named',
      line: 'deny=SSLv3 service=openssl',
      facts: { services: [{ service: 'openssl', scopes: [{ tls: { enabled: false, protocols: ['SSLv3'] } }] }] },
      fires: ['openssl SSLv3'],
    },
    {
      title: 'what the image does not start, where only that counts',
      line: 'deny=SSLv3 running=true',
      facts: { services: [{ runs: false, scopes: [{ tls: { protocols: ['SSLv3'] } }] }] },
    },
    {
      title: 'what it may start',
      line: 'deny=SSLv3 running=true',
      facts: { services: [{ runs: null, scopes: [{ tls: { protocols: ['SSLv3'] } }] }] },
      undecided: ['nginx SSLv3'],
    },
    {
      title: 'a violation in a configuration with a hole',
      line: 'deny=SSLv3',
      facts: { services: [{ scopes: [{ tls: { protocols: ['SSLv3'], certain: false } }], problems: [{ kind: 'unreadable' }, { kind: 'uncertain' }] }] },
      fires: ['nginx SSLv3'],
      undecided: ['nginx', 'nginx /etc/nginx/nginx.conf'],
    },
    { title: 'no service at all', line: 'deny=SSLv3', facts: { services: [] } },
    { title: 'services that nobody read', line: 'deny=SSLv3', facts: {}, missing: ['services'], undecided: ['services'] },
    { title: 'a problem of another service', line: 'deny=SSLv3 service=nginx', facts: {}, problems: [{ evidence: 'services', scope: { ecosystem: 'sshd' } }] },
    {
      title: 'a problem of any service',
      line: 'deny=SSLv3',
      facts: {},
      problems: [{ evidence: 'services', scope: { path: '/etc/nginx/nginx.conf' } }],
      undecided: ['problem-1'],
    },
  ],
  test,
);

testTrigger(
  tlsCiphers,
  [
    {
      title: 'what only the file asks for, and TLS 1.3 apart',
      line: 'weaker=good',
      facts: {
        services: [
          {
            service: apache,
            scopes: [
              {
                scope: ['VirtualHost *:443'],
                tls: {
                  suites: ['ECDHE-RSA-AES128-GCM-SHA256'],
                  configured: { protocols: ['TLSv1.2'], suites: ['ECDHE-RSA-AES128-GCM-SHA256', 'RC4-SHA'] },
                  tls13Suites: ['TLS_AES_128_GCM_SHA256'],
                },
              },
            ],
          },
        ],
      },
      fires: ['apache VirtualHost *:443 RC4-SHA'],
    },
    {
      title: 'a suite of TLS 1.3 that is not allowed',
      line: 'only=good,TLS_AES_256_GCM_SHA384',
      facts: { services: [{ scopes: [{ tls: { tls13Suites: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_CCM_8_SHA256'] } }] }] },
      fires: ['nginx TLS_AES_128_CCM_8_SHA256'],
    },
    {
      title: 'a class that is denied',
      line: 'deny=broken',
      facts: { services: [{ scopes: [{ tls: { suites: ['ADH-AES128-SHA', 'NULL-SHA', 'DES-CBC3-SHA'] } }] }] },
      fires: ['nginx ADH-AES128-SHA,NULL-SHA'],
    },
    {
      title: 'a modern level has no older suites',
      line: 'level=mozilla:modern@5.8',
      facts: { services: [{ scopes: [{ tls: {} }] }] },
      fires: ['nginx ECDHE-RSA-AES128-GCM-SHA256'],
    },
  ],
  test,
);

testTrigger(
  tlsCurves,
  [
    {
      title: 'a default that is denied',
      line: 'deny=X448',
      facts: { services: [{ scopes: [{ tls: { curves: ['X448'], origins: { curves: { default: 'OpenSSL' } } } }] }] },
      fires: ['nginx X448'],
    },
  ],
  test,
);

const certificate = (details: object) => ({ services: [{ scopes: [{ tls: { certificates: [{ path: '/c', certificate: details }] } }] }] });
testTrigger(
  tlsCertificate,
  [
    { title: 'the last day', line: 'expires=30', facts: certificate({ notAfter: '2024-01-31T00:00:00Z' }) },
    { title: 'a day less', line: 'expires=30', facts: certificate({ notAfter: '2024-01-30T00:00:00Z' }), fires: ['nginx /c expires'] },
    { title: 'from tomorrow', line: 'expires=0', facts: certificate({ notBefore: '2024-01-02T00:00:00Z' }), fires: ['nginx /c not-yet-valid'] },
    { title: 'dates that are none', line: 'expires=0', facts: certificate({ notAfter: 'never' }), undecided: ['nginx /c expiry'] },
    { title: 'a small curve', line: 'keysize=3072', facts: certificate({ keyType: 'EC', keyBits: 224 }), fires: ['nginx /c key-size'] },
    { title: 'a key of unknown size', line: 'keysize=2048', facts: certificate({ keyBits: null }), undecided: ['nginx /c key-size'] },
    { title: 'hashes', line: 'signature=true', facts: certificate({ signatureAlgorithm: 'ecdsa-with-SHA1' }), fires: ['nginx /c signature'] },
    { title: 'hashes that only look alike', line: 'signature=true', facts: certificate({ signatureAlgorithm: 'rsassaPss-SHA512' }) },
    {
      title: 'one certificate of two scopes is told once',
      line: 'selfsigned=true',
      facts: { services: [{ scopes: [1, 2].map(() => ({ tls: { certificates: [{ path: '/c', certificate: { selfSigned: true } }] } })) }] },
      fires: ['nginx /c self-signed'],
    },
    {
      title: 'a key that is not in the image',
      line: 'keyreadable=true',
      facts: { services: [{ scopes: [{ tls: { certificates: [{ keyPath: '/run/k', keyFile: null }] } }] }] },
    },
  ],
  test,
);

describe('the services of rules', () => {
  test('are those that are read', () => {
    expect(serviceNames).toEqual(expect.arrayContaining(serviceReaders.map(({ name }) => name)));
  });
});
