export { globFault, globPattern } from './glob.ts';
export { FAILED, MATCHED, type Pattern, type Progress, pattern, patternFault, wholePattern } from './matcher.ts';
export { PatternError } from './syntax.ts';
