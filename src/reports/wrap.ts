import { characterWidth } from './display-width.ts';
import { guardLine } from './neutralize.ts';

/** Where a word that is too long may be broken: after these. */
const seams = new Set('/-.,;+=_&?|)]}');

/**
 * Breaks a neutralised text into lines of a display width: at blanks, else after a seam of a path, reference or
 * version, else anywhere between two characters (a combining mark stays with its letter). Nothing but the blanks at
 * the breaks is lost, and no line begins like a workflow command. Linear in the text's length.
 * @param width columns, at least 2
 * @returns at least one line, none wider than `width`
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  do {
    rest = guardLine(rest.replace(/^ +/, ''));
    const end = lineEnd(rest, width);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end);
  } while (rest.trimStart() !== '');
  return lines;
}

/** Index in `text` where its first line ends. */
function lineEnd(text: string, width: number): number {
  let used = 0;
  let index = 0;
  let blank = 0;
  let seam = 0;
  for (const character of text) {
    const columns = characterWidth(character);
    if (character === ' ') blank = index;
    else if (used + columns > width) return breakAt(blank, seam, index);
    used += columns;
    index += character.length;
    if (seams.has(character)) seam = index;
  }
  return index;
}

/** A blank is the best place, unless a long word would leave most of the line empty; likewise a seam before any place. */
function breakAt(blank: number, seam: number, end: number): number {
  if (blank * 3 >= end || (blank > 0 && seam * 2 < end)) return blank;
  return seam * 2 >= end ? seam : end;
}
