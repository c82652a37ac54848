import { existsSync, statSync } from 'node:fs';
import { PortcullisError } from '../errors.ts';
import { type ClamdAddress, openClamd } from './clamd.ts';
import { openClamscan } from './clamscan.ts';
import type { MalwareScanner } from './scanner.ts';

/** Where clamd listens by the packages of Debian, Alpine, Fedora and Homebrew. */
const usualSockets = [
  '/run/clamav/clamd.ctl',
  '/run/clamav/clamd.sock',
  '/run/clamd.scan/clamd.sock',
  '/usr/local/var/run/clamav/clamd.sock',
  '/opt/homebrew/var/run/clamav/clamd.sock',
];

function isSocket(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() === true;
}

function wrong(where: string, why: string): PortcullisError {
  return new PortcullisError('USAGE', `--clamav ${where}: ${why}.`, {
    hint: 'Write clamscan, clamd (a socket at its usual place), unix:/path/of/socket, tcp:HOST:PORT, or the path of a socket or of clamscan.',
  });
}

function clamdAddress(where: string): ClamdAddress | undefined {
  const unix = /^unix:(?:\/\/(?=\/))?(.+)$/.exec(where)?.[1];
  if (unix !== undefined) return { path: unix };
  const tcp = /^tcp:(?:\/\/)?(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(where);
  if (tcp !== null && Number(tcp[3]) <= 65535) return { host: (tcp[1] ?? tcp[2]) as string, port: Number(tcp[3]) };
  if (where.startsWith('tcp:')) throw wrong(where, 'a host and a port are wanted');
  if (where.includes('/') && isSocket(where)) return { path: where };
  return undefined;
}

/** How ClamAV is reached. */
export type ClamavPlace =
  | { readonly kind: 'clamd'; readonly address: ClamdAddress }
  /** `database`: a file or directory of signatures; null: those it is set up with. */
  | { readonly kind: 'clamscan'; readonly program: string; readonly database: string | null };

/**
 * What a caller means by `clamscan`, `clamd`, `unix:/path`, `tcp:host:port`, or the path of a socket or program. Nothing is looked for
 * that was not named: to run a program, or to hand contents to one, is for the caller to say.
 * @param database signatures for clamscan; null: those it is set up with
 * @throws PortcullisError USAGE, SCANNER_UNAVAILABLE
 */
export function parseClamavPlace(where: string, database: string | null): ClamavPlace {
  const address = where === 'clamd' ? usualSocket() : clamdAddress(where);
  if (address !== undefined) {
    if (database !== null) throw wrong(where, 'clamd has signatures of its own, so --clamav-database belongs to clamscan');
    return { kind: 'clamd', address };
  }
  const isProgram = where === 'clamscan' || (where.includes('/') && statSync(where, { throwIfNoEntry: false })?.isFile() === true);
  if (isProgram) {
    // clamscan itself says so at its first file, when much has been read.
    if (database !== null && !existsSync(database)) {
      throw new PortcullisError('USAGE', `There are no signatures at ${database}.`, {
        hint: 'Name a file or a directory of them with --clamav-database, or leave it out.',
      });
    }
    return { kind: 'clamscan', program: where, database };
  }
  throw wrong(where, where.includes('/') ? 'no socket and no program is there' : 'that is no way to reach ClamAV');
}

/** @throws PortcullisError SCANNER_UNAVAILABLE */
export function openClamav(place: ClamavPlace): Promise<MalwareScanner> {
  return place.kind === 'clamd' ? openClamd(place.address) : openClamscan(place.program, place.database);
}

function usualSocket(): ClamdAddress {
  const path = usualSockets.find(isSocket);
  if (path === undefined) {
    throw new PortcullisError('SCANNER_UNAVAILABLE', 'No clamd listens at a usual place.', {
      hint: `Start it, or name its socket: --clamav unix:/path (looked at: ${usualSockets.join(', ')}).`,
    });
  }
  return { path };
}
