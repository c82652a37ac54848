/** What a `pom.xml` says of its own project. */
export interface Pom {
  readonly groupId?: string;
  readonly artifactId?: string;
  readonly version?: string;
  /** Names of its licences. */
  readonly licenses: readonly string[];
  /** What it depends on directly, without versions, which others may decide. */
  readonly dependencies: readonly { readonly groupId: string; readonly artifactId: string }[];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Elements within one another; Maven's own model has ten. */
const MAX_DEPTH = 64;
/** Characters of a coordinate; a longer one is no name. */
const MAX_COORDINATE = 500;

/**
 * Reads a project's own coordinates, its licences and what it depends on out of a `pom.xml` (Maven POM 4.0.0); those that it leaves out come from its parent.
 * No entity but XML's own five is known, so none can grow. A coordinate that only Maven could work out (`${revision}`) is left out,
 * but for the project's own.
 */
export function parsePom(text: string): Pom {
  const values = new Map<string, string>();
  const licenses: string[] = [];
  const dependencies: { groupId?: string; artifactId?: string }[] = [];
  let dependency: { groupId?: string; artifactId?: string } = {};
  for (const { path, value } of elements(text)) {
    if (path === 'project/licenses/license/name') licenses.push(value);
    else if (path === 'project/dependencies/dependency/groupId') dependency.groupId = value;
    else if (path === 'project/dependencies/dependency/artifactId') dependency.artifactId = value;
    else if (path === 'project/dependencies/dependency') {
      dependencies.push(dependency);
      dependency = {};
    } else if (!values.has(path)) values.set(path, value);
  }
  const own = (name: 'groupId' | 'artifactId' | 'version'): string | undefined =>
    literal(values.get(`project/${name}`), values) ?? (name === 'artifactId' ? undefined : literal(values.get(`project/parent/${name}`), values));
  const [groupId, artifactId, version] = [own('groupId'), own('artifactId'), own('version')];
  return {
    ...(groupId === undefined ? {} : { groupId }),
    ...(artifactId === undefined ? {} : { artifactId }),
    ...(version === undefined ? {} : { version }),
    licenses,
    dependencies: dependencies.flatMap((each) => {
      const reference = /^\$\{(?:project\.|pom\.)?groupId\}$/.test(each.groupId ?? '') ? groupId : literal(each.groupId, values);
      const artifact = literal(each.artifactId, values);
      return reference === undefined || artifact === undefined ? [] : [{ groupId: reference, artifactId: artifact }];
    }),
  };
}

/** A value without anything to work out; `${name}` may stand for a property of the same file. */
function literal(value: string | undefined, values: ReadonlyMap<string, string>): string | undefined {
  if (value === undefined || value === '' || value.length > MAX_COORDINATE) return undefined;
  const whole = value.replace(/\$\{([^{}]*)\}/g, (reference, name: string) => {
    const path = name.startsWith('project.') ? name.replace('project.', 'project/').replace('parent.', 'parent/') : `project/properties/${name}`;
    const found = values.get(path);
    return found === undefined || found.length > MAX_COORDINATE ? reference : found;
  });
  return whole.includes('${') ? undefined : whole;
}

/** Elements that hold text alone, by their path from the root. */
function* elements(text: string): Generator<{ readonly path: string; readonly value: string }> {
  const open: string[] = [];
  let content = '';
  let at = 0;
  while (at < text.length) {
    const tag = text.indexOf('<', at);
    if (tag === -1) return;
    content += text.slice(at, tag);
    if (text.startsWith('<!--', tag)) {
      at = after(text, '-->', tag);
      continue;
    }
    if (text.startsWith('<![CDATA[', tag)) {
      at = after(text, ']]>', tag);
      content += text.slice(tag + 9, at - 3).replaceAll('&', '&amp;');
      continue;
    }
    const end = text.indexOf('>', tag);
    if (end === -1) return;
    at = end + 1;
    if (text[tag + 1] === '?' || text[tag + 1] === '!') continue;
    if (text[tag + 1] === '/') {
      if (open.length <= MAX_DEPTH) yield { path: open.join('/'), value: decode(content.trim()) };
      open.pop();
    } else if (text[end - 1] !== '/') {
      const name = /^[^\s/>]*/.exec(text.slice(tag + 1, Math.min(end, tag + 200)))?.[0] ?? '';
      if (open.length > MAX_DEPTH * 2) return;
      open.push(name.slice(name.indexOf(':') + 1));
    }
    content = '';
  }
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}

function decode(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
