import { compareDigits, type Digits, digits } from './digits.ts';
import { defineOrder } from './order.ts';

/**
 * Whole numbers between dots or hyphens, as R (CRAN) and Haskell (Hackage, PVP) have them: compared number by number, and
 * fewer before more (`1.0 < 1.0.0`).
 */
export const numbers = defineOrder<readonly Digits[]>({
  name: 'numbers',
  specification: 'https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file',
  parse: (text) => (/^\d+(?:[.-]\d+)*$/.test(text) ? text.split(/[.-]/).map(digits) : undefined),
  compare(a, b) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      const difference = compareDigits(a[i] ?? '0', b[i] ?? '0');
      if (difference !== 0) return difference;
    }
    return a.length - b.length;
  },
});
