import { type CatalogKind, catalogKinds, catalogOfImages } from '../../catalog-of-images.ts';
import { type ErrorCode, errorCodes, exitCodes, PortcullisError } from '../../errors.ts';
import { hasScanner } from '../../inspection.ts';
import type { CatalogDocument } from '../../model/index.ts';
import { catalogReporterNamed, sbomFormats } from '../../reports/index.ts';
import { layerCache } from '../cache.ts';
import type { CommandCall } from '../command.ts';
import { imageChoiceOf } from '../image-choice.ts';
import { malwareChoiceOf } from '../malware-choice.ts';
import { outputsOf, writeOutput } from '../outputs.ts';
import { parseNow } from '../time.ts';

/** Lists what is in an image. */
export async function run(call: CommandCall): Promise<number> {
  const { args, options, io, messages } = call;
  const reference = args[0] as string;
  const outputs = outputsOf(options, 'table');
  const reporters = outputs.map(({ format }) => catalogReporterNamed(format));
  const wantsPackages = outputs.some(({ format }) => format !== 'table' && format !== 'json');
  const malware = malwareChoiceOf(call);
  const kinds = kindsOf(
    options.only as string | undefined,
    outputs.map(({ format }) => format),
    hasScanner(malware),
  );
  if (wantsPackages && !kinds.includes('packages')) {
    throw new PortcullisError('USAGE', 'An SBOM lists packages, which --only leaves out.', { hint: 'Add packages to --only, or leave it away.' });
  }
  messages.progress(`Reading ${reference}`);
  const document = await catalogOfImages({
    references: [reference],
    kinds,
    ...malware,
    now: parseNow(options.now as string | undefined),
    ...(await imageChoiceOf(call, [reference])),
    cache: await layerCache(call),
    progress: (message) => messages.progress(message),
  });
  await messages.clear();
  const failed = document.images.find((image) => 'error' in image);
  for (const [index, output] of outputs.entries()) {
    if (sbomFormats.has(output.format)) requireOne(document, reference);
    const color = output.file === null && options.color !== false && io.stdout.isTerminal && !io.env.NO_COLOR;
    const shown = output.format === 'table' && options.only === undefined ? withoutLongLists(document) : document;
    const text = (reporters[index] as (typeof reporters)[number]).render(shown, {
      color,
      width: output.file === null ? io.stdout.width : 120,
      verbose: Number(options.verbose ?? 0) > 0,
      showExcepted: false,
      showIds: false,
    });
    await writeOutput(output, text, io);
  }
  if (failed === undefined || !('error' in failed)) return exitCodes.go;
  // The table and the document say it in the image's place.
  if (outputs.every(({ format }) => format !== 'table' && format !== 'json')) await messages.error(errorOf(failed.error), false);
  return errorCodes[failed.error.code as ErrorCode].exit;
}

function errorOf({ code, message, hint }: { code: string; message: string; hint: string | null }): PortcullisError {
  return new PortcullisError(code as ErrorCode, message, hint === null ? {} : { hint });
}

/** What the table leaves out unless it was chosen, also where the document beside it has it. */
function withoutLongLists(document: CatalogDocument): CatalogDocument {
  return {
    ...document,
    images: document.images.map((image) => {
      if ('error' in image) return image;
      const { files: _, drift: __, ...rest } = image;
      return { ...rest, problems: image.problems.filter(({ evidence }) => evidence !== 'files' && evidence !== 'drift') };
    }),
  };
}

/** An SBOM is about one image, and says all that was read of it or isn't written. */
function requireOne({ images }: CatalogDocument, reference: string): void {
  const failed = images.find((image) => 'error' in image);
  if (failed !== undefined && 'error' in failed) throw errorOf(failed.error);
  if (images.length === 1) return;
  const read = images.flatMap((image) => ('error' in image ? [] : [image]));
  const tags = [...new Set(read.flatMap((image) => image.tags))];
  const platforms = [...new Set(read.map(({ platform }) => platform))];
  const [option, choices] = tags.length > 1 || platforms.length < 2 ? ['--tag', tags] : ['--platform', platforms];
  throw new PortcullisError('USAGE', `${reference} holds ${images.length} images, but an SBOM is about one.`, {
    hint: choices.length === 0 ? 'Give an archive with one image.' : `Choose one with ${option}: ${choices.slice(0, 20).join(', ')}.`,
  });
}

/**
 * What is listed: what --only says. Without it an SBOM needs packages alone, the table leaves out files and drift,
 * which are too many to be read, and the document has everything. Malware is looked for where a scanner was named.
 * @throws PortcullisError USAGE
 */
function kindsOf(only: string | undefined, formats: readonly string[], hasScanner: boolean): readonly CatalogKind[] {
  if (only === undefined) {
    const kinds = catalogKinds.filter((kind) => kind !== 'malware' || hasScanner);
    if (formats.includes('json')) return kinds;
    return formats.includes('table') ? kinds.filter((kind) => kind !== 'files' && kind !== 'drift') : ['packages'];
  }
  const words = only.split(',').map((word) => word.trim());
  for (const word of words) {
    if (!catalogKinds.includes(word as CatalogKind)) {
      throw new PortcullisError('USAGE', `catalog knows no kind '${word}'.`, { hint: `Known kinds: ${catalogKinds.join(', ')}.` });
    }
  }
  if (words.includes('malware') && !hasScanner) {
    throw new PortcullisError('USAGE', 'To look for malware a scanner must be named.', {
      hint: 'Add --clamav clamd, --clamav clamscan or --malware-hashes FILE.',
    });
  }
  return catalogKinds.filter((kind) => words.includes(kind));
}
