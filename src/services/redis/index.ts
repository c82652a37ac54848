import type { Service, ServiceProblem } from '../../model/index.ts';
import { compareReleases, installedVersionOf } from '../installed-version.ts';
import type { ServiceImage } from '../service-reader.ts';
import { defineServiceReader } from '../service-reader.ts';
import type { StartCommand } from '../start-command.ts';
import { startCommandOf } from '../start-command.ts';
import { readCommandLine } from './command-line.ts';
import { readConfigurationFiles } from './configuration-files.ts';
import { directivesOf } from './directives.ts';
import { effectiveSettings } from './effective-settings.ts';
import { listenersOf } from './redis-tls.ts';

interface Flavour {
  readonly name: 'redis' | 'valkey';
  readonly programs: readonly string[];
  readonly packages: readonly string[];
  readonly entries: readonly string[];
  readonly paths: readonly string[];
  /** The variable in which the official image says its version. */
  readonly variable: string;
}

const flavours: readonly Flavour[] = [
  {
    name: 'redis',
    programs: ['redis-server'],
    packages: ['redis-server', 'redis'],
    entries: ['/etc/redis/redis.conf', '/etc/redis.conf', '/usr/local/etc/redis/redis.conf', '/opt/bitnami/redis/etc/redis.conf'],
    paths: ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/usr/sbin/redis-server', '/opt/bitnami/redis/bin/redis-server'],
    variable: 'REDIS_VERSION',
  },
  {
    name: 'valkey',
    programs: ['valkey-server'],
    packages: ['valkey-server', 'valkey'],
    entries: ['/etc/valkey/valkey.conf', '/etc/valkey.conf', '/usr/local/etc/valkey/valkey.conf', '/opt/bitnami/valkey/etc/valkey.conf'],
    paths: ['/usr/bin/valkey-server', '/usr/local/bin/valkey-server', '/opt/bitnami/valkey/bin/valkey-server'],
    variable: 'VALKEY_VERSION',
  },
];
const newest = '8.6';

/** Redis, and Valkey, which took over its configuration. */
export default defineServiceReader({
  name: 'redis',
  version: 1,
  summary: 'Redis and Valkey: redis.conf with includes, command line, TLS, defaults by release and image',
  *read(image) {
    for (const flavour of flavours) {
      const start = startCommandOf(image, flavour.programs);
      const entry = flavour.entries.find((path) => image.files.stat(path) !== undefined);
      const program = flavour.paths.find((path) => image.files.stat(path)?.type === 'file');
      if (start.runs === true || entry !== undefined || program !== undefined) yield readServer(image, flavour, start, entry ?? null);
    }
  },
});

function readServer(image: ServiceImage, flavour: Flavour, start: StartCommand, found: string | null): Service {
  const packaged = installedVersionOf(image.packages, flavour.packages);
  const told = image.configuration.env.find((entry) => entry.startsWith(`${flavour.variable}=`))?.slice(flavour.variable.length + 1) ?? null;
  const version = packaged ?? told;
  const release = version ?? newest;
  const line = readCommandLine(start.arguments);
  const at = image.configuration.workingDir === '' ? '' : image.configuration.workingDir;
  const named = line.file === null ? null : line.file.startsWith('/') ? line.file : `${at}/${line.file}`;
  // A server that the image doesn't start itself is started by its service unit with the usual file.
  const entry = named ?? (start.runs === true && start.uncertainty === null ? null : found);
  const files = readConfigurationFiles(image, entry, line.options, release);
  const what = `the configuration of ${flavour.name}`;
  const problems: ServiceProblem[] = [...files.problems];
  if (start.uncertainty !== null) problems.push({ kind: 'uncertain', what, why: start.uncertainty, location: null });
  if (line.readsInput) problems.push({ kind: 'uncertain', what, why: 'more of it is read from standard input', location: null });
  if (version === null) problems.push({ kind: 'uncertain', what, why: `nothing tells its version; defaults are those of redis ${newest}`, location: null });
  const doubts = [
    start.uncertainty,
    files.missing.length === 0 ? null : `${files.missing[0]} could not be read`,
    line.readsInput ? 'more of the configuration is read from standard input' : null,
    version === null ? 'its version is not known' : null,
  ];
  const doubt = doubts.find((one) => one !== null) ?? null;
  const official = packaged === null && told !== null;
  const builtDefaults = new Map(
    official ? [['protected-mode', { value: 'no', why: `the official image builds ${flavour.name} with protected mode off` }]] : [],
  );
  const { settings, problems: refused } = effectiveSettings(files.statements, directivesOf(flavour.name === 'valkey' ? '7.2' : release), {
    doubt,
    named: `${flavour.name} ${release}`,
    builtDefaults,
    knowsAll: flavour.name === 'redis' && version !== null && compareReleases(version, '6.0') >= 0 && compareReleases(version, '8.7') < 0,
  });
  const listeners = listenersOf(image, settings, doubt);
  return {
    service: 'redis',
    version,
    entry: entry ?? 'the command line',
    runs: start.runs,
    scopes: [{ scope: [], listen: listeners.listen, tls: listeners.tls, settings }],
    problems: [...problems, ...refused, ...listeners.problems],
  };
}
