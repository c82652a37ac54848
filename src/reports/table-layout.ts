import { displayWidth, padToWidth } from './display-width.ts';
import { narrowestLine, wrap } from './wrap.ts';

/** A row: for each column its paragraphs, neutralised; a cell begins each paragraph on a new line. */
export type Cells = readonly (readonly string[])[];

/** A column: its heading, and the width under which it isn't narrowed before the others. */
export interface Column {
  readonly heading: string;
  /** Columns that it keeps as long as another can give some. */
  readonly comfortable: number;
}

const gap = 2;

/**
 * Lays rows out under headings: each cell is wrapped into its column, nothing is cut off, no line ends in a blank or is wider than
 * `width` (which is taken as at least what the columns need at their narrowest).
 * @param style colours a row's last cell's line; it gets the padded-free text
 */
export function* layOut(
  columns: readonly Column[],
  rows: readonly Cells[],
  width: number,
  style: (row: number, column: number, text: string) => string,
): Iterable<string> {
  const widths = columnWidths(columns, rows, width);
  yield joinCells(
    columns.map((column) => column.heading),
    widths,
    (_, text) => text,
  );
  yield joinCells(
    widths.map((columnWidth) => '-'.repeat(columnWidth)),
    widths,
    (_, text) => text,
  );
  for (const [index, row] of rows.entries()) {
    const cells = row.map((paragraphs, column) => paragraphs.flatMap((paragraph) => wrap(paragraph, widths[column] ?? narrowestLine)));
    const height = Math.max(...cells.map((lines) => lines.length));
    for (let line = 0; line < height; line++) {
      yield joinCells(
        cells.map((lines) => lines[line] ?? ''),
        widths,
        (column, text) => style(index, column, text),
      );
    }
  }
}

/** One line of cells, without trailing blanks. Blanks are never inside a colour. */
function joinCells(cells: readonly string[], widths: readonly number[], style: (column: number, text: string) => string): string {
  const last = cells.findLastIndex((cell) => cell !== '');
  let line = '';
  for (const [column, text] of cells.slice(0, last + 1).entries()) {
    const shown = text === '' ? '' : style(column, text);
    const padding = column === last ? '' : padToWidth(text, (widths[column] ?? 0) + gap).slice(text.length);
    line += shown + padding;
  }
  return line;
}

/**
 * Every column as wide as its widest cell if that fits. Otherwise columns above their comfortable width give first, the widest
 * ones most; then all, down to the narrowest that can be read.
 */
function columnWidths(columns: readonly Column[], rows: readonly Cells[], width: number): number[] {
  const natural = columns.map((column, index) =>
    rows.reduce((widest, row) => (row[index] ?? []).reduce((most, paragraph) => Math.max(most, displayWidth(paragraph)), widest), displayWidth(column.heading)),
  );
  const available = width - gap * (columns.length - 1);
  const comfortable = columns.map((column, index) => Math.min(natural[index] ?? 0, column.comfortable));
  const least = comfortable.map((columnWidth) => Math.min(columnWidth, narrowestLine));
  return shrink(shrink(natural, comfortable, available), least, available);
}

/** Takes from the widest columns until the sum fits or all are at their floor. */
function shrink(widths: readonly number[], floors: readonly number[], available: number): number[] {
  let low = 0;
  let high = Math.max(...widths);
  const capped = (cap: number) => widths.map((width, index) => Math.min(width, Math.max(cap, floors[index] ?? 0)));
  const sum = (all: readonly number[]) => all.reduce((total, width) => total + width, 0);
  // The largest cap under which the columns fit.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(capped(middle)) <= available) low = middle;
    else high = middle - 1;
  }
  const result = capped(low);
  let spare = available - sum(result);
  for (const [index, width] of widths.entries()) {
    const current = result[index] ?? 0;
    if (spare > 0 && current < width) {
      result[index] = current + 1;
      spare--;
    }
  }
  return result;
}
