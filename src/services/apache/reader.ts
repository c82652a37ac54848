import type { Service, ServiceProblem } from '../../model/index.ts';
import { systemTlsOf } from '../openssl/index.ts';
import { defineServiceReader, type ServiceImage } from '../service-reader.ts';
import { defaultsOf, isSince } from './defaults.ts';
import { type Directive, missingInclude } from './directive.ts';
import { libraryFaults } from './library-faults.ts';
import { type Reading, readHttpdConfiguration } from './reading.ts';
import { scopesOf } from './scopes.ts';
import { type HttpdServer, serverOf } from './server.ts';
import { type HttpdStart, httpdStarts } from './start.ts';
import { httpdVersion } from './version.ts';

const mpms = ['event.c', 'prefork.c', 'worker.c', 'mpm_event.c', 'mpm_worker.c', 'mpm_prefork.c', 'motorz.c', 'simple.c'];

/** Apache httpd: effective settings of the main server, virtual hosts and directory sections, and their TLS. */
export const apacheReader = defineServiceReader({
  name: 'apache',
  version: 1,
  summary: 'Apache httpd: the main server, virtual hosts and directory sections, with includes, conditions, macros and variables.',
  *read(image: ServiceImage): Iterable<Service> {
    for (const start of httpdStarts(image)) yield serviceOf(image, start);
  },
});

function serviceOf(image: ServiceImage, start: HttpdStart): Service {
  const version = httpdVersion(image, start.entry);
  const reading = readHttpdConfiguration(image.files, start.entry, { ...start, version });
  const gap = firstGap(reading.directives);
  const known = version !== null && isSince(version, '2.3.0');
  const server = serverOf(reading.directives, {
    sources: reading.sources,
    foreignModules: reading.foreignModules,
    complete: known && gap === undefined && !reading.cut,
  });
  const doubts: ServiceProblem[] = [];
  const uncertain = (what: string, why: string) => doubts.push({ kind: 'uncertain', what, why, location: null });
  if (start.uncertainty !== null && start.runs !== false) {
    uncertain('How httpd is started is decided at run time.', start.uncertainty);
    // Options of the command line come after the files.
    server.main.gaps.push({ order: Number.POSITIVE_INFINITY, why: start.uncertainty });
  }
  if (version === null) uncertain('Nothing tells the version of httpd.', 'defaults are those of the newest 2.4');
  const { library, policy } = systemTlsOf(image);
  const { scopes, problems } = scopesOf(server, defaultsOf(version, reading.sources), {
    files: image.files,
    library,
    policy,
    version,
    serverRoot: reading.serverRoot,
    managed: reading.sources.has('mod_md.c'),
    certificates: new Map(),
  });
  const whole = known && gap === undefined && !reading.cut ? wholeFaults(reading, server, start.entry) : [];
  return {
    service: 'apache',
    version,
    entry: start.entry,
    runs: start.runs,
    scopes,
    problems: [...reading.problems, ...server.problems, ...problems, ...whole, ...doubts, ...libraryFaults(server, library, version)],
  };
}

/** The first include that is missing or couldn't be read. */
function firstGap(directives: readonly Directive[]): Directive | undefined {
  const left: Directive[] = [...directives].reverse();
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next.name === missingInclude) return next;
    if (next.children !== null) for (const child of next.children.toReversed()) left.push(child);
  }
  return undefined;
}

/** What httpd refuses of a configuration as a whole: no or two MPMs, nothing to listen on. */
function wholeFaults(reading: Reading, server: HttpdServer, entry: string): readonly ServiceProblem[] {
  const faults: ServiceProblem[] = [];
  const found = mpms.filter((source) => reading.sources.has(source));
  const refuse = (what: string, why: string) => faults.push({ kind: 'invalid', what, why, location: { path: entry } });
  if (reading.directives.length === 0) return faults;
  if (found.length === 0 && reading.foreignModules.length === 0) refuse('No MPM is loaded.', 'httpd refuses to start without a multi-processing module');
  if (found.length > 1) refuse('More than one MPM is loaded.', `httpd refuses to start with ${found.join(' and ')}`);
  if (!server.main.statements.some((statement) => statement.key === 'Listen')) refuse('No Listen is set.', 'httpd has no socket to listen on');
  return faults;
}
