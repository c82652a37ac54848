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

/** Where advisories come from unless the caller names another source. */
export const publicFeeds = {
  /** OSV's bucket (google.github.io/osv.dev/data). */
  osv: 'https://osv-vulnerabilities.storage.googleapis.com',
  /** CISA's catalogue of known exploited vulnerabilities. */
  kev: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
  /** FIRST's EPSS scores of today. */
  epss: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
} as const;
