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
}
