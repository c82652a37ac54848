/** The public addresses that the product talks to, and no other: everything else is named by the caller. */
export const dockerHub = {
  /** As names and configuration files call it. */
  domain: 'docker.io',
  /** An old name of the same. */
  alias: 'index.docker.io',
  /** Where the registry answers. */
  host: 'registry-1.docker.io',
  /** Under which Docker's configuration file keeps its credentials. */
  credentialsKey: 'https://index.docker.io/v1/',
} as const;
