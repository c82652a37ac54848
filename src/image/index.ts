export type { ImageCandidate } from './candidate.ts';
export { listImages, prefixes } from './open.ts';
export type { OpenOptions, Place, PlatformChoice } from './open-options.ts';
export { formatPlatform, hostPlatform, parsePlatform, parsePlatformChoice } from './platform.ts';
