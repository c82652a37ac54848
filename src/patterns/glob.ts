import { patternFault } from './matcher.ts';

const special = /[\\^$.*+?()[\]{}|]/g;

/** A part of a path as an expression; undefined when it opens a class that it doesn't close. */
function segment(text: string): string | undefined {
  let source = '';
  for (let at = 0; at < text.length; at++) {
    const next = text[at] as string;
    if (next === '*') source += '[^/]*';
    else if (next === '?') source += '[^/]';
    else if (next === '[') {
      const parts = /^\[(!?)(\]?[^\]]*)\]/.exec(text.slice(at));
      if (parts === null || parts[2] === '') return undefined;
      const members = (parts[2] as string).replace(/[\\[\]^]/g, '\\$&');
      source += parts[1] === '!' ? `[^/${members}]` : `[${members}]`;
      at += parts[0].length - 1;
    } else {
      const literal = next === '\\' && at + 1 < text.length ? (text[++at] as string) : next;
      source += literal.replace(special, '\\$&');
    }
  }
  return source;
}

/**
 * A glob as an expression that fits a whole path without its leading slash: `*` and `?` within a name, `[a-z]`, `[!a-z]`, `**` for any
 * directories, `\` before a character that is meant as it is. It is about the path's end, from a slash; with a slash in front about the
 * whole path. Undefined for what `globFault` complains about.
 */
export function globPattern(glob: string): string | undefined {
  const isWhole = glob.startsWith('/');
  const names = glob.slice(isWhole ? 1 : 0).split('/');
  const anywhere = '(?:[\\s\\S]*/)?';
  let source = isWhole ? '' : anywhere;
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    if (name === '**') source += isLast ? '[\\s\\S]+' : anywhere;
    else {
      const part = segment(name);
      if (part === undefined) return undefined;
      source += isLast ? part : `${part}/`;
    }
  }
  return `${source}$`;
}

/** Why a text is no glob, in words that complete “the glob …”; undefined when it is one. */
export function globFault(glob: string): string | undefined {
  if (/^\/?$/.test(glob)) return 'is empty';
  const names = glob.slice(glob.startsWith('/') ? 1 : 0).split('/');
  if (names.at(-1) === '') return 'ends with a slash: it is about files';
  if (names.includes('')) return 'has two slashes in a row';
  if (names.some((name) => name === '.' || name === '..')) return 'has . or .. as a directory: paths are complete';
  const source = globPattern(glob);
  return source === undefined ? 'opens a class with [ that it does not close' : patternFault(source);
}
