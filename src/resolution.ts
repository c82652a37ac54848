import type { FindingLayer, Match, PackageType } from './model/index.ts';

/** How a package of a type is brought to a version, as its own tool says it. */
const commands: Readonly<Partial<Record<PackageType, (name: string, version: string) => string>>> = {
  deb: (name) => `apt-get install --only-upgrade ${name}`,
  apk: (name) => `apk upgrade ${name}`,
  rpm: (name) => `dnf upgrade ${name}`,
  npm: (name, version) => `npm install ${name}@${version}`,
  pypi: (name, version) => `pip install '${name}>=${version}'`,
  gem: (name, version) => `gem install ${name} -v ${version}`,
  cargo: (name, version) => `cargo update -p ${name} --precise ${version}`,
  golang: (name, version) => `go get ${name}@v${version.replace(/^v/, '')}`,
  composer: (name, version) => `composer require '${name}:^${version}'`,
  nuget: (name, version) => `dotnet add package ${name} --version ${version}`,
};
/** Names and versions that a shell takes as they are; others are not put into a command. */
const plain = /^[A-Za-z0-9@._+:~/][A-Za-z0-9@._+:~/-]*$/;

/**
 * What would resolve a match, one way each, the best first: the fixing version with the tool's command, what to do where there is none,
 * and where the package comes from. `layer`: the one that brought it; null: not known.
 */
export function resolutionsOf(match: Match, layer: FindingLayer | null): readonly string[] {
  const { name, type } = match.package;
  const ways: string[] = [];
  if (match.class === 'malware') ways.push(`Remove ${name} and treat the image, and what built it, as compromised: the package itself is malicious.`);
  if (match.fixedIn !== null) {
    const of = match.matchedBy.through === 'source' && match.matchedBy.name !== name ? ` (a package built from ${match.matchedBy.name})` : '';
    const command = plain.test(name) && plain.test(match.fixedIn) ? commands[type]?.(name, match.fixedIn) : undefined;
    ways.push(`Update ${name}${of} to ${match.fixedIn} or newer${command === undefined ? '' : `: ${command}`}.`);
  } else if (match.fixState === 'wont-fix') {
    ways.push(`${match.source} will not fix it in this release: move to a newer release, or remove ${name}.`);
  } else if (match.fixState === 'not-fixed') {
    ways.push(`No fix is known yet: remove ${name} if nothing needs it, or wait for one.`);
  } else {
    ways.push(`The advisory names no fixing version: see its references, or remove ${name}.`);
  }
  if (layer !== null) {
    const by = layer.createdBy === null ? '' : ` (${layer.createdBy.slice(0, 200)})`;
    ways.push(
      layer.index === 0
        ? `It came with the lowest layer${by}: a newer base image may have the fix already.`
        : `It came with layer ${layer.index}${by}: build that step again, or remove the package there.`,
    );
  }
  ways.push("If it can't be reached here, say so in a VEX document (--vex) or an exception with its reason.");
  return ways;
}
