/** A check of the old tool whose names are known and that is not available yet. */
export interface UnavailableCheck {
  readonly gate: string;
  readonly triggers: readonly string[];
  /** What it needs, in words that complete “it needs …”. */
  readonly needs: string;
}

const registryList = 'the full list of a package registry';
const baseImage = 'the base image to compare with';

/** The old tool's checks that no trigger answers yet. */
export const unavailableChecks: readonly UnavailableCheck[] = [
  { gate: 'PKGDIFF', triggers: ['PKGADD', 'PKGDEL', 'PKGVERSIONDIFF', 'PKGDIFF'], needs: baseImage },
  { gate: 'SUIDDIFF', triggers: ['SUIDFILEADD', 'SUIDFILEDEL', 'SUIDMODEDIFF', 'SUIDDIFF'], needs: baseImage },
  { gate: 'IMAGECHECK', triggers: ['BASEOUTOFDATE'], needs: baseImage },
  { gate: 'NPMCHECK', triggers: ['NPMNOTLATEST', 'NPMNOTOFFICIAL', 'NPMBADVERSION', 'NPMNOFEED'], needs: registryList },
  { gate: 'GEMCHECK', triggers: ['GEMNOTLATEST', 'GEMNOTOFFICIAL', 'GEMBADVERSION', 'GEMNOFEED'], needs: registryList },
  { gate: 'GEMCHECK', triggers: ['GEMPKGFULLMATCH', 'GEMPKGNAMEMATCH'], needs: 'the reading of Ruby packages' },
];
