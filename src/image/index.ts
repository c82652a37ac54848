export type { ImageCandidate } from './candidate.ts';
export { imagesOfCompose, parseEnvFile } from './compose.ts';
export { imagesOfKubernetes } from './kubernetes.ts';
export type { NamedImage, NamedImages } from './named-images.ts';
export { listImages, prefixes } from './open.ts';
export type { OpenOptions, Place, PlatformChoice } from './open-options.ts';
export { pipeBytes } from './pipe.ts';
export { formatPlatform, hostPlatform, parsePlatform, parsePlatformChoice, platformFit } from './platform.ts';
