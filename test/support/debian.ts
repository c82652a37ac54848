import type { LayerItem } from './image-builder.ts';

/** A Debian package as tests need it. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  /** `name` or `name (version)`. */
  readonly source?: string;
  /** Absolute paths of its files. */
  readonly files?: readonly string[];
}

/** A paragraph of dpkg's status database. */
export function debianStanza({ name, version, architecture = 'amd64', source }: DebianPackage): string {
  const lines = [`Package: ${name}`, 'Status: install ok installed', `Architecture: ${architecture}`, ...(source === undefined ? [] : [`Source: ${source}`])];
  return `${[...lines, `Version: ${version}`, 'Description: a package', ' of a test'].join('\n')}\n`;
}

export function debianStatus(packages: readonly DebianPackage[]): string {
  return packages.map(debianStanza).join('\n');
}

export function osRelease(id: string, version: string, name: string): LayerItem {
  return { path: 'usr/lib/os-release', content: `PRETTY_NAME="${name}"\nID=${id}\nVERSION_ID="${version}"\n` };
}

/** A Debian root file system as far as its package database: merged /usr, os-release, dpkg's status and traces. */
export function debianRoot(release: number, packages: readonly DebianPackage[]): LayerItem[] {
  const all = [{ name: 'base-files', version: `${release}.4+deb${release}u5`, files: ['/usr/lib/os-release'] }, ...packages];
  return [
    ...['etc/', 'usr/', 'usr/bin/', 'usr/lib/', 'var/', 'var/lib/', 'var/lib/dpkg/', 'var/lib/dpkg/info/'].map((path) => ({ path, directory: true as const })),
    { path: 'bin', link: 'usr/bin' },
    { path: 'lib', link: 'usr/lib' },
    osRelease('debian', String(release), `Debian GNU/Linux ${release}`),
    { path: 'etc/os-release', link: '../usr/lib/os-release' },
    { path: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/bash\n' },
    { path: 'var/lib/dpkg/status', content: debianStatus(all) },
    ...all.flatMap(({ name, files = [] }) => [
      { path: `var/lib/dpkg/info/${name}.list`, content: ['/.', ...files, ''].join('\n') },
      { path: `var/lib/dpkg/info/${name}.md5sums`, content: files.map((file) => `d41d8cd98f00b204e9800998ecf8427e  ${file.slice(1)}\n`).join('') },
    ]),
  ];
}
