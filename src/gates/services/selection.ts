import * as z from 'zod';
import type { Request, Service, ServiceProblem } from '../../model/index.ts';
import type { LineName, Outcome } from '../trigger.ts';

/** The services whose configuration can be read. */
export const serviceNames = ['apache', 'nginx', 'openssl', 'postgresql', 'redis', 'sshd'] as const;

/** Parameters of every trigger of this gate: which services it looks at. */
export const selection = {
  services: z.array(z.enum(serviceNames)).min(1).optional().describe('only these services: apache, nginx, openssl, postgresql, redis, sshd'),
  running: z.boolean().default(false).describe('true: only services that the image starts'),
};

/** How a policy line writes them. */
export const selectionLine = {
  service: { to: 'services', syntax: 'list' },
  running: { to: 'running', syntax: 'boolean' },
} as const satisfies LineName['parameters'];

export interface Selection {
  readonly services?: readonly string[] | undefined;
  readonly running: boolean;
}

/** What a rule on those services asks for. */
export function serviceRequests({ services }: Selection): [Request<'services'>] {
  return [services === undefined ? { kind: 'services' } : { kind: 'services', detail: { services } }];
}

/** The services that a rule looks at. */
export function selected(services: readonly Service[], { services: names, running }: Selection): Service[] {
  return services.filter((service) => (names === undefined || names.includes(service.service)) && !(running && service.runs === false));
}

/** A problem in words: `nginx: cipher string "X": no cipher match`. */
export function problemWords({ service }: Service, { what, why }: ServiceProblem): string {
  const of = what.replace(/\.$/, '');
  return of === `the configuration of ${service}` ? `${service}: ${why}` : `${service}: ${of}: ${why}`;
}

/** What could not be read or decided of a service's configuration as a whole: one outcome, with a count. */
function* wholeProblems(service: Service): Iterable<Outcome> {
  const first = service.problems.find(({ kind }) => kind !== 'uncertain') ?? service.problems[0];
  if (first === undefined) return;
  const more = service.problems.length > 1 ? `, and ${service.problems.length - 1} more` : '';
  yield {
    state: 'undecided',
    subject: `${service.service} ${service.entry}`,
    reason: `${problemWords(service, first)}${more}`,
    cause: 'image',
    location: first.location ?? { path: service.entry },
  };
}

/** Whether every problem is a doubt that was already told of the scopes that it touches. */
function isTold({ problems }: Service, doubts: readonly string[]): boolean {
  return problems.length < 5 && problems.every(({ kind, why }) => kind === 'uncertain' && why !== '' && doubts.some((doubt) => doubt.includes(why)));
}

/**
 * Applies a judgement to each service of a selection. Where a rule wants only what runs and nobody can tell whether this
 * does, what would fire is undecided.
 */
export function* judgeServices(services: readonly Service[], selection: Selection, judge: (service: Service) => Iterable<Outcome>): Iterable<Outcome> {
  for (const service of selected(services, selection)) {
    const doubts: string[] = [];
    for (const outcome of judge(service)) {
      if (outcome.state === 'undecided') doubts.push(outcome.reason);
      if (outcome.state === 'undecided' || !selection.running || service.runs !== null) yield outcome;
      else {
        const { subject, message, location } = outcome;
        const reason = `${message}; whether the image starts ${service.service} can’t be told`;
        yield { state: 'undecided', subject, reason, cause: 'image', ...(location === undefined ? {} : { location }) };
      }
    }
    if (!isTold(service, doubts)) yield* wholeProblems(service);
  }
}
