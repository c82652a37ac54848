/** Namespaces that many publishers share: none is a group of its own. */
const shared: ReadonlySet<string> = new Set([
  'com.github',
  'com.gitlab',
  'com.google',
  'com.googlecode',
  'com.sun',
  'io.github',
  'io.gitlab',
  'net.java',
  'net.java.dev',
  'net.sf',
  'net.sourceforge',
  'org.apache',
]);

/** Whether a name can be a Maven group that somebody owns: `org.slf4j`, neither `org` nor `org.apache`. */
export function isGroup(name: string): boolean {
  return /^[a-zA-Z][\w-]*(?:\.[\w-]+)+$/.test(name) && !shared.has(name);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * The groups that an artifact with this symbolic name can have, by the inverse of how Maven's bundle plug-in makes one: group and artifact,
 * of which what both have is written once (`org.apache.commons` and `commons-lang3` make `org.apache.commons.lang3`). Two where
 * `a.b.c` may come of `a.b` and `c`, or of `a.b.c` and `c`.
 */
export function candidateGroups(symbolic: string, artifact: string): string[] {
  if (symbolic.endsWith(`.${artifact}`)) {
    const group = symbolic.slice(0, -artifact.length - 1);
    const isRepeated = lastPart(group).startsWith(artifact);
    if (/[-.]/.test(artifact) || isRepeated) return isGroup(group) ? [group] : [];
    // At Apache each project is a group.
    return [group, symbolic].filter((each) => isGroup(each) && (each === group || !shared.has(group) || group === 'org.apache'));
  }
  for (let dot = symbolic.lastIndexOf('.'); dot > 0; dot = symbolic.lastIndexOf('.', dot - 1)) {
    const group = symbolic.slice(0, dot);
    const rest = symbolic.slice(dot + 1);
    if ([`${lastPart(group)}-${rest}`, `${lastPart(group)}.${rest}`].includes(artifact)) return isGroup(group) ? [group] : [];
  }
  // A publisher's own name (`com.h2database`) is the group, too.
  const [, owner = ''] = /^\w+\.([\w-]+)$/.exec(symbolic) ?? [];
  return owner !== '' && (owner.startsWith(artifact) || artifact.startsWith(owner)) ? [symbolic] : [];
}

/**
 * Group and artifact of a symbolic name that repeats a word of the group (`org.mockito.mockito-core`): the bundle plug-in would have written
 * it once, so that the last part is the artifact as it is. undefined: it doesn't.
 */
export function splitSymbolicName(symbolic: string | undefined): { readonly group: string; readonly artifact: string } | undefined {
  if (symbolic === undefined) return undefined;
  const dot = symbolic.lastIndexOf('.');
  const [group, artifact] = [symbolic.slice(0, Math.max(0, dot)), symbolic.slice(dot + 1)];
  const [first = ''] = artifact.split('-');
  const before = lastPart(group);
  const isRepeated = artifact.includes('-') ? before.includes(first) || first.startsWith(before) : before.startsWith(artifact);
  return isGroup(group) && first.length >= 3 && before.length >= 3 && isRepeated ? { group, artifact } : undefined;
}
