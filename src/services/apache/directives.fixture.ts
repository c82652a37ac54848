/** Modules whose source file isn't `mod_NAME.c` for `NAME_module`. */
const oddSources: Readonly<Record<string, string>> = { 'event.c': 'mpm_event_module', 'prefork.c': 'mpm_prefork_module', 'worker.c': 'mpm_worker_module' };

/**
 * Builds `directives.json` from what `apache2 -L` prints with all modules loaded, once for each MPM: directive →
 * source files of the modules that have it, and where it may stand: `s` outside of directories, `d` inside, `a` both.
 */
export function compactDirectives(version: string, files: readonly string[], listings: readonly string[]): unknown {
  const modules = new Map<string, Set<string>>();
  const places = new Map<string, string>();
  for (const listing of listings) {
    let current = '';
    for (const line of listing.split('\n')) {
      const head = /^(<?[A-Za-z][\w-]*>?) \((\w+\.c)\)/.exec(line);
      if (head !== null) {
        current = (head[1] ?? '').replace(/>$/, '');
        modules.set(current, (modules.get(current) ?? new Set()).add(head[2] ?? ''));
      } else if (line.startsWith('\tAllowed in *.conf')) {
        const place = line.includes('anywhere') ? 'a' : line.includes('only inside') ? 'd' : 's';
        const before = places.get(current);
        places.set(current, before === undefined || before === place ? place : 'a');
      }
    }
  }
  const names = [...modules.keys()].sort();
  return {
    made: `By \`UPDATE_DIRECTIVES=1 npx vitest run src/services/apache/directives.test.ts\` from the directives that httpd ${version} lists (-L) with every module of Debian loaded; do not edit.`,
    oddSources,
    files: files.filter((name) => name.endsWith('.so')).sort(),
    directives: Object.fromEntries(names.map((name) => [name, `${places.get(name) ?? 'a'} ${[...(modules.get(name) ?? [])].sort().join(' ')}`])),
  };
}
