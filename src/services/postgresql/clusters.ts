import type { ServiceImage } from '../service-reader.ts';
import type { PostgresCommandLine } from './command-line.ts';

/** A database cluster, or the sample that one will be made from. */
export interface Cluster {
  /** postgresql.conf, or its sample. */
  readonly entry: string;
  /** The data directory when the file doesn't say it. */
  readonly dataDirectory: string;
  /** Where pg_hba.conf lies when the file doesn't say it; null: it is made at start. */
  readonly accessFile: string | null;
  /** Major release that the path tells; null when it doesn't. */
  readonly release: string | null;
  /** The configuration is made from a sample when the container starts. */
  readonly isSample: boolean;
}

const maximumClusters = 50;

/**
 * Finds the clusters of an image: the one that the command line names, Debian's under /etc/postgresql, initialised data
 * directories of the other layouts; else the sample that the official image's initdb copies at the first start.
 */
export function clustersOf(image: ServiceImage, line: PostgresCommandLine): readonly Cluster[] {
  const { files } = image;
  const exists = (path: string) => files.stat(path)?.type === 'file';
  const environment = image.configuration.env.find((entry) => entry.startsWith('PGDATA='))?.slice(7);
  const data = line.dataDirectory ?? environment ?? null;
  const chosen = line.parameters.findLast((parameter) => parameter.name.toLowerCase() === 'config_file')?.value;
  if (chosen?.startsWith('/') === true) {
    const directory = data ?? '/var/lib/postgresql/data';
    const access = `${directory}/pg_hba.conf`;
    return [{ entry: chosen, dataDirectory: directory, accessFile: exists(access) ? access : null, release: null, isSample: false }];
  }
  const found: Cluster[] = [];
  const add = (directory: string, release: string | null) => {
    const entry = `${directory}/postgresql.conf`;
    if (!exists(entry) || found.some((one) => one.entry === entry)) return;
    found.push({ entry, dataDirectory: directory, accessFile: `${directory}/pg_hba.conf`, release, isSample: false });
  };
  if (data !== null) add(data, null);
  if (line.dataDirectory !== null && found.length > 0) return found;
  for (const version of files.list('/etc/postgresql'))
    for (const name of files.list(`/etc/postgresql/${version}`)) add(`/etc/postgresql/${version}/${name}`, version);
  for (const root of ['/var/lib/postgresql', '/var/lib/pgsql']) {
    add(`${root}/data`, null);
    for (const version of files.list(root)) if (/^[0-9]+(?:\.[0-9]+)?$/.test(version)) add(`${root}/${version}/data`, version);
  }
  add('/etc/postgresql', null);
  if (found.length > 0) return found.slice(0, maximumClusters);
  const samples = [...files.list('/usr/share/postgresql').filter((name) => /^[0-9]+$/.test(name)), ''];
  for (const version of samples) {
    for (const root of ['/usr/share/postgresql', '/usr/local/share/postgresql']) {
      const entry = `${root}/${version}${version === '' ? '' : '/'}postgresql.conf.sample`;
      const release = version === '' ? null : version;
      if (exists(entry)) return [{ entry, dataDirectory: data ?? '/var/lib/postgresql/data', accessFile: null, release, isSample: true }];
    }
  }
  return [];
}
