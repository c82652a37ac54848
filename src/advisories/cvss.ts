import type { CvssScore } from '../model/index.ts';
import { cvss4Score } from './cvss4.ts';

type Weights = Readonly<Record<string, Readonly<Record<string, number>>>>;

const weights2: Weights = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
};
const weights3: Weights = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  S: { U: 0, C: 1 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
/** Temporal and environmental metrics: allowed, and of no weight in the base score. */
const further2 = new Set(['E', 'RL', 'RC', 'CDP', 'TD', 'CR', 'IR', 'AR']);
const further3 = new Set(['E', 'RL', 'RC', 'CR', 'IR', 'AR', 'MAV', 'MAC', 'MPR', 'MUI', 'MS', 'MC', 'MI', 'MA']);

function parse(text: string, weights: Weights, further: ReadonlySet<string>): Map<string, number> | undefined {
  const values = new Map<string, number>();
  const seen = new Set<string>();
  for (const part of text.split('/')) {
    const [name = '', value = '', ...rest] = part.split(':');
    if (rest.length > 0 || value === '' || seen.has(name)) return undefined;
    seen.add(name);
    if (further.has(name)) continue;
    const options = Object.hasOwn(weights, name) ? weights[name] : undefined;
    const weight = options !== undefined && Object.hasOwn(options, value) ? options[value] : undefined;
    if (weight === undefined) return undefined;
    values.set(name, weight);
  }
  return Object.keys(weights).every((name) => values.has(name)) ? values : undefined;
}

/** CVSS 2.0 base score (first.org/cvss/v2/guide, section 3.2.1). Takes `AV:N/AC:L/…`; undefined when not valid. */
function cvss2Score(vector: string): number | undefined {
  const values = parse(vector.replace(/^\((.*)\)$/, '$1'), weights2, further2);
  if (values === undefined) return undefined;
  const of = (name: string): number => values.get(name) ?? 0;
  const impact = 10.41 * (1 - (1 - of('C')) * (1 - of('I')) * (1 - of('A')));
  const exploitability = 20 * of('AV') * of('AC') * of('Au');
  return Math.round((0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176) * 10) / 10;
}

/** The smallest number with one decimal that isn't below the value, free of floating point error (CVSS 3.1, appendix A). */
function roundUp(value: number): number {
  const integer = Math.round(value * 100_000);
  return integer % 10_000 === 0 ? integer / 100_000 : (Math.floor(integer / 10_000) + 1) / 10;
}

/** CVSS 3.0 and 3.1 base score (first.org/cvss/v3-1/specification-document, section 7.1). Takes the metrics without prefix. */
function cvss3Score(metrics: string): number | undefined {
  const values = parse(metrics, weights3, further3);
  if (values === undefined) return undefined;
  const of = (name: string): number => values.get(name) ?? 0;
  const changed = of('S') === 1;
  const required = /(?:^|\/)PR:(.)/.exec(metrics)?.[1];
  const privileges = changed && required === 'L' ? 0.68 : changed && required === 'H' ? 0.5 : of('PR');
  const base = 1 - (1 - of('C')) * (1 - of('I')) * (1 - of('A'));
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base;
  if (impact <= 0) return 0;
  const exploitability = 8.22 * of('AV') * of('AC') * privileges * of('UI');
  return roundUp(Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10));
}

/**
 * Reads a CVSS vector of any version; the version is told by the vector, not by the label that a record gives it.
 * A trailing slash is forgiven. Gives the version, the vector and the score (of CVSS 2 and 3 the base score), or
 * undefined when it isn't a valid vector.
 */
export function scoreVector(text: string): Omit<CvssScore, 'source'> | undefined {
  if (text.length > 512) return undefined;
  const vector = text.trim().replace(/\/$/, '');
  const prefix = /^CVSS:(3\.0|3\.1|4\.0)\//.exec(vector);
  const version = prefix?.[1] as '3.0' | '3.1' | '4.0' | undefined;
  const score = version === undefined ? cvss2Score(vector) : version === '4.0' ? cvss4Score(vector) : cvss3Score(vector.slice('CVSS:3.1/'.length));
  return score === undefined ? undefined : { version: version ?? '2.0', vector, score };
}
