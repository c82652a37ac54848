import type { NamedTrigger } from '../gates/index.ts';
import type { Exception, Finding, ImageFacts, Location, Rule } from '../model/index.ts';
import type { Decided } from './decide.ts';
import type { Exceptable } from './exceptions.ts';
import { findingId } from './finding-id.ts';

const longest = 4000;

function idOf(rule: Rule, { outcome }: Decided): string {
  const path = outcome.state === 'fired' && outcome.located === true ? outcome.location?.path : undefined;
  return findingId(rule.written.gate, rule.written.trigger, outcome.subject ?? 'undecided', path);
}

/** What exceptions are compared with: the finding's id, its problem's, and those of the old tool. */
export function exceptableOf(rule: Rule, decided: Decided, named: NamedTrigger | undefined): Exceptable {
  const { outcome, problem } = decided;
  const legacy = named?.line.legacyId;
  return {
    gate: rule.written.gate,
    trigger: rule.written.trigger,
    ids: [idOf(rule, decided), ...(problem === null ? [] : [problem.id]), ...(legacy === undefined || outcome.state !== 'fired' ? [] : [legacy])],
    parts: outcome.state === 'fired' ? (outcome.legacyIds ?? []) : [],
    undecided: outcome.state === 'undecided',
  };
}

function layerOf(location: Location | undefined, image: ImageFacts): Finding['layer'] {
  if (location?.layer === undefined) return null;
  const layer = image.layers.find((each) => each.index === location.layer);
  return { index: location.layer, diffId: layer?.diffId ?? null, createdBy: layer?.createdBy ?? null };
}

/** A vulnerability that a VEX statement says doesn't count is excepted on that word. */
function vexOf({ outcome }: Decided): Finding['exception'] {
  const mark = outcome.state === 'fired' ? outcome.about?.vulnerability?.vex : undefined;
  if (mark === undefined) return null;
  const { source, ...statement } = mark;
  return { source, scope: 'vex', statement };
}

const clip = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

/** A finding of the verdict document from what a rule decided. `remedy` is the trigger's, for outcomes without one of their own. */
export function findingOf(rule: Rule, decided: Decided, image: ImageFacts, remedy: string, exception: Exception | undefined): Finding {
  const { outcome, action } = decided;
  const about = outcome.state === 'fired' ? outcome.about : undefined;
  const subject = about?.package ?? about?.vulnerability?.package;
  const flaw = about?.vulnerability;
  const { location } = outcome;
  const by = exception === undefined ? vexOf(decided) : { source: exception.source, scope: exception.scope };
  return {
    id: idOf(rule, decided),
    gate: rule.written.gate,
    trigger: rule.written.trigger,
    action,
    state: by === null ? outcome.state : 'excepted',
    message: clip(outcome.state === 'fired' ? outcome.message : `undecided: ${outcome.reason}`),
    rule: { line: rule.written.line },
    package: subject === undefined ? null : { purl: subject.purl, name: subject.name, version: subject.version, type: subject.type },
    vulnerability: flaw === undefined ? null : { id: flaw.id, aliases: flaw.aliases, severity: flaw.severity, fixedIn: flaw.fixedIn },
    file: location === undefined ? null : { path: location.path, line: location.line ?? null },
    layer: layerOf(location, image),
    remediation: outcome.state === 'fired' ? (outcome.remediation ?? remedy) : null,
    exception: by,
  };
}
