import { characterWidth } from './display-width.ts';
import { spelledColon } from './neutralize.ts';

/** Where a word that is too long may be broken: after these. */
const seams = new Set('/-.,;+=_&?|)]}');

/** The narrowest line: a spelt-out colon must fit. */
export const narrowestLine = spelledColon.length;

/**
 * Breaks a neutralised text into lines of a display width: at blanks, else after a seam of a path, reference or
 * version, else anywhere between two characters (a combining mark stays with its letter). Nothing but the blanks at
 * the breaks is lost, and no line begins like a workflow command. Linear in the text's length.
 * @param width columns; less than 6 is taken as 6
 * @returns at least one line, none wider than `width`
 */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(width, narrowestLine);
  const lines: string[] = [];
  let start = afterBlanks(text, 0);
  do {
    const command = text.startsWith('::', start);
    if (command) start++;
    const end = lineEnd(text, start, command ? spelledColon.length : 0, room);
    lines.push((command ? spelledColon : '') + text.slice(start, end).trimEnd());
    start = afterBlanks(text, end);
  } while (start < text.length);
  return lines;
}

function afterBlanks(text: string, start: number): number {
  let index = start;
  while (text[index] === ' ') index++;
  return index;
}

/** Index in `text` where the line from `start` ends; `used` columns of it are taken. */
function lineEnd(text: string, start: number, used: number, width: number): number {
  let columns = used;
  let index = start;
  let blank = start;
  let seam = start;
  while (index < text.length) {
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    const wide = characterWidth(character);
    if (character === ' ') blank = index;
    else if (columns + wide > width) return breakAt(start, blank, seam, index);
    columns += wide;
    index += character.length;
    if (seams.has(character)) seam = index;
  }
  return index;
}

/** A blank is the best place, unless a long word would leave most of the line empty; likewise a seam before any place. */
function breakAt(start: number, blank: number, seam: number, end: number): number {
  const reach = (place: number, times: number) => (place - start) * times >= end - start;
  if (blank > start && (reach(blank, 3) || !reach(seam, 2))) return blank;
  return seam > start && reach(seam, 2) ? seam : end;
}
