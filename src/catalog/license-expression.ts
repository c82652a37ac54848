import parse from 'spdx-expression-parse';
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import currentIds from 'spdx-license-ids/index.json' with { type: 'json' };
import type { Package } from '../model/index.ts';

/** Ids are matched without regard to case (SPDX 2.3, annex D.2); the list's own spelling is what is written. */
const spelling: ReadonlyMap<string, string> = new Map([...currentIds, ...deprecatedIds].map((id) => [id.toLowerCase(), id]));

/** Longer declarations are licence texts, not expressions; it also bounds the parser. */
const LONGEST = 1000;

const known = new Map<string, string | null>();
const MOST_KNOWN = 10_000;

function expressionOf(declaration: string): string | null {
  const words = declaration
    .replaceAll(/([()])/g, ' $1 ')
    .trim()
    .split(/\s+/);
  const spelt = words.map((word) => {
    const plus = word.endsWith('+') ? '+' : '';
    const id = spelling.get(word.slice(0, word.length - plus.length).toLowerCase());
    return id === undefined ? word : id + plus;
  });
  // Lower-case operators belong to other notations (Fedora's before 2022), whose short names mean other licences.
  if (spelt.some((word) => /^(?:and|or|with)$/i.test(word) && word !== word.toUpperCase())) return null;
  const text = spelt.join(' ').replaceAll('( ', '(').replaceAll(' )', ')');
  try {
    parse(text);
    return text;
  } catch {
    return null;
  }
}

/**
 * The SPDX licence expression (SPDX 2.3, annex D) that a package's declaration is, with the ids as SPDX spells them. null
 * where it would be a guess: several declarations (nothing says whether all or one of them hold), names of other notations,
 * free text, and Debian's copyright files, which name what is in the package's parts.
 */
export function licenseExpression({ type, licenses }: Pick<Package, 'type' | 'licenses'>): string | null {
  const distinct = new Set(licenses.map((license) => license.trim()));
  const [declaration] = distinct;
  if (type === 'deb' || distinct.size !== 1 || declaration === undefined || declaration === '' || declaration.length > LONGEST) return null;
  let expression = known.get(declaration);
  if (expression === undefined) {
    expression = expressionOf(declaration);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(declaration, expression);
  }
  return expression;
}
