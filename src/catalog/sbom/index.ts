export { sbomEvidence } from './evidence.ts';
