import { defaultLimits } from './archive/index.ts';
import { PortcullisError } from './errors.ts';
import { formatPlatform, listImages, type OpenOptions, type PlatformChoice, platformFit } from './image/index.ts';
import type { BinaryRule, Image, ImageError, Request } from './model/index.ts';
import { globFault, patternFault } from './patterns/index.ts';

/** Which of a reference's images are meant, how to reach them, and how to read them. */
export interface ImageChoice extends Pick<OpenOptions, 'places' | 'registry' | 'note'> {
  /** null: this machine's where an image offers several; `all`: each of them. */
  readonly platform: PlatformChoice;
  /** Only the image of an archive that has this tag; null: all. */
  readonly tag: string | null;
  /**
   * Programs without a package are recognised by these rules too (`readBinaryRules`); they stand in the place of built-in ones of the same
   * name.
   */
  readonly binaryRules?: readonly BinaryRule[];
}

function checkBinaryRule({ name, paths, version, after, again }: BinaryRule): void {
  const expressions = [version, after, again].filter((each) => each !== undefined).map(patternFault);
  const fault = [...paths.map(globFault), ...expressions].find((each) => each !== undefined);
  if (fault !== undefined) throw new PortcullisError('BINARY_RULES_INVALID', `The rule for the program ${name} has an expression that ${fault}.`);
}

/**
 * Requests that ask for packages, asking for those that are recognised by the caller's rules too.
 * @throws PortcullisError BINARY_RULES_INVALID
 */
export function withBinaryRules(requests: readonly Request[], { binaryRules }: Pick<ImageChoice, 'binaryRules'>): readonly Request[] {
  if (binaryRules === undefined || binaryRules.length === 0) return requests;
  for (const rule of binaryRules) checkBinaryRule(rule);
  return requests.map((request) => (request.kind === 'packages' ? { ...request, detail: { ...request.detail, binaryRules } } : request));
}

/** What an error says in a report, in place of a result. A defect is never hidden in a block. */
function errorBlock(reference: string, error: unknown): ImageError {
  if (!(error instanceof PortcullisError)) throw error;
  return { reference, error: { code: error.code, message: error.message, hint: error.hint } };
}

/** Stored evidence is checked before anybody works on it; the checks are loaded when they are needed. */
async function completed(image: Image): Promise<Image> {
  if (image.document?.format !== 'evidence') return image;
  const { withStoredEvidence } = await import('./stored-evidence.ts');
  return withStoredEvidence(image);
}

/**
 * Whoever names a platform means it, also where an image offers no other. Sources that state no platform of their own (a
 * directory, an SBOM) serve any.
 * @throws PortcullisError IMAGE_CHOICE
 */
function checkPlatform({ facts }: Image, wanted: PlatformChoice): void {
  if (wanted === null || wanted === 'all' || !facts.verified || platformFit(wanted, facts.platform) !== undefined) return;
  const [is, asked] = [facts.platform, wanted].map(formatPlatform);
  throw new PortcullisError('IMAGE_CHOICE', `${facts.reference} is for ${is}, not for ${asked}.`, {
    hint: 'Leave --platform out, or name an image for that platform.',
  });
}

/**
 * Does some work on each image of a reference, one after the other. An image that can't be read gets an error in its
 * place; the others go on.
 * @throws whatever isn't a PortcullisError: a defect
 */
export async function eachImage<T>(
  reference: string,
  choice: ImageChoice,
  work: (image: Image) => Promise<T>,
  progress?: (message: string) => void,
): Promise<(T | ImageError)[]> {
  const { platform, tag, places, registry, note } = choice;
  const closing: (() => Promise<void>)[] = [];
  const onClose = (close: () => Promise<void>): void => void closing.push(close);
  try {
    progress?.(`Opening ${reference}`);
    const results: (T | ImageError)[] = [];
    for (const candidate of await listImages(reference, { platform, tag, places, registry, note, limits: defaultLimits, onClose })) {
      const which = [...candidate.tags.filter((name) => name !== reference), ...(candidate.platform === undefined ? [] : [candidate.platform])];
      try {
        const image = await completed(await candidate.open());
        checkPlatform(image, platform);
        progress?.(`Reading ${[reference, ...which].join(' ')}`);
        results.push(await work(image));
      } catch (error) {
        results.push(errorBlock(which.length === 0 ? reference : `${reference} (${which.join(', ')})`, error));
      }
    }
    return results;
  } catch (error) {
    return [errorBlock(reference, error)];
  } finally {
    for (const close of closing) await close();
  }
}
