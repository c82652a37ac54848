import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shared } from '../support/cli.ts';

/** A package as its truth file writes it; which fields are there depends on the ecosystem. */
export interface TruthPackage {
  readonly name: string;
  readonly version: string;
  readonly arch?: string | null;
  readonly source?: string;
  readonly sourceVersion?: string;
  readonly origin?: string;
  readonly epoch?: number | null;
  readonly release?: string;
  readonly sourceRpm?: string | null;
  /** npm: the package's directory; python: its metadata file. */
  readonly path?: string;
}

export interface Truth {
  readonly image: string;
  readonly configDigest: string;
  readonly manifestDigest: string;
  readonly architecture: string;
  readonly variant?: string | null;
  readonly layers: readonly { readonly diffId: string; readonly digest: string; readonly createdBy: string }[];
  readonly historyEntries: number;
  readonly config: {
    readonly Env?: readonly string[];
    readonly User?: string;
    readonly ExposedPorts?: Readonly<Record<string, object>>;
    readonly Volumes?: Readonly<Record<string, object>>;
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly WorkingDir?: string;
    readonly Labels?: Readonly<Record<string, string>>;
    readonly Healthcheck?: { readonly Test: readonly string[] };
  };
  readonly os: { readonly id: string; readonly versionId: string | null; readonly prettyName: string } | null;
  readonly packages: Readonly<Partial<Record<'deb' | 'apk' | 'rpm' | 'npm' | 'python', readonly TruthPackage[]>>>;
}

export interface Sample {
  readonly file: string;
  readonly truth: Truth;
}

const directory = join(shared, 'images');

/** Whether the sample images are there. */
export const hasImages = existsSync(join(directory, 'truth'));

/** The archive that holds each image of a truth file; most have the image's own name. */
const family = ['debian-slim', 'apache-weak', 'apache-strong', 'nginx-weak', 'nginx-strong', 'python-app', 'ruby-app'];
const single = [
  'secrets-app',
  'node-app',
  'java-app',
  'go-app',
  'rust-app',
  'php-app',
  'distroless-base',
  'alpine-3.6',
  'alpine-3.16',
  'alpine-multi',
  'alma9-micro',
  'alma8-db',
  'mariner2-db',
  'sles15-db',
];

function read(name: string): Truth[] {
  const document = JSON.parse(readFileSync(join(directory, 'truth', `${name}.truth.json`), 'utf8')) as Truth | { readonly platforms: readonly Truth[] };
  return 'platforms' in document ? [...document.platforms] : [document];
}

/** Every sample image with its ground truth; none when they are absent. */
export function samples(): Sample[] {
  if (!hasImages) return [];
  const of = (name: string, file: string): Sample[] => read(name).map((truth) => ({ file: join(directory, file), truth }));
  return [...family.flatMap((name) => of(name, 'debian-family.tar')), ...single.flatMap((name) => of(name, `${name}.tar`))];
}
