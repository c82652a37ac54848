/** Spellings of the same group; the first is the one shown (the name that OpenSSL's curve list and Mozilla use). */
const spellings: readonly (readonly string[])[] = [
  ['X25519MLKEM768'],
  ['SecP256r1MLKEM768'],
  ['SecP384r1MLKEM1024'],
  ['X25519', 'ecdh_x25519'],
  ['X448', 'ecdh_x448'],
  ['prime256v1', 'secp256r1', 'P-256', 'nistp256'],
  ['secp384r1', 'P-384', 'nistp384'],
  ['secp521r1', 'P-521', 'nistp521'],
  ['secp224r1', 'P-224'],
  ['prime192v1', 'secp192r1', 'P-192'],
  ['secp256k1'],
  ['brainpoolP256r1'],
  ['brainpoolP384r1'],
  ['brainpoolP512r1'],
  ['ffdhe2048'],
  ['ffdhe3072'],
  ['ffdhe4096'],
  ['ffdhe6144'],
  ['ffdhe8192'],
  ['mlkem512'],
  ['mlkem768'],
  ['mlkem1024'],
];
const canonical = new Map(spellings.flatMap(([name = '', ...others]) => [name, ...others].map((spelling) => [spelling.toLowerCase(), name] as const)));
/** sect163k1 and its kind: known names that have no second spelling worth a line each. */
const other = /^(?:sect\d{3}[kr][12]|secp\d{3}[kr][12]|GC256[ABCD]|GC512[ABC])$/i;

/** A group's usual name (`P-256` → `prime256v1`); a name that nobody knows stays as written. */
export function curveName(name: string): string {
  return canonical.get(name.toLowerCase()) ?? name;
}

/** Whether OpenSSL, in some version, knows the group. */
export function isKnownCurve(name: string): boolean {
  return canonical.has(name.toLowerCase()) || other.test(name);
}

/**
 * The groups of an OpenSSL list (`X25519:P-256`; since 3.5 with `/`, `?`, `*`, `-` and `DEFAULT`, see
 * SSL_CTX_set1_groups_list(3)) by their usual names, in order. `defaults`: what `DEFAULT` stands for.
 */
export function curveList(text: string, defaults: readonly string[] = []): readonly string[] {
  const groups: string[] = [];
  for (const item of text.slice(0, 65_536).split(/[:/]/)) {
    const word = item.trim().replace(/^[?*]+/, '');
    if (word.startsWith('-')) {
      const name = curveName(word.slice(1).replace(/^[?*]+/, ''));
      if (groups.includes(name)) groups.splice(groups.indexOf(name), 1);
    } else if (word === 'DEFAULT') for (const name of defaults) addTo(groups, name);
    else if (word !== '') addTo(groups, curveName(word));
  }
  return groups;
}

function addTo(groups: string[], name: string): void {
  if (!groups.includes(name)) groups.push(name);
}
