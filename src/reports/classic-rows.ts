import type { ImageError, ImageVerdict } from '../model/index.ts';
import { findingMessage } from './finding-message.ts';
import type { RenderOptions } from './reporter.ts';

/** The result table of the tool that the classic line syntax comes from: words of one image, in columns. */
export interface ClassicTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type Columns = Pick<RenderOptions, 'showIds' | 'showExcepted'>;

/** The column names in order; two of them only when asked for (`--show-triggerids`, `--show-whitelisted`). */
export function classicHeader({ showIds, showExcepted }: Columns): string[] {
  return [
    'Image_Id',
    'Repo_Tag',
    ...(showIds ? ['Trigger_Id'] : []),
    'Gate',
    'Trigger',
    'Check_Output',
    'Gate_Action',
    ...(showExcepted ? ['Whitelisted'] : []),
  ];
}

/** The image id without its algorithm; where the source has none, the reference as typed. */
export function classicImageId(image: ImageVerdict): string {
  return image.imageId?.replace(/^sha\d+:/, '') ?? image.reference;
}

/**
 * The rows of a judged image: its findings in order, whitelisted ones only when asked for, then FINAL with the verdict. FINAL's
 * output is empty, as it always was, unless something else than the rules decided.
 */
export function classicRows(image: ImageVerdict, columns: Columns): string[][] {
  const id = image.imageId === null ? image.reference : classicImageId(image).slice(0, 12);
  const tag = image.tags.length > 0 ? image.tags.join(',') : image.reference;
  const row = (triggerId: string, gate: string, trigger: string, output: string, action: string, whitelisted: string) => [
    id,
    tag,
    ...(columns.showIds ? [triggerId] : []),
    gate,
    trigger,
    output,
    action.toUpperCase(),
    ...(columns.showExcepted ? [whitelisted] : []),
  ];
  const findings = image.findings.filter((finding) => finding.state !== 'excepted' || columns.showExcepted);
  return [
    ...findings.map((finding) => row(finding.id, finding.gate, finding.trigger, findingMessage(finding), finding.action, finding.exception?.scope ?? 'none')),
    row('N/A', 'FINAL', 'FINAL', image.reason === 'policy' ? '' : image.reason, image.verdict, 'none'),
  ];
}

/** The row of an image that could not be judged. It has no FINAL and no action that is a verdict. */
export function classicErrorRow(image: ImageError, columns: Columns): string[] {
  return [
    image.reference,
    image.reference,
    ...(columns.showIds ? ['N/A'] : []),
    'ERROR',
    image.error.code,
    image.error.message,
    'ERROR',
    ...(columns.showExcepted ? ['none'] : []),
  ];
}
