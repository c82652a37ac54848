export { type ClamavPlace, openClamav, parseClamavPlace } from './clamav.ts';
export type { ContentScan, MalwareScanner, ScanResult } from './scanner.ts';
