export type { VexSubject } from './product.ts';
export { VexSet } from './vex-set.ts';
