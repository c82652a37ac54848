import type { Service, ServiceProblem } from '../../model/index.ts';
import { installedVersionOf } from '../installed-version.ts';
import type { ServiceImage } from '../service-reader.ts';
import { defineServiceReader } from '../service-reader.ts';
import type { StartCommand } from '../start-command.ts';
import { startCommandOf } from '../start-command.ts';
import { readCommandLine } from './command-line.ts';
import { readConfigurationFiles } from './configuration-files.ts';
import { cryptoPolicyOptions } from './crypto-policy.ts';
import { effectiveConfiguration } from './effective-settings.ts';
import type { OpenSshRelease } from './keywords.ts';
import { keywordsOf } from './keywords.ts';
import { versionOfProgram } from './program-version.ts';

const entries = ['/etc/ssh/sshd_config', '/usr/etc/ssh/sshd_config', '/usr/local/etc/ssh/sshd_config', '/usr/local/etc/sshd_config'];
const programs = ['/usr/sbin/sshd', '/usr/sbin/sshd.pam', '/usr/sbin/sshd.krb5', '/usr/local/sbin/sshd'];
const packageNames = ['openssh-server', 'openssh-server-common', 'openssh-server-pam', 'openssh'];
const newest = '10.5p1';

/** OpenSSH's server: the main part and every Match block, with the value of every directive. */
export default defineServiceReader({
  name: 'sshd',
  version: 1,
  summary: 'OpenSSH server: sshd_config with includes, Match blocks, command line and the defaults of its release',
  *read(image) {
    const start = startCommandOf(image, ['sshd', 'sshd.pam']);
    const program = programs.find((path) => image.files.stat(path)?.type === 'file');
    const found = entries.find((path) => image.files.stat(path) !== undefined);
    const version = installedVersionOf(image.packages, packageNames) ?? (program === undefined ? null : versionOfProgram(image, program));
    if (start.runs !== true && program === undefined && found === undefined && !image.packages.some((one) => one.name === 'openssh-server')) return;
    yield readServer(image, start, version, found ?? '/etc/ssh/sshd_config');
  },
});

function readServer(image: ServiceImage, start: StartCommand, version: string | null, found: string): Service {
  const context = releaseOf(image, version);
  const keywords = keywordsOf(context);
  const options = readCommandLine(start.arguments, keywords);
  const policy = context.vendor === 'rpm' ? readCommandLine(cryptoPolicyOptions(image), keywords) : null;
  const entry = options.file ?? found;
  const files = readConfigurationFiles(image, entry, keywords, context.release);
  const problems: ServiceProblem[] = [...files.problems];
  const what = 'the configuration of sshd';
  for (const why of options.invalid) problems.push({ kind: 'invalid', what, why, location: null });
  if (start.uncertainty !== null) problems.push({ kind: 'uncertain', what, why: start.uncertainty, location: null });
  if (version === null) {
    problems.push({ kind: 'uncertain', what, why: `nothing tells its version; defaults are those of OpenSSH ${newest}`, location: null });
  }
  const usesPolicy = policy !== null && policy.statements.length > 0;
  if (usesPolicy) {
    problems.push({
      kind: 'uncertain',
      what,
      why: 'the crypto policy holds only when the service unit starts sshd',
      location: { path: '/etc/crypto-policies/back-ends/opensshserver.config' },
    });
  }
  const doubts = [
    start.uncertainty,
    files.missing.length === 0 ? null : `${files.missing[0]} could not be read`,
    files.problems.some((problem) => problem.kind === 'uncertain') ? 'an include depends on run time' : null,
    usesPolicy ? 'the crypto policy holds only when the service unit starts sshd' : null,
    version === null ? 'its version is not known' : null,
  ];
  const statements = [...options.statements, ...(usesPolicy ? policy.statements : []), ...withoutOwnPorts(files.statements, options.statements)];
  const effective = effectiveConfiguration(statements, keywords, context, doubts.find((doubt) => doubt !== null) ?? null);
  const listen = listenAddresses(effective.scopes[0]?.settings ?? []);
  return {
    service: 'sshd',
    version,
    entry,
    runs: start.runs,
    scopes: effective.scopes.map(({ scope, settings }) => ({ scope, listen: scope.length === 0 ? listen : [], tls: null, settings })),
    problems: [...problems, ...effective.problems],
  };
}

function releaseOf(image: ServiceImage, version: string | null): OpenSshRelease {
  const one = image.packages.find((candidate) => packageNames.includes(candidate.name) && !candidate.lockfile);
  const vendor = one?.type === 'deb' || one?.type === 'rpm' || one?.type === 'apk' ? one.type : null;
  return { release: version ?? newest, vendor, packageVersion: one?.version ?? null };
}

/** `-p` makes sshd leave out the files' Port (servconf.c, ports_from_cmdline). */
function withoutOwnPorts<T extends { readonly keyword: { readonly name: string } }>(statements: readonly T[], options: readonly T[]): readonly T[] {
  return options.some((option) => option.keyword.name === 'Port') ? statements.filter((statement) => statement.keyword.name !== 'Port') : statements;
}

/** Every ListenAddress with the ports that it lacks; all addresses when there is none. */
function listenAddresses(settings: readonly { readonly key: string; readonly value: string }[]): { readonly address: string }[] {
  const all = (key: string) => settings.filter((setting) => setting.key === key).flatMap((setting) => setting.value.split(' '));
  const ports = all('Port');
  const words = all('ListenAddress').filter((word) => word !== '');
  const addresses: string[] = [];
  for (let index = 0; index < words.length && addresses.length < 1000; index += 1) {
    const word = words[index] as string;
    if (word === 'rdomain') {
      index += 1;
      continue;
    }
    const colons = word.match(/:/g)?.length ?? 0;
    const hasPort = /^\[.*\]:[0-9a-z-]+$/i.test(word) || (colons === 1 && !word.startsWith('['));
    const host = colons > 1 && !word.startsWith('[') ? `[${word}]` : word;
    if (hasPort) addresses.push(word);
    else for (const port of ports) addresses.push(`${host}:${port}`);
  }
  if (words.length === 0) addresses.push(...ports.map((port) => `*:${port}`));
  return addresses.slice(0, 1000).map((address) => ({ address }));
}
