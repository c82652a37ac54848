export { type PolicyOrigin, parsePolicy } from './classic.ts';
export { parseGlobalWhitelist } from './global-whitelist.ts';
export { parseImageWhitelist } from './image-whitelist.ts';
export { requireValid } from './refusal.ts';
