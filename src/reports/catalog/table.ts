import { createColors } from 'picocolors';
import type { CatalogDocument, CatalogPackage, ImageCatalog } from '../../model/index.ts';
import { inputLine } from '../input-line.ts';
import { neutralizeForTerminal as clean } from '../neutralize.ts';
import { defineReporter, type RenderOptions } from '../reporter.ts';
import { type Column, layOut } from '../table-layout.ts';
import { wrap } from '../wrap.ts';
import { sectionsOf } from './table-sections.ts';

const packageColumns: readonly Column[] = [
  { heading: 'Type', comfortable: 8 },
  { heading: 'Package', comfortable: 24 },
  { heading: 'Version', comfortable: 20 },
  { heading: 'Licence', comfortable: 16 },
  { heading: 'Where', comfortable: 30 },
];

function whereOf(item: CatalogPackage, verbose: boolean): string[] {
  const places = item.locations.map(({ path, member, line, layer, createdBy }) => {
    const place = `${path}${member === undefined ? '' : `!/${member}`}${line === undefined ? '' : `:${line}`}`;
    const made = verbose && createdBy !== null ? `, made by ${createdBy}` : '';
    return clean(`${place}${layer === undefined ? '' : ` (layer ${layer}${made})`}`);
  });
  const shown = verbose ? places : places.slice(0, 1);
  return [
    ...shown,
    ...(places.length > shown.length ? [`and ${places.length - shown.length} more`] : []),
    ...(item.ownedBy === null ? [] : [clean(`of ${item.ownedBy}`)]),
  ];
}

function packageCells(item: CatalogPackage, verbose: boolean): readonly (readonly string[])[] {
  const licences = item.licenseExpression === null ? item.licenses : [item.licenseExpression];
  const source = verbose && item.source !== null && item.source.name !== item.name ? [clean(`source ${item.source.name} ${item.source.version}`)] : [];
  return [
    [item.type],
    [clean(item.name), ...source],
    [clean(item.version), ...(item.lockfile ? ['(lock file)'] : [])],
    [clean((verbose ? licences : licences.slice(0, 3)).join(', ') + (!verbose && licences.length > 3 ? ', …' : ''))],
    whereOf(item, verbose),
  ];
}

function* labelled(label: string, value: string, width: number): Iterable<string> {
  if (value.trim() === '') return;
  // A digest fits behind a label into 80 columns.
  for (const [index, line] of wrap(clean(value), Math.max(width - 9, 20)).entries()) yield `${(index === 0 ? label : '').padEnd(9)}${line}`;
}

function counted(packages: readonly CatalogPackage[]): string {
  const counts = new Map<string, number>();
  for (const { type } of packages) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => `${count} ${type}`).join(', ');
}

function* imageLines(image: ImageCatalog, { width, verbose }: RenderOptions): Iterable<string> {
  const { input, packages } = image;
  yield* labelled('Image', `${image.reference} (${image.platform})`, width);
  yield* labelled('Tags', image.tags.join(', '), width);
  yield* labelled('Digest', image.digest ?? image.imageId ?? 'none', width);
  if (input !== undefined) {
    yield* labelled('From', inputLine(input), width);
    for (const note of input.notes) yield* labelled('', note, width);
  }
  if (!image.verified) yield* labelled('', 'nothing was verified: the source has no digests', width);
  const { distribution } = image;
  if (packages !== undefined) yield* labelled('System', distribution === null ? 'no distribution' : distribution.name || distribution.id, width);
  if (packages !== undefined) {
    yield* labelled('Packages', packages.length === 0 ? 'none' : `${packages.length}: ${counted(packages)}`, width);
    yield '';
    const rows = packages.map((item) => packageCells(item, verbose));
    if (rows.length > 0) yield* layOut(packageColumns, rows, width, (_, __, text) => text);
  }
  for (const { columns, rows, none } of sectionsOf(image)) {
    yield '';
    if (rows.length === 0) yield none;
    else
      yield* layOut(
        columns,
        rows.map((row) => row.map((text) => [clean(text)])),
        width,
        (_, __, text) => text,
      );
  }
  if (image.problems.length > 0) {
    yield '';
    yield 'Problems:';
    for (const { what, why } of image.problems) {
      for (const [index, line] of wrap(clean(`${what}: ${why}`), Math.max(width - 4, 20)).entries()) yield `  ${index === 0 ? '-' : ' '} ${line}`;
    }
  }
}

/** What is in an image, for people. With `-v` every location, the line that made its layer, and source packages. */
export const catalogTable = defineReporter<CatalogDocument>({
  name: 'table',
  summary: 'What is in the image, for people.',
  mediaType: 'text/plain',
  *render(document, options) {
    const colors = createColors(options.color);
    for (const [index, image] of document.images.entries()) {
      if (index > 0) yield '\n';
      if ('error' in image) yield `${colors.red('Error')}    ${clean(image.reference)}: ${clean(image.error.message)}\n`;
      else for (const line of imageLines(image, options)) yield `${line}\n`;
    }
  },
});
