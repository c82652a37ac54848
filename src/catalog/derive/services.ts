import type { Distribution, ImageConfiguration, ImageFiles, Package, Problem, Service } from '../../model/index.ts';
import { serviceReaders } from '../../services/index.ts';
import { problemOf } from '../problem.ts';

/** What the services of an image are read from. */
export interface ServiceContext {
  readonly files: ImageFiles;
  readonly configuration: ImageConfiguration;
  readonly distribution: Distribution | null;
  readonly packages: readonly Package[];
}

/** Every service with its effective configuration, as far as the files that are at hand tell. */
export function servicesOf(context: ServiceContext): Service[] {
  const image = { ...context, packages: context.packages.filter((item) => !item.lockfile) };
  return serviceReaders.flatMap((reader) => [...reader.read(image)]);
}

/** A configuration that can't be read leaves the rules on services undecided. */
export function* serviceProblems(services: readonly Service[]): Generator<Problem> {
  for (const service of services) {
    for (const problem of service.problems) {
      if (problem.kind !== 'unreadable') continue;
      yield problemOf({
        kind: 'unreadable',
        evidence: 'services',
        what: problem.what,
        why: problem.why,
        location: problem.location,
        subject: `${service.service} ${service.entry}`,
      });
    }
  }
}
