import * as z from 'zod';
import { imageError, imageHead, problem, tool } from './parts.ts';

const origin = z
  .union([
    z.object({ path: z.string(), line: z.int(), layer: z.int().min(0).nullable() }),
    z.object({ default: z.string().describe('Which default is in force.') }),
  ])
  .meta({ id: 'origin', description: 'Where it was set, or which default is in force.' });

const setting = z.object({
  key: z.string().describe("The directive's canonical name."),
  value: z.string(),
  origin,
  certain: z.boolean().describe('False when something at run time may change it.'),
  uncertainty: z.string().exactOptional().describe('Why it is not certain.'),
  shadowed: z.array(z.object({ value: z.string(), origin })).describe('Statements that lost.'),
});

const certificate = z.object({
  path: z.string(),
  keyPath: z.string().nullable(),
  origin,
  certificate: z
    .object({
      subject: z.string(),
      issuer: z.string(),
      selfSigned: z.boolean(),
      notBefore: z.string().describe('RFC 3339.'),
      notAfter: z.string().describe('RFC 3339.'),
      keyType: z.string(),
      keyBits: z.int().nullable(),
      signatureAlgorithm: z.string(),
    })
    .nullable()
    .describe('null: it could not be read; problem says why.'),
  keyFile: z.object({ mode: z.int(), uid: z.int(), gid: z.int() }).nullable(),
  problem: z.string().nullable(),
});

const protocol = z.enum(['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);

const tls = z
  .object({
    enabled: z.boolean(),
    protocols: z.array(protocol),
    suites: z.array(z.string()).describe("TLS 1.2 and older, OpenSSL's names, in the library's order of preference."),
    tls13Suites: z.array(z.string()),
    curves: z.array(z.string()),
    origins: z.object({ protocols: origin, suites: origin, tls13Suites: origin, curves: origin }),
    configured: z
      .object({ protocols: z.array(protocol), suites: z.array(z.string()) })
      .exactOptional()
      .describe('What the configuration asks for, before the library takes away; absent: the same as is offered.'),
    certain: z.boolean(),
    uncertainty: z.string().exactOptional(),
    certificates: z.array(certificate),
  })
  .meta({ id: 'tls', description: 'What is really in force.' });

const scope = z.object({
  scope: z.array(z.string()).describe("In the configuration's own words; empty: the main scope."),
  listen: z.array(z.object({ address: z.string(), tls: tls.nullable().exactOptional().describe("Only where it differs from the scope's.") })),
  tls: tls.nullable().describe('null: TLS has no meaning here or is off.'),
  settings: z.array(setting),
});

export const service = z.object({
  service: z.string().describe('apache, nginx, sshd, openssl, redis, postgresql.'),
  version: z.string().nullable(),
  entry: z.string().describe('The configuration file it starts from.'),
  runs: z.boolean().nullable().describe('Whether it is what the image starts; null when that cannot be told.'),
  scopes: z.array(scope),
  problems: z.array(
    z.object({
      what: z.string(),
      why: z.string(),
      location: z.object({ path: z.string(), line: z.int().exactOptional() }).nullable(),
      kind: z.enum(['invalid', 'unreadable', 'uncertain']),
    }),
  ),
});

/** Schema of `portcullis.services.v1`. */
export const servicesDocument = z
  .object({
    schema: z.literal('portcullis.services.v1'),
    tool,
    images: z.array(z.union([z.object({ ...imageHead, services: z.array(service), problems: z.array(problem) }), imageError])),
  })
  .meta({ title: 'Portcullis services', description: 'What portcullis services -o json prints.' });
