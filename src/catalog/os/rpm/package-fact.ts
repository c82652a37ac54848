import type { PackageFact } from '../../cataloger.ts';
import { parseSourceRpm } from './source-rpm.ts';

/** What a database or a manifest says of one package; null: it doesn't say. */
export interface RpmPackage {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch: number | null;
  readonly architecture: string | null;
  /** File name of the source package. */
  readonly sourceRpm: string | null;
  readonly license: string | null;
  readonly module: string | null;
}

/**
 * The package as a fact. `version` is `[epoch:]version-release` with an epoch only above 0: absent and 0 are the same
 * to rpm, and dnf and the advisories of AlmaLinux and Azure Linux write neither. In the purl the epoch is a qualifier
 * (purl-spec, type rpm), `upstream` is the source package's file name, as Syft writes it.
 */
export function packageFact(rpm: RpmPackage, path: string, line?: number): PackageFact {
  const version = `${rpm.version}-${rpm.release}`;
  const epoch = rpm.epoch === null || rpm.epoch === 0 ? null : String(rpm.epoch);
  return {
    type: 'rpm',
    name: rpm.name,
    version: epoch === null ? version : `${epoch}:${version}`,
    source: rpm.sourceRpm === null ? null : parseSourceRpm(rpm.sourceRpm),
    architecture: rpm.architecture,
    licenses: rpm.license === null ? [] : [rpm.license],
    locations: [{ path: `/${path}`, ...(line === undefined ? {} : { line }) }],
    lockfile: false,
    ...(rpm.module === null ? {} : { module: rpm.module }),
    purl: {
      version,
      qualifiers: {
        ...(rpm.architecture === null ? {} : { arch: rpm.architecture }),
        ...(epoch === null ? {} : { epoch }),
        ...(rpm.sourceRpm === null ? {} : { upstream: rpm.sourceRpm }),
      },
    },
  };
}
