import { defaultLimits } from './archive/index.ts';
import { problemOf } from './catalog/index.ts';
import { type ClamavPlace, type ContentScan, type MalwareScanner, openClamav, openHashList, type ScanResult } from './inspect/index.ts';
import { type LayerRecord, pathOf, readLayer, type Selector, Squash } from './layer/index.ts';
import type { Evidence, Image, Location, Malware, MalwareScan, Problem, Request } from './model/index.ts';

/** What programs outside are asked. */
export interface InspectionChoice {
  /** Where ClamAV is. */
  readonly clamav?: ClamavPlace | undefined;
  /** Files with digests of contents that are known to be bad. */
  readonly malwareHashes?: readonly string[] | undefined;
}

/** Files that couldn't be scanned get a problem of their own, up to so many. */
const MAX_UNSCANNED = 1_000;

/** A file of a layer that isn't clean. */
interface Found {
  readonly layer: number;
  readonly entry: number;
  readonly path: string;
  readonly scanner: string;
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
  choice: InspectionChoice,
  progress?: (message: string) => void,
): Promise<Evidence> {
  if (!requests.some(({ kind }) => kind === 'malware') || image.document !== undefined || image.evidence !== undefined) return evidence;
  if (!hasScanner(choice)) return inspected(evidence, { scanners: [], found: [] }, [noScanner()]);
  const scanners: MalwareScanner[] = [];
  try {
    for (const path of choice.malwareHashes ?? []) scanners.push(await openHashList(path));
    if (choice.clamav !== undefined) scanners.push(await openClamav(choice.clamav));
    progress?.(`Looking for malware: ${scanners.map(({ about }) => about.name).join(', ')}`);
    const ready = async (): Promise<void> => {
      for (const scanner of scanners) await scanner.ready();
    };
    const found: Found[] = [];
    const records: LayerRecord[] = [];
    for (const [layer, blob] of image.layers.entries()) {
      const select = scanSelector(scanners, layer, (each) => found.push(each));
      records.push(await readLayer(blob, select, defaultLimits, ready));
    }
    for (const scanner of scanners) await scanner.finish();
    const { malware, problems } = placed(found, records, image.facts.verified);
    return inspected(evidence, { scanners: scanners.map(({ about }) => about), found: malware }, problems);
  } finally {
    for (const scanner of scanners) await scanner.close();
  }
}

/** Whether something was named that can look for malware. */
export function hasScanner({ clamav, malwareHashes = [] }: InspectionChoice): boolean {
  return clamav !== undefined || malwareHashes.length > 0;
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
    why: 'no scanner was named: --clamav clamd or --clamav clamscan lets ClamAV look for it, --malware-hashes a list of digests',
  });
}

/** Hands every file with content to the scanners. */
function scanSelector(scanners: readonly MalwareScanner[], layer: number, found: (each: Found) => void): Selector {
  let index = -1;
  return ({ type, size, path }) => {
    const entry = ++index;
    if (type !== 'file' || size === 0) return null;
    const report = (scanner: string, result: ScanResult): void => {
      if (result.state !== 'clean') found({ layer, entry, path, scanner, result });
    };
    const able = scanners.filter(({ about, maxBytes }) => {
      if (maxBytes === null || size <= maxBytes) return true;
      report(about.name, { state: 'unscanned', why: `it has ${size} bytes, more than the ${maxBytes} that ${about.name} takes` });
      return false;
    });
    if (able.length === 0) return null;
    const stream = () => {
      const scans = able.map(({ about, scan }) => scan((result) => report(about.name, result)));
      const each = (call: (scan: ContentScan) => void) => {
        for (const scan of scans) call(scan);
        return {};
      };
      return {
        write: (piece: Buffer) => void each((scan) => scan.write(piece)),
        skip: (zeros: number) => void each((scan) => scan.skip(zeros)),
        fail: (why: string) => {
          for (const { about } of able) report(about.name, { state: 'unscanned', why });
          return each((scan) => scan.abandon());
        },
        end: () => each((scan) => scan.end()),
      };
    };
    return { notes: null, read: null, keep: null, stream };
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
  const ordered = [...found].sort((a, b) => a.layer - b.layer || a.entry - b.entry || (a.scanner < b.scanner ? -1 : 1));
  for (const { layer, entry, path, scanner, result } of ordered) {
    const node = squash.placeOf(layer, entry);
    const location: Location = { path: `/${node === undefined ? path : pathOf(node)}`, ...(hasLayers ? { layer } : {}) };
    if (result.state === 'infected') malware.push({ scanner, signature: result.signature, location, deleted: node === undefined });
    else if (problems.length < MAX_UNSCANNED) problems.push(unscannedOf(location, scanner, result.why));
    else if (problems.length === MAX_UNSCANNED) problems.push(unscannedOf({ path: '/' }, '', `more than ${MAX_UNSCANNED} files could not be scanned`));
  }
  return { malware, problems };
}

function unscannedOf(location: Location, scanner: string, why: string): Problem {
  return problemOf({ kind: 'limit', evidence: 'malware', what: location.path, why: `it was not scanned: ${why}`, location, subject: scanner });
}
