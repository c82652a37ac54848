/**
 * The walls between the rooms of `src/` (design: who may import whom), from which the linter's configuration is made. To move
 * a wall, write a decision and change this table.
 */

/** What a room is for and what it may use. `model` and `errors.ts` are everybody's. */
interface Room {
  /** Folder below `src/`, or a part of a room (`catalog/derive`), whose line then holds in place of the room's. */
  readonly name: string;
  /** Rooms that it may import, by their doors. */
  readonly uses: readonly string[];
  /** Rooms of which it may import types alone. */
  readonly usesTypesOf?: readonly string[];
  /** `none`: no module of Node; `pure`: those that compute; `files`: those that open files as well; `all`: sockets and processes too. */
  readonly node: 'none' | 'pure' | 'files' | 'all';
  /** Said to whoever runs into the wall. */
  readonly why: string;
}

export const rooms: readonly Room[] = [
  { name: 'model', uses: [], node: 'none', why: 'model holds the words that all rooms share; it depends on nothing and has no behaviour.' },
  { name: 'archive', uses: [], node: 'pure', why: 'archive reads bytes that it is given; it knows no image and opens nothing.' },
  { name: 'transport', uses: [], node: 'all', why: 'transport moves bytes, and asks credential helpers for logins; it does not know what the bytes mean.' },
  {
    name: 'image',
    uses: ['archive', 'transport'],
    node: 'all',
    why: 'image finds an image and hands out verified bytes; what is in it is the catalogue’s matter.',
  },
  {
    name: 'layer',
    uses: ['archive'],
    node: 'files',
    why: 'layer turns a layer’s bytes into a record that depends on nothing else; its cache alone touches files.',
  },
  {
    name: 'catalog',
    uses: ['layer', 'archive', 'patterns', 'secrets'],
    node: 'pure',
    why: 'a cataloger reads facts out of the files that it is given: no network, no file, no judgement.',
  },
  {
    name: 'catalog/derive',
    uses: ['layer', 'archive', 'services', 'patterns'],
    node: 'pure',
    why: 'what is derived comes from the squashed image and the parsers of services: no network, no file, no judgement.',
  },
  { name: 'services', uses: ['versions'], node: 'pure', why: 'services reads configuration that it is given; nothing of an image is opened or executed.' },
  { name: 'inspect', uses: [], node: 'all', why: 'inspect runs programs outside and brings back evidence; it does not know who asked.' },
  { name: 'patterns', uses: [], node: 'none', why: 'patterns matches users’ expressions in linear time; it knows no file and no rule.' },
  { name: 'secrets', uses: [], node: 'pure', why: 'secrets finds secrets in bytes that it is given; it keeps none and opens nothing.' },
  { name: 'versions', uses: [], node: 'none', why: 'a version order stands alone, so that anyone can use it.' },
  {
    name: 'advisories',
    uses: ['versions', 'archive', 'transport'],
    node: 'all',
    why: 'advisories knows which advisories apply to a package, not where packages come from or what a policy makes of them.',
  },
  { name: 'policy', uses: ['gates'], node: 'pure', why: 'judging is pure: policy, evidence and time in, verdict out; gates are known by their registry only.' },
  {
    name: 'gates',
    uses: ['versions', 'patterns', 'secrets'],
    usesTypesOf: ['services'],
    node: 'none',
    why: 'a check judges evidence and nothing else: no gate knows a cataloger, a source or the store.',
  },
  { name: 'reports', uses: [], node: 'none', why: 'a report is written from the verdict alone; what it needs belongs in the document.' },
  {
    name: 'sharing',
    uses: ['transport', 'policy', 'advisories'],
    node: 'all',
    why: 'sharing moves policies, feeds and verdicts; it neither reads images nor judges.',
  },
];

/** Rooms that may use all others: they join the line together or test it. */
export const joiningRooms = ['cli', 'testing'];

/** Packages that only some rooms may use. */
const packageHomes: readonly { readonly packages: readonly string[]; readonly rooms: readonly string[]; readonly why: string }[] = [
  { packages: ['undici'], rooms: ['transport'], why: 'HTTP is spoken in transport alone.' },
  { packages: ['libsql', 'libsql/**'], rooms: ['advisories', 'catalog'], why: 'Databases are opened by the advisory store alone.' },
  { packages: ['commander', '@commander-js/**'], rooms: [], why: 'The command line is the cli’s matter.' },
];

const files = ['fs', 'fs/promises', 'module', 'readline', 'repl', 'sqlite', 'vm', 'inspector'];
const outside = ['child_process', 'cluster', 'dgram', 'dns', 'dns/promises', 'http', 'http2', 'https', 'net', 'tls'];
const bothSpellings = (modules: readonly string[]) => modules.flatMap((name) => [name, `node:${name}`]);

/** Global objects by which the same could be done without an import. */
const outsideGlobals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];
const processGlobals = ['process', 'console'];

interface Pattern {
  readonly group: readonly string[];
  readonly importNamePattern?: string;
  readonly message: string;
}

/** `../x/…` as seen from any depth of a room. */
const fromAnywhere = (room: string) => ['../', '../../', '../../../', '../../../../'].map((up) => `${up}${room}/**`);

/** What a room may not import, each with its reason. */
function patterns(room: Room): Pattern[] {
  const own = room.name.split('/')[0] ?? room.name;
  const all = [...new Set([...rooms.map(({ name }) => name.split('/')[0] ?? name), ...joiningRooms])];
  const message = (rule: string) => `${rule} ${room.why[0]?.toUpperCase()}${room.why.slice(1)}`;
  const allowed = [own, 'model', ...room.uses, ...(room.usesTypesOf ?? [])];
  const forbidden = all.filter((name) => !allowed.includes(name));
  const usable = room.uses.length === 0 ? 'model and errors.ts' : `model, errors.ts, ${room.uses.join(', ')}`;
  return [
    { group: [...forbidden.flatMap(fromAnywhere), '../gate.ts', '../../gate.ts', '../../../gate.ts'], message: message(`${room.name} may import ${usable}.`) },
    ...(room.usesTypesOf ?? []).map((name) => ({
      group: fromAnywhere(name),
      importNamePattern: '[a-z].*',
      message: message(`${room.name} may import types of ${name}, not its functions.`),
    })),
    ...nodePatterns(room, message),
    ...packageHomes.filter((home) => !home.rooms.includes(own)).map(({ packages, why }) => ({ group: packages, message: why })),
  ];
}

function nodePatterns({ name, node }: Room, message: (rule: string) => string): Pattern[] {
  if (node === 'all') return [];
  if (node === 'none') return [{ group: ['node:*', 'node:*/**', ...files, ...outside], message: message(`${name} may use no module of Node.`) }];
  const closed = node === 'pure' ? [...files, ...outside] : outside;
  const what = node === 'pure' ? 'files, sockets or processes' : 'sockets or processes';
  return [{ group: bothSpellings(closed), message: message(`${name} may not open ${what}.`) }];
}

function globals({ name, node, why }: Room): Record<string, string> {
  if (node === 'all') return {};
  const names = node === 'files' ? outsideGlobals : [...outsideGlobals, ...processGlobals];
  return Object.fromEntries(names.map((global) => [global, `${name} may not reach outside. ${why}`]));
}

function override(includes: readonly string[], room: Room, more: readonly Pattern[] = []): object {
  return {
    includes,
    linter: {
      rules: {
        style: {
          noRestrictedImports: { level: 'error', options: { patterns: [...more, ...patterns(room)] } },
          noRestrictedGlobals: { level: 'error', options: { deniedGlobals: globals(room) } },
        },
      },
    },
  };
}

const siblingGates: Pattern = {
  group: ['../*/**', '!../../**'],
  message: 'A gate may not import another gate: what two gates need belongs beside them in src/gates.',
};

/** Tests and what only they use: it never reaches users, so it may open whatever it needs. */
const testFiles = ['src/**/*.test.ts', 'src/**/*.fixture.ts', 'src/*/**/testing/**'];
const off = { style: { noRestrictedImports: 'off', noRestrictedGlobals: 'off' } } as const;

/** The linter's whole configuration (`biome.json`). */
export function linterConfiguration(): object {
  const gates = rooms.find(({ name }) => name === 'gates');
  return {
    $schema: './node_modules/@biomejs/biome/configuration_schema.json',
    formatter: { enabled: true, indentStyle: 'space', lineWidth: 160 },
    javascript: { formatter: { quoteStyle: 'single' } },
    files: { includes: ['**', '!dist', '!.tmp', '!node_modules', '!schemas', '!**/fixtures', '!**/*.generated.ts'] },
    linter: {
      enabled: true,
      rules: {
        preset: 'recommended',
        suspicious: { noImportCycles: { level: 'error', options: { ignoreTypes: false } } },
        correctness: {
          noPrivateImports: { level: 'error', options: { defaultVisibility: 'package' } },
          noUndeclaredDependencies: {
            level: 'error',
            options: {
              devDependencies: [
                ...testFiles.map((path) => `**/${path}`),
                '**/src/testing/**',
                '**/test/**',
                '**/scripts/**',
                '**/bench/**',
                '**/vitest.config.ts',
              ],
            },
          },
        },
      },
    },
    overrides: [
      ...rooms.map((room) => override([`src/${room.name}/**`], room)),
      ...(gates ? [override(['src/gates/*/**'], gates, [siblingGates])] : []),
      // The one file by which gates reach the words of TLS (docs/decisions/0006-tls-words-for-gates.md).
      ...(gates ? [override(['src/gates/tls-vocabulary.ts'], { ...gates, uses: [...gates.uses, 'services'], usesTypesOf: [] })] : []),
      { includes: testFiles, linter: { rules: { ...off, correctness: { noPrivateImports: 'off' } } } },
      { includes: ['biome.json'], formatter: { enabled: false } },
      // Tools of the project look into every room.
      { includes: ['scripts/**', 'bench/**', 'test/**'], linter: { rules: { correctness: { noPrivateImports: 'off' } } } },
    ],
  };
}
