/**
 * The words in which TLS is judged: suites with their classes, protocols, groups, Mozilla's levels. Pure data of the room
 * `services`, and the one place where gates use it (docs/decisions/0006-tls-words-for-gates.md).
 */
export {
  curveName,
  isKnownCurve,
  type MozillaLevel,
  mozillaLevel,
  mozillaLevels,
  protocolRank,
  type SuiteClass,
  suiteClasses,
  suiteClassOf,
  suiteFaults,
  suiteOf,
  tlsProtocols,
} from '../services/index.ts';
