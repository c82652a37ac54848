import type { Location, Service, SettingOrigin } from '../../model/index.ts';

/** Where a setting was made; a default stands for the service's main file. */
export function placeOf(origin: SettingOrigin, service: Service): Location {
  if (!('path' in origin)) return { path: service.entry };
  return { path: origin.path, line: origin.line, ...(origin.layer === null ? {} : { layer: origin.layer }) };
}

/** The same in words: `/etc/nginx/nginx.conf:12`, `by default: nginx since 1.23.4`. */
export function originWords(origin: SettingOrigin): string {
  if (!('path' in origin)) return `by default: ${origin.default}`;
  // What is no path, such as a command line, has no lines.
  return origin.path.startsWith('/') ? `${origin.path}:${origin.line}` : origin.path;
}

/** A scope in words: `nginx, http > server example.org:443`. */
export function scopeWords(service: Service, scope: readonly string[]): string {
  return [service.service, ...(scope.length === 0 ? [] : [scope.join(' > ')])].join(', ');
}
