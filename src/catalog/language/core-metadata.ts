/** What a distribution says of itself. */
export interface CoreMetadata {
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly string[];
}

/** Of the header only what matters. */
const fields = new Set(['name', 'version', 'license', 'license-expression', 'classifier']);

function header(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  let last: string | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '') break;
    if (/^[ \t]/.test(line)) {
      const list = last === null ? undefined : values.get(last);
      if (list !== undefined) list.push(`${list.pop()}\n${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    last = fields.has(name) ? name : null;
    if (last === null) continue;
    const list = values.get(last) ?? [];
    values.set(last, list);
    list.push(line.slice(colon + 1).trim());
  }
  return values;
}

function licenses(values: Map<string, string[]>): string[] {
  const expression = values.get('license-expression')?.[0];
  if (expression) return [expression];
  const declared = values.get('license')?.[0];
  // Some put the whole text of the licence there: that names nothing.
  if (declared && declared !== 'UNKNOWN' && !declared.includes('\n')) return [declared];
  return (values.get('classifier') ?? []).filter((line) => line.startsWith('License :: ')).map((line) => line.slice(line.lastIndexOf('::') + 2).trim());
}

/** Reads METADATA or PKG-INFO (PyPA, core metadata specifications 1.0 to 2.5). What isn't there is `''`. */
export function readCoreMetadata(text: string): CoreMetadata {
  const values = header(text.replace(/^\uFEFF/, ''));
  return { name: values.get('name')?.[0] ?? '', version: values.get('version')?.[0] ?? '', licenses: licenses(values) };
}
