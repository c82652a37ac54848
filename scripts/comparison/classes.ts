import type { Package } from '../../src/model/index.ts';
import type { Listed } from './listed.ts';

/** A package that one side lists and the other doesn't. `item` is ours; null where the peer lists it alone. */
export interface Difference {
  readonly listed: Listed;
  readonly item: Package | null;
  /** What the other side lists of the same image. */
  readonly others: readonly Listed[];
}

/** A kind of difference with its reason. */
export interface DifferenceClass {
  readonly name: string;
  readonly why: string;
  covers(difference: Difference): boolean;
}

const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
const isSameArtifact = (a: Listed, b: Listed): boolean => last(a.name) === last(b.name) && a.version === b.version;

/** Every kind of difference that was looked into; the first that covers one names it. */
export const classes: readonly DifferenceClass[] = [
  {
    name: 'lock file',
    why: 'A lock file names it in this version, but it is not installed so: packages for other platforms, for building and for tests. Portcullis lists it as `lockfile: true`, which a policy can leave out; the peers leave out what their rules hold for optional or for development, or read the lock file not at all where a binary is there.',
    covers: ({ item }) => item?.lockfile === true,
  },
  {
    name: 'owned by a distribution package',
    why: 'A package of a language that a package of the distribution brought. Portcullis lists it with its owner, and looks for its vulnerabilities through the owner; Trivy leaves it out.',
    covers: ({ item }) => item !== null && item.ownedBy !== null,
  },
  {
    name: 'build-time dependency',
    why: 'The list that cargo-auditable puts into a binary holds what was needed to build it too. It is in the list, so Portcullis shows it; Syft leaves it out.',
    covers: ({ listed, item }) => listed.type === 'cargo' && item !== null && !item.lockfile,
  },
  {
    name: 'recognised program',
    why: 'A program of which no package manager knows, recognised by what it says of itself. The peers have rules for other programs.',
    covers: ({ listed, item }) => item !== null && listed.type === 'generic' && item.type === 'generic',
  },
  {
    name: 'coordinates of a jar',
    why: 'A jar without Maven’s description says no group. Portcullis takes the group of an artifact that Maven Central has under one group alone, and otherwise gives no ecosystem to the purl; Syft writes the artifact’s name, or words of the manifest, in the group’s place. Advisories go by the real group.',
    covers: ({ listed, item, others }) =>
      (listed.type === 'maven' || item?.type === 'maven') &&
      others.some((other) => (other.type === 'maven' || other.type === 'generic') && isSameArtifact(listed, other)),
  },
  {
    name: 'no version',
    why: 'Something with a name and without a version: a `package.json` that only points to a file of the package around it, a jar whose manifest names no version. It is no package that can be compared with an advisory.',
    covers: ({ listed, item }) => item === null && (listed.version === '' || listed.version === 'UNKNOWN') && !listed.type.startsWith('x-'),
  },
  {
    name: 'the application itself',
    why: 'The project whose lock file lies in the image. It is what was built, not what it was built from, and no registry has it.',
    covers: ({ listed, item }) => item === null && listed.type === 'npm' && listed.name.includes('portcullis-sample'),
  },
  {
    name: 'file of another ecosystem inside a package',
    why: 'A `package.json` that a package of another language carries with it (an editor’s extension in a gem): it is a file of that package, installed by nobody.',
    covers: ({ listed, item }) => item === null && listed.type === 'npm' && listed.name === 'ruby-typeprof',
  },
  {
    name: 'resource of a Windows program',
    why: 'Programs for Windows that packages carry with them, by their version resource. They have no ecosystem, so no rule and no advisory can name them.',
    covers: ({ listed, item }) => item === null && listed.type.startsWith('x-'),
  },
];

/** @returns undefined for a difference that nobody has looked into */
export function classOf(difference: Difference): DifferenceClass | undefined {
  return classes.find((each) => each.covers(difference));
}
