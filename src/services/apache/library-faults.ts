import type { ServiceProblem } from '../../model/index.ts';
import type { TlsLibrary } from '../tls/index.ts';
import type { HttpdServer, Statement } from './server.ts';
import { nothingLeft, sslProtocols } from './ssl-protocol.ts';
import { placeOf } from './tls.ts';

/** Debian's OpenSSL is built without compression. */
const uncompressed = /^libssl(?:1\.1|3|3t64)$/;

/** Statements that httpd refuses while it reads them because its OpenSSL lacks what they name, whether they count or not. */
export function libraryFaults(server: HttpdServer, library: TlsLibrary, version: string | null): readonly ServiceProblem[] {
  const problems: ServiceProblem[] = [];
  const refuse = (statement: Statement, why: string) =>
    problems.push({
      kind: 'invalid',
      what: `${statement.key} has a value that httpd refuses: ${statement.value.slice(0, 200)}.`,
      why,
      location: placeOf(statement.origin),
    });
  for (const context of [server.main, ...server.hosts]) {
    for (const statement of context.statements) {
      if (statement.key === 'SSLProtocol') {
        for (const fault of sslProtocols(statement.words, library, version).faults) if (fault !== nothingLeft) refuse(statement, fault);
      } else if (statement.key === 'SSLCompression' && statement.words[0]?.toLowerCase() === 'on' && uncompressed.test(library.package ?? '')) {
        refuse(statement, 'this OpenSSL is built without compression');
      }
      if (problems.length >= 100) return problems;
    }
  }
  return problems;
}
