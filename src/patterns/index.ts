export { FAILED, MATCHED, type Pattern, type Progress, pattern, patternFault } from './matcher.ts';
export { PatternError } from './syntax.ts';
