import type { ImageFiles } from '../../model/index.ts';
import type { PackageFact } from '../cataloger.ts';

const STORE = '/nix/store';
/** The hash of what a store path was built from, in Nix's own base 32. */
const storePath = /^[0123456789abcdfghijklmnpqrsvwxyz]{32}-([0-9A-Za-z+._?=-]{1,211})$/;
/** Names of a derivation's outputs (nixpkgs, multiple outputs), which stand behind the version; the main one adds nothing. */
const output = /-(?:bin|dev|devdoc|doc|info|lib|man|static|debug|data|py|dist|getent|terminfo|sysroot)$/;
/** Build plans, patches and scripts are no packages; sources are what packages were made from. */
const noPackage = /\.(?:drv|lock|check|sh|patch|diff|tar\.[a-z0-9]+|tgz|zip|json|conf|nix|service|socket|key|pem)$|-(?:source|env|completions)$/;

/** The name and version of a store path, as nix-env(1) divides them: the version begins behind the first `-` that no letter follows. */
function nameAndVersion(name: string): readonly [name: string, version: string] | undefined {
  for (let at = name.indexOf('-'); at >= 0; at = name.indexOf('-', at + 1)) {
    if (/[^A-Za-z]/.test(name[at + 1] ?? '')) return [name.slice(0, at), name.slice(at + 1)];
  }
  return undefined;
}

/**
 * The packages in the Nix store: each directory `HASH-NAME-VERSION[-OUTPUT]` holds one, or one of its outputs. What has no
 * version (configuration, wrappers, environments) is none.
 */
export function nixPackages(files: ImageFiles, hasLayers: boolean): PackageFact[] {
  return files.list(STORE).flatMap((base): PackageFact[] => {
    const whole = storePath.exec(base)?.[1];
    if (whole === undefined || noPackage.test(whole)) return [];
    const found = output.exec(whole);
    const parsed = nameAndVersion(found === null ? whole : whole.slice(0, found.index));
    const entry = files.lstat(`${STORE}/${base}`);
    if (parsed === undefined || entry === undefined) return [];
    const [name, version] = parsed;
    const qualifiers = { outputhash: base.slice(0, 32), ...(found === null ? {} : { output: found[0].slice(1) }) };
    const locations = [{ path: entry.path, ...(hasLayers ? { layer: entry.layer } : {}) }];
    return [{ type: 'nix', name, version, source: null, architecture: null, licenses: [], locations, lockfile: false, purl: { qualifiers } }];
  });
}
