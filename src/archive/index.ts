export { type Compression, decompress, detectCompression, unpackWhole } from './decompress.ts';
export { GzipError, gunzip } from './gunzip.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { type TarEntry, TarReader, type TarSink, type TarVisitor } from './tar.ts';
export { decodeName, normalizePath } from './tar-header.ts';
export { indexTar, type TarIndex, type TarMember } from './tar-index.ts';
export { defaultZipLimits, openZip, unpackEntry, type Zip, type ZipEntry, ZipError, type ZipLimits, type ZipSource } from './zip.ts';
export { type SalvagedEntry, salvageZip } from './zip-salvage.ts';
