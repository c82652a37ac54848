/** A module that a program was built from. */
export interface Module {
  readonly path: string;
  /** `v1.2.3`, a pseudo-version, or `(devel)` for what was built in place. */
  readonly version: string;
  readonly isMain: boolean;
}

/** A directory in place of a module path (`go help modules`, replace): it begins with `./`, `../`, `/` or a drive. */
const directory = /^\.{0,2}[/\\]|^[A-Za-z]:[/\\]/;

/**
 * The modules of a program, from the text that `go version -m` prints. Where `=>` replaces one, that is what was built: another
 * module under its own path, or a directory, which has no version.
 */
export function parseModules(text: string): Module[] {
  const modules: Module[] = [];
  for (const line of text.split('\n')) {
    const [word, path = '', version = ''] = line.split('\t');
    if ((word === 'mod' || word === 'dep') && path !== '') {
      modules.push({ path, version, isMain: word === 'mod' });
    } else if (word === '=>') {
      const replaced = modules.pop();
      if (replaced === undefined) continue;
      modules.push(directory.test(path) || path === '' ? { ...replaced, version: '(devel)' } : { ...replaced, path, version });
    }
  }
  return modules;
}
