/** A whole number of any size as decimal digits without leading zeros; zero is `0`. */
export type Digits = string;

/** Reads a run of ASCII digits: `007` gives `7`, `000` gives `0`. */
export function digits(run: string): Digits {
  let start = 0;
  while (start < run.length - 1 && run.charCodeAt(start) === 48) start++;
  return start === 0 ? run : run.slice(start);
}

/** Compares two numbers of any size in linear time. Negative, zero or positive. */
export function compareDigits(a: Digits, b: Digits): number {
  return a.length - b.length || compareText(a, b);
}

/** Compares by code units, for ASCII the order of `strcmp`. Negative, zero or positive. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** True for a non-empty run of ASCII digits. */
export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isDigitCode(text.charCodeAt(i))) return false;
  return text.length > 0;
}

/** True for the code of an ASCII digit. */
export function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** True for the code of an ASCII letter. */
export function isLetterCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
