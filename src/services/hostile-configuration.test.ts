import { describe, expect, test } from 'vitest';
import { type FixtureFile, packageOf, serviceImageOf } from './image-files.fixture.ts';
import nginx from './nginx/index.ts';
import postgresql from './postgresql/index.ts';
import redis from './redis/index.ts';
import type { ServiceReader } from './service-reader.ts';
import sshd from './sshd/index.ts';

/** How one service spells what every one must survive. */
interface Dialect {
  readonly reader: ServiceReader;
  readonly entry: string;
  readonly package: readonly [name: string, version: string];
  readonly frame: (text: string) => string;
  readonly include: (path: string) => string;
  readonly line: (value: string) => string;
}

const dialects: readonly Dialect[] = [
  {
    reader: nginx,
    entry: '/etc/nginx/nginx.conf',
    package: ['nginx', '1.22.1-9'],
    frame: (text) => `events {}\nhttp {\n${text}\n}\n`,
    include: (path) => `include ${path};`,
    line: (value) => `add_header X "${value}";`,
  },
  {
    reader: sshd,
    entry: '/etc/ssh/sshd_config',
    package: ['openssh-server', '1:9.2p1-2'],
    frame: (text) => text,
    include: (path) => `Include ${path}`,
    line: (value) => `Banner ${value}`,
  },
  {
    reader: redis,
    entry: '/etc/redis/redis.conf',
    package: ['redis-server', '5:7.0.15-1'],
    frame: (text) => text,
    include: (path) => `include ${path}`,
    line: (value) => `dbfilename ${value}`,
  },
  {
    reader: postgresql,
    entry: '/etc/postgresql/15/main/postgresql.conf',
    package: ['postgresql-15', '15.18-0'],
    frame: (text) => text,
    include: (path) => `include '${path}'`,
    line: (value) => `cluster_name = '${value}'`,
  },
];

function read(dialect: Dialect, files: Readonly<Record<string, FixtureFile>>) {
  const [name, version] = dialect.package;
  const services = [
    ...dialect.reader.read(serviceImageOf({ files: { '/etc/postgresql/15/main/pg_hba.conf': '', ...files }, packages: [packageOf('deb', name, version)] })),
  ];
  expect(services).toHaveLength(1);
  return services[0] as (typeof services)[number];
}

/** The first problem of a kind. */
function problem(service: ReturnType<typeof read>, kind: string) {
  return service.problems.find((one) => one.kind === kind);
}

describe.each(dialects)('$reader.name', (dialect) => {
  const { entry, frame, include, line } = dialect;

  test('includes in a circle end in a finding', () => {
    const service = read(dialect, { [entry]: frame(include('/x/a')), '/x/a': include('/x/b'), '/x/b': include('/x/a') });
    expect(problem(service, 'invalid')).toBeDefined();
  });

  test('includes that fan out end in a finding', () => {
    const files: Record<string, FixtureFile> = { [entry]: frame(include('/x/0')) };
    for (let index = 0; index < 40; index += 1) files[`/x/${index}`] = `${include(`/x/${index + 1}`)}\n`.repeat(30);
    expect(read(dialect, files).problems).not.toEqual([]);
  });

  test('ten thousand includes are read', () => {
    const files: Record<string, FixtureFile> = {};
    const names = Array.from({ length: 10_000 }, (_, index) => `/x/${index}.conf`);
    for (const name of names) files[name] = `${line('v')}\n`;
    const service = read(dialect, { ...files, [entry]: frame(names.map(include).join('\n')) });
    expect(service.problems).toEqual([]);
  });

  test('ten thousand patterns over ten thousand names end in a finding', () => {
    const files: Record<string, FixtureFile> = {};
    for (let index = 0; index < 10_000; index += 1) files[`/x/${index}.conf`] = '';
    if (dialect.reader === postgresql) return;
    const service = read(dialect, { ...files, [entry]: frame(`${include('/x/*[!f]')}\n`.repeat(10_000)) });
    expect(problem(service, 'unreadable')).toBeDefined();
  });

  test('a huge line is read or refused', () => {
    const service = read(dialect, { [entry]: frame(line('a'.repeat(8 << 20))) });
    expect(service.scopes.length).toBeGreaterThan(0);
  });

  test.each([' ', '\t', '"', "'", '\\', '#', ',', '=', '1m', '$', '{'])('a huge line of %j is read or refused', (char) => {
    const long = char.repeat(1 << 20);
    for (const text of [long, line(long), `${line('')}${long}`, `Match ${long}`, `Ciphers ${long}`, `LoginGraceTime ${long}x`])
      read(dialect, { [entry]: frame(text) });
  });

  test('binary rubbish ends in a finding', () => {
    let seed = 7;
    const bytes = Uint8Array.from({ length: 1 << 20 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (seed >> 16) & 255;
    });
    expect(problem(read(dialect, { [entry]: bytes }), 'invalid')).toBeDefined();
  });

  test('a hundred thousand lines of everything are read', () => {
    const service = read(dialect, { [entry]: frame(`${line('v')}\n`.repeat(100_000)) });
    expect(service.scopes.length).toBeGreaterThan(0);
  });

  test('a file that is not here yet, one that cannot be read', () => {
    expect(read(dialect, { [entry]: { pending: true } }).problems.filter((one) => one.kind !== 'uncertain')).toEqual([]);
    const service = read(dialect, { [entry]: { unreadable: 'a damaged layer' } });
    expect(problem(service, 'unreadable')?.why).toBe('a damaged layer');
    expect(service.scopes.flatMap((scope) => scope.settings).every((setting) => !setting.certain)).toBe(true);
  });
});

describe('many blocks', () => {
  const [web, shell] = [dialects[0] as Dialect, dialects[1] as Dialect];

  test.each([
    ['location / {', '}'],
    ['foo {', '}'],
    ['if ($a) {', '}'],
    ['types {', '}'],
  ])('a hundred thousand nested blocks of nginx: %s', (open, close) => {
    const text = `server { ${open.repeat(100_000)}${close.repeat(100_000)} }`;
    expect(read(web, { [web.entry]: web.frame(text) }).problems).not.toEqual([]);
  });

  test('braces that never end', () => {
    expect(problem(read(web, { [web.entry]: 'events {'.repeat(100_000) }), 'unreadable')).toBeDefined();
    expect(problem(read(web, { [web.entry]: '}'.repeat(100_000) }), 'invalid')).toBeDefined();
  });

  test('ten thousand servers', () => {
    const server = (index: number) =>
      `server { listen 443 ssl; server_name s${index}; ssl_certificate c; ssl_certificate_key k; ssl_ciphers HIGH:-AES${index % 7}; }`;
    const text = Array.from({ length: 10_000 }, (_, index) => server(index)).join('\n');
    const service = read(web, { [web.entry]: web.frame(text) });
    expect(problem(service, 'unreadable')).toBeDefined();
    expect(service.scopes.length).toBeGreaterThan(500);
  });

  test('servers with cipher strings of their own', () => {
    const server = (index: number) =>
      `server { listen 443 ssl; server_name s${index}; ssl_certificate c; ssl_certificate_key k; ssl_ciphers ALL:-AES:x${index}:@STRENGTH; }`;
    const service = read(web, { [web.entry]: web.frame(Array.from({ length: 10_000 }, (_, index) => server(index)).join('\n')) });
    expect(problem(service, 'unreadable')).toBeDefined();
  });

  test('two hundred thousand headers over many blocks', () => {
    const blocks = 'server { add_header B 1; location / { if ($a) { add_header C 1; } } }\n'.repeat(2000);
    expect(read(web, { [web.entry]: web.frame(`${'add_header A 1;\n'.repeat(200_000)}${blocks}`) }).problems).not.toEqual([]);
  });

  test('a hundred thousand names that nobody knows, over many blocks', () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `x${index} 1;`).join('\n');
    const blocks = 'server { location / { if ($a) { set $b 1; } } }\n'.repeat(10_000);
    expect(read(web, { [web.entry]: web.frame(`${names}${blocks}`) }).problems).not.toEqual([]);
  });

  test('a hundred thousand locations', () => {
    const text = `server { ${'location /x { autoindex on; }\n'.repeat(100_000)} }`;
    expect(read(web, { [web.entry]: web.frame(text) }).scopes.length).toBeGreaterThan(1000);
  });

  test('a hundred thousand Match blocks', () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `Match User u${index}\n X11Forwarding yes\n`).join('');
    expect(problem(read(shell, { [shell.entry]: text }), 'unreadable')).toBeDefined();
  });

  test('a hundred thousand Match all blocks, and one block a hundred thousand times', () => {
    read(shell, { [shell.entry]: 'Match all\n X11Forwarding yes\n'.repeat(100_000) });
    read(shell, { [shell.entry]: `${'Match User a\n X11Forwarding yes\n'.repeat(50_000)}${'Match User b\n'.repeat(50_000)}` });
  });

  test.each(['AllowUsers x', 'Port 22', 'SetEnv A=1', 'Ciphers aes128-ctr', 'MaxStartups 5', 'Subsystem a b'])(
    'a hundred thousand times %s, in and out of Match blocks',
    (text) => {
      const blocks = Array.from({ length: 400 }, (_, index) => `Match User u${index}\n ${text}\n`).join('');
      read(shell, { [shell.entry]: `${`${text}\n`.repeat(100_000)}${blocks}` });
      read(shell, { [shell.entry]: `Match all\n${`${text}\n`.repeat(100_000)}${blocks}` });
    },
  );

  test('a hundred thousand access rules', () => {
    const rules = Array.from({ length: 100_000 }, (_, index) => `host db${index} all 10.0.0.0/8 md5\n`).join('');
    const database = dialects[3] as Dialect;
    const service = read(database, { [database.entry]: '', '/etc/postgresql/15/main/pg_hba.conf': rules });
    expect(problem(service, 'unreadable')).toBeDefined();
  });
});
