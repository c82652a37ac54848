import type { ExampleFacts, Sparse } from '../gates/index.ts';
import type {
  Account,
  Certificate,
  Distribution,
  Dockerfile,
  DriftedFile,
  EvidenceKind,
  Facts,
  FeedState,
  FileFact,
  Group,
  ImageConfiguration,
  ImageFacts,
  Listen,
  Location,
  Malware,
  MalwareScan,
  Match,
  Package,
  PrivateKey,
  Secret,
  Service,
  ServiceScope,
  Setting,
  Tls,
  TlsCertificate,
} from '../model/index.ts';

/** Every kind of evidence. */
export const evidenceKinds = [
  'image',
  'configuration',
  'dockerfile',
  'distribution',
  'packages',
  'accounts',
  'groups',
  'files',
  'contents',
  'secrets',
  'certificates',
  'keys',
  'drift',
  'malware',
  'services',
  'vulnerabilities',
  'feeds',
] as const satisfies readonly EvidenceKind[];

const here = { path: '/etc/example.conf', line: 1, layer: 0 } as const;

/** Fills in what an example left out. The result has what its type says as long as `preset` is complete. */
function fill<T extends object>(preset: T, given: Sparse<T> | undefined): T {
  return { ...preset, ...(given as Partial<T> | undefined) };
}

function databaseOf(type: Package['type'], name: string): Location {
  if (type === 'deb') return { path: '/var/lib/dpkg/status', layer: 0, line: 1 };
  if (type === 'apk') return { path: '/lib/apk/db/installed', layer: 0, line: 1 };
  if (type === 'rpm') return { path: '/var/lib/rpm/rpmdb.sqlite', layer: 0 };
  return { path: `/app/${type}/${name}`, layer: 0 };
}

function packageOf(given: Sparse<Package>): Package {
  const type = given.type ?? 'deb';
  const name = given.name ?? 'example';
  const version = given.version ?? '1.0';
  const preset: Package = {
    purl: `pkg:${type}/${name}@${version}`,
    type,
    name,
    version,
    source: null,
    architecture: null,
    licenses: [],
    locations: [databaseOf(type, name)],
    ownedBy: null,
    lockfile: false,
    cataloger: 'example',
  };
  return fill(preset, given);
}

function matchOf(given: Sparse<Match>): Match {
  const named = packageOf({ ...given.package });
  const preset: Match = {
    id: 'CVE-2024-0001',
    aliases: [],
    severity: 'unknown',
    severitySource: null,
    cvss: [],
    kev: null,
    epss: null,
    package: { purl: named.purl, name: named.name, version: named.version, type: named.type },
    fixState: given.fixedIn === undefined || given.fixedIn === null ? 'not-fixed' : 'fixed',
    fixedIn: null,
    published: null,
    modified: null,
    summary: null,
    source: 'Debian:12',
    matchedBy: { name: named.name, version: named.version, range: '', through: 'package' },
    location: named.locations[0] ?? null,
  };
  return { ...fill(preset, given), package: fill(preset.package, given.package), matchedBy: fill(preset.matchedBy, given.matchedBy) };
}

const accountPreset: Account = {
  name: 'example',
  password: 'x',
  uid: '1000',
  gid: '1000',
  gecos: '',
  home: '/home/example',
  shell: '/bin/sh',
  location: { path: '/etc/passwd', layer: 0, line: 1 },
};

const groupPreset: Group = { name: 'example', password: 'x', gid: '1000', members: [], location: { path: '/etc/group', layer: 0, line: 1 } };

const filePreset: FileFact = {
  path: '/app/example',
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 1,
  linkTarget: null,
  layer: 0,
  capabilities: [],
};

const secretPreset: Secret = {
  rule: 'example-token',
  what: 'a token',
  confidence: 'high',
  source: 'file',
  name: null,
  location: { path: '/app/example.conf', layer: 0, line: 1 },
  masked: 'ex_… (40 characters)',
  fingerprint: '0123456789abcdef',
  deleted: false,
};

const x509Preset: Certificate = {
  subject: 'CN=example.org',
  issuer: 'CN=Example CA',
  selfSigned: false,
  authority: false,
  serial: '01',
  notBefore: '2023-01-01T00:00:00Z',
  notAfter: '2030-01-01T00:00:00Z',
  keyType: 'rsa',
  keyBits: 2048,
  signatureAlgorithm: 'sha256WithRSAEncryption',
  fingerprint: '00',
  publicKey: '01',
  location: { path: '/etc/ssl/example.pem', layer: 0, line: 1 },
};

const keyPreset: PrivateKey = {
  format: 'pkcs8',
  encrypted: false,
  keyType: 'rsa',
  keyBits: 2048,
  publicKey: '01',
  hostKey: false,
  mode: 0o600,
  uid: 0,
  gid: 0,
  certificates: [],
  location: { path: '/etc/ssl/example.key', layer: 0, line: 1 },
};

const malwarePreset: Malware = { scanner: 'ClamAV 1.4.6', signature: 'Example.Signature', location: { path: '/srv/example', layer: 0 }, deleted: false };
const scanPreset: MalwareScan = {
  scanners: [{ kind: 'clamav', name: 'ClamAV 1.4.6', signatures: { version: '27834', asOf: '2026-01-01T00:00:00.000Z' } }],
  found: [],
};
const driftPreset: DriftedFile = { kind: 'changed', package: 'example', mode: 0o644, location: { path: '/etc/example', layer: 0 } };

const certificatePreset: TlsCertificate = { path: '/etc/ssl/example.pem', keyPath: null, origin: here, certificate: null, keyFile: null, problem: null };

const detailPreset: NonNullable<TlsCertificate['certificate']> = {
  subject: 'CN=example.org',
  issuer: 'CN=Example CA',
  selfSigned: false,
  notBefore: '2023-01-01T00:00:00Z',
  notAfter: '2030-01-01T00:00:00Z',
  keyType: 'RSA',
  keyBits: 2048,
  signatureAlgorithm: 'sha256WithRSAEncryption',
};

function certificateOf(given: Sparse<TlsCertificate>): TlsCertificate {
  return { ...fill(certificatePreset, given), certificate: given.certificate ? fill(detailPreset, given.certificate) : null };
}

function tlsOf(given: Sparse<Tls>): Tls {
  const origins = { protocols: here, suites: here, tls13Suites: here, curves: here };
  const preset: Tls = {
    enabled: true,
    protocols: ['TLSv1.2', 'TLSv1.3'],
    suites: ['ECDHE-RSA-AES128-GCM-SHA256'],
    tls13Suites: ['TLS_AES_256_GCM_SHA384'],
    curves: ['X25519'],
    origins,
    certain: true,
    certificates: [],
  };
  return {
    ...fill(preset, given),
    origins: fill(origins, given.origins as Sparse<typeof origins>),
    certificates: (given.certificates ?? []).map(certificateOf),
  };
}

function listenOf(given: Sparse<Listen>): Listen {
  const listen = fill<Listen>({ address: '*:443' }, { ...(given.address === undefined ? {} : { address: given.address }) });
  return given.tls === undefined ? listen : { ...listen, tls: given.tls === null ? null : tlsOf(given.tls) };
}

function scopeOf(given: Sparse<ServiceScope>): ServiceScope {
  const settings = (given.settings ?? []).map((each) => fill<Setting>({ key: 'Key', value: '', origin: here, certain: true, shadowed: [] }, each));
  return { scope: given.scope ?? [], listen: (given.listen ?? []).map(listenOf), tls: given.tls ? tlsOf(given.tls) : null, settings };
}

function serviceOf(given: Sparse<Service>): Service {
  const preset: Service = { service: 'nginx', version: null, entry: '/etc/nginx/nginx.conf', runs: true, scopes: [], problems: [] };
  const problems = (given.problems ?? []).map((each) => fill<Service['problems'][number]>({ what: '', why: '', location: null, kind: 'unreadable' }, each));
  return { ...fill(preset, given), scopes: (given.scopes ?? []).map(scopeOf), problems };
}

const configurationPreset: ImageConfiguration = {
  user: '',
  exposedPorts: [],
  env: [],
  entrypoint: [],
  cmd: [],
  workingDir: '',
  labels: {},
  volumes: [],
  healthcheck: null,
  created: null,
  history: [],
};

const imagePreset: ImageFacts = {
  reference: 'example.tar',
  digest: null,
  imageId: null,
  platform: { os: 'linux', architecture: 'amd64' },
  tags: [],
  layers: [{ index: 0, diffId: null, createdBy: null }],
  verified: true,
};

const distributionPreset: Distribution = {
  id: 'debian',
  version: '12',
  name: 'Debian GNU/Linux 12 (bookworm)',
  like: [],
  codename: 'bookworm',
  location: { path: '/etc/os-release', layer: 0 },
};

function feedsOf(given: Sparse<FeedState>): FeedState {
  return {
    digest: given.digest === undefined ? 'sha256:00' : given.digest,
    sources: (given.sources ?? []).map((each) =>
      fill<FeedState['sources'][number]>({ ecosystem: 'Debian:12', records: 1, asOf: null, importedAt: '2024-01-01T00:00:00Z' }, each),
    ),
    needed: (given.needed ?? []).map((each) => fill<FeedState['needed'][number]>({ ecosystem: 'Debian:12', state: 'available' }, each)),
  };
}

/** Complete facts from those that matter: an image of Debian 12 with nothing in it where nothing is said. */
export function completeFacts(given: ExampleFacts): Facts {
  return {
    image: fill(imagePreset, given.image),
    configuration: fill(configurationPreset, given.configuration),
    dockerfile: fill<Dockerfile>({ mode: 'rebuilt', path: null, instructions: [] }, given.dockerfile),
    distribution: given.distribution === null ? null : fill(distributionPreset, given.distribution),
    packages: (given.packages ?? []).map(packageOf),
    accounts: (given.accounts ?? []).map((each) => fill(accountPreset, each)),
    groups: (given.groups ?? []).map((each) => fill(groupPreset, each)),
    files: (given.files ?? []).map((each) => fill(filePreset, each)),
    contents: (given.contents ?? []).map((each) => fill<Facts['contents'][number]>({ pattern: '.*', location: here }, each)),
    secrets: (given.secrets ?? []).map((each) => fill(secretPreset, each)),
    certificates: (given.certificates ?? []).map((each) => fill(x509Preset, each)),
    keys: (given.keys ?? []).map((each) => fill(keyPreset, each)),
    drift: (given.drift ?? []).map((each) => fill(driftPreset, each)),
    malware: { ...fill(scanPreset, { ...given.malware, found: [] }), found: (given.malware?.found ?? []).map((each) => fill(malwarePreset, each)) },
    services: (given.services ?? []).map(serviceOf),
    vulnerabilities: (given.vulnerabilities ?? []).map(matchOf),
    feeds: feedsOf(given.feeds ?? {}),
  };
}
