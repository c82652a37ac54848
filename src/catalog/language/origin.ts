import type { PackageOrigin } from '../../model/index.ts';
import { redact } from '../../secrets/index.ts';

/** Where a package is taken from in place of a registry, as its purl's qualifiers say it (package-url/purl-spec, known qualifiers). */
export interface Origin {
  readonly kind: PackageOrigin;
  /** `vcs_url` or `download_url`; none for what lies on a machine's own disk. */
  readonly qualifiers: Readonly<Record<string, string>>;
}

const LONGEST = 2000;
/** How others can reach an address; what else there is (`file:`) leads to a disk. */
const reachable = /^(?:https?|ssh|git|svn|ftps?|sftp|static-http):$/;
/** `git@host.org:path`, which Git takes beside URLs. */
const scpLike = /^(?:[\w.-]+@([\w.-]+)|([\w-]+(?:\.[\w-]+)+)):(?!\/\/)\/?(\S+)$/;

/**
 * An address without what may be secret in it: user (but the `git` that everybody is), password, query. Undefined for one that leads to a
 * disk, or that is none.
 */
function publicAddress(given: string): string | undefined {
  if (given.length > LONGEST) return undefined;
  const url = parsed(given);
  if (url === undefined || !reachable.test(url.protocol) || url.host === '') return undefined;
  const user = url.username === 'git' && url.password === '' ? 'git@' : '';
  return redact(`${url.protocol}//${user}${url.host}${url.pathname}`, 'address');
}

function parsed(given: string): URL | undefined {
  try {
    return new URL(given);
  } catch {
    // A user and password may be variables, in words that no URL has (PEP 610: `${TOKEN}`).
    const bare = given.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
    return bare === given ? undefined : parsed(bare);
  }
}

/**
 * A repository, as SPDX writes its address (SPDX 2.3, 7.7): `git+https://host/path@revision#directory`.
 * @param vcs `git`, `hg`, `svn`, `bzr`
 * @param at the commit, else what was asked for; and the directory within the repository
 */
export function repository(vcs: string, url: string, at: { readonly revision?: string | undefined; readonly subdirectory?: string | undefined } = {}): Origin {
  const plain = url.slice(url.startsWith(`${vcs}+`) ? vcs.length + 1 : 0, LONGEST + 1);
  const scp = scpLike.exec(plain);
  const address = publicAddress(scp === null ? plain : `ssh://${plain.startsWith('git@') ? 'git@' : ''}${scp[1] ?? scp[2]}/${scp[3]}`);
  if (address === undefined) return { kind: 'vcs', qualifiers: {} };
  const { revision, subdirectory } = at;
  const suffix = `${revision === undefined ? '' : `@${revision}`}${subdirectory === undefined ? '' : `#${subdirectory}`}`;
  return { kind: 'vcs', qualifiers: { vcs_url: redact(`${vcs}+${address}${suffix.slice(0, LONGEST)}`, 'address') } };
}

/** A git repository as Cargo and uv write one: `URL?rev=…&subdirectory=…#COMMIT`, with `branch` or `tag` in place of `rev`. */
export function lockedRepository(url: string): Origin {
  const [address = '', commit] = url.slice(0, 2 * LONGEST).split('#', 2);
  const query = new URLSearchParams(address.split('?', 2)[1]);
  return repository('git', address, {
    revision: commit ?? query.get('rev') ?? query.get('tag') ?? query.get('branch') ?? undefined,
    subdirectory: query.get('subdirectory') ?? undefined,
  });
}

/** An archive: a URL, or a path, which is left out. @param sha256 its digest in hexadecimal */
export function archive(url: string, sha256?: string): Origin {
  const address = publicAddress(url);
  if (address === undefined) return { kind: 'archive', qualifiers: {} };
  const checksum = sha256 !== undefined && /^[0-9a-f]{64}$/i.test(sha256) ? { checksum: `sha256:${sha256.toLowerCase()}` } : {};
  return { kind: 'archive', qualifiers: { download_url: address, ...checksum } };
}

/** A directory, in which an editable package is used where it lies. */
export function directory(isEditable: boolean): Origin {
  return { kind: isEditable ? 'editable' : 'directory', qualifiers: {} };
}
