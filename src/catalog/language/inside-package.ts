/** Directories in which package managers put what they install, each package in its own. */
const installed =
  /(?:^|\/)(?:node_modules|(?:site|dist)-packages|gems\/[^/]+-\d[^/]*|bundler\/gems\/[^/]+|vendor\/[a-z0-9_.-]+\/[a-z0-9_.-]+|registry\/src\/[^/]+|pkg\/mod|usr\/share\/doc)\//;

/**
 * Whether a lock file lies inside an installed package (or its documentation): it is of that package's own development, which no package
 * manager looks at when others install it. Such a file says nothing of the image.
 */
export function isInsidePackage(path: string): boolean {
  return installed.test(path);
}
