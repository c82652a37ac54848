import type { ImageChoice } from '../each-image.ts';
import { PortcullisError } from '../errors.ts';
import { parsePlatformChoice } from '../image/index.ts';
import type { BinaryRule } from '../model/index.ts';
import { defaultRegistryOptions, type Mirror, type RegistryOptions } from '../transport/index.ts';
import type { CommandCall } from './command.ts';
import { readTextFile } from './files.ts';

const MAX_PASSWORD = 64 * 1024;

/** Which images are meant, how to reach them and how to read them. @throws PortcullisError USAGE, BINARY_RULES_INVALID */
export async function imageChoiceOf(call: CommandCall, references: readonly string[]): Promise<ImageChoice> {
  const { options, io, messages } = call;
  const binaryRules = await binaryRulesOf(call);
  return {
    ...(binaryRules === null ? {} : { binaryRules }),
    platform: options.platform === undefined ? null : parsePlatformChoice(options.platform as string),
    tag: (options.tag as string | undefined) ?? null,
    registry: await registryOptionsOf(options, io.env, references),
    note: (message) => void messages.detail(message),
  };
}

async function binaryRulesOf({ options, originOf }: CommandCall): Promise<readonly BinaryRule[] | null> {
  const given = (options.binaryRules as readonly string[] | undefined) ?? [];
  // A variable holds several, with commas between them.
  const files = originOf('binaryRules') === 'env' ? given.flatMap((item) => item.split(',')).filter((item) => item !== '') : given;
  if (files.length === 0) return null;
  const { joinBinaryRules, readBinaryRules } = await import('../binary-rule-file.ts');
  const read: (readonly BinaryRule[])[] = [];
  for (const file of files) read.push(readBinaryRules(await readTextFile(file, 'The file of rules for programs', 'BINARY_RULES_INVALID'), file));
  return joinBinaryRules(read);
}

async function registryOptionsOf(options: CommandCall['options'], env: RegistryOptions['env'], references: readonly string[]): Promise<RegistryOptions> {
  const text = (name: string): string | null => (typeof options[name] === 'string' ? (options[name] as string) : null);
  // A variable holds several, with commas between them.
  const texts = (name: string): readonly string[] =>
    (Array.isArray(options[name]) ? (options[name] as string[]) : []).flatMap((item) => item.split(',')).filter((item) => item !== '');
  const certificateFile = text('clientCert');
  const keyFile = text('clientKey');
  if ((certificateFile === null) !== (keyFile === null)) {
    throw new PortcullisError('USAGE', '--client-cert and --client-key belong together.', { hint: 'Name the certificate and its key, both in PEM format.' });
  }
  return {
    ...defaultRegistryOptions(env),
    login: await loginOf(text('username'), options.passwordStdin === true, references),
    plainHttp: texts('plainHttp').map(host),
    mirrors: texts('mirror').map(mirror),
    caFile: text('caFile'),
    clientCertificate: certificateFile === null || keyFile === null ? null : { certificateFile, keyFile },
  };
}

function host(given: string): string {
  if (/^[A-Za-z0-9.[\]:-]+$/.test(given)) return given;
  throw new PortcullisError('USAGE', `"${given}" is not a host.`, { hint: 'Write --plain-http HOST or HOST:PORT, as it stands in the name of the image.' });
}

function mirror(given: string): Mirror {
  const equals = given.indexOf('=');
  if (equals < 1) {
    throw new PortcullisError('USAGE', `"${given}" does not say which mirror stands in for which registry.`, {
      hint: 'Write it as --mirror docker.io=https://mirror.example.org.',
    });
  }
  const url = given.slice(equals + 1);
  return { domain: host(given.slice(0, equals)), url: url.includes('://') ? url : `https://${url}` };
}

/** A password is never an argument, which every process of the machine can read. */
async function loginOf(username: string | null, fromStdin: boolean, references: readonly string[]): Promise<RegistryOptions['login']> {
  if (username === null && !fromStdin) return null;
  if (username === null || !fromStdin) {
    throw new PortcullisError('USAGE', '--username and --password-stdin belong together.', {
      hint: 'Write: portcullis gate --username NAME --password-stdin IMAGE < password.txt',
    });
  }
  if (references.includes('-')) {
    throw new PortcullisError('USAGE', 'Standard input cannot hold both the password and the image.', { hint: 'Log in with docker login or podman login.' });
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    size += (part as Buffer).length;
    if (size > MAX_PASSWORD) throw new PortcullisError('USAGE', 'The password on standard input is too long.');
    parts.push(part as Buffer);
  }
  const password = Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (password === '') throw new PortcullisError('USAGE', 'There is no password on standard input.');
  return { username, password };
}
