import parse from 'spdx-expression-parse';
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import currentIds from 'spdx-license-ids/index.json' with { type: 'json' };
import type { Package } from '../model/index.ts';

/** Ids are matched without regard to case (SPDX 2.3, annex D.2); the list's own spelling is what is written. */
const spelling: ReadonlyMap<string, string> = new Map([...currentIds, ...deprecatedIds].map((id) => [id.toLowerCase(), id]));

/** Ids that SPDX withdrew since they are a licence and an exception; tools that know both take them for exceptions alone. */
const withdrawn: Readonly<Record<string, string>> = {
  'GPL-2.0-with-autoconf-exception': 'GPL-2.0-only WITH Autoconf-exception-2.0',
  'GPL-2.0-with-bison-exception': 'GPL-2.0-only WITH Bison-exception-2.2',
  'GPL-2.0-with-classpath-exception': 'GPL-2.0-only WITH Classpath-exception-2.0',
  'GPL-2.0-with-font-exception': 'GPL-2.0-only WITH Font-exception-2.0',
  'GPL-2.0-with-GCC-exception': 'GPL-2.0-only WITH GCC-exception-2.0',
  'GPL-3.0-with-autoconf-exception': 'GPL-3.0-only WITH Autoconf-exception-3.0',
  'GPL-3.0-with-GCC-exception': 'GPL-3.0-only WITH GCC-exception-3.1',
};

/** Longer declarations are licence texts, not expressions; it also bounds the parser. */
const LONGEST = 1000;

/** More licences than anybody has to choose from. */
const MOST_CHOICES = 100;

const known = new Map<string, string | null>();
const MOST_KNOWN = 10_000;

/** @param isComposer Composer spells the operators `or` and `and` */
function expressionOf(declaration: string, isComposer: boolean): string | null {
  const words = (isComposer ? declaration.replaceAll(/ (?:or|and) /g, (operator) => operator.toUpperCase()) : declaration)
    .replaceAll(/([()])/g, ' $1 ')
    .trim()
    .split(/\s+/);
  const spelt = words.map((word) => {
    const plus = word.endsWith('+') ? '+' : '';
    const id = spelling.get(word.slice(0, word.length - plus.length).toLowerCase());
    if (id === undefined) return word;
    return plus === '' && Object.hasOwn(withdrawn, id) ? (withdrawn[id] as string) : id + plus;
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

function knownExpressionOf(declaration: string, isComposer: boolean): string | null {
  if (declaration === '' || declaration.length > LONGEST) return null;
  const key = `${isComposer ? 'composer' : ''} ${declaration}`;
  let expression = known.get(key);
  if (expression === undefined) {
    expression = expressionOf(declaration, isComposer);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, expression);
  }
  return expression;
}

/**
 * The SPDX licence expression (SPDX 2.3, annex D) that a package's declaration is, with the ids as SPDX spells them today. Several declarations
 * are a choice where the ecosystem says so: Composer (composer.json, `license`). null where it would be a guess: several declarations
 * elsewhere (nothing says whether all or one of them hold), names of other notations, free text, and Debian's copyright files, which name
 * what is in the package's parts.
 */
export function licenseExpression({ type, licenses }: Pick<Package, 'type' | 'licenses'>): string | null {
  if (type === 'deb') return null;
  const isComposer = type === 'composer';
  const distinct = [...new Set(licenses.map((license) => license.trim()))];
  if (distinct.length === 0 || distinct.length > (isComposer ? MOST_CHOICES : 1)) return null;
  const expressions = distinct.map((declaration) => knownExpressionOf(declaration, isComposer));
  if (expressions.includes(null)) return null;
  return expressions.length === 1 ? (expressions[0] ?? null) : expressions.map((each) => (each?.includes(' ') ? `(${each})` : each)).join(' OR ');
}
