import { directiveOf, isOwnModule, sourceOf } from './directives.ts';

/** The modules that are there at a point of reading. */
export class Modules {
  /** Source files: `mod_ssl.c`, compiled-in ones included. */
  readonly sources: Set<string>;
  /** Names of those that aren't httpd's own. */
  readonly foreign = new Set<string>();
  readonly #loaded = new Set<string>();

  constructor(compiledIn: readonly string[]) {
    this.sources = new Set(compiledIn);
  }

  load(name: string, file: string): void {
    this.#loaded.add(name);
    this.sources.add(sourceOf(name));
    if (!isOwnModule(name, file)) this.foreign.add(name);
  }

  /** By a loaded module's name (`ssl_module`) or any module's source file (`mod_ssl.c`), as `<IfModule>` asks. */
  has(name: string): boolean {
    return this.#loaded.has(name) || this.sources.has(name);
  }

  /** Whether a module that is there has the directive. */
  knows(directive: string): boolean {
    return directiveOf(directive)?.modules.some((source) => this.sources.has(source)) ?? false;
  }
}
