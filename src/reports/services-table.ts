import { createColors } from 'picocolors';
import type { ImageError, ImageServices, Service, ServiceScope, ServicesDocument, Tls } from '../model/index.ts';
import { inputLine } from './input-line.ts';
import { neutralizeForTerminal as clean } from './neutralize.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { settingsTable } from './services-settings.ts';
import { tlsFacts } from './services-tls.ts';
import { layOut } from './table-layout.ts';
import { wrap } from './wrap.ts';

type Colors = ReturnType<typeof createColors>;

/** The services of an image for people: an overview, then what is in force in each scope and where each value was set. */
export const servicesTable: Reporter<ServicesDocument> = {
  name: 'table',
  summary: 'Services with their scopes, TLS and settings, for people.',
  mediaType: 'text/plain',
  *render(document, options) {
    const colors = createColors(options.color);
    for (const image of document.images) {
      for (const line of 'error' in image ? errorLines(image, options) : imageLines(image, options, colors)) yield `${line}\n`;
    }
  },
};

function* errorLines({ reference, error }: ImageError, options: RenderOptions): Iterable<string> {
  yield* labelled(0, 8, 'Image', reference, options);
  yield* labelled(0, 8, 'Error', `${error.code}: ${error.message}`, options);
  if (error.hint !== null && error.hint !== undefined) yield* labelled(0, 8, 'Hint', error.hint, options);
}

function* imageLines(image: ImageServices, options: RenderOptions, colors: Colors): Iterable<string> {
  const facts = [
    ['Image', `${image.reference} (${image.platform})`],
    ['Tags', image.tags.join(', ')],
    ['From', image.input === undefined ? '' : inputLine(image.input)],
    ['System', image.distribution === null ? 'no distribution' : image.distribution.name || `${image.distribution.id} ${image.distribution.version}`],
  ] as const;
  for (const [label, value] of facts) if (value !== '') yield* labelled(0, 8, label, value, options);
  yield '';
  if (image.services.length === 0) yield 'No service whose configuration can be read.';
  else {
    yield* overview(image.services, options.width);
    for (const service of image.services) {
      yield '';
      yield* serviceLines(service, options, colors);
    }
  }
  if (image.problems.length > 0) yield '';
  for (const problem of image.problems) yield* labelled(0, 9, 'Problem', `${problem.what}: ${problem.why}`, options);
}

const columns = [
  { heading: 'Service', comfortable: 10 },
  { heading: 'Version', comfortable: 8 },
  { heading: 'Started', comfortable: 8 },
  { heading: 'TLS', comfortable: 16 },
  { heading: 'Problems', comfortable: 8 },
  { heading: 'Entry', comfortable: 24 },
];

/** One row a service. */
function overview(services: readonly Service[], width: number): Iterable<string> {
  const rows = services.map((service) =>
    [service.service, service.version ?? 'unknown', startedWord(service), tlsWord(service), String(service.problems.length), service.entry].map((cell) => [
      clean(cell),
    ]),
  );
  return layOut(columns, rows, width, (_row, _column, text) => text);
}

/** Nothing starts a library. */
function isLibrary({ service }: Service): boolean {
  return service === 'openssl';
}

function startedWord(service: Service): string {
  if (isLibrary(service)) return 'library';
  return service.runs === null ? 'unknown' : service.runs ? 'yes' : 'no';
}

/** The protocols that any scope or listener speaks. */
function tlsWord(service: Service): string {
  if (isLibrary(service)) return 'policy';
  const all = service.scopes.flatMap(({ tls, listen }) => [tls, ...listen.map((one) => one.tls ?? null)]).filter((tls): tls is Tls => tls !== null);
  if (all.length === 0) return '-';
  const enabled = all.filter((tls) => tls.enabled);
  if (enabled.length === 0) return 'off';
  const protocols = new Set(enabled.flatMap((tls) => tls.protocols));
  return `${protocols.size === 0 ? 'none offered' : [...protocols].sort().join(' ')}${enabled.every((tls) => tls.certain) ? '' : ' (uncertain)'}`;
}

function* serviceLines(service: Service, options: RenderOptions, colors: Colors): Iterable<string> {
  const runs =
    service.runs === null ? 'whether the image starts it can’t be told' : service.runs ? 'the image starts it' : 'installed, the image does not start it';
  const what = isLibrary(service) ? 'the library’s own policy, for programs that set none' : runs;
  const [head = '', ...more] = wrap(clean(`${service.service} ${service.version ?? '(version unknown)'}, ${service.entry}: ${what}`), options.width);
  yield colors.bold(head);
  yield* more;
  for (const { kind, what: of, why, location } of service.problems) {
    const place = location === null ? '' : ` (${location.path}${location.line === undefined ? '' : `:${location.line}`})`;
    yield* labelled(2, 18, kind, `${of.replace(/\.$/, '')}: ${why}${place}`, options);
  }
  for (const [index, scope] of service.scopes.entries()) {
    if (index > 0) yield '';
    const enclosing = service.scopes.filter((other) => other !== scope && isPrefix(other.scope, scope.scope));
    yield* scopeLines(scope, enclosing, isLibrary(service), options, colors);
  }
}

function isPrefix(outer: readonly string[], inner: readonly string[]): boolean {
  return outer.length < inner.length && outer.every((part, index) => part === inner[index]);
}

function* scopeLines(scope: ServiceScope, enclosing: readonly ServiceScope[], library: boolean, options: RenderOptions, colors: Colors): Iterable<string> {
  const [head = '', ...more] = wrap(clean(scope.scope.length === 0 ? 'main scope' : scope.scope.join(' > ')), options.width - 2);
  yield `  ${colors.bold(head)}`;
  for (const line of more) yield `  ${line}`;
  const plain = scope.listen.filter((listen) => listen.tls === undefined).map(({ address }) => address);
  if (plain.length > 0) yield* labelled(4, 16, 'listen', plain.join(', '), options);
  for (const { address, tls } of scope.listen) {
    if (tls === undefined) continue;
    yield* labelled(4, 16, 'listen', address, options);
    yield* tlsLines(tls, 6, library, options);
  }
  if (scope.tls !== null) yield* tlsLines(scope.tls, 4, library, options);
  const room = { width: options.width - 4, verbose: options.verbose };
  for (const line of settingsTable(scope, enclosing, room)) yield `    ${line}`;
}

function* tlsLines(tls: Tls | null, indent: number, library: boolean, options: RenderOptions): Iterable<string> {
  if (tls === null || !(tls.enabled || library)) yield* labelled(indent, 16, 'TLS', 'off', options);
  else for (const [label, value] of tlsFacts(tls, options)) yield* labelled(indent, 16, label, value, options);
}

/** `label  value`, the value's further lines below its first. `room`: columns of the label. */
function* labelled(indent: number, room: number, label: string, value: string, { width }: RenderOptions): Iterable<string> {
  const lines = wrap(clean(value), Math.max(width - indent - room, 20));
  for (const [index, line] of lines.entries()) yield `${' '.repeat(indent)}${(index === 0 ? label : '').padEnd(room)}${line}`.trimEnd();
}
