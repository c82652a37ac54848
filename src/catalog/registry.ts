import type { PackageType } from '../model/index.ts';
import accounts from './accounts.ts';
import * as binaries from './binaries/index.ts';
import type { Cataloger } from './cataloger.ts';
import contents from './contents.ts';
import driftDigests from './drift-digests.ts';
import fileDigests from './file-digests.ts';
import groups from './groups.ts';
import * as keys from './keys/index.ts';
import * as language from './language/index.ts';
import * as os from './os/index.ts';
import secrets from './secrets.ts';
import serviceFiles from './service-files.ts';
import shadow from './shadow.ts';

/** Every cataloger. */
export const catalogers: readonly Cataloger[] = [
  ...Object.values(os),
  ...Object.values(language),
  ...Object.values(binaries),
  accounts,
  contents,
  driftDigests,
  ...Object.values(keys),
  fileDigests,
  groups,
  secrets,
  serviceFiles,
  shadow,
] as readonly Cataloger[];

/** Every package type that is looked for; a store of Nix is read from the tree itself. */
export const packageTypesRead: ReadonlySet<PackageType> = new Set([...catalogers.flatMap(({ ecosystem }) => ecosystem ?? []), 'nix' as const]);

export const catalogerByName: ReadonlyMap<string, Cataloger> = new Map(catalogers.map((cataloger) => [cataloger.name, cataloger]));
