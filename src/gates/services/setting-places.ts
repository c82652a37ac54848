import type { Service, Setting } from '../../model/index.ts';
import { scopeWords } from './place.ts';

/** One statement or default, with every scope in which it is in force. */
export interface SettingPlace {
  readonly setting: Setting;
  /** `nginx, http > server a:80`, and how many more. */
  readonly where: string;
  /** The first scope, for ids. */
  readonly scope: readonly string[];
}

/**
 * The effective settings of one key, whatever its case, each once however many scopes inherit it. In the order of the
 * scopes.
 */
export function settingPlaces(service: Service, key: string): SettingPlace[] {
  const wanted = key.toLowerCase();
  const places = new Map<string, { setting: Setting; scope: readonly string[]; count: number }>();
  for (const { scope, settings } of service.scopes) {
    for (const setting of settings) {
      if (setting.key.toLowerCase() !== wanted) continue;
      const at = JSON.stringify([setting.value, setting.origin, setting.certain]);
      const known = places.get(at);
      if (known === undefined) places.set(at, { setting, scope, count: 1 });
      else known.count += 1;
    }
  }
  return Array.from(places.values(), ({ setting, scope, count }) => {
    const more = count === 1 ? '' : ` and ${count - 1} more ${count === 2 ? 'scope' : 'scopes'}`;
    return { setting, scope, where: `${scopeWords(service, scope)}${more}` };
  });
}
