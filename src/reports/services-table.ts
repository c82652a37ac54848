import { createColors } from 'picocolors';
import type { ImageServices, Service, ServiceScope, ServicesDocument, Setting, SettingOrigin, Tls } from '../model/index.ts';
import { neutralizeForTerminal as clean } from './neutralize.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { wrap } from './wrap.ts';

type Colors = ReturnType<typeof createColors>;

function originText(origin: SettingOrigin): string {
  if ('default' in origin) return `default: ${origin.default}`;
  return `${origin.path}:${origin.line}${origin.layer === null ? '' : `, layer ${origin.layer}`}`;
}

/** `label  value` with what follows indented below. */
function* labelled(indent: number, label: string, value: string, width: number): Iterable<string> {
  const column = indent + 18;
  const lines = wrap(clean(value), Math.max(width - column, 20));
  for (const [index, line] of lines.entries()) yield `${' '.repeat(indent)}${(index === 0 ? label : '').padEnd(column - indent)}${line}`.trimEnd();
}

function* tlsLines(tls: Tls, indent: number, width: number): Iterable<string> {
  if (!tls.enabled) {
    yield* labelled(indent, 'TLS', 'off', width);
    return;
  }
  const parts = [
    ['protocols', tls.protocols, tls.origins.protocols],
    ['suites', tls.suites, tls.origins.suites],
    ['TLS 1.3 suites', tls.tls13Suites, tls.origins.tls13Suites],
    ['curves', tls.curves, tls.origins.curves],
  ] as const;
  for (const [label, values, origin] of parts) {
    yield* labelled(indent, label, values.length === 0 ? 'none' : values.join(' '), width);
    yield* labelled(indent, '', `(${originText(origin)})`, width);
  }
  if (!tls.certain) yield* labelled(indent, 'uncertain', tls.uncertainty ?? 'it may differ at run time', width);
  for (const certificate of tls.certificates) {
    const facts = certificate.certificate;
    const what =
      facts === null
        ? `${certificate.path}: ${certificate.problem ?? 'could not be read'}`
        : `${certificate.path}: ${facts.subject}, ${facts.keyType}${facts.keyBits === null ? '' : ` ${facts.keyBits}`}, ${facts.signatureAlgorithm}, until ${facts.notAfter.slice(0, 10)}`;
    yield* labelled(indent, 'certificate', what, width);
  }
}

function* settingLines(setting: Setting, indent: number, width: number): Iterable<string> {
  yield* labelled(
    indent,
    '',
    `${setting.key} = ${setting.value}  (${originText(setting.origin)})${setting.certain ? '' : `, uncertain: ${setting.uncertainty ?? ''}`}`,
    width,
  );
  for (const lost of setting.shadowed) yield* labelled(indent, '', `  shadowed: ${lost.value}  (${originText(lost.origin)})`, width);
}

function* scopeLines(scope: ServiceScope, options: RenderOptions, colors: Colors): Iterable<string> {
  const { width, verbose } = options;
  yield `  ${colors.bold(clean(scope.scope.length === 0 ? 'main scope' : scope.scope.join(' > ')))}`;
  for (const listen of scope.listen) {
    yield* labelled(4, 'listen', listen.address, width);
    if (listen.tls) yield* tlsLines(listen.tls, 6, width);
  }
  if (scope.tls !== null) yield* tlsLines(scope.tls, 4, width);
  const shown = scope.settings.filter((setting) => verbose || !('default' in setting.origin));
  if (shown.length > 0) yield '    settings';
  for (const setting of shown) yield* settingLines(setting, 4, width);
}

function* serviceLines(service: Service, options: RenderOptions, colors: Colors): Iterable<string> {
  const runs = service.runs === null ? 'cannot be told whether it runs' : service.runs ? 'the image starts it' : 'installed, the image does not start it';
  yield colors.bold(clean(`${service.service} ${service.version ?? '(version unknown)'}  ${service.entry}  (${runs})`));
  for (const problem of service.problems) {
    const place = problem.location === null ? '' : ` at ${problem.location.path}${problem.location.line === undefined ? '' : `:${problem.location.line}`}`;
    yield* labelled(2, problem.kind, `${problem.what}: ${problem.why}${place}`, options.width);
  }
  for (const scope of service.scopes) yield* scopeLines(scope, options, colors);
  yield '';
}

function* imageLines(image: ImageServices, options: RenderOptions, colors: Colors): Iterable<string> {
  yield* labelled(0, 'Image', `${image.reference} (${image.platform})`, options.width);
  if (image.tags.length > 0) yield* labelled(0, 'Tags', image.tags.join(', '), options.width);
  yield* labelled(0, 'System', image.distribution?.name ?? 'no distribution', options.width);
  yield '';
  if (image.services.length === 0) yield 'No service whose configuration can be read.\n';
  for (const service of image.services) yield* serviceLines(service, options, colors);
  for (const problem of image.problems) yield* labelled(0, 'Problem', `${problem.what}: ${problem.why}`, options.width);
}

/** The services of an image for people: what is in force, and where each value was set. Defaults are listed with `-v`. */
export const servicesTable: Reporter<ServicesDocument> = {
  name: 'table',
  summary: 'Services with their scopes, TLS and settings, for people.',
  mediaType: 'text/plain',
  *render(document, options) {
    const colors = createColors(options.color);
    for (const image of document.images) {
      if ('error' in image) yield `${clean(image.reference)}: ${clean(image.error.message)}\n`;
      else for (const line of imageLines(image, options, colors)) yield `${line}\n`;
    }
  },
};
