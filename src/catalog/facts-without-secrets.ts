import type { Problem, Service, Setting } from '../model/index.ts';
import { redact } from '../secrets/index.ts';
import type { CatalogFacts } from './cataloger.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Plain data with each secret in its strings replaced by its masked form. @param place as `redact` takes it */
function redacted<T>(value: T, place: string): T {
  if (typeof value === 'string') return redact(value, place) as T;
  if (Array.isArray(value)) return value.map((each) => redacted(each, place)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as Plain).map(([name, each]) => [name, redacted(each, place)])) as T;
}

/** The value of a setting as it may be shown. What gives it away may be its name, so both are looked at together, as they stand in the file. */
function settingValue(key: string, value: string, path: string): string {
  for (const between of [' ', '=']) {
    const text = redact(`${key}${between}${value}`, path);
    if (text.startsWith(`${key}${between}`) && text.length !== key.length + 1 + value.length) return text.slice(key.length + 1);
  }
  return redact(value, path);
}

function setting(given: Setting): Setting {
  const { key, value, origin, shadowed, ...rest } = given;
  const place = 'path' in origin ? origin.path.slice(1) : '';
  return {
    ...redacted(rest, place),
    key,
    value: settingValue(key, value, place),
    origin,
    shadowed: shadowed.map((each) => ({ ...each, value: settingValue(key, each.value, place) })),
  };
}

/** Services with each secret of their configuration replaced by its masked form. */
export function servicesWithoutSecrets(services: readonly Service[]): Service[] {
  return services.map((service) => ({
    ...redacted({ ...service, scopes: [] }, service.entry.slice(1)),
    scopes: service.scopes.map(({ settings, ...scope }) => ({ ...redacted(scope, service.entry.slice(1)), settings: settings.map(setting) })),
  }));
}

/** An account or group, likewise: its comment is anybody's text. */
export function accountWithoutSecrets<T extends CatalogFacts['accounts'] | CatalogFacts['groups']>(account: T): T {
  return redacted(account, 'variable');
}

/** A package, likewise: addresses that it came from may hold a password. */
export function packageWithoutSecrets(fact: CatalogFacts['packages']): CatalogFacts['packages'] {
  const texts = [fact.name, fact.version, ...fact.licenses, ...Object.values(fact.purl?.qualifiers ?? {}), fact.purl?.name ?? '', fact.purl?.version ?? ''];
  return texts.some((text) => text.includes('://')) ? redacted(fact, '') : fact;
}

/** A problem, likewise: its reason may quote what couldn't be read. Its id stays. */
export function problemWithoutSecrets(problem: Problem): Problem {
  return { ...problem, what: redact(problem.what, ''), why: redact(problem.why, 'history line') };
}
