import type { Cataloger } from '../src/catalog/index.ts';
import { code, plain, table } from './markdown.ts';

const mebibyte = 1024 * 1024;
const defaultMaxBytes = 64 * mebibyte;

/** `docs/catalogers.md`: what is read out of an image, by whom, from which files. */
export function catalogerPage(catalogers: readonly Cataloger[]): string {
  const sorted = [...catalogers].sort((a, b) => (a.name < b.name ? -1 : 1));
  return `
# Catalogers

What is read out of an image. A cataloger runs only when a rule asks for what it provides. What it can't read is a problem that leaves the
rules which needed it undecided; a file above its size limit is one too.

${table(
  ['Cataloger', 'What it finds', 'Provides', 'Largest file'],
  sorted.map((each) => [code(each.name), plain(each.summary), each.provides.map(code).join(' '), largest(each)]),
)}

Files at fixed places are found through links too:

${sorted
  .flatMap(({ name, wellKnown = [] }) => (wellKnown.length === 0 ? [] : [`- ${code(name)}: ${wellKnown.map((path) => code(`/${path}`)).join(', ')}`]))
  .join('\n')}
`;
}

function largest({ maxBytes = defaultMaxBytes, pieces }: Cataloger): string {
  return pieces === undefined ? size(maxBytes) : 'any';
}

function size(bytes: number): string {
  return bytes >= mebibyte ? `${Math.round(bytes / mebibyte)} MiB` : `${Math.round(bytes / 1024)} KiB`;
}
