import type { Service, ServiceProblem, ServiceScope, Setting, SettingOrigin } from '../../model/index.ts';
import { installedVersionOf } from '../installed-version.ts';
import type { ServiceImage } from '../service-reader.ts';
import { defineServiceReader } from '../service-reader.ts';
import type { StartCommand } from '../start-command.ts';
import { startCommandOf } from '../start-command.ts';
import type { Cluster } from './clusters.ts';
import { clustersOf } from './clusters.ts';
import type { PostgresCommandLine } from './command-line.ts';
import { readCommandLine, readControlLine } from './command-line.ts';
import type { PostgresStatement } from './configuration-files.ts';
import { readConfigurationFiles } from './configuration-files.ts';
import { readAccessRules } from './host-based-authentication.ts';
import { defaultValue, parameterValue } from './parameter-value.ts';
import { parametersOf } from './parameters.ts';
import { postgresTls } from './postgres-tls.ts';

const newest = '18';
const what = 'the configuration of postgresql';
/** Texts that hold a password. */
const secrets = new Set(['primary_conninfo', 'ssl_passphrase_command']);

/** PostgreSQL: every cluster's parameters, its access rules and its TLS. */
export default defineServiceReader({
  name: 'postgresql',
  version: 1,
  summary: 'PostgreSQL: postgresql.conf with includes, ALTER SYSTEM, command line, pg_hba.conf, TLS',
  *read(image) {
    const direct = startCommandOf(image, ['postgres', 'postmaster']);
    const controlled = direct.runs === false ? startCommandOf(image, ['pg_ctl', 'pg_ctlcluster']) : direct;
    const start = controlled.runs === false ? direct : controlled;
    const line = start === direct ? readCommandLine(start.arguments) : readControlLine(start.arguments);
    for (const cluster of clustersOf(image, line)) yield readCluster(image, start, line, cluster);
  },
});

function readCluster(image: ServiceImage, start: StartCommand, line: PostgresCommandLine, cluster: Cluster): Service {
  const major = cluster.release ?? image.configuration.env.find((entry) => entry.startsWith('PG_MAJOR='))?.slice(9) ?? null;
  const named =
    major === null
      ? [/^postgresql-[0-9]+$/, 'postgresql-server', /^postgresql[0-9]*(?:-server)?$/]
      : [`postgresql-${major}`, `postgresql${major}`, `postgresql${major}-server`];
  const packaged = installedVersionOf(image.packages, [...named, 'postgresql-server']);
  const told = image.configuration.env.find((entry) => entry.startsWith('PG_VERSION='))?.slice(11) ?? null;
  const version = packaged ?? told?.split('-', 1)[0] ?? major;
  const release = version ?? newest;
  const parameters = parametersOf(release);
  const files = readConfigurationFiles(image, cluster.entry);
  const problems: ServiceProblem[] = [...files.problems];
  const stated = (name: string) =>
    line.parameters.findLast((one) => one.name.toLowerCase() === name)?.value ?? files.statements.findLast((one) => one.name.toLowerCase() === name)?.value;
  const dataDirectory = line.dataDirectory ?? stated('data_directory') ?? cluster.dataDirectory;
  const automatic = `${dataDirectory}/postgresql.auto.conf`;
  const altered = cluster.isSample || image.files.stat(automatic) === undefined ? null : readConfigurationFiles(image, automatic);
  problems.push(...(altered?.problems ?? []));

  const made = cluster.isSample ? 'initdb makes the configuration from this sample when the container first starts' : null;
  if (made !== null) problems.push({ kind: 'uncertain', what, why: made, location: { path: cluster.entry } });
  if (start.uncertainty !== null && start.runs !== false) problems.push({ kind: 'uncertain', what, why: start.uncertainty, location: null });
  if (version === null)
    problems.push({ kind: 'uncertain', what, why: `nothing tells its version; defaults are those of PostgreSQL ${newest}`, location: null });
  const missing = [...files.missing, ...(altered?.missing ?? [])];
  const doubt =
    made ??
    (start.runs === false ? null : start.uncertainty) ??
    (missing.length === 0 ? null : `${missing[0]} could not be read`) ??
    (version === null ? 'its version is not known' : null);

  const options = line.parameters.map((one): PostgresStatement => ({ ...one, path: 'the command line', line: 1, layer: null }));
  const { settings, problems: refused } = settingsOf([...files.statements, ...(altered?.statements ?? []), ...options], parameters, release, doubt);
  const tls = postgresTls(image, settings, dataDirectory, release, doubt);
  const value = (key: string) => settings.find((setting) => setting.key === key)?.value ?? '';
  const accessFile = stated('hba_file') ?? cluster.accessFile;
  const access =
    accessFile === null ? null : readAccessRules(image, accessFile.startsWith('/') ? accessFile : `${dataDirectory}/${accessFile}`, release, doubt);
  const addresses = value('listen_addresses').split(',').slice(0, 64);
  const listen = addresses
    .map((address) => address.trim())
    .flatMap((address) => (address === '' ? [] : [{ address: `${address.includes(':') ? `[${address}]` : address}:${value('port')}` }]));
  const scopes: ServiceScope[] = [
    { scope: [], listen, tls: tls.tls, settings },
    ...(access?.scopes ?? (cluster.isSample ? [accessMadeAtStart(image, made ?? '')] : [])),
  ];
  return {
    service: 'postgresql',
    version,
    entry: cluster.entry,
    runs: start.runs,
    scopes,
    problems: [...problems, ...refused, ...tls.problems, ...(access?.problems ?? [])],
  };
}

/** The last statement of a name wins (guc-file.l); every parameter has a value. */
function settingsOf(
  statements: readonly PostgresStatement[],
  parameters: ReturnType<typeof parametersOf>,
  release: string,
  doubt: string | null,
): { settings: Setting[]; problems: ServiceProblem[] } {
  const problems: ServiceProblem[] = [];
  const certainty = doubt === null ? { certain: true } : { certain: false, uncertainty: doubt };
  const stated = new Map<string, { value: string; origin: SettingOrigin }[]>();
  for (const statement of statements) {
    const name = statement.name.toLowerCase();
    const parameter = parameters.get(name);
    const location = { path: statement.path, line: statement.line };
    const own = name.includes('.');
    if (parameter === undefined && !own) {
      const kind = release.split('.', 1)[0] === '15' ? 'invalid' : 'uncertain';
      if (problems.length < 100) problems.push({ kind, what, why: `unrecognized configuration parameter "${statement.name.slice(0, 60)}"`, location });
      continue;
    }
    const read = parameter === undefined ? { value: statement.value } : parameterValue(parameter, statement.value);
    if ('invalid' in read) {
      if (problems.length < 100) problems.push({ kind: 'invalid', what, why: read.invalid, location });
      continue;
    }
    const key = parameter?.name ?? statement.name;
    const list = stated.get(key) ?? [];
    list.push({
      value: secrets.has(key) && read.value !== '' ? '***' : read.value,
      origin: { path: statement.path, line: statement.line, layer: statement.layer },
    });
    stated.set(key, list);
  }
  const settings: Setting[] = [];
  for (const [key, list] of stated) {
    const last = list.at(-1);
    if (last !== undefined) settings.push({ key, ...last, ...certainty, shadowed: list.slice(0, -1).slice(-20) });
  }
  for (const parameter of parameters.values()) {
    if (!stated.has(parameter.name))
      settings.push({ key: parameter.name, value: defaultValue(parameter), origin: { default: `PostgreSQL ${release}` }, ...certainty, shadowed: [] });
  }
  return { settings, problems };
}

/** The official image writes one record for all hosts by a variable; without it, passwords by SCRAM. */
function accessMadeAtStart(image: ServiceImage, why: string): ServiceScope {
  const method = image.configuration.env.find((entry) => entry.startsWith('POSTGRES_HOST_AUTH_METHOD='))?.slice(26);
  const origin = { default: method === undefined || method === '' ? 'the start script of the official image' : 'POSTGRES_HOST_AUTH_METHOD of the image' };
  const value = method === undefined || method === '' ? 'scram-sha-256' : method;
  return {
    scope: ['pg_hba.conf', 'host all all all'],
    listen: [],
    tls: null,
    settings: [{ key: 'method', value, origin, certain: false, uncertainty: why, shadowed: [] }],
  };
}
