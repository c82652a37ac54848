import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FixtureFile, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { prelude, readingCases, tlsCases } from './corpus.fixture.ts';
import { apacheReader } from './reader.ts';

const packages = [packageOf('deb', 'apache2-bin', '2.4.57-2'), packageOf('deb', 'libssl3', '3.0.17-1')];
const start = 'Listen 80\nLoadModule mpm_event_module x\nLoadModule ssl_module x\nLoadModule macro_module x\n';

function read(files: Record<string, FixtureFile>) {
  const services = [...apacheReader.read(serviceImageOf({ files, packages, configuration: { cmd: ['apache2ctl', '-DFOREGROUND'] } }))];
  expect(services.length).toBe(1);
  return services[0] as (typeof services)[number];
}
const conf = (text: string | Uint8Array, more: Record<string, FixtureFile> = {}) => read({ '/etc/apache2/apache2.conf': text, ...more });

describe('an image that means harm ends in a problem', () => {
  test.each([
    ['a cycle of includes', () => conf(`${start}Include apache2.conf\n`)],
    [
      'a cycle that branches',
      () => conf(`${start}Include a/*.conf\n`, { '/etc/apache2/a/1.conf': 'Include a/*.conf\n', '/etc/apache2/a/2.conf': 'Include a/*.conf\n' }),
    ],
    ['a directory that holds a link to itself', () => conf(`${start}Include d\n`, { '/etc/apache2/d/self': { link: '.' } })],
    ['100,000 nested sections', () => conf(start + '<Directory /x>\n'.repeat(100_000) + '</Directory>\n'.repeat(100_000))],
    ['100,000 nested conditions that hold', () => conf(start + '<IfModule ssl_module>\n'.repeat(100_000) + '</IfModule>\n'.repeat(100_000))],
    [
      '200,000 nested sections in a condition that does not hold',
      () => conf(`${start}<IfModule nosuch>\n${'<X>\n'.repeat(200_000)}${'</X>\n'.repeat(200_000)}</IfModule>\n`),
    ],
    ['sections that close the wrong way', () => conf(start + '<IfModule nosuch>\n<A>\n</B>\n'.repeat(50_000))],
    ['closing tags alone', () => conf(start + '</Directory>\n'.repeat(200_000))],
    ['one line of 20 MB', () => conf(`${start}ServerName ${'a'.repeat(20_000_000)}\n`)],
    ['a line of four million words', () => conf(`${start}SSLProtocol ${'+all '.repeat(4_000_000)}\n`)],
    ['200,000 continued lines', () => conf(start + 'a \\\n'.repeat(200_000))],
    [
      'variables that grow',
      () =>
        conf(
          `${start}Define a0 ${'x'.repeat(1000)}\n${Array.from({ length: 60 }, (_, index) => `Define a${index + 1} \${a${index}}\${a${index}}\n`).join('')}`,
        ),
    ],
    [
      'macros that grow',
      () =>
        conf(
          `${start}<Macro m0>\nTimeout 1\n</Macro>\n${Array.from({ length: 60 }, (_, index) => `<Macro m${index + 1}>\nUse m${index}\nUse m${index}\n</Macro>\n`).join('')}Use m60\n`,
        ),
    ],
    ['a macro with a parameter everywhere', () => conf(`${start}<Macro m $a>\nX ${'$a'.repeat(500_000)}\n</Macro>\nUse m ${'b'.repeat(1000)}\n`)],
    ['a million unknown directives', () => conf(start + 'Bogus x\n'.repeat(300_001))],
    ['binary rubbish', () => conf(Uint8Array.from({ length: 2_000_000 }, (_, index) => (index * 7919 + (index >> 3)) % 251))],
    ['a host with an endless cipher string', () => conf(`${start}SSLEngine on\nSSLCertificateFile c\nSSLCipherSuite ${'ALL:-ALL:'.repeat(1_000_000)}\n`)],
    ['patterns of IfVersion', () => conf(`${start}<IfVersion ~ (a|aa)+$>\n</IfVersion>\n<IfVersion ~ (>\n</IfVersion>\n`)],
  ])('%s', (_title, run) => {
    expect(run().problems.length).toBeGreaterThan(0);
  });

  test('10,000 included files are read', () => {
    const files: Record<string, FixtureFile> = {};
    for (let index = 0; index < 10_000; index += 1) files[`/etc/apache2/s/${index}.conf`] = `<VirtualHost *:80>\nServerName h${index}\n</VirtualHost>\n`;
    const service = conf(`${start}Include s/*.conf\n`, files);
    expect(service.problems).toEqual([]);
    expect(service.scopes.length).toBe(10_001);
  });

  test('5,000 hosts with TLS are read', () => {
    const hosts = Array.from({ length: 5000 }, (_, index) => `<VirtualHost *:443>\nServerName h${index}\nSSLEngine on\nSSLCertificateFile c\n</VirtualHost>\n`);
    const service = conf(start + hosts.join(''));
    expect(service.scopes.at(-1)?.tls?.suites.length).toBeGreaterThan(10);
  });
});

/** Seeds for mutations: the corpus with what the tests would put in. */
const seeds = [...readingCases, ...tlsCases].map((one) =>
  (prelude + (one.files['httpd.conf'] ?? '')).replaceAll('@ROOT@', '/etc/apache2').replaceAll('@PORT@', '443').replaceAll('@MODULES@', '/m'),
);

test('the corpus, mutated, never makes it throw', () => {
  const pieces = [
    '<',
    '>',
    '</',
    '"',
    "'",
    '\\',
    '\n',
    '\r',
    '\0',
    '${',
    '}',
    '${A}',
    '<IfModule x>',
    '</VirtualHost>',
    '<Macro m $a>',
    '</Macro>',
    'Use m',
    'Include *',
    'Define A ${A}',
    '#',
    '\u{1f600}',
    '-',
    '+',
    '@SECLEVEL=',
    ':',
    '*',
  ];
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(40),
    put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })),
  });
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 8 }), (seed, edits) => {
      let text = seed;
      for (const { at, cut, put } of edits) {
        const index = Math.floor(at * text.length);
        text = text.slice(0, index) + put + text.slice(index + cut);
      }
      const service = conf(text);
      expect(service.service).toBe('apache');
      for (const scope of service.scopes) for (const setting of scope.settings) expect(typeof setting.value).toBe('string');
    }),
    { numRuns: 600 },
  );
});
