import type { ServiceProblem, TlsProtocol } from '../../model/index.ts';
import { protocolOf, protocolRank, tlsProtocols } from '../tls/index.ts';
import type { Statement } from './configuration-tree.ts';

/** What `ssl_conf_command` sets, on top of nginx's own directives (SSL_CONF_cmd(3)). */
export interface TlsCommands {
  /** Edits the protocols that the directives allow. */
  readonly protocols: { readonly edit: (allowed: readonly TlsProtocol[]) => readonly TlsProtocol[]; readonly statement: Statement } | null;
  readonly cipherString: { readonly value: string; readonly statement: Statement } | null;
  readonly tls13Suites: { readonly value: readonly string[]; readonly statement: Statement } | null;
  readonly curves: { readonly value: string; readonly statement: Statement } | null;
  readonly dhParameters: boolean;
  readonly problems: readonly ServiceProblem[];
}

/** Commands that OpenSSL knows, beside those read here. */
const others = new Set(
  'options signaturealgorithms clientsignaturealgorithms verifymode verifycafile chaincafile verifycapath chaincapath requestcafile clientcafile requestcapath clientcapath certificate privatekey serverinfofile recordpadding numtickets ecdhparameters verifycastore chaincastore requestcastore serverpreference noresumptiononrenegotiation'.split(
    ' ',
  ),
);

/** Reads the commands in their order; names in any case. */
export function tlsCommands(statements: readonly Statement[]): TlsCommands {
  const problems: ServiceProblem[] = [];
  const edits: { readonly statement: Statement; readonly edit: (allowed: Set<TlsProtocol>) => void }[] = [];
  let minimum: TlsProtocol | null = null;
  let maximum: TlsProtocol | null = null;
  let bound: Statement | null = null;
  let cipherString: TlsCommands['cipherString'] = null;
  let tls13Suites: TlsCommands['tls13Suites'] = null;
  let curves: TlsCommands['curves'] = null;
  let dhParameters = false;
  for (const statement of statements) {
    const [name = '', value = ''] = statement.arguments;
    const refuse = () => {
      const why = `SSL_CONF_cmd("${name.slice(0, 80)}", "${value.slice(0, 80)}") fails`;
      problems.push({ kind: 'invalid', what: 'the configuration of nginx', why, location: { path: statement.path, line: statement.line } });
    };
    switch (name.toLowerCase()) {
      case 'protocol': {
        const words = value.split(',').map((word) => word.trim());
        const valid = words.every((word) => /^[+-]?(?:ALL|DTLSv1(?:\.2)?)$/i.test(word) || protocolOf(word.replace(/^[+-]/, '')) !== undefined);
        if (valid) edits.push({ statement, edit: (allowed) => editProtocols(words, allowed) });
        else refuse();
        break;
      }
      case 'minprotocol':
      case 'maxprotocol': {
        const protocol = value.toLowerCase() === 'none' ? null : protocolOf(value);
        if (protocol === undefined) refuse();
        else {
          if (name.toLowerCase() === 'minprotocol') minimum = protocol;
          else maximum = protocol;
          bound = statement;
        }
        break;
      }
      case 'cipherstring':
        cipherString = { value, statement };
        break;
      case 'ciphersuites':
        tls13Suites = { value: value.split(':').filter((word) => word !== ''), statement };
        break;
      case 'curves':
      case 'groups':
        curves = { value, statement };
        break;
      case 'dhparameters':
        dhParameters = true;
        break;
      default:
        if (!others.has(name.toLowerCase())) refuse();
    }
  }
  const last = bound ?? edits.at(-1)?.statement ?? null;
  const [low, high] = [minimum, maximum];
  const edit = (allowed: readonly TlsProtocol[]): readonly TlsProtocol[] => {
    const set = new Set(allowed);
    for (const one of edits) one.edit(set);
    return tlsProtocols.filter(
      (protocol) =>
        set.has(protocol) && (low === null || protocolRank(protocol) >= protocolRank(low)) && (high === null || protocolRank(protocol) <= protocolRank(high)),
    );
  };
  return { protocols: last === null ? null : { edit, statement: last }, cipherString, tls13Suites, curves, dhParameters, problems };
}

/** A bare word or `+` adds, `-` takes away, `ALL` is every protocol (cmd_Protocol). */
function editProtocols(words: readonly string[], allowed: Set<TlsProtocol>): void {
  for (const word of words) {
    const name = word.replace(/^[+-]/, '');
    const one = protocolOf(name);
    for (const protocol of name.toUpperCase() === 'ALL' ? tlsProtocols : one === undefined ? [] : [one]) {
      if (word.startsWith('-')) allowed.delete(protocol);
      else allowed.add(protocol);
    }
  }
}
