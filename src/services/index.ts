import { apacheReader } from './apache/index.ts';
import nginxReader from './nginx/index.ts';
import { opensslReader } from './openssl/index.ts';
import postgresqlReader from './postgresql/index.ts';
import redisReader from './redis/index.ts';
import type { ServiceReader } from './service-reader.ts';
import sshdReader from './sshd/index.ts';

export { defineServiceReader, type ServiceImage, type ServiceReader } from './service-reader.ts';
export {
  type CipherExpansion,
  type CipherLibrary,
  type CipherTable,
  curveName,
  expandCipherString,
  isKnownCurve,
  type MozillaLevel,
  mozillaLevel,
  mozillaLevels,
  protocolOf,
  protocolRank,
  type Suite,
  type SuiteClass,
  suiteClass,
  suiteClasses,
  suiteClassOf,
  suiteFaults,
  suiteNames,
  suiteOf,
  type TlsLibrary,
  tls13DefaultSuites,
  tls13KnownSuites,
  tlsLibraryOf,
  tlsProtocols,
  withEverySuite,
} from './tls/index.ts';

/** Every reader of a service's configuration, by the service's name. */
export const serviceReaders: readonly ServiceReader[] = [apacheReader, nginxReader, opensslReader, postgresqlReader, redisReader, sshdReader];
