import { createHash } from 'node:crypto';
import type { EvidenceKind, Location, Problem, ProblemKind } from '../model/index.ts';

interface ProblemFields {
  readonly kind: ProblemKind;
  readonly evidence: EvidenceKind;
  readonly ecosystem?: string;
  /** Each of several; no part of the id. */
  readonly ecosystems?: readonly string[];
  readonly cause?: Problem['cause'];
  readonly what: string;
  readonly why: string;
  readonly location?: Location | null;
  /** Tells problems of one kind at one place apart (a line, a package); part of the id. */
  readonly subject?: string;
}

/** Whether a problem touches packages of one of the types; without types, of any. */
export function touchesTypes({ scope }: Problem, types: readonly string[] | undefined): boolean {
  if (types === undefined || (scope.ecosystem === undefined && scope.ecosystems === undefined)) return true;
  return [scope.ecosystem, ...(scope.ecosystems ?? [])].some((each) => each !== undefined && types.includes(each));
}

/** A problem with its stable id: from kind, evidence and place, never from the wording. */
export function problemOf(fields: ProblemFields): Problem {
  const location = fields.location ?? null;
  const place = [fields.kind, fields.evidence, fields.ecosystem ?? '', location?.path ?? '', fields.subject ?? ''].join('\n');
  return {
    id: `${fields.kind}-${createHash('sha256').update(place).digest('hex').slice(0, 12)}`,
    kind: fields.kind,
    evidence: fields.evidence,
    scope: {
      ...(fields.ecosystem === undefined ? {} : { ecosystem: fields.ecosystem }),
      ...(fields.ecosystems === undefined ? {} : { ecosystems: fields.ecosystems }),
      ...(location === null ? {} : { path: location.path }),
      ...(location?.layer === undefined ? {} : { layer: location.layer }),
    },
    cause: fields.cause ?? 'image',
    what: fields.what,
    why: fields.why,
    location,
  };
}
