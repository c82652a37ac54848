import type { Service, ServiceScope, Setting, SettingOrigin, Tls } from '../../model/index.ts';
import { defineServiceReader, type ServiceImage } from '../service-reader.ts';
import { effectiveTls, tlsLibraryOf } from '../tls/index.ts';
import { commandName, readSystemPolicy } from './policy.ts';

/** Canonical names of the commands of SSL_CONF_cmd(3) that say something of TLS as a whole. */
const commands = ['MinProtocol', 'MaxProtocol', 'Protocol', 'CipherString', 'Ciphersuites', 'Groups', 'SignatureAlgorithms', 'Options'] as const;
const aliases: Readonly<Record<string, string>> = { curves: 'Groups' };

/** The OpenSSL system policy: what a program without settings of its own offers. */
export const opensslReader = defineServiceReader({
  name: 'openssl',
  version: 1,
  summary: 'The OpenSSL system policy: openssl.cnf with its includes, and crypto-policies.',
  *read(image: ServiceImage): Iterable<Service> {
    const library = tlsLibraryOf(image.packages, image.distribution);
    const system = readSystemPolicy(image, library);
    if (library.package === null && system.path === null) return;
    const effective = effectiveTls({ protocols: null, cipherString: null, tls13Suites: null, curves: null }, library, system.policy);
    const { protocols, suites, tls13Suites, curves, origins, configured, certain, uncertainty } = effective;
    // Not a listener: `enabled` is false so that nobody takes it for one.
    const tls: Tls = {
      enabled: false,
      protocols,
      suites,
      tls13Suites,
      curves,
      origins,
      configured,
      certain,
      ...(uncertainty === undefined ? {} : { uncertainty }),
      certificates: [],
    };
    const settings: Setting[] = [];
    const doubt = system.policy.uncertainty;
    const add = (key: string, value: string, origin: SettingOrigin, shadowed: Setting['shadowed'] = []) =>
      settings.push({ key, value, origin, certain: doubt === null, ...(doubt === null ? {} : { uncertainty: doubt }), shadowed });
    const set = new Map<string, { value: string; origin: SettingOrigin; shadowed: Setting['shadowed'] }>();
    for (const command of system.commands) {
      if (/^dtls\./i.test(command.name)) continue;
      const name = commandName(command);
      const key = aliases[name] ?? commands.find((known) => known.toLowerCase() === name) ?? command.name;
      const before = set.get(key);
      const own = command.replaced.map(({ value, ...origin }) => ({ value, origin }));
      const shadowed = before === undefined ? own : [...before.shadowed, { value: before.value, origin: before.origin }, ...own];
      set.set(key, { value: command.value, origin: { path: command.path, line: command.line, layer: command.layer }, shadowed });
    }
    const profile = system.policy.systemProfile;
    const defaults: Readonly<Record<string, { value: string; origin: SettingOrigin }>> = {
      CipherString:
        profile === null ? { value: 'DEFAULT', origin: { default: `OpenSSL: ${library.defaultString}` } } : { value: profile.value, origin: profile.origin },
      Ciphersuites: { value: tls13Suites.join(':'), origin: { default: 'OpenSSL' } },
      Groups: { value: curves.join(':'), origin: { default: 'OpenSSL' } },
      MinProtocol: { value: 'None', origin: { default: 'OpenSSL: none but what the security level forbids' } },
    };
    for (const [key, { value, origin, shadowed }] of set) add(key, value, origin, shadowed);
    for (const [key, { value, origin }] of Object.entries(defaults)) if (!set.has(key)) add(key, value, origin);
    add('SecurityLevel', String(effective.securityLevel), effective.securityLevel === library.securityLevel ? { default: 'compiled in' } : origins.suites);
    const errors = effective.errors.map((why) => {
      const at = 'path' in origins.suites ? { path: origins.suites.path, line: origins.suites.line } : null;
      return { kind: 'invalid' as const, what: 'The system policy has a value that OpenSSL refuses.', why, location: at };
    });
    const scope: ServiceScope = { scope: [], listen: [], tls, settings };
    yield {
      service: 'openssl',
      version: library.version,
      entry: system.path ?? '/etc/ssl/openssl.cnf',
      runs: null,
      scopes: [scope],
      problems: [...system.problems, ...errors],
    };
  },
});
