import type { Location } from './location.ts';

/** One entry of /etc/passwd (passwd(5)). The password field is never kept: `x`, `*`, `!` or `''`, else `set`. */
export interface Account {
  readonly name: string;
  readonly password: 'x' | '*' | '!' | '' | 'set';
  readonly uid: string;
  readonly gid: string;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
  readonly location: Location;
  /** Its entry in /etc/shadow; null: there is none. Absent where shadow wasn't looked at. */
  readonly shadow?: ShadowEntry | null;
}

/**
 * The state of an entry of /etc/shadow (shadow(5)); the hash is never kept. `''`: no password is asked for; `*` and `!`: nobody can
 * log in by password; `locked`: a password that is switched off (`!` before the hash); `set`: a password.
 */
export interface ShadowEntry {
  readonly password: '' | '*' | '!' | 'locked' | 'set';
  /** How it is hashed (crypt(5)): `md5`, `sha512`, `yescrypt`, `des`, …; null without a hash. */
  readonly scheme: string | null;
  readonly location: Location;
}

/** One entry of /etc/group (group(5)). */
export interface Group {
  readonly name: string;
  /** As in passwd: never a hash. */
  readonly password: Account['password'];
  readonly gid: string;
  readonly members: readonly string[];
  readonly location: Location;
}
