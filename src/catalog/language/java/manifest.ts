/**
 * The main attributes of a manifest by their names in lower case (JAR File Specification, "Manifest Specification"): up to the first
 * empty line; a line that begins with a blank goes on with the one before.
 */
export function parseManifest(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  let last: string | null = null;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    if (line === '') {
      if (attributes.size > 0) break;
      continue;
    }
    if (line.startsWith(' ')) {
      if (last !== null) attributes.set(last, `${attributes.get(last)}${line.slice(1)}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    last = line.slice(0, colon).trim().toLowerCase();
    attributes.set(last, line.slice(colon + 1).replace(/^ /, ''));
  }
  return new Map([...attributes].map(([name, value]) => [name, value.trim()]));
}
