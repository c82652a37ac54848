import { InvalidArgumentError, Option } from '@commander-js/extra-typings';

interface OptionSpec {
  readonly flags: string;
  readonly help: string;
  /** Shown by `--help`; the others by `--help-all`. */
  readonly common: boolean;
  readonly group: string;
  readonly env?: string;
  readonly default?: unknown;
  readonly choices?: readonly string[];
  readonly parse?: (text: string, before: unknown) => unknown;
  readonly conflicts?: readonly string[];
}

function seconds(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError('It takes a number of seconds; 0 means no limit.');
  return Number(text);
}

function days(text: string): number {
  if (!/^[0-9]{1,5}(?:\.[0-9]{1,3})?$/.test(text)) throw new InvalidArgumentError('It takes a number of days.');
  return Number(text);
}

const collect = (text: string, before: unknown): unknown => [...(Array.isArray(before) ? (before as string[]) : []), text];

/** Every option, once: flag, help, variable and default. */
const specs = {
  image: { flags: '--image <image>', help: 'the image to judge (as in the classic command line)', common: false, group: 'Images' },
  imagefile: {
    flags: '--imagefile <file>',
    help: 'judge the images that a file lists, one a line, each with its Dockerfile after a blank',
    common: true,
    group: 'Images',
  },
  policy: {
    flags: '-p, --policy <policy>',
    help: 'a policy file, or the name of a built-in policy',
    common: true,
    group: 'Judgement',
    env: 'PORTCULLIS_POLICY',
    default: 'default',
  },
  dockerfile: {
    flags: '--dockerfile <file>',
    help: 'the Dockerfile that the image was built from; where the image contradicts it, the image counts',
    common: true,
    group: 'Images',
  },
  tag: { flags: '--tag <tag>', help: 'of an archive with several images only the one with this tag', common: true, group: 'Images', env: 'PORTCULLIS_TAG' },
  platform: {
    flags: '--platform <platform>',
    help: 'of an image for several platforms this one, as linux/arm64, or all (default: this machine)',
    common: true,
    group: 'Images',
    env: 'PORTCULLIS_PLATFORM',
  },
  'binary-rules': {
    flags: '--binary-rules <file>',
    help: 'recognise programs without a package by the rules of this file too (YAML or JSON); repeatable',
    common: true,
    group: 'Images',
    env: 'PORTCULLIS_BINARY_RULES',
    parse: collect,
  },
  k8s: {
    flags: '--k8s <file>',
    help: 'judge every image that Kubernetes manifests name; repeatable',
    common: true,
    group: 'Images',
    parse: collect,
  },
  compose: {
    flags: '--compose <file>',
    help: 'judge every image that a Compose file names; repeatable',
    common: true,
    group: 'Images',
    parse: collect,
  },
  username: {
    flags: '--username <name>',
    help: 'log in to the registry by this name (default: as docker login and podman login left it)',
    common: false,
    group: 'Registries',
    env: 'PORTCULLIS_USERNAME',
  },
  'password-stdin': { flags: '--password-stdin', help: 'read the password from standard input', common: false, group: 'Registries' },
  'plain-http': {
    flags: '--plain-http <host>',
    help: 'speak to this registry without TLS; repeatable',
    common: false,
    group: 'Registries',
    env: 'PORTCULLIS_PLAIN_HTTP',
    parse: collect,
  },
  mirror: {
    flags: '--mirror <host=url>',
    help: 'ask this mirror first for images of a registry; repeatable',
    common: false,
    group: 'Registries',
    env: 'PORTCULLIS_MIRROR',
    parse: collect,
  },
  'ca-file': {
    flags: '--ca-file <file>',
    help: 'trust the certificate authorities of this file (PEM) too',
    common: false,
    group: 'Registries',
    env: 'PORTCULLIS_CA_FILE',
  },
  'client-cert': {
    flags: '--client-cert <file>',
    help: 'show this certificate (PEM) to registries',
    common: false,
    group: 'Registries',
    env: 'PORTCULLIS_CLIENT_CERT',
  },
  'client-key': {
    flags: '--client-key <file>',
    help: 'the key of the client certificate (PEM)',
    common: false,
    group: 'Registries',
    env: 'PORTCULLIS_CLIENT_KEY',
  },
  feeds: {
    flags: '--feeds <file>',
    help: 'judge with exactly this exported state of the feeds (portcullis feeds export)',
    common: true,
    group: 'Vulnerabilities',
    env: 'PORTCULLIS_FEEDS',
  },
  'max-feed-age': {
    flags: '--max-feed-age <days>',
    help: "advisories whose source's state is older leave their rules undecided",
    common: true,
    group: 'Vulnerabilities',
    env: 'PORTCULLIS_MAX_FEED_AGE',
    parse: days,
  },
  vex: {
    flags: '--vex <file>',
    help: 'except what this document says is not affected (OpenVEX, CycloneDX or CSAF); repeatable',
    common: true,
    group: 'Vulnerabilities',
    parse: collect,
  },
  offline: {
    flags: '--offline',
    help: 'fetch no advisories; without it those that an image needs and that were never loaded are fetched',
    common: true,
    group: 'Vulnerabilities',
    env: 'PORTCULLIS_OFFLINE',
  },
  'feeds-source': {
    flags: '--feeds-source <url|dir>',
    help: "a mirror of OSV's bucket to fetch from",
    common: false,
    group: 'Vulnerabilities',
    env: 'PORTCULLIS_FEEDS_SOURCE',
  },
  source: {
    flags: '--source <url|dir>',
    help: "a mirror of OSV's bucket (default: OSV's own)",
    common: true,
    group: 'Feeds',
    env: 'PORTCULLIS_FEEDS_SOURCE',
  },
  ecosystem: {
    flags: '--ecosystem <name>',
    help: "an ecosystem by OSV's name, as Debian or npm; repeatable",
    common: true,
    group: 'Feeds',
    parse: collect,
  },
  all: { flags: '--all', help: 'every ecosystem that the source has', common: true, group: 'Feeds', conflicts: ['ecosystem'] },
  kev: { flags: '--kev <file>', help: "CISA's catalogue of known exploited vulnerabilities (JSON)", common: true, group: 'Feeds' },
  epss: { flags: '--epss <file>', help: "FIRST's EPSS scores (CSV, plain or gzip)", common: true, group: 'Feeds' },
  severity: {
    flags: '--severity <file>',
    help: 'severities for records that have none, in the form of NVD’s CVE API 2.0 (JSON, plain or gzip); repeatable',
    common: true,
    group: 'Feeds',
    parse: collect,
  },
  clamav: {
    flags: '--clamav <where>',
    help: 'let ClamAV look for malware: clamd, clamscan, unix:/path or tcp:HOST:PORT',
    common: true,
    group: 'Malware',
    env: 'PORTCULLIS_CLAMAV',
  },
  'clamav-database': {
    flags: '--clamav-database <path>',
    help: 'signatures for clamscan: a file or a directory (default: its own)',
    common: false,
    group: 'Malware',
    env: 'PORTCULLIS_CLAMAV_DATABASE',
  },
  'malware-hashes': {
    flags: '--malware-hashes <file>',
    help: 'look for contents whose digests a file lists (MD5, SHA-1, SHA-256), one a line with an optional name; repeatable',
    common: true,
    group: 'Malware',
    env: 'PORTCULLIS_MALWARE_HASHES',
    parse: collect,
  },
  'global-whitelist': {
    flags: '--global-whitelist <file>',
    help: 'suppress findings of all images by id, visibly: lines of GATE and id',
    common: false,
    group: 'Judgement',
    env: 'PORTCULLIS_GLOBAL_WHITELIST',
  },
  'image-whitelist': {
    flags: '--image-whitelist <file>',
    help: 'suppress findings of single images: the per-image whitelist of the classic tool',
    common: false,
    group: 'Judgement',
    env: 'PORTCULLIS_IMAGE_WHITELIST',
  },
  now: {
    flags: '--now <time>',
    help: 'judge as of this time (RFC 3339), so that a verdict can be repeated',
    common: false,
    group: 'Judgement',
    env: 'PORTCULLIS_NOW',
  },
  accept: {
    flags: '--accept <verdict>',
    help: 'end with 0 on this verdict too',
    common: true,
    group: 'Judgement',
    choices: ['warn'],
    env: 'PORTCULLIS_ACCEPT',
  },
  output: {
    flags: '-o, --output <format[=file]>',
    help: 'how to report, and where to; repeatable: table, json, classic-json, classic-plain',
    common: true,
    group: 'Report',
    parse: collect,
  },
  only: {
    flags: '--only <kinds>',
    help: 'list only these kinds: packages, accounts, groups, files, secrets, certificates, keys, drift, malware',
    common: true,
    group: 'Report',
  },
  json: { flags: '--json', help: 'the JSON of the classic tool', common: false, group: 'Report' },
  plain: { flags: '--plain', help: 'the plain text of the classic tool', common: false, group: 'Report', conflicts: ['json'] },
  'no-cache': { flags: '--no-cache', help: 'read every layer, also those that were read before', common: false, group: 'Run' },
  'show-whitelisted': { flags: '--show-whitelisted', help: 'show suppressed findings too', common: false, group: 'Report' },
  'show-triggerids': { flags: '--show-triggerids', help: 'show the ids that a whitelist names', common: false, group: 'Report' },
  'show-gatehelp': { flags: '--show-gatehelp', help: 'describe the gates and end (classic)', common: false, group: 'Help' },
  'show-policytemplate': { flags: '--show-policytemplate', help: 'print a policy template and end (classic)', common: false, group: 'Help' },
  timeout: {
    flags: '--timeout <seconds>',
    help: 'give up after so many seconds; 0: never',
    common: false,
    group: 'Run',
    env: 'PORTCULLIS_TIMEOUT',
    default: 600,
    parse: seconds,
  },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof specs;

const everywhere: readonly OptionSpec[] = [
  { flags: '-q, --quiet', help: 'no messages on stderr', common: true, group: 'Run' },
  { flags: '-v, --verbose', help: 'say more; twice: with stack traces', common: true, group: 'Run', parse: (_, before) => Number(before ?? 0) + 1 },
  { flags: '--no-color', help: 'no colours (also NO_COLOR)', common: true, group: 'Run' },
  { flags: '--help-all', help: 'print help with all options', common: true, group: 'Help' },
];

function optionOf(spec: OptionSpec, all: boolean): Option {
  const option = new Option(spec.flags, spec.help).helpGroup(`${spec.group}:`);
  if (spec.env !== undefined) option.env(spec.env);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.choices !== undefined) option.choices(spec.choices as string[]);
  else if (spec.parse !== undefined) option.argParser(spec.parse);
  if (spec.parse !== undefined && !spec.flags.includes('<')) option.preset('');
  if (spec.conflicts !== undefined) option.conflicts([...spec.conflicts]);
  if (!spec.common && !all) option.hideHelp();
  return option;
}

/**
 * The options of a command, with those that every command has.
 * @param formats what -o takes, where that isn't what gate's takes
 */
export function optionsOf(names: readonly OptionName[], all: boolean, formats?: readonly string[]): Option[] {
  const specOf = (name: OptionName): OptionSpec =>
    name === 'output' && formats !== undefined ? { ...specs.output, help: `how to report, and where to; repeatable: ${formats.join(', ')}` } : specs[name];
  return [...names.map(specOf), ...everywhere].map((spec) => optionOf(spec, all));
}
