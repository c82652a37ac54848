import type { Service } from '../../model/index.ts';
import type { Outcome } from '../trigger.ts';
import { type Demand, demandWords, isMet, measureOf } from './demand.ts';
import { originWords, placeOf } from './place.ts';
import { directiveLine } from './remedy-line.ts';
import { type SettingPlace, settingPlaces } from './setting-places.ts';

function told(service: Service, { setting, where, scope }: SettingPlace, demand: Demand, because: string): Outcome[] {
  const met = isMet(setting.value, demand, measureOf(service.service, setting.key));
  const place = placeOf(setting.origin, service);
  const subject = [service.service, ...scope, setting.key].join(' ');
  const says = `${where}: ${setting.key} is ${setting.value === '' ? 'empty' : setting.value} (${originWords(setting.origin)})`;
  const wants = `it shall be ${demandWords(demand)}${because}`;
  const about = { about: { setting } };
  if (met === undefined) return [{ state: 'undecided', subject, reason: `${says} and can’t be compared: ${wants}`, cause: 'image', location: place }];
  if (!met) {
    const value = demand.is ?? demand.oneof?.[0];
    const remediation = value === undefined || value.includes('*') ? {} : { remediation: `Write ${directiveLine(service, setting.key, value)}` };
    const doubt = setting.certain ? '' : `; ${setting.uncertainty ?? 'it may change at run time'}`;
    return [{ state: 'fired', subject, message: `${says}; ${wants}${doubt}`, location: place, located: true, ...remediation, ...about }];
  }
  if (setting.certain) return [];
  return [{ state: 'undecided', subject, reason: `${says}, but ${setting.uncertainty ?? 'it may change at run time'}`, cause: 'image', location: place }];
}

/**
 * What is to be said of a key of a service under a demand, in every scope. `because` follows the demand in the message. No
 * outcome and `isSet` false: no scope says anything of the key, not even a default.
 */
export function settingOutcomes(
  service: Service,
  key: string,
  demand: Demand,
  because: string,
): { readonly isSet: boolean; readonly outcomes: readonly Outcome[] } {
  const places = settingPlaces(service, key);
  return { isSet: places.length > 0, outcomes: places.flatMap((place) => told(service, place, demand, because)) };
}
