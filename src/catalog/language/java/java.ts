import { defaultZipLimits, openZip, type Zip, type ZipEntry, ZipError, type ZipLimits } from '../../../archive/index.ts';
import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { plainText } from '../document.ts';
import { languagePackage } from '../language-package.ts';
import { type ArchivePackage, archivePackages, type Dependencies, describe } from './archive-packages.ts';
import { parseProperties } from './properties.ts';

const MiB = 1024 * 1024;
const MAX_ARCHIVE = 256 * MiB;
/** Archives within one another; an enterprise archive has three. */
const MAX_NESTING = 8;
/**
 * Unpacked bytes of all that is read out of one file, by the file's size: archives in archives don't shrink much, so that a real one
 * needs little more than it has.
 */
const budgetOf = (size: number): number => Math.min(1024 * MiB, 128 * MiB + 3 * size);
/** A manifest has a line for each signed class. */
const MAX_DESCRIPTION = 32 * MiB;

const limits: ZipLimits = { ...defaultZipLimits, entries: 500_000, entryBytes: MAX_ARCHIVE };

const archive = /\.(?:jar|war|ear|hpi|jpi)$/i;
/** With connectors and services of application servers, bundles of NiFi, Karaf and Liferay; other programs' files have some of these names, too. */
const anyArchive = /\.(?:jar|war|ear|hpi|jpi|rar|sar|par|har|nar|kar|lpkg|aar)$/i;
/** An archive that lies open: a web application as Tomcat unpacks it. */
const openProject = /(?:^|\/)META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;

type Result = Fact<'packages'> | CatalogProblem;

/** Reads one file: archives within archives, in memory, as long as there is budget. */
class ArchiveReader {
  readonly #path: string;
  readonly #budget: number;
  #unpacked = 0;
  #isOverBudget = false;
  constructor(path: string, size: number) {
    this.#path = path;
    this.#budget = budgetOf(size);
  }

  /**
   * @param members the way into the file: paths of archives within one another
   * @param packedWith what the archive around it says of what was packed into it
   */
  *read(bytes: Uint8Array, members: readonly string[], packedWith: Dependencies): Generator<Result> {
    let zip: Zip;
    try {
      zip = openZip(bytes, limits);
    } catch (error) {
      yield this.#problem(error, members);
      return;
    }
    const found = describe(zip.entries);
    const problems: Result[] = [];
    const text = (entry: ZipEntry): string | undefined => {
      const content = this.#unpack(zip, entry, MAX_DESCRIPTION, [...members, entry.name], problems);
      return content === undefined ? undefined : Buffer.from(content.buffer, content.byteOffset, content.length).toString('utf8');
    };
    const seen = new Set<string>();
    const { packages, dependencies } = archivePackages(members.at(-1) ?? this.#path, found, text, packedWith);
    for (const item of packages) {
      const key = JSON.stringify([item.group, item.artifact, item.version]);
      if (!seen.has(key)) yield this.#fact(item, members);
      seen.add(key);
    }
    yield* problems;
    for (const entry of zip.entries) {
      if (!entry.directory && anyArchive.test(entry.name)) yield* this.#readNested(zip, entry, [...members, entry.name], dependencies);
    }
  }

  *#readNested(zip: Zip, entry: ZipEntry, members: readonly string[], dependencies: Dependencies): Generator<Result> {
    if (members.length > MAX_NESTING) {
      yield this.#problem(new ZipError('limit', `it lies in more than ${MAX_NESTING} archives`), members);
      return;
    }
    const problems: Result[] = [];
    const content = this.#unpack(zip, entry, MAX_ARCHIVE, members, problems);
    yield* problems;
    if (content === undefined) return;
    if (mayBeArchive(entry.name, content)) yield* this.read(content, members, dependencies);
  }

  #unpack(zip: Zip, entry: ZipEntry, most: number, members: readonly string[], problems: Result[]): Uint8Array | undefined {
    try {
      if (entry.size > most) throw new ZipError('limit', `it has ${entry.size} bytes, more than the ${most} that are read`);
      if (this.#unpacked + entry.size > this.#budget) {
        // Said once: what comes after it isn't read either.
        if (this.#isOverBudget) return undefined;
        this.#isOverBudget = true;
        throw new ZipError('limit', `the archives in the file unpack to more than ${this.#budget} bytes: this one and those after it are not read`);
      }
      this.#unpacked += entry.size;
      return zip.read(entry);
    } catch (error) {
      problems.push(this.#problem(error, members));
      return undefined;
    }
  }

  #problem(error: unknown, members: readonly string[]): CatalogProblem {
    if (!(error instanceof ZipError)) throw error;
    const kind = error.reason === 'damaged' ? 'unreadable' : error.reason;
    const member = members.join('!/');
    const what = `/${this.#path}${member === '' ? '' : `!/${member}`}`;
    return { problem: { kind, what, why: error.message, ...(member === '' ? {} : { member }) } };
  }

  #fact(item: ArchivePackage, members: readonly string[]): Fact<'packages'> {
    // A project of a shaded archive is known by its description in it.
    const member = [...members, ...(item.from === '' ? [] : [item.from])].join('!/');
    return languagePackage(
      { path: this.#path },
      {
        type: 'maven',
        name: item.group === null ? item.artifact : `${item.group}:${item.artifact}`,
        version: item.version,
        licenses: item.licenses,
        ...(member === '' ? {} : { member }),
        purl: { name: item.artifact, ...(item.group === null ? {} : { namespace: item.group }) },
      },
    );
  }
}

/** Not a file of another kind under a name that Java's archives have too: those begin as zip files do. */
function mayBeArchive(name: string, content: Uint8Array): boolean {
  return archive.test(name) || (content[0] === 0x50 && content[1] === 0x4b);
}

/** The project of an archive that lies open. */
function* readOpen(file: SelectedFile): Generator<Result> {
  const source = plainText(file);
  if (source.problem !== undefined) {
    yield source.problem;
    return;
  }
  const [group = '', artifact = ''] = file.path.split('/').slice(-3);
  const properties = parseProperties(source.value);
  const [namespace, name] = [properties.get('groupId') || group, properties.get('artifactId') || artifact];
  const version = properties.get('version') ?? '';
  yield languagePackage(file, { type: 'maven', name: `${namespace}:${name}`, version, purl: { namespace, name } });
}

export default defineCataloger({
  name: 'language/java/java',
  version: 2,
  summary: 'Java archives (jar, war, ear, hpi, nar, …) and those within them, by Maven’s descriptions, manifest and name',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'maven',
  maxBytes: MAX_ARCHIVE,
  selects: ({ path, type }) => type === 'file' && (anyArchive.test(path) || openProject.test(path)),
  *read(file) {
    if (openProject.test(file.path)) yield* readOpen(file);
    else if (mayBeArchive(file.path, file.bytes)) yield* new ArchiveReader(file.path, file.bytes.length).read(file.bytes, [], new Map());
  },
});
