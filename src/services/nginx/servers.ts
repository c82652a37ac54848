import type { Listen, ServiceProblem, Tls } from '../../model/index.ts';
import type { NginxListen } from './listen.ts';
import type { ScopeFrame } from './scopes.ts';
import type { OwnTls, TlsSurroundings } from './server-tls.ts';
import { ownTls, tlsBehind, tlsOf } from './server-tls.ts';

/** What a server block listens on, and its TLS. */
export interface ServerAnswer {
  readonly listen: readonly Listen[];
  readonly tls: Tls | null;
}

interface Address {
  readonly first: ScopeFrame;
  readonly isStated: boolean;
  readonly ssl: boolean;
  readonly quic: boolean;
}

/** Servers, their addresses and TLS; with what nginx would refuse of it. */
export interface ServerAnswers {
  readonly answers: ReadonlyMap<ScopeFrame, ServerAnswer>;
  readonly problems: readonly ServiceProblem[];
}

/**
 * Works out which servers share an address, which of them is its default (`default_server`, else the first read), where
 * TLS is on (`listen … ssl` or `quic` of any server at the address, `ssl on` of its default server, `starttls`), and
 * what TLS is in force for each server.
 *
 * @param servers server blocks of http, stream and mail, in reading order
 */
export function answersOf(servers: readonly ScopeFrame[], surroundings: TlsSurroundings): ServerAnswers {
  const problems: ServiceProblem[] = [];
  const refuse = (why: string, frame: ScopeFrame, listen: NginxListen | null) => {
    const statement = listen?.statement ?? frame.block.statements[0];
    const location = statement === undefined || statement === null ? null : { path: statement.path, line: statement.line };
    if (problems.length < 100) problems.push({ kind: 'invalid', what: 'the configuration of nginx', why, location });
  };
  const addresses = new Map<string, Address>();
  const keyOf = (frame: ScopeFrame, listen: NginxListen) => `${frame.context.family} ${listen.key}`;
  for (const frame of servers) {
    const seen = new Set<string>();
    for (const listen of frame.listens) {
      const key = keyOf(frame, listen);
      const known = addresses.get(key);
      if (seen.has(key) || (known !== undefined && frame.context.family !== 'http' && !hasNames(frame, surroundings)))
        refuse(`a duplicate listen ${listen.address}`, frame, listen);
      seen.add(key);
      if (listen.isDefault && known?.isStated === true && known.first !== frame) refuse(`a duplicate default server for ${listen.address}`, frame, listen);
      addresses.set(key, {
        first: known === undefined || (listen.isDefault && !known.isStated) ? frame : known.first,
        isStated: listen.isDefault || known?.isStated === true,
        ssl: listen.ssl || known?.ssl === true,
        quic: listen.quic || known?.quic === true,
      });
    }
    if (frame.listens.length === 0) refuse('no "listen" is defined for the server', frame, null);
  }

  const owns = new Map<ScopeFrame, OwnTls>();
  const own = (frame: ScopeFrame): OwnTls => {
    const known = owns.get(frame) ?? ownTls(frame, surroundings);
    if (!owns.has(frame)) problems.push(...known.problems.slice(0, 20));
    owns.set(frame, known);
    return known;
  };
  const answers = new Map<ScopeFrame, ServerAnswer>();
  const names = new Set<string>();
  for (const frame of servers) {
    const rejects = isOn(frame, 'ssl_reject_handshake');
    const byFirst = new Map<ScopeFrame, Map<boolean, Tls>>();
    const listeners = frame.listens.map((listen) => {
      const address = addresses.get(keyOf(frame, listen));
      const on = address !== undefined && (address.ssl || address.quic || isOn(address.first, 'ssl'));
      if (address === undefined || !on || rejects) return { listen, tls: null };
      const byQuic = byFirst.get(address.first) ?? new Map<boolean, Tls>();
      byFirst.set(address.first, byQuic);
      const tls =
        byQuic.get(address.quic) ??
        tlsOf(tlsBehind(own(frame), own(address.first), surroundings), own(frame).certificates, address.quic, surroundings.doubt ?? undefined);
      byQuic.set(address.quic, tls);
      if (address.first === frame && !frame.inForce.has('ssl_certificate') && !names.has(keyOf(frame, listen))) {
        refuse(`no "ssl_certificate" is defined for the "listen ... ${address.quic ? 'quic' : 'ssl'}" directive`, frame, listen);
        names.add(keyOf(frame, listen));
      }
      return { listen, tls };
    });
    if (frame.inForce.has('ssl_certificate') && frame.context.family !== 'mail') own(frame);
    const starts = frame.context.family === 'mail' && /^(?:on|only)$/.test(frame.inForce.get('starttls')?.[0]?.arguments[0] ?? '');
    const main =
      listeners.find((one) => one.tls !== null)?.tls ??
      (starts ? tlsOf(own(frame).effective, own(frame).certificates, false, surroundings.doubt ?? undefined) : null);
    answers.set(frame, {
      tls: main,
      listen: listeners.map(
        ({ listen, tls }): Listen => (tls === main || (tls === null && starts) ? { address: listen.address } : { address: listen.address, tls }),
      ),
    });
  }
  return { answers, problems };
}

/** stream knows virtual servers since 1.25.5 only. */
function hasNames(frame: ScopeFrame, surroundings: TlsSurroundings): boolean {
  const [major = 0, minor = 0, patch = 0] = surroundings.release.split('.').map(Number);
  return frame.context.family === 'stream' && (major > 1 || minor > 25 || (minor === 25 && patch >= 5));
}

function isOn(frame: ScopeFrame, name: string): boolean {
  const statement = frame.inForce.get(name)?.[0];
  return statement !== undefined && statement.directive !== null && statement.arguments[0]?.toLowerCase() === 'on';
}
