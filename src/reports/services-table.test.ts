import { describe, expect, test } from 'vitest';
import type { Service, ServiceScope, ServicesDocument, Setting, Tls } from '../model/index.ts';
import { displayWidth } from './display-width.ts';
import { servicesTable } from './services-table.ts';

const at = (path: string, line: number) => ({ path, line, layer: 2 });
const setting = (key: string, value: string, origin: Setting['origin'], changes: Partial<Setting> = {}): Setting => ({
  key,
  value,
  origin,
  certain: true,
  shadowed: [],
  ...changes,
});
const scope = (changes: Partial<ServiceScope>): ServiceScope => ({ scope: [], listen: [], tls: null, settings: [], ...changes });
const tls: Tls = {
  enabled: true,
  protocols: ['TLSv1.2'],
  suites: ['ECDHE-RSA-AES128-GCM-SHA256'],
  tls13Suites: [],
  curves: ['X25519'],
  origins: { protocols: at('/etc/nginx/nginx.conf', 10), suites: { default: 'nginx' }, tls13Suites: { default: 'OpenSSL' }, curves: { default: 'OpenSSL' } },
  configured: { protocols: ['SSLv3', 'TLSv1.2'], suites: ['ECDHE-RSA-AES128-GCM-SHA256', 'RC4-SHA'] },
  certain: true,
  certificates: [],
};
const tokens = setting('server_tokens', 'off', at('/etc/nginx/nginx.conf', 8));
const nginx: Service = {
  service: 'nginx',
  version: '1.27.1',
  entry: '/etc/nginx/nginx.conf',
  runs: true,
  problems: [{ kind: 'uncertain', what: 'the configuration of nginx', why: 'a script may change it', location: { path: '/entry.sh' } }],
  scopes: [
    scope({ scope: ['http'], settings: [tokens, setting('gzip', 'off', { default: 'nginx' })] }),
    scope({
      scope: ['http', 'server a:443'],
      listen: [{ address: '*:443' }, { address: '*:8443', tls: { ...tls, protocols: ['TLSv1.3'] } }],
      tls,
      settings: [
        tokens,
        setting('listen', '443 ssl', at('/etc/nginx/conf.d/a.conf', 2), { certain: false, uncertainty: 'it depends on $PORT' }),
        setting('daemon', 'off', { path: 'the command line', line: 1, layer: null }),
        setting('root', '/srv', at('/etc/nginx/conf.d/a.conf', 3), { shadowed: [{ value: '/usr/share', origin: at('/etc/nginx/nginx.conf', 9) }] }),
        ...Array.from({ length: 9 }, (_, index) => setting('add_header', `X-${index} y`, at('/etc/nginx/conf.d/a.conf', 10 + index))),
      ],
    }),
  ],
};

function render(services: readonly Service[], options: { readonly width?: number; readonly verbose?: boolean } = {}): string {
  const document: ServicesDocument = {
    schema: 'portcullis.services.v1',
    tool: { name: 'portcullis', version: '0.0.0' },
    images: [
      {
        reference: 'a.tar',
        digest: null,
        imageId: null,
        platform: 'linux/amd64',
        tags: ['a:1'],
        verified: true,
        distribution: null,
        services,
        problems: [],
      },
    ],
  };
  return [...servicesTable.render(document, { color: false, width: 100, verbose: false, showExcepted: false, showIds: false, ...options })].join('');
}

describe('the services table', () => {
  test('begins with a row for each service: version, whether it is started, the protocols of all scopes and listeners', () => {
    expect(render([nginx])).toMatch(/^nginx +1\.27\.1 +yes +TLSv1\.2 TLSv1\.3 +1 +\/etc\/nginx\/nginx\.conf$/m);
    expect(render([{ ...nginx, runs: null, version: null, scopes: [scope({ tls: { ...tls, enabled: false } })] }])).toMatch(/^nginx +unknown +unknown +off /m);
    expect(render([{ ...nginx, service: 'openssl', runs: null, scopes: [scope({ tls: { ...tls, enabled: false } })] }])).toMatch(
      /^openssl .* library +policy /m,
    );
  });

  test('says where each value was set and what lost', () => {
    const text = render([nginx]);
    expect(text).toMatch(/root +\/srv +\/etc\/nginx\/conf\.d\/a\.conf:3 +2$/m);
    expect(text).toMatch(/shadowed: \/usr\/share +\/etc\/nginx\/nginx\.conf:9 +2$/m);
    expect(text).toMatch(/daemon +off +the command line$/m);
    expect(text).toContain('uncertain: it depends on $PORT');
  });

  test('names what a file asks for and nobody gets, but not what only a default asks for', () => {
    const text = render([nginx]);
    expect(text).toContain('asked for, not offered: SSLv3');
    expect(text).not.toContain('RC4-SHA');
    expect(render([nginx], { verbose: true })).toContain('RC4-SHA');
  });

  test('leaves out, counted, what is inherited, what is a default and what fills pages; verbose shows all', () => {
    const text = render([nginx]);
    expect(text.match(/server_tokens/g)).toHaveLength(1);
    expect(text).toContain('and 1 inherited (-v lists them)');
    expect(text).toContain('and 1 default (-v lists them)');
    expect(text).toMatch(/add_header +9 statements \(-v lists them\) +from \/etc\/nginx\/conf\.d\/a\.conf:10/);
    const all = render([nginx], { verbose: true });
    expect(all.match(/server_tokens/g)).toHaveLength(2);
    expect(all.match(/add_header/g)).toHaveLength(9);
    expect(all).toContain('gzip');
  });

  test.each([60, 80, 120])('no line is wider than %i columns or ends in a blank', (width) => {
    for (const line of render([nginx], { width, verbose: true }).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(line).toBe(line.trimEnd());
    }
  });

  test('nothing of the image reaches the terminal raw', () => {
    const bad = '\u001b[31m\u202e\n::error::x';
    const hostile: Service = {
      ...nginx,
      entry: bad,
      version: bad,
      problems: [{ kind: 'invalid', what: bad, why: bad, location: { path: bad } }],
      scopes: [
        scope({ scope: [bad], listen: [{ address: bad }], tls: { ...tls, uncertainty: bad, certain: false }, settings: [setting(bad, bad, at(bad, 1))] }),
      ],
    };
    const text = render([hostile], { verbose: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).not.toMatch(/^\s*::/m);
  });
});
