import { createHash, generateKeyPairSync } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { crc32, deflateRawSync } from 'node:zlib';
import { zipFixture } from '../src/archive/zip.fixture.ts';
import type { Content } from './content.ts';
import { elfProgram } from './elf.ts';
import type { GeneratedFile } from './tar.ts';

// The layers of an image as applications have them: a Debian base, packages upon it, npm, Python and Java dependencies, programs built by
// Go and Rust, and the application itself.

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A Debian package that is being written. */
interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly sums: string[];
  readonly directories: Set<string>;
}

/** Notes that a package put a file there. */
function owned(item: DebianPackage, file: GeneratedFile): GeneratedFile {
  item.sums.push(`${createHash('md5').update(file.content).digest('hex')}  ${file.path}`);
  for (let slash = file.path.indexOf('/'); slash > 0; slash = file.path.indexOf('/', slash + 1)) item.directories.add(file.path.slice(0, slash));
  return file;
}

function statusOf(packages: readonly DebianPackage[]): string {
  return packages
    .map(
      ({ name, version }) =>
        `Package: ${name}\nStatus: install ok installed\nPriority: optional\nSection: libs\nInstalled-Size: 412\nMaintainer: Maintainers <maintainers@example.org>\nArchitecture: amd64\nMulti-Arch: same\nSource: src-${name} (${version})\nVersion: ${version}\nDepends: libc6 (>= 2.34), zlib1g (>= 1:1.2.11)\nDescription: a package of the benchmark\n It stands for one of Debian,\n with a description of three lines.\nHomepage: https://example.org/${name}\n`,
    )
    .join('\n');
}

/** dpkg's database: the packages so far, and the lists of those that the layer adds. */
function* database(all: readonly DebianPackage[], added: readonly DebianPackage[]): Generator<GeneratedFile> {
  for (const { name, sums, directories } of added) {
    const paths = [...directories, ...sums.map((line) => line.slice(34))].map((path) => `/${path}\n`).join('');
    yield { path: `var/lib/dpkg/info/${name}:amd64.list`, content: ascii(`/.\n${paths}`) };
    yield { path: `var/lib/dpkg/info/${name}:amd64.md5sums`, content: ascii(`${sums.join('\n')}\n`) };
  }
  yield { path: 'var/lib/dpkg/status', content: ascii(statusOf(all)) };
}

const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nFiles: *\nCopyright: 2024 Somebody\nLicense: GPL-2+\n\n`;

class Debian {
  readonly #content: Content;
  readonly #all: DebianPackage[] = [];
  constructor(content: Content) {
    this.#content = content;
  }

  #added(count: number): DebianPackage[] {
    const first = this.#all.length;
    const added = Array.from({ length: count }, (_, index) => ({
      name: `library${first + index}`,
      version: `1.${first + index}-2+deb12u1`,
      sums: [],
      directories: new Set<string>(),
    }));
    this.#all.push(...added);
    return added;
  }

  #program(mean: number): Buffer {
    return elfProgram(this.#content.of('code', this.#content.size(mean)));
  }

  /** Files of packages, in the order of a layer: names of directories ascend. */
  *#files(packages: readonly DebianPackage[], files: number): Generator<GeneratedFile> {
    const content = this.#content;
    const places: ((item: DebianPackage, index: number) => GeneratedFile)[] = [
      ({ name }, index) => ({ path: `usr/bin/${name}-${index}`, mode: 0o755, content: this.#program(45_000) }),
      ({ name }, index) => ({ path: `usr/lib/x86_64-linux-gnu/${name}/lib${index}.so.1.${index}`, content: this.#program(60_000) }),
      ({ name }, index) => ({ path: `usr/lib/python3/dist-packages/${name}/module${index}.py`, content: content.of('script', content.size(9_000)) }),
      ({ name }, index) => ({ path: `usr/share/${name}/data/file${index}.txt`, content: content.of('text', content.size(8_000)) }),
      ({ name }, index) => ({ path: `usr/share/${name}/icons/icon${index}.png`, content: content.of('noise', content.size(4_000)) }),
    ];
    const shares = [0.04, 0.07, 0.3, 0.45, 0.14];
    for (const [kind, place] of places.entries()) {
      const each = Math.ceil((files * (shares[kind] as number)) / packages.length);
      for (const item of packages) for (let index = 0; index < each; index++) yield owned(item, place(item, index));
      if (kind === 2) {
        for (const item of packages) yield owned(item, { path: `usr/share/doc/${item.name}/copyright`, content: ascii(copyright + content.of('text', 2_500)) });
      }
    }
  }

  *base(): Generator<GeneratedFile> {
    const packages = this.#added(250);
    for (const [path, text] of [
      ['etc/debian_version', '12.5\n'],
      ['etc/group', 'root:x:0:\nwww-data:x:33:\n'],
      ['etc/os-release', 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'],
      ['etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n'],
      ['etc/shadow', 'root:*:19000:0:99999:7:::\n'],
      ['etc/ssl/certs/ca-certificates.crt', `${rootCertificates.join('\n')}\n`],
    ] as const)
      yield { path, content: ascii(text) };
    for (let index = 0; index < 200; index++) yield { path: `etc/default/service${index}.conf`, content: this.#content.of('text', this.#content.size(900)) };
    yield* this.#files(packages, 5_000);
    for (const [index, text] of rootCertificates.entries()) {
      yield { path: `usr/share/ca-certificates/mozilla/authority${index}.crt`, content: ascii(`${text}\n`) };
    }
    yield* database(this.#all, packages);
  }

  *installed(): Generator<GeneratedFile> {
    const packages = this.#added(500);
    yield* this.#files(packages, 12_000);
    yield* database(this.#all, packages);
  }
}

function* nodeModules(content: Content): Generator<GeneratedFile> {
  for (let index = 0; index < 2_600; index++) {
    const name = index % 6 === 0 ? `@scope${index % 40}/module${index}` : `module${index}`;
    const root = `srv/application/node_modules/${name}`;
    const dependencies = Object.fromEntries(Array.from({ length: 1 + (index % 8) }, (_, other) => [`module${(index * 7 + other) % 2_600}`, `^1.${other}.0`]));
    const document = {
      name,
      version: `1.${index % 50}.${index}`,
      description: 'a module of the benchmark, with what such files usually say',
      main: 'lib/index.js',
      types: 'lib/index.d.ts',
      license: index % 9 === 0 ? 'Apache-2.0' : 'MIT',
      repository: { type: 'git', url: `git+https://example.org/${name}.git` },
      scripts: { build: 'tsc -p .', test: 'jest', lint: 'eslint .', prepublishOnly: 'npm run build' },
      keywords: ['benchmark', 'module', 'example', 'node'],
      dependencies,
      devDependencies: { typescript: '^5.0.0', jest: '^29.0.0', eslint: '^8.0.0' },
      exports: { '.': { types: './lib/index.d.ts', require: './lib/index.js', import: './lib/index.mjs' }, './package.json': './package.json' },
    };
    yield { path: `${root}/LICENSE`, content: content.of('text', 1_080) };
    yield { path: `${root}/README.md`, content: content.of('text', content.size(4_000)) };
    for (let file = 0; file < 13; file++) {
      const ending = (['js', 'd.ts', 'js.map', 'mjs'] as const)[file % 4];
      yield { path: `${root}/lib/${file < 4 ? '' : 'internal/'}part${file}.${ending}`, content: content.of('script', content.size(4_400)) };
    }
    yield { path: `${root}/package.json`, content: ascii(JSON.stringify(document, null, 2)) };
  }
}

function* sitePackages(content: Content): Generator<GeneratedFile> {
  for (let index = 0; index < 160; index++) {
    const root = 'usr/local/lib/python3.12/site-packages';
    const paths: string[] = [];
    for (let file = 0; file < 58; file++) {
      const path = `distribution${index}/${file % 5 === 0 ? '' : `part${file % 5}/`}module${file}`;
      paths.push(`${path}.py`);
      yield { path: `${root}/${path}.py`, content: content.of('script', content.size(8_000)) };
      yield {
        path: `${root}/${path.replace(/([^/]+)$/, '__pycache__/$1.cpython-312')}.pyc`,
        content: content.of('code', content.size(7_000)),
      };
    }
    if (index % 8 === 0) {
      const library = elfProgram(content.of('code', content.size(900_000)));
      yield { path: `${root}/distribution${index}/native.cpython-312-x86_64-linux-gnu.so`, mode: 0o755, content: library };
    }
    const info = `${root}/distribution${index}-2.${index}.0.dist-info`;
    const metadata = `Metadata-Version: 2.1\nName: distribution${index}\nVersion: 2.${index}.0\nSummary: of the benchmark\nLicense: BSD-3-Clause\nRequires-Python: >=3.8\nRequires-Dist: distribution${(index + 1) % 160}>=2.0\n\n`;
    yield { path: `${info}/INSTALLER`, content: ascii('pip\n') };
    yield { path: `${info}/METADATA`, content: ascii(metadata + content.of('text', content.size(9_000))) };
    yield { path: `${info}/RECORD`, content: ascii(paths.map((path) => `${path},sha256=${content.chance.hex(43)},1234\n`).join('')) };
    yield { path: `${info}/WHEEL`, content: ascii('Wheel-Version: 1.0\nGenerator: hatchling 1.24.2\nRoot-Is-Purelib: true\nTag: py3-none-any\n') };
  }
}

/** Classes, compressed once: an archive takes some of them. */
function* archives(content: Content): Generator<GeneratedFile> {
  const classes = Array.from({ length: 500 }, () => {
    const bytes = content.of('code', content.size(4_500));
    return { content: deflateRawSync(bytes), crc32: crc32(bytes), size: bytes.length, stored: true, method: 8 };
  });
  const jar = (index: number, count: number): Buffer =>
    zipFixture([
      { name: 'META-INF/MANIFEST.MF', content: `Manifest-Version: 1.0\r\nImplementation-Title: library${index}\r\nImplementation-Version: 3.${index}\r\n\r\n` },
      {
        name: `META-INF/maven/org.example/library${index}/pom.properties`,
        content: `groupId=org.example\nartifactId=library${index}\nversion=3.${index}\n`,
      },
      ...Array.from({ length: count }, (_, file) => ({
        ...(classes[content.chance.below(classes.length)] as (typeof classes)[number]),
        name: `org/example/library${index}/C${file}.class`,
      })),
    ]);
  for (let index = 0; index < 70; index++) yield { path: `opt/service/lib/library${index}-3.${index}.jar`, content: jar(index, 350) };
  for (let index = 0; index < 3; index++) {
    const nested = Array.from({ length: 50 }, (_, library) => ({
      name: `BOOT-INF/lib/library${library}-3.${library}.jar`,
      content: jar(library, 200),
      stored: true,
    }));
    yield { path: `opt/service/boot${index}.jar`, content: zipFixture(nested) };
  }
}

/** What Go's linker writes since 1.18: mark, pointer size and flags, release and modules with their lengths. */
export function goInformation(modules: number): Buffer {
  const uvarint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...uvarint(Math.floor(value / 128))]);
  const lines = ['path\texample.org/program', 'mod\texample.org/program\tv1.2.3\t'];
  for (let index = 0; index < modules; index++) lines.push(`dep\texample.org/module${index}\tv1.${index}.0\th1:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=`);
  const text = Buffer.concat([Buffer.alloc(16, 1), ascii(`${lines.join('\n')}\n`), Buffer.alloc(16, 2)]);
  const head = Buffer.alloc(32);
  head.write('\xff Go buildinf:', 'latin1');
  head[14] = 8;
  head[15] = 2;
  return Buffer.concat([head, Buffer.from(uvarint(8)), ascii('go1.22.3'), Buffer.from(uvarint(text.length)), text]);
}

function* programs(content: Content): Generator<GeneratedFile> {
  for (let index = 0; index < 16; index++) {
    const section = { name: '.go.buildinfo', content: goInformation(60 + index) };
    const code = content.of('code', 6_000_000 + content.chance.below(6_000_000));
    yield { path: `usr/local/bin/tool${index}`, mode: 0o755, content: elfProgram(code, [section]) };
  }
  for (const [name, mark] of [
    ['node', 'node.js/v20.11.1\0'],
    ['redis-server', 'redis_version:%s\x007.2.4\x007.2.4host-1700000000\0'],
  ] as const) {
    const code = Buffer.from(content.of('code', 15_000_000));
    code.write(mark, 9_000_000, 'latin1');
    yield { path: `usr/local/bin/${name}`, mode: 0o755, content: elfProgram(code) };
  }
}

/** Lock files of the size that applications have. */
function* locks(): Generator<GeneratedFile> {
  const count = 1_500;
  const each = (write: (index: number) => string): Buffer => ascii(Array.from({ length: count }, (_, index) => write(index)).join(''));
  const packages = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `node_modules/module${index}`,
      {
        version: `1.0.${index}`,
        resolved: `https://registry.example.org/module${index}/-/module${index}-1.0.${index}.tgz`,
        integrity: `sha512-${'A'.repeat(86)}==`,
        license: 'MIT',
      },
    ]),
  );
  yield { path: 'srv/application/Cargo.lock', content: each((index) => `[[package]]\nname = "crate${index}"\nversion = "0.1.${index}"\n\n`) };
  yield { path: 'srv/application/package-lock.json', content: ascii(JSON.stringify({ name: 'application', lockfileVersion: 3, packages }, null, 2)) };
  yield { path: 'srv/application/requirements.txt', content: each((index) => `distribution${index}==2.${index}.0\n`) };
  yield { path: 'srv/application/yarn.lock', content: each((index) => `module${index}@^1.0.0:\n  version "1.0.${index}"\n\n`) };
}

function* application(content: Content): Generator<GeneratedFile> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  yield { path: 'etc/application/tls/server.key', mode: 0o600, content: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
  yield { path: 'etc/application/tls/authorities.pem', content: ascii(`${rootCertificates.slice(0, 20).join('\n')}\n`) };
  yield* locks();
  for (let index = 0; index < 6_000; index++) {
    yield { path: `srv/application/source/part${index % 61}/file${index}.ts`, content: content.of('script', content.size(3_000)) };
  }
  for (let index = 0; index < 12_000; index++) {
    const isText = index % 3 !== 0;
    yield {
      path: `srv/application/static/part${index % 83}/asset${index}.${isText ? 'svg' : 'webp'}`,
      content: content.of(isText ? 'text' : 'noise', content.size(4_000)),
    };
  }
}

/** About 1 GB in 100,000 files, the lowest layer first. */
export function applicationLayers(content: Content): readonly Iterable<GeneratedFile>[] {
  const debian = new Debian(content);
  return [debian.base(), debian.installed(), nodeModules(content), sitePackages(content), archives(content), programs(content), application(content)];
}
