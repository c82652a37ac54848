/** Attributes by their names in lower case. */
export type Attributes = ReadonlyMap<string, string>;

/** A manifest: what holds for the whole archive, and what it says of packages in it. */
export interface Manifest {
  readonly main: Attributes;
  /** Those sections with a version, in their order; signed archives have one for each class, which say nothing here. */
  readonly sections: readonly Attributes[];
}

/**
 * Reads a manifest (JAR File Specification, "Manifest Specification"): sections end with an empty line; a line that begins with a blank goes
 * on with the one before.
 */
export function parseManifest(text: string): Manifest {
  let main: Attributes | undefined;
  const sections: Attributes[] = [];
  let attributes = new Map<string, string[]>();
  let last: string[] = [];
  const close = (): void => {
    if (attributes.size === 0) return;
    const whole = new Map([...attributes].map(([name, lines]) => [name, lines.join('').trim()]));
    attributes = new Map();
    if (main === undefined) main = whole;
    else if (whole.has('implementation-version')) sections.push(whole);
  };
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    if (line === '') {
      close();
      last = [];
      continue;
    }
    if (line.startsWith(' ')) {
      last.push(line.slice(1));
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    last = [line.slice(colon + 1)];
    attributes.set(line.slice(0, colon).trim().toLowerCase(), last);
  }
  close();
  return { main: main ?? new Map(), sections };
}
