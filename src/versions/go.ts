import { defineOrder } from './order.ts';
import { compareSemanticVersions, parseSemanticVersion } from './semver-text.ts';

// `go1.22rc1`, `go1.21`, `go1.21.3-fips`, `go1.22.3 X:boringcrypto`, and without `go` as in a go.mod: `1.22rc1`.
const release = /^(go)?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(alpha|beta|rc)(\d+))?(-[!-~]+| [ -~]+)?$/;

/**
 * The order of Go modules and of the Go release itself (`stdlib`, `toolchain`): Semantic Versioning 2.0.0 with or without `v`.
 * A pseudo-version (`v0.0.0-20230101000000-abcdefabcdef`) is a pre-release, `+incompatible` is build metadata.
 * A release name is rewritten as the Go vulnerability database does: `go1.22rc1` is 1.22.0-rc.1, `go1.21` is 1.21.0; what
 * follows a hyphen or a blank (vendor, experiments) is no part of it. `(devel)` and `devel go1.23-…` are not valid.
 */
export const go = defineOrder({
  name: 'go',
  specification: 'https://go.dev/ref/mod#versions',
  parse: (text) => parseSemanticVersion(text) ?? parseSemanticVersion(releaseAsSemanticVersion(text) ?? ''),
  compare: compareSemanticVersions,
});

function releaseAsSemanticVersion(text: string): string | undefined {
  const match = release.exec(text);
  if (match === null) return undefined;
  const [, prefix, major, minor = '0', patch = '0', stage, number, rest] = match;
  if (prefix === undefined && rest !== undefined) return undefined;
  return `${major}.${minor}.${patch}${stage === undefined ? '' : `-${stage}.${number}`}`;
}
