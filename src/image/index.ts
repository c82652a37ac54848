export { type ImageCandidate, listImages, prefixes } from './open.ts';
export type { OpenOptions } from './open-options.ts';
export { formatPlatform, hostPlatform, parsePlatform } from './platform.ts';
