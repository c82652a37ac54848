/**
 * Whether a name matches a pattern of ssh_config(5): `*` any text, `?` one character, everything else itself.
 * Time is bounded by the product of the two lengths.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let index = 0;
  let starAt = -1;
  let starIndex = 0;
  while (index < name.length) {
    if (pattern[at] === '*') {
      starAt = at;
      starIndex = index;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at += 1;
      index += 1;
    } else if (starAt >= 0) {
      starIndex += 1;
      index = starIndex;
      at = starAt + 1;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
