/** One paragraph of a Debian control file: fields by lower-case name, and the line it begins at (from 1). */
export interface Stanza {
  readonly fields: ReadonlyMap<string, string>;
  readonly line: number;
  /** Lines that are neither a field nor a continuation, and fields that are there twice: dpkg reads neither. */
  readonly strange: number;
}

/**
 * Reads the paragraphs of a Debian control file (deb822(5)). Only the wanted fields are kept; of a field that
 * continues over lines the lines are joined with a newline.
 */
export function* stanzas(text: string, wanted: ReadonlySet<string>): Generator<Stanza> {
  let fields = new Map<string, string>();
  let began = 0;
  let strange = 0;
  let last: string | null = null;
  let number = 0;
  let at = 0;
  while (at < text.length) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    number++;
    const first = text.charCodeAt(at);
    if (end === at || (first === 13 && end === at + 1)) {
      if (began > 0) yield { fields, line: began, strange };
      fields = new Map();
      began = 0;
      strange = 0;
      last = null;
    } else {
      if (began === 0) began = number;
      if (first === 32 || first === 9) {
        if (last !== null) fields.set(last, `${fields.get(last)}\n${text.slice(at, end).trim()}`);
      } else if (first !== 35) {
        const line = text.slice(at, end);
        const colon = line.indexOf(':');
        if (colon < 0) {
          strange++;
          last = null;
        } else {
          const name = line.slice(0, colon).trim().toLowerCase();
          last = wanted.has(name) ? name : null;
          if (last !== null) {
            if (fields.has(last)) strange++;
            fields.set(last, line.slice(colon + 1).trim());
          }
        }
      }
    }
    at = end + 1;
  }
  if (began > 0) yield { fields, line: began, strange };
}
