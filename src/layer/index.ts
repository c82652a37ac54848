export { type Content, imageFiles } from './image-files.ts';
export { readLayer, type Selection, type Selector } from './read.ts';
export { decodeLayerRecord, encodeLayerRecord, type LayerRecord, type RecordedEntry, type RecordedFile } from './record.ts';
export { type Node, pathOf, type Removal, Squash } from './squash.ts';
