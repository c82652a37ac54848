import * as fc from 'fast-check';

/** For tests: texts that look like versions of each order, short and much alike, so that comparisons reach the last rule. */
const number = fc.constantFrom('0', '1', '2', '10', '01', '9', '20230101');
const dots = (least: number, most: number) => fc.array(number, { minLength: least, maxLength: most }).map((parts) => parts.join('.'));
const soup = (tokens: readonly string[]) => fc.array(fc.constantFrom(...tokens), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
const maybe = (text: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), text);
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''));

const word = fc.constantFrom('alpha', 'beta', 'rc', 'a', 'b', 'RC', 'dev', 'x', 'alpha-1', '0a', '-', 'rc1');
const identifiers = fc.array(fc.oneof(word, fc.constantFrom('0', '1', '2', '10')), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const plain = fc.constantFrom('0', '0', '1', '1', '1', '2', '9', '10', '10', '99999999999999999999', '100000000000000000000');
const core = fc.tuple(plain, plain, plain).map((parts) => parts.join('.'));
const build = fc.constantFrom('', '', '+build.1', '+incompatible');
const semantic = joined(fc.constantFrom('', '', 'v'), core, maybe(identifiers.map((text) => `-${text}`)), build);

const debian = soup(['0', '1', '10', '00', '.', '~', '+', 'a', 'rc', 'Z', '-', '_']);

export const generators: Readonly<Record<string, fc.Arbitrary<string>>> = {
  apk: joined(
    dots(1, 4),
    maybe(fc.constantFrom('a', 'b', 'z')),
    fc
      .array(fc.tuple(fc.constantFrom('alpha', 'beta', 'pre', 'rc', 'cvs', 'svn', 'git', 'hg', 'p'), maybe(number)), { maxLength: 2 })
      .map((suffixes) => suffixes.map(([name, n]) => `_${name}${n}`).join('')),
    maybe(number.map((n) => `-r${n}`)),
  ),
  bitnami: joined(core, maybe(identifiers.map((text) => `-${text}`)), build),
  cargo: semantic,
  composer: joined(
    fc.constantFrom('', 'v'),
    fc.oneof(dots(1, 4), fc.constantFrom('2012.06.01', '20121023', '2010-01-02.1')),
    maybe(
      joined(fc.constantFrom('', '-', '.', '_'), fc.constantFrom('alpha', 'a', 'beta', 'b', 'RC', 'rc', 'p', 'pl', 'patch', 'stable', 'dev'), maybe(number)),
    ),
    fc.constantFrom('', '', '-dev', '+build', '.x-dev'),
  ),
  dpkg: joined(maybe(fc.constantFrom('0:', '1:', '2:', '01:')), debian, maybe(debian.map((text) => `-${text}`))),
  go: fc.oneof(
    semantic,
    semantic,
    fc.constantFrom('v0.0.0-20230101000000-abcdefabcdef', 'v1.2.4-0.20230101000000-abcdefabcdef', 'v1', 'v1.2', 'go1.22rc1', 'go1.22', 'go1.22.0', 'go1.21.3'),
  ),
  maven: joined(
    dots(1, 4),
    fc
      .array(
        joined(
          fc.constantFrom('-', '.', ''),
          fc.constantFrom('alpha', 'a', 'beta', 'm', 'milestone', 'rc', 'CR', 'SNAPSHOT', 'Final', 'ga', 'sp', 'jre', 'x', 'RELEASE'),
          maybe(joined(fc.constantFrom('', '-', '.'), number)),
        ),
        { maxLength: 2 },
      )
      .map((parts) => parts.join('')),
  ),
  npm: semantic,
  nuget: joined(dots(1, 4), maybe(identifiers.map((text) => `-${text}`)), build),
  numbers: joined(dots(1, 3), maybe(number.map((n) => `-${n}`))),
  pep440: joined(
    maybe(fc.constantFrom('1!', '0!', 'v')),
    dots(1, 4),
    maybe(joined(fc.constantFrom('', '.', '-', '_'), fc.constantFrom('a', 'alpha', 'B', 'beta', 'c', 'rc', 'pre', 'preview'), maybe(number))),
    maybe(
      fc.oneof(
        number.map((n) => `-${n}`),
        joined(fc.constantFrom('.', '-', '_', ''), fc.constantFrom('post', 'rev', 'r'), maybe(number)),
      ),
    ),
    maybe(joined(fc.constantFrom('.', '-', ''), fc.constant('dev'), maybe(number))),
    maybe(fc.constantFrom('+abc', '+1', '+1.0', '+1e3', '+ubuntu-1', '+0x10', '+A.1')),
  ),
  rpm: joined(
    maybe(fc.constantFrom('0:', '1:', ':', '02:')),
    soup(['0', '1', '10', '001', '.', '~', '^', 'a', 'rc', 'Z', '_']),
    maybe(soup(['1', '2', '.', 'el9', '~', '^', 'alma']).map((text) => `-${text}`)),
  ),
  rubygems: joined(
    dots(1, 4),
    maybe(joined(fc.constantFrom('.', '-', ''), fc.constantFrom('a', 'b', 'rc', 'pre', 'RC'), maybe(number))),
    maybe(number.map((n) => `.${n}`)),
  ),
  semver: semantic,
};

/** The versions of an order, now and then cut, doubled or mixed with signs from anywhere. */
export function damaged(versions: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const noise = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.string({ unit: 'grapheme', maxLength: 2 }),
    fc.constantFrom('-', '.', '~', '+', ':', '\n', ' ', '\0', '_', '٣', 'ſ', 'K'),
  );
  return fc.tuple(versions, fc.nat(20), fc.nat(20), noise).map(([text, from, to, extra]) => text.slice(0, from) + extra + text.slice(to));
}
