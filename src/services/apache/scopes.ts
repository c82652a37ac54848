import type { Listen, ServiceProblem, ServiceScope, Tls } from '../../model/index.ts';
import { compareReleases } from '../installed-version.ts';
import type { DefaultValue } from './defaults.ts';
import { type DirectoryIndex, directoryIndex, directorySettings } from './directory-options.ts';
import { joinWords, wordsOf } from './lines.ts';
import type { Context, HttpdServer } from './server.ts';
import { effective, settingsOf } from './settings.ts';
import { type HttpdTls, httpdTls, type TlsSurroundings, tlsSwitch } from './tls.ts';

/** More settings than this aren't shown: no real server comes near it. */
const maxSettings = 500_000;

/** The scopes of a server: itself, its virtual hosts, and the directory sections of both. */
export function scopesOf(
  server: HttpdServer,
  defaults: readonly DefaultValue[],
  around: TlsSurroundings,
): { readonly scopes: readonly ServiceScope[]; readonly problems: readonly ServiceProblem[] } {
  return new Scopes(server, defaults, around).make();
}

class Scopes {
  readonly #server: HttpdServer;
  readonly #defaults: readonly DefaultValue[];
  readonly #around: TlsSurroundings;
  readonly #scopes: ServiceScope[] = [];
  readonly #problems = new Map<string, ServiceProblem>();
  readonly #tls = new Map<Context, HttpdTls>();
  /** Normalised address → the host that answers when no name decides. */
  readonly #first = new Map<string, Context>();
  #settings = 0;

  constructor(server: HttpdServer, defaults: readonly DefaultValue[], around: TlsSurroundings) {
    this.#server = server;
    this.#defaults = defaults;
    this.#around = around;
    for (const host of server.hosts) for (const address of wordsOf(host.args)) if (!this.#first.has(normal(address))) this.#first.set(normal(address), host);
  }

  make() {
    const { main, hosts } = this.#server;
    const listen: Listen[] = effective('Listen', main, null).won.map((statement) => ({ address: statement.words[0] ?? '' }));
    const tls = tlsSwitch(main, null).on ? this.#tlsOf(main, null, main) : this.#heritage();
    this.#add({ scope: [], listen, tls, settings: settingsOf(main, null, this.#defaults) });
    this.#sections(main, [], main, null, directoryIndex([main]));
    const names = this.#hostNames();
    for (const host of hosts) {
      if (this.#settings > maxSettings) {
        const what = 'The server has more virtual hosts and settings than are read.';
        this.#problems.set(what, { kind: 'unreadable', what, why: `the limit is ${maxSettings} settings`, location: null });
        break;
      }
      const scope = [names.get(host) ?? 'VirtualHost'];
      this.#add({ scope, ...this.#hostTls(host), settings: settingsOf(host, main, this.#defaults) });
      this.#sections(host, scope, host, main, directoryIndex([main, host]));
    }
    return { scopes: this.#scopes, problems: [...this.#problems.values()] };
  }

  /** TLS settings of a main server that doesn't speak TLS itself: what its virtual hosts inherit. */
  #heritage(): Tls | null {
    const { main } = this.#server;
    const set = ['SSLProtocol', 'SSLCipherSuite', 'SSLCipherSuite TLSv1.3', 'SSLOpenSSLConfCmd'].some((key) => effective(key, main, null).won.length > 0);
    return set ? { ...httpdTls(main, null, { own: main, parent: null }, this.#around).tls, enabled: false } : null;
  }

  #add(scope: ServiceScope): void {
    this.#settings += scope.settings.length;
    this.#scopes.push(scope);
  }

  /** In the configuration's words; hosts with the same words get their name, or their number, as well. */
  #hostNames(): ReadonlyMap<Context, string> {
    const byWords = new Map<string, Context[]>();
    for (const host of this.#server.hosts) {
      const words = `VirtualHost ${joinWords(wordsOf(host.args)).slice(0, 300)}`;
      const same = byWords.get(words);
      if (same === undefined) byWords.set(words, [host]);
      else same.push(host);
    }
    const names = new Map<Context, string>();
    for (const [words, hosts] of byWords) {
      const taken = new Set<string>();
      for (const [index, host] of hosts.entries()) {
        const server = host.statements.findLast((statement) => statement.key === 'ServerName')?.words[0];
        const own = hosts.length === 1 ? words : `${words} ${server === undefined || taken.has(server) ? `#${index + 1}` : server}`;
        if (server !== undefined) taken.add(server);
        names.set(host, own);
      }
    }
    return names;
  }

  /** TLS of a host at each of its addresses: the first host of an address decides whether it speaks TLS at all. */
  #hostTls(host: Context): { readonly listen: readonly Listen[]; readonly tls: Tls | null } {
    const { main } = this.#server;
    const addresses = wordsOf(host.args);
    const at = addresses.map((address): Tls | null => {
      const first = this.#first.get(normal(address)) ?? host;
      if (!tlsSwitch(first, main).on) return null;
      return tlsSwitch(host, main).on ? this.#tlsOf(host, main, first) : this.#tlsOf(first, main, first);
    });
    const tls = at.find((one) => one !== null) ?? null;
    return { listen: addresses.map((address, index) => (at[index] === tls ? { address } : { address, tls: at[index] ?? null })), tls };
  }

  #tlsOf(context: Context, parent: Context | null, first: Context): Tls {
    const known = this.#tls.get(context);
    if (known !== undefined && (first === context || this.#protocolsByName())) return known.tls;
    const from = this.#protocolsByName() || parent === null ? context : first;
    const made = httpdTls(context, parent, { own: from, parent }, this.#around);
    this.#tls.set(context, made);
    for (const problem of made.problems) this.#problems.set(JSON.stringify([problem.what, problem.why, problem.location]), problem);
    return made.tls;
  }

  /** Whether each name-based host has its own protocols: since 2.4.42, with OpenSSL 1.1.1 (httpd's CHANGES). */
  #protocolsByName(): boolean {
    const { version, library } = this.#around;
    if (version !== null && compareReleases(version, '2.4.42') < 0) return false;
    return library.table === '3.0' || (library.table === '1.1.1' && (library.version === null || compareReleases(library.version, '1.1.1') >= 0));
  }

  #sections(context: Context, scope: readonly string[], server: Context, parent: Context | null, index: DirectoryIndex): void {
    for (const section of context.sections) {
      if (this.#settings > maxSettings) return;
      const words = [...scope, `${section.section} ${joinWords(wordsOf(section.args)).slice(0, 300)}`.trim()];
      const settings = directorySettings(section, server, parent, index, this.#defaults);
      if (settings.length > 0) this.#add({ scope: words, listen: [], tls: null, settings });
      this.#sections(section, words, server, parent, index);
    }
  }
}

/** `_default_` is another spelling of `*`. */
function normal(address: string): string {
  return address.toLowerCase().replace(/^_default_/, '*');
}
