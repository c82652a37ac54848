/** The part of an OSV ecosystem before its release: `Debian` of `Debian:12`, `Root` of `Root:npm`. */
export function baseEcosystem(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon === -1 ? ecosystem : ecosystem.slice(0, colon);
}

/**
 * A package name in the one form under which an ecosystem takes all spellings for the same package.
 * PyPI: PEP 503. NuGet, Packagist: without regard to case. Go: likewise, since hosts don't distinguish and package URLs
 * lose it. crates.io: without regard to case, `-` and `_` are one. Maven: `group:artifact`. Others: as they are.
 */
export function normalizeName(base: string, name: string): string {
  switch (base) {
    case 'PyPI':
      return name.toLowerCase().replace(/[-_.]+/g, '-');
    case 'NuGet':
    case 'Packagist':
    case 'Go':
      return name.toLowerCase();
    case 'crates.io':
      return name.toLowerCase().replaceAll('_', '-');
    case 'Maven':
      return name.replace('/', ':');
    default:
      return name;
  }
}
