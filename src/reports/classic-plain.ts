import { classicErrorRow, classicHeader, classicRows } from './classic-rows.ts';
import { guardLine, neutralizeForTerminal } from './neutralize.ts';
import { defineReporter } from './reporter.ts';

/** `--plain` of the classic tool: columns joined by one blank, a comma for each blank inside a cell. */
export default defineReporter({
  name: 'classic-plain',
  summary: 'Lines of words as the classic tool printed them with --plain.',
  mediaType: 'text/plain',
  *render(document, options) {
    yield `${classicHeader(options).join(' ')}\n\n`;
    for (const image of document.images) {
      const rows = 'error' in image ? [classicErrorRow(image, options)] : classicRows(image, options);
      for (const row of rows) yield `${guardLine(row.map(cell).join(' '))}\n`;
    }
  },
});

function cell(text: string): string {
  return neutralizeForTerminal(text.replace(/\s/g, ','));
}
