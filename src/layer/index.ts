export { type CacheStatus, cacheStatus, defaultCacheDir, type LayerCache, openLayerCache, pruneCache } from './cache.ts';
export { firstPaths } from './first-paths.ts';
export { type Content, imageFiles } from './image-files.ts';
export { readLayer } from './read.ts';
export {
  decodeLayerRecord,
  EntryTable,
  encodeLayerRecord,
  FileTable,
  type LayerRecord,
  type RecordedEntry,
  type RecordedFile,
  recordVersion,
} from './record.ts';
export type { EntryStream, Results, Selection, Selector } from './record-builder.ts';
export { type Node, pathOf, type Refusal, type Removal, Squash } from './squash.ts';
export { verifyBlob } from './verify-blob.ts';
