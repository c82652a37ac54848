import { macroVectorScores } from './cvss4-scores.ts';

/** Metrics and their values; the first eleven are mandatory (CVSS 4.0 specification, tables 1 to 23). */
const metricValues: Readonly<Record<string, string>> = {
  AV: 'NALP',
  AC: 'LH',
  AT: 'NP',
  PR: 'NLH',
  UI: 'NPA',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  SC: 'HLN',
  SI: 'HLN',
  SA: 'HLN',
  E: 'XAPU',
  CR: 'XHML',
  IR: 'XHML',
  AR: 'XHML',
  MAV: 'XNALP',
  MAC: 'XLH',
  MAT: 'XNP',
  MPR: 'XNLH',
  MUI: 'XNPA',
  MVC: 'XHLN',
  MVI: 'XHLN',
  MVA: 'XHLN',
  MSC: 'XHLN',
  MSI: 'XSHLN',
  MSA: 'XSHLN',
  S: 'XNP',
  AU: 'XNY',
  R: 'XAUI',
  V: 'XDC',
  RE: 'XLMH',
  U: '',
};
const mandatory = ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA'];
const urgencies = ['X', 'Clear', 'Green', 'Amber', 'Red'];

/** Steps from the most severe value, for the severity distance (specification, section 8.2). */
const levels: Readonly<Record<string, string>> = {
  AV: 'NALP',
  PR: 'NLH',
  UI: 'NPA',
  AC: 'LH',
  AT: 'NP',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  SC: 'SHLN',
  SI: 'SHLN',
  SA: 'SHLN',
  CR: 'HML',
  IR: 'HML',
  AR: 'HML',
};

/** The most severe vectors of each equivalence class (specification, tables 24 to 29), values in the order of `groups`. */
const groups = { eq1: ['AV', 'PR', 'UI'], eq2: ['AC', 'AT'], eq36: ['VC', 'VI', 'VA', 'CR', 'IR', 'AR'], eq4: ['SC', 'SI', 'SA'] } as const;
const highest: Readonly<Record<keyof typeof groups, Readonly<Record<string, readonly string[]>>>> = {
  eq1: { 0: ['NNN'], 1: ['ANN', 'NLN', 'NNP'], 2: ['PNN', 'ALP'] },
  eq2: { 0: ['LN'], 1: ['HN', 'LP'] },
  eq36: {
    '00': ['HHHHHH'],
    '01': ['HHLMMH', 'HHHMMM'],
    10: ['LHHHHH', 'HLHHHH'],
    11: ['LHLHMH', 'LHHHMM', 'HLHMHM', 'HLLMHH', 'LLHHHM'],
    21: ['LLLHHH'],
  },
  eq4: { 0: ['HSS'], 1: ['HHH'], 2: ['LLL'] },
};
/** The depth of each class, in steps. */
const depths: Readonly<Record<keyof typeof groups, Readonly<Record<string, number>>>> = {
  eq1: { 0: 1, 1: 4, 2: 5 },
  eq2: { 0: 1, 1: 2 },
  eq36: { '00': 7, '01': 6, 10: 8, 11: 8, 21: 10 },
  eq4: { 0: 6, 1: 5, 2: 4 },
};

interface MacroVector {
  readonly eq1: number;
  readonly eq2: number;
  readonly eq36: string;
  readonly eq4: number;
  readonly eq5: number;
}

function scoreOf(macro: MacroVector): number | undefined {
  const row = macroVectorScores[`${macro.eq1}${macro.eq2}`]?.[['00', '01', '10', '11', '21'].indexOf(macro.eq36)];
  const text = macro.eq4 > 2 || macro.eq5 > 2 ? undefined : row?.split(' ')[macro.eq4 * 3 + macro.eq5];
  return text === undefined ? undefined : Number(text);
}

/** The score of the next lower macro vector along EQ3 and EQ6, which depend on each other: of two ways the higher one. */
function lowerEq36(macro: MacroVector): number | undefined {
  const next: Readonly<Record<string, readonly string[]>> = { '00': ['01', '10'], '01': ['11'], 10: ['11'], 11: ['21'], 21: [] };
  const scores = (next[macro.eq36] ?? []).map((eq36) => scoreOf({ ...macro, eq36 })).filter((score) => score !== undefined);
  return scores.length === 0 ? undefined : Math.max(...scores);
}

function parse(vector: string): Map<string, string> | undefined {
  const metrics = new Map<string, string>();
  for (const part of vector.slice('CVSS:4.0/'.length).split('/')) {
    const [name = '', value = '', ...rest] = part.split(':');
    const allowed = Object.hasOwn(metricValues, name) ? metricValues[name] : undefined;
    if (allowed === undefined || rest.length > 0 || metrics.has(name)) return undefined;
    if (name === 'U' ? !urgencies.includes(value) : value.length !== 1 || !allowed.includes(value)) return undefined;
    metrics.set(name, value);
  }
  return mandatory.every((name) => metrics.has(name)) ? metrics : undefined;
}

/**
 * The CVSS 4.0 score of a vector, with its threat and environmental metrics where it has some, by the specification's
 * macro vectors and interpolation (first.org/cvss/v4-0/specification-document, section 8).
 * Takes `CVSS:4.0/AV:N/…`, metrics in any order; gives 0.0 to 10.0, undefined when the vector isn't valid.
 */
export function cvss4Score(vector: string): number | undefined {
  if (!vector.startsWith('CVSS:4.0/') || vector.length > 512) return undefined;
  const metrics = parse(vector);
  if (metrics === undefined) return undefined;
  const value = (name: string): string => {
    const modified = metrics.get(`M${name}`);
    if (modified !== undefined && modified !== 'X') return modified;
    const base = metrics.get(name);
    if (base !== undefined && base !== 'X') return base;
    return name === 'E' ? 'A' : 'H'; // CR, IR, AR and E: not defined counts as the worst
  };
  if (['VC', 'VI', 'VA', 'SC', 'SI', 'SA'].every((name) => value(name) === 'N')) return 0;
  const macro = macroVectorOf(value);
  const top = scoreOf(macro);
  if (top === undefined) return undefined;

  const lower = {
    eq1: scoreOf({ ...macro, eq1: macro.eq1 + 1 }),
    eq2: scoreOf({ ...macro, eq2: macro.eq2 + 1 }),
    eq36: lowerEq36(macro),
    eq4: scoreOf({ ...macro, eq4: macro.eq4 + 1 }),
  };
  let sum = 0;
  let existing = scoreOf({ ...macro, eq5: macro.eq5 + 1 }) === undefined ? 0 : 1; // the distance within EQ5 is always 0
  for (const group of ['eq1', 'eq2', 'eq36', 'eq4'] as const) {
    const below = lower[group];
    const depth = depths[group][String(macro[group])];
    if (below === undefined || depth === undefined) continue;
    existing += 1;
    sum += ((top - below) * distance(group, String(macro[group]), value)) / depth;
  }
  const score = Math.min(10, Math.max(0, top - (existing === 0 ? 0 : sum / existing)));
  return Math.round((score + 1e-6) * 10) / 10;
}

function macroVectorOf(value: (name: string) => string): MacroVector {
  const is = (name: string, wanted: string): boolean => value(name) === wanted;
  const open = ['AV', 'PR', 'UI'].filter((name) => is(name, 'N')).length;
  const eq1 = open === 3 ? 0 : open > 0 && !is('AV', 'P') ? 1 : 2;
  const eq2 = is('AC', 'L') && is('AT', 'N') ? 0 : 1;
  const eq3 = is('VC', 'H') && is('VI', 'H') ? 0 : is('VC', 'H') || is('VI', 'H') || is('VA', 'H') ? 1 : 2;
  const eq4 = is('SI', 'S') || is('SA', 'S') ? 0 : ['SC', 'SI', 'SA'].some((name) => is(name, 'H')) ? 1 : 2;
  const eq5 = is('E', 'A') ? 0 : is('E', 'P') ? 1 : 2;
  const eq6 = ['C', 'I', 'A'].some((name) => is(`${name}R`, 'H') && is(`V${name}`, 'H')) ? 0 : 1;
  return { eq1, eq2, eq36: `${eq3}${eq6}`, eq4, eq5 };
}

/** Steps from the first highest vector of the class that is at least as severe in each metric. */
function distance(group: keyof typeof groups, klass: string, value: (name: string) => string): number {
  for (const top of highest[group][klass] ?? []) {
    const steps = groups[group].map((name, index) => (levels[name] ?? '').indexOf(value(name)) - (levels[name] ?? '').indexOf(top[index] ?? ''));
    if (steps.every((step) => step >= 0)) return steps.reduce((sum, step) => sum + step, 0);
  }
  return 0;
}
