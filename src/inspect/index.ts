export { type ClamavPlace, openClamav, parseClamavPlace } from './clamav.ts';
export { openHashList } from './hash-list.ts';
export type { ContentScan, MalwareScanner, ScanResult } from './scanner.ts';
