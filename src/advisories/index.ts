export { type Advisories, matchAdvisories, type OpenOptions, openAdvisories } from './advisories.ts';
export { defaultDataDir } from './data-directory.ts';
export { type FeedsStatus, feedsStatus, verifyStore } from './feeds-status.ts';
export { type ImportOptions, type ImportProgress, type ImportResult, importAdvisories, type RejectedFile } from './import.ts';
export type { MatchResult } from './match.ts';
export type { SourceSet } from './store-file.ts';
