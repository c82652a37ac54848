import * as z from 'zod';
import { location } from './parts.ts';

/** An entry of /etc/group. */
export const group = z.object({
  name: z.string(),
  password: z.enum(['x', '*', '!', '', 'set']).describe('A password that stands here is never shown: set.'),
  gid: z.string(),
  members: z.array(z.string()),
  location,
});

/** A file, directory, link or device. */
export const file = z.object({
  path: z.string().describe('Absolute.'),
  type: z.enum(['file', 'directory', 'symlink', 'device', 'fifo', 'other']),
  mode: z.int().min(0).describe('Permission bits with set-id and sticky, as a number: 2541 is 0o4755.'),
  uid: z.int(),
  gid: z.int(),
  size: z.number().min(0).describe('Bytes.'),
  linkTarget: z.string().nullable().describe('Of a symbolic link, as written.'),
  layer: z.int().min(0),
  capabilities: z.array(z.string()).nullable().describe('null: the source cannot tell.'),
  package: z.string().nullable().exactOptional().describe('The distribution package that put it there, where that was asked for; null: none did.'),
  digests: z
    .object({ md5: z.string().exactOptional(), sha1: z.string().exactOptional(), sha256: z.string().exactOptional() })
    .exactOptional()
    .describe('Only what was asked for.'),
});

/** A line that a pattern of the policy fits. */
export const contentMatch = z.object({ pattern: z.string().describe('As the policy wrote it.'), location });

/** A secret that lies open, without the secret. */
export const secret = z.object({
  rule: z.string(),
  what: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  source: z.enum(['file', 'env', 'label', 'command', 'history']),
  name: z.string().nullable().describe("The variable's or label's name, `entrypoint`, `cmd` or `healthcheck`, or the number of the history line."),
  location: location.nullable(),
  masked: z.string().describe('What all such secrets have in common, and its length.'),
  fingerprint: z.string().describe('Keyed: the same for the same secret on one installation.'),
  deleted: z.boolean().describe('True when a later layer takes its file away.'),
});

/** A certificate in a file. */
export const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  selfSigned: z.boolean(),
  authority: z.boolean().describe('Whether it may sign others.'),
  serial: z.string(),
  notBefore: z.string().describe('RFC 3339.'),
  notAfter: z.string().describe('RFC 3339.'),
  keyType: z.string(),
  keyBits: z.int().nullable(),
  signatureAlgorithm: z.string(),
  fingerprint: z.string().describe('SHA-256, hexadecimal.'),
  publicKey: z.string().describe('SHA-256 of the public key, hexadecimal.'),
  location,
});

/** A private key in a file, without the key. */
export const privateKey = z.object({
  format: z.enum(['pkcs1', 'pkcs8', 'sec1', 'dsa', 'openssh', 'pkcs12', 'jks', 'putty', 'dropbear', 'pgp']),
  encrypted: z.boolean().nullable(),
  keyType: z.string().nullable(),
  keyBits: z.int().nullable(),
  publicKey: z.string().nullable().describe('SHA-256 of its public key, hexadecimal.'),
  hostKey: z.boolean().describe('Identity of an ssh server.'),
  mode: z.int().min(0),
  uid: z.int(),
  gid: z.int(),
  certificates: z.array(z.string()).describe('Paths of certificates that belong to it.'),
  location,
});

/** A file that is not as the package manager put it. */
export const driftedFile = z.object({ kind: z.enum(['changed', 'unowned']), package: z.string().nullable(), mode: z.int().min(0), location });

/** What malware scanners found. */
export const malwareScan = z.object({
  scanners: z
    .array(
      z.object({
        kind: z.enum(['clamav', 'hashes']).describe('A program, or a list of digests.'),
        name: z.string().describe('Program and version, or the file of the list.'),
        signatures: z
          .object({ version: z.string(), asOf: z.string().nullable().describe('RFC 3339; null: it does not say.') })
          .nullable()
          .describe("State of its makers' signatures, or the digest of the list; null: it works with others alone."),
      }),
    )
    .describe('None: nobody looked.'),
  found: z.array(
    z.object({
      scanner: z.string().describe('What found it.'),
      signature: z.string().describe("The scanner's name for it."),
      location,
      deleted: z.boolean().describe('True when a later layer takes the file away.'),
    }),
  ),
});
