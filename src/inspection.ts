import { defaultLimits } from './archive/index.ts';
import { problemOf } from './catalog/index.ts';
import { type ClamavPlace, type MalwareScanner, openClamav, type ScanResult } from './inspect/index.ts';
import { type LayerRecord, pathOf, readLayer, type Selector, Squash } from './layer/index.ts';
import type { Evidence, Image, Location, Malware, MalwareScan, Problem, Request } from './model/index.ts';

/** What programs outside are asked. */
export interface InspectionChoice {
  /** Where ClamAV is; without it nobody looks for malware. */
  readonly clamav?: ClamavPlace | undefined;
}

/** ClamAV takes nothing above. */
const MAX_BYTES = 2000 * 1024 * 1024;
/** Files that couldn't be scanned get a problem of their own, up to so many. */
const MAX_UNSCANNED = 1_000;

/** A file of a layer that isn't clean. */
interface Found {
  readonly layer: number;
  readonly entry: number;
  readonly path: string;
  readonly result: Exclude<ScanResult, { state: 'clean' }>;
}

/**
 * Adds what programs outside find, when it is asked for: malware. Every file of every layer is scanned, also those that a later layer
 * deletes. Stored evidence and SBOMs keep what they hold. The layers are read once more for it: a scanner takes many times as long.
 * @throws PortcullisError SCANNER_UNAVAILABLE, IMAGE_*
 */
export async function inspect(
  image: Image,
  evidence: Evidence,
  requests: readonly Request[],
  { clamav }: InspectionChoice,
  progress?: (message: string) => void,
): Promise<Evidence> {
  if (!requests.some(({ kind }) => kind === 'malware') || image.document !== undefined || image.evidence !== undefined) return evidence;
  if (clamav === undefined) return inspected(evidence, { scanner: null, found: [] }, [noScanner()]);
  const scanner = await openClamav(clamav);
  try {
    progress?.(`Scanning with ${scanner.about.name}`);
    const found: Found[] = [];
    const records: LayerRecord[] = [];
    for (const [layer, blob] of image.layers.entries()) {
      const select = scanSelector(scanner, layer, (each) => found.push(each));
      records.push(await readLayer(blob, select, defaultLimits, () => scanner.ready()));
    }
    await scanner.finish();
    const { malware, problems } = placed(found, records, image.facts.verified);
    return inspected(evidence, { scanner: scanner.about, found: malware }, problems);
  } finally {
    await scanner.close();
  }
}

function inspected(evidence: Evidence, malware: MalwareScan, problems: readonly Problem[]): Evidence {
  const state = problems.length === 0 ? 'collected' : 'incomplete';
  const ids = problems.map(({ id }) => id);
  return {
    ...evidence,
    facts: { ...evidence.facts, malware },
    coverage: evidence.coverage.map((item) => (item.request.kind === 'malware' ? { ...item, state, problems: ids } : item)),
    problems: [...evidence.problems, ...problems],
  };
}

function noScanner(): Problem {
  return problemOf({
    kind: 'no-data',
    evidence: 'malware',
    cause: 'outside',
    what: 'malware',
    why: 'no scanner was named: --clamav clamd or --clamav clamscan lets ClamAV look for it',
  });
}

/** Hands every file with content to the scanner. */
function scanSelector(scanner: MalwareScanner, layer: number, found: (each: Found) => void): Selector {
  let index = -1;
  return ({ type, size, path }) => {
    const entry = ++index;
    if (type !== 'file' || size === 0) return null;
    const unscanned = (why: string): void => found({ layer, entry, path, result: { state: 'unscanned', why } });
    if (size > MAX_BYTES) {
      unscanned(`it has ${size} bytes, more than the ${MAX_BYTES} that ClamAV takes`);
      return null;
    }
    const stream = () => {
      const content = scanner.scan((result) => {
        if (result.state !== 'clean') found({ layer, entry, path, result });
      });
      return {
        write: (piece: Buffer) => content.write(piece),
        skip: (zeros: number) => content.skip(zeros),
        fail: (why: string) => {
          content.abandon();
          unscanned(why);
          return {};
        },
        end: () => {
          content.end();
          return {};
        },
      };
    };
    return { notes: null, read: null, keep: false, stream };
  };
}

/** What was found, where it lies in the image as it is now, in a stable order. */
function placed(found: readonly Found[], records: readonly LayerRecord[], hasLayers: boolean): { readonly malware: Malware[]; readonly problems: Problem[] } {
  if (found.length === 0) return { malware: [], problems: [] };
  const squash = new Squash();
  for (const [layer, record] of records.entries()) {
    squash.apply(layer, [...record.entries], new Set(found.filter((each) => each.layer === layer).map(({ entry }) => entry)));
  }
  const malware: Malware[] = [];
  const problems: Problem[] = [];
  const ordered = [...found].sort((a, b) => a.layer - b.layer || a.entry - b.entry);
  for (const { layer, entry, path, result } of ordered) {
    const node = squash.placeOf(layer, entry);
    const location: Location = { path: `/${node === undefined ? path : pathOf(node)}`, ...(hasLayers ? { layer } : {}) };
    if (result.state === 'infected') malware.push({ signature: result.signature, location, deleted: node === undefined });
    else if (problems.length < MAX_UNSCANNED) problems.push(unscannedOf(location, result.why));
    else if (problems.length === MAX_UNSCANNED) problems.push(unscannedOf({ path: '/' }, `more than ${MAX_UNSCANNED} files could not be scanned`));
  }
  return { malware, problems };
}

function unscannedOf(location: Location, why: string): Problem {
  return problemOf({ kind: 'limit', evidence: 'malware', what: location.path, why: `it was not scanned: ${why}`, location });
}
