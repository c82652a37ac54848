/** What is written for compilers: names of secrets stand there, and expressions. */
const source = /\.(?:[cm]?[jt]sx?|vue|svelte|pyc?|pyi|rbs?|go|java|kt|scala|groovy|rs|php|p[lm]|tcl|tm|cc?|cpp|h|hpp|cs|fs|swift|lua|exs?|map|html?)$/i;

/** What is written for people, wherever it lies. */
const documentation =
  /\.(?:md|markdown|rst|adoc|pod|html?|[1-8](?:\.gz)?)$|(?:^|\/)(?:README|CHANGES?|CHANGELOG|HISTORY|NEWS|METADATA|PKG-INFO)(?:\.\w{2,4})?$|(?:^|\/)META-INF\/maven\/|(?:^|\/)share\/(?:doc|man|info|gtk-doc|javadoc|ri|help)\//i;

/** What package managers unpack: it lies open in their registries too. */
const packaged =
  /(?:^|\/)(?:node_modules|(?:site|dist)-packages|gems|\.?cargo\/registry|pkg\/mod|\.m2\/repository|\.rustup\/toolchains|_cacache\/content-v\d|META-INF\/maven|lib\/(?:python[\d.]+|ruby|perl5?|tcl[\d.]+))\/|^usr\/(?:lib(?:32|64|exec)?|include|share\/(?!nginx\/|caddy\/|httpd\/|www\/))\/?|^opt\/(?:conda|miniconda\d?|anaconda\d?|yarn-v[\d.]+)\/|\/vendor\/(?:bundle|[^/]+\/[^/]+)\//;

/** Packages of languages alone. */
const languagePackage =
  /(?:^|\/)(?:node_modules|(?:site|dist)-packages|gems|\.?cargo\/registry|pkg\/mod|\.m2\/repository|_cacache\/content-v\d)\/|\/vendor\/bundle\//;

/** The standard libraries of languages, as sources with their tests. */
const standardLibrary =
  /(?:^|\/)(?:usr\/(?:local|lib|share)\/go(?:-[\d.]+)?\/|golang\.org\/toolchain@[^/]+\/|lib\/python[\d.]+\/(?!(?:site|dist)-packages\/)|lib\/ruby\/\d[\d.]*\/(?!gems\/))/;

/** Compiled classes of a library; those of the application itself lie elsewhere in its archive. */
const libraryClass = /!\/(?!(?:BOOT|WEB)-INF\/classes\/)[^!]*\.class$/;

/** Tests and examples. */
const sample =
  /(?:^|\/)(?:_{0,2}tests?_{0,2}|testing|test[-_]?(?:data|suites?|files|utils|support|vectors|resources)|specs?|examples?|samples?|demos?|fixtures?|docs?|benchmarks?|dummyserver)\/|(?:^|\/)(?:test_[^/]*|[^/]*[_.-](?:test|tests|spec|example)|examples?(?:-\d+)?)\.[^/]+$/i;

/** Where a distribution keeps its libraries: they carry test keys for their checks of themselves. */
const library = /^(?:usr\/)?lib(?:32|64|exec|x32)?\//;

/** What stands in place of a path for a variable, a label, a command or a line of the history. */
export const settingPlace = /^(?:variable|label|history line)\b/;

/** Where a text stands, as far as that tells secrets from names and samples. */
export class Place {
  readonly path: string;
  /** Source code: names and expressions are to be expected. */
  readonly isSource: boolean;
  /** Manuals, and what package managers unpack: samples are to be expected. */
  readonly isDoubtful: boolean;
  /** Documentation, tests and examples of an installed package, and standard libraries: whoever has the package has what stands there. */
  readonly isPublished: boolean;
  /** A package of a language: its settings came with it. */
  readonly isPackage: boolean;
  readonly #isLibrary: boolean;

  /** @param path of a file, without a leading slash; `variable`, `label` or `history line` for what stands in the configuration */
  constructor(path: string) {
    this.path = path;
    this.isSource = source.test(path);
    const isDocumentation = documentation.test(path);
    const within = packaged.exec(path);
    const isStandard = standardLibrary.test(path);
    this.isDoubtful = isDocumentation || isStandard || within !== null;
    this.isPublished = isStandard || libraryClass.test(path) || (within !== null && (isDocumentation || sample.test(path.slice(within.index))));
    this.isPackage = languagePackage.test(path);
    this.#isLibrary = library.test(path);
  }

  /**
   * Whether what stands there lies open for everyone anyway: documentation, tests and examples of an installed package, and
   * libraries of the distribution, compiled.
   */
  isPublic(match: RegExpExecArray): boolean {
    return this.isPublished || (this.#isLibrary && isCompiled(match));
  }
}

/** Whether a match stands between the strings of a program or other binary data. */
export function isCompiled(match: RegExpExecArray): boolean {
  return match.input.includes('\0');
}
