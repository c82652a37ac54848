import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Listed, listedOf, normalized } from './listed.ts';

/** What one peer lists of one image. */
export interface PeerList {
  readonly tool: string;
  readonly version: string;
  /** null: it failed on this image. */
  readonly packages: readonly Listed[] | null;
}

interface Recorded {
  readonly image: string;
  readonly input: string;
  readonly tools: Readonly<
    Record<string, { readonly version?: string; readonly failed?: boolean; readonly packages?: readonly (readonly [string, string, string])[] }>
  >;
}

/** The recorded lists of an image (`reference/peers/NAME.json`). */
export function recordedPeers(directory: string, name: string): { readonly input: string; readonly lists: PeerList[] } {
  const { input, tools } = JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8')) as Recorded;
  const lists = Object.entries(tools).map(([tool, { version = '', failed, packages }]): PeerList => {
    const listed = packages?.map(([type, own, release]) => normalized({ type, name: own, version: release }));
    return { tool, version, packages: failed === true || listed === undefined ? null : listed };
  });
  return { input, lists };
}

function json(command: string, parameters: readonly string[]): unknown {
  const { status, stdout, error } = spawnSync(command, parameters, { encoding: 'utf8', maxBuffer: 1 << 30, timeout: 300_000 });
  if (error !== undefined || status !== 0) return undefined;
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

function purlsToList(purls: readonly (string | undefined)[]): Listed[] {
  return purls.flatMap((purl) => (purl === undefined ? [] : (listedOf(purl) ?? [])));
}

const runs: Readonly<Record<string, (directory: string) => Listed[] | null>> = {
  syft: (directory) => {
    const found = json('syft', ['scan', `oci-dir:${directory}`, '-o', 'json', '-q']) as { artifacts?: readonly { purl?: string }[] } | undefined;
    return found?.artifacts === undefined ? null : purlsToList(found.artifacts.map(({ purl }) => purl));
  },
  trivy: (directory) => {
    const found = json('trivy', ['image', '--input', directory, '--format', 'json', '--list-all-pkgs', '--scanners', 'vuln', '--offline-scan', '--quiet']) as
      | { Results?: readonly { Packages?: readonly { Identifier?: { PURL?: string } }[] }[] }
      | undefined;
    return found === undefined
      ? null
      : purlsToList((found.Results ?? []).flatMap(({ Packages }) => (Packages ?? []).map(({ Identifier }) => Identifier?.PURL)));
  },
};

/** The peers that are on PATH, with their versions. */
export function peersOnPath(): Map<string, string> {
  const found = new Map<string, string>();
  for (const tool of Object.keys(runs)) {
    const { status, stdout } = spawnSync(tool, ['--version'], { encoding: 'utf8' });
    if (status === 0) found.set(tool, /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? '');
  }
  return found;
}

/** What a peer on PATH lists of an image in an OCI layout. */
export function runPeer(tool: string, version: string, layout: string): PeerList {
  return { tool, version, packages: runs[tool]?.(layout) ?? null };
}
