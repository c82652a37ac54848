import { defineCataloger } from '../../cataloger.ts';
import { languagePackage, unreadable } from '../language-package.ts';
import { stringArray, stringLiteral } from './ruby-literal.ts';

/**
 * Where RubyGems keeps the specification of an installed gem, as it writes it itself; Bundler writes those of the gems in a checkout of git
 * likewise, in the place of the source's.
 */
const installed = /(?:^|\/)specifications\/(?:default\/)?([^/]+)\.gemspec$|(?:^|\/)bundler\/gems\/[^/]+\/(.+\/)?([^/]+)\.gemspec$/;

/** The first lines that RubyGems writes since 2.2. */
const stub = /^# stub: (\S+) (\S+) (\S+) /m;

/** What a specification sets, without running it. */
interface Specification {
  name?: string;
  version?: string;
  platform?: string;
  licenses: readonly string[];
}

/** Reads the statements that RubyGems writes (`Gem::Specification#to_ruby`), each on its line: `s.name = "rack".freeze`. */
function readStatements(text: string): Specification {
  const found: Specification = { licenses: [] };
  for (const [, attribute, value = ''] of text.matchAll(/^[ \t]*\w+\.(name|version|platform|licenses?)[ \t]*=[ \t]*([^\r\n]*)/gm)) {
    if (attribute === 'license' || attribute === 'licenses') {
      const single = stringLiteral(value);
      found.licenses = stringArray(value) ?? (single === undefined ? [] : [single]);
    } else {
      const written = stringLiteral(value.replace(/^Gem::Version\.new[( ]\s*/, ''));
      if (written !== undefined) found[attribute as 'name' | 'version' | 'platform'] = written;
    }
  }
  const [, name, version, platform] = stub.exec(text) ?? [];
  if (name !== undefined && version !== undefined && platform !== undefined) Object.assign(found, { name, version, platform });
  return found;
}

/** RubyGems names the file by the gem: `NAME-VERSION[-PLATFORM]`. */
function fromFileName(name: string): { name: string; version: string } | undefined {
  const match = /^(.+?)-(\d[0-9A-Za-z.]*)(?:-.*)?$/.exec(name);
  return match === null ? undefined : { name: match[1] as string, version: match[2] as string };
}

export default defineCataloger({
  name: 'language/ruby/gemspec',
  version: 2,
  summary: 'Installed gems and Ruby’s default gems, from the specifications that RubyGems writes',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'gem',
  maxBytes: 16 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && path.endsWith('.gemspec') && installed.test(path),
  *read(file) {
    const text = file.text();
    const fileName = installed.exec(file.path);
    // Deeper in a checkout there are also those of gems that nobody asked for, as their authors wrote them: those of its tests, for one.
    if (fileName?.[2] !== undefined && !stub.test(text)) return;
    const { name, version, platform, licenses } = readStatements(text);
    const named = { ...(fileName?.[1] === undefined ? undefined : fromFileName(fileName[1])), ...(name && version ? { name, version } : {}) };
    if (named.name === undefined || named.version === undefined) {
      yield unreadable(file, 'its name or version is not a text: only Ruby could work it out');
      return;
    }
    const qualifiers = platform === undefined || platform === 'ruby' ? {} : { purl: { qualifiers: { platform } } };
    yield languagePackage(file, { type: 'gem', name: named.name, version: named.version, licenses, ...qualifiers });
  },
});
