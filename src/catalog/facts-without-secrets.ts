import type { Service, Setting } from '../model/index.ts';
import { redact } from '../secrets/index.ts';
import type { CatalogFacts, CatalogKind, CatalogProblem, Fact } from './cataloger.ts';

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

/** Facts whose texts are anybody's: comments of accounts, addresses that packages came from, names in certificates. */
const placeOfTexts: Partial<Record<CatalogKind, string>> = { accounts: 'variable', groups: 'variable', packages: '', certificates: '' };

/** A reader's result with each secret in it replaced by its masked form, before anything keeps it. A problem's reason may quote what it couldn't read. */
export function resultWithoutSecrets(result: Fact | CatalogProblem): Fact | CatalogProblem {
  if ('problem' in result) {
    const { what, why, ...rest } = result.problem;
    return { problem: { ...rest, what: redact(what, ''), why: redact(why, 'history line') } };
  }
  const place = placeOfTexts[result.kind];
  if (place === undefined || (result.kind === 'packages' && !comesFromAddress(result.fact))) return result;
  return { ...result, fact: redacted(result.fact, place) } as Fact;
}

function comesFromAddress({ name, version, licenses, purl }: CatalogFacts['packages']): boolean {
  return [name, version, ...licenses, ...Object.values(purl?.qualifiers ?? {}), purl?.name ?? '', purl?.version ?? ''].some((text) => text.includes('://'));
}
