export { dockerConfigDirectory, homeOf } from './credential-files.ts';
export { publicFeeds } from './defaults.ts';
export { FeedClient, type FeedClientOptions, type Fetched, type FetchedFile } from './feed-client.ts';
export { type Downloaded, type DownloadLimits, type DownloadOptions, defaultDownloadLimits, download, shownUrl } from './http.ts';
export { formatReference, parseReference, type RegistryReference } from './reference.ts';
export { type FetchedManifest, RegistryClient } from './registry.ts';
export { defaultRegistryLimits, defaultRegistryOptions, type Mirror, type RegistryLimits, type RegistryOptions } from './registry-options.ts';
