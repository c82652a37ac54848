import { type Suite, suiteOf } from './suites.ts';

/**
 * How good a suite is: `broken` (anonymous, no encryption, export keys, DES, RC2, RC4, MD5, SSLv2), `weak` (3DES,
 * IDEA, SEED: 64-bit blocks or retired), `legacy` (no forward secrecy, or CBC), `good` (TLS 1.2 with ephemeral keys
 * and AEAD), `modern` (TLS 1.3).
 */
export type SuiteClass = 'broken' | 'weak' | 'legacy' | 'good' | 'modern';

/** Worst first. */
export const suiteClasses: readonly SuiteClass[] = ['broken', 'weak', 'legacy', 'good', 'modern'];

const brokenEncryption = new Set(['None', 'DES', 'RC2', 'RC4']);
const weakEncryption = new Set(['3DES', 'IDEA', 'SEED']);

/** A suite's class. */
export function suiteClass(suite: Suite): SuiteClass {
  if (suite.protocol === 'TLSv1.3') return 'modern';
  if (suite.protocol === 'SSLv2' || suite.anonymous || suite.export || suite.mac === 'MD5' || brokenEncryption.has(suite.enc)) return 'broken';
  if (weakEncryption.has(suite.enc)) return 'weak';
  return suite.forwardSecrecy && suite.aead ? 'good' : 'legacy';
}

/** What makes a suite of the class that it has, in words for a message: `no encryption`, `anonymous: no authentication`. */
export function suiteFaults(suite: Suite): readonly string[] {
  const faults: string[] = [];
  if (suite.protocol === 'SSLv2') faults.push('SSLv2');
  if (suite.anonymous) faults.push('anonymous: no authentication');
  if (suite.enc === 'None') faults.push('no encryption');
  if (suite.export) faults.push(`export key of ${suite.bits} bits`);
  if (['DES', 'RC2', 'RC4', '3DES', 'IDEA', 'SEED'].includes(suite.enc)) faults.push(suite.enc);
  if (suite.mac === 'MD5') faults.push('MD5');
  if (suite.protocol === 'TLSv1.3') return faults;
  if (!suite.forwardSecrecy) faults.push('no forward secrecy');
  if (!suite.aead && suite.enc !== 'None' && suite.enc !== 'RC4') faults.push('CBC');
  return faults;
}

/** The class of a suite by name; undefined when no version of OpenSSL has it. */
export function suiteClassOf(name: string): SuiteClass | undefined {
  const suite = suiteOf(name);
  return suite === undefined ? undefined : suiteClass(suite);
}
