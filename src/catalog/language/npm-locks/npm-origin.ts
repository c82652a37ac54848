import { archive, type Origin, repository } from '../origin.ts';

/** npm's short forms of repositories. */
const hosts: Readonly<Record<string, string>> = { github: 'github.com', gitlab: 'gitlab.com', bitbucket: 'bitbucket.org' };

/**
 * The origin that an address in place of a version says: a repository with its commit (`git+ssh://…#COMMIT`, Yarn's `…git#commit=COMMIT`,
 * `github:a/b#COMMIT`), or an archive. undefined: a version, a range or a tag.
 */
export function npmOrigin(source: string): Origin | undefined {
  const [address = '', fragment = ''] = source.split('#', 2);
  const [, host, path] = /^(github|gitlab|bitbucket):(.+)$/s.exec(address) ?? [];
  if (host !== undefined || /^git(?:\+|:|@)/.test(address) || /^[a-z+]+:.*\.git$/s.test(address)) {
    const commit = new URLSearchParams(fragment).get('commit') ?? (fragment === '' || fragment.includes('=') ? undefined : fragment);
    return repository('git', host === undefined ? address : `https://${hosts[host]}/${path}`, { revision: commit });
  }
  return /^(?:https?:|file:|\.{0,2}\/)/.test(address) ? archive(address) : undefined;
}
