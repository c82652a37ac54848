import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testCataloger } from '../../../testing/index.ts';
import { expectDamageToShow, readWith } from '../testing/index.ts';
import gemfileLock from './gemfile-lock.ts';
import gemspec from './gemspec.ts';
import { stringArray, stringLiteral } from './ruby-literal.ts';

const path = 'var/lib/gems/3.1.0/specifications/rack-2.0.1.gemspec';
const typical =
  '# -*- encoding: utf-8 -*-\n# stub: rack 2.0.1 ruby lib\n\nGem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.0.1"\n\n  s.licenses = ["MIT".freeze, "Ruby".freeze]\nend\n';

testCataloger(
  gemspec,
  {
    takes: [path, 'usr/lib/ruby/gems/3.1.0/specifications/default/abbrev-0.1.0.gemspec', 'app/vendor/bundle/ruby/3.1.0/bundler/gems/rack-0123abc/rack.gemspec'],
    leaves: ['app/rack.gemspec', 'var/lib/gems/3.1.0/gems/rack-2.0.1/rack.gemspec', 'specifications/x.rb'],
    files: [
      {
        title: 'typical',
        path,
        content: typical,
        facts: { packages: [{ type: 'gem', name: 'rack', version: '2.0.1', licenses: ['MIT', 'Ruby'], lockfile: false, locations: [{ path: `/${path}` }] }] },
      },
      {
        title: 'without the stub line, with a platform',
        path,
        content:
          'Gem::Specification.new do |s|\n  s.name = %q{no}\n  s.name = "ffi"\n  s.version = Gem::Version.new("1.9.18")\n  s.platform = "x86_64-linux".freeze\n  s.license = \'BSD\'\nend',
        facts: { packages: [{ name: 'ffi', version: '1.9.18', licenses: ['BSD'], purl: { qualifiers: { platform: 'x86_64-linux' } } }] },
      },
      {
        title: 'a version that only Ruby knows: the file’s name has it',
        path,
        content: 'Gem::Specification.new do |s|\n  s.name = NAME\n  s.version = VERSION\nend',
        facts: { packages: [{ name: 'rack', version: '2.0.1' }] },
      },
      { title: 'nothing that says it', path: 'specifications/x.gemspec', content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'corrupt', path: 'specifications/x.gemspec', content: Uint8Array.of(0, 255, 0), problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

const lock =
  'GIT\n  remote: https://example.org/x.git\n  revision: 0123\n  specs:\n    x (0.1.0)\n      rack (>= 2)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    nokogiri (1.13.0-x86_64-linux)\n      racc (~> 1.4)\n    racc (1.6.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  nokogiri (= 1.13.0)\n  x!\n\nBUNDLED WITH\n   2.3.7\n';

testCataloger(
  gemfileLock,
  {
    takes: ['Gemfile.lock', 'app/gems.locked'],
    leaves: ['Gemfile', 'usr/lib/ruby/gems/3.1.0/gems/rbs-2.1.0/Gemfile.lock', 'usr/share/doc/x/Gemfile.lock'],
    files: [
      {
        title: 'gems of a registry and of git, a platform',
        path: 'app/Gemfile.lock',
        content: lock,
        facts: {
          packages: [
            { name: 'x', version: '0.1.0', lockfile: true, locations: [{ line: 5 }] },
            { name: 'nokogiri', version: '1.13.0', purl: { qualifiers: { platform: 'x86_64-linux' } } },
            { name: 'racc', version: '1.6.0' },
          ],
        },
      },
      {
        title: 'with CRLF',
        path: 'Gemfile.lock',
        content: lock.replaceAll('\n', '\r\n'),
        facts: { packages: [{ name: 'x' }, { name: 'nokogiri' }, { name: 'racc', version: '1.6.0' }] },
      },
      { title: 'no gems', path: 'Gemfile.lock', content: 'GEM\n  specs:\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n' },
      { title: 'empty', path: 'Gemfile.lock', content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'cut off', path: 'Gemfile.lock', content: lock.slice(0, 60), problems: [{ kind: 'unreadable' }] },
      {
        title: 'a merge that was not finished',
        path: 'Gemfile.lock',
        content: 'GEM\n  specs:\n<<<<<<< HEAD\n    a (1)\n=======\n    a (2)\n>>>>>>> x\n\nDEPENDENCIES\n  a\n',
        facts: {
          packages: [
            { name: 'a', version: '1' },
            { name: 'a', version: '2' },
          ],
        },
        problems: [{ line: 3 }, { line: 5 }, { line: 7 }],
      },
      { title: 'corrupt', path: 'Gemfile.lock', content: Uint8Array.of(0, 1, 2), problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

test('string literals and arrays of them', () => {
  expect(stringLiteral('"a\\"b\\u00e9\\u{1F600}\\x41\\#{x}".freeze')).toBe('a"bé😀A#{x}');
  expect(stringLiteral("'it\\'s \\n'")).toBe("it's \\n");
  expect([stringLiteral('"#{x}"'), stringLiteral('NAME'), stringLiteral('"open')]).toEqual([undefined, undefined, undefined]);
  expect(stringArray('["a".freeze, \'b\' ,"c,]"]')).toEqual(['a', 'b', 'c,]']);
  expect([stringArray('[]'), stringArray('[x]'), stringArray('["a"'), stringArray('"a"')]).toEqual([[], undefined, undefined, undefined]);
  expect(stringArray(`[${'"a",'.repeat(300_000)}"b"]`)).toHaveLength(300_001);
});

const hasGem = spawnSync('gem', ['--version']).status === 0;
test.skipIf(!hasGem)('gems that RubyGems builds and installs (skipped where it is absent)', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-gem-'));
  try {
    const random = Math.random().toString(36).slice(2, 8);
    const gems = [
      { name: `plain_${random}`, version: '1.2.3', licenses: ['MIT'] },
      { name: `with-dashes-${random}`, version: '2.0.0.pre1', licenses: ['Apache-2.0', 'Über "quoted" #{no} license'] },
    ];
    for (const { name, version, licenses } of gems) {
      const source = join(directory, name);
      mkdirSync(source);
      writeFileSync(
        join(source, 'x.gemspec'),
        `Gem::Specification.new do |s|\n s.name='${name}'\n s.version='${version}'\n s.summary='x'\n s.authors=['x']\n s.licenses=[${licenses.map((each) => `'${each}'`).join(',')}]\nend\n`,
      );
      execFileSync('gem', ['build', '--force', 'x.gemspec'], { cwd: source, stdio: 'ignore' });
      execFileSync('gem', ['install', '--local', '--no-document', '--install-dir', join(directory, 'gems'), join(source, `${name}-${version}.gem`)], {
        stdio: 'ignore',
      });
    }
    const specifications = join(directory, 'gems', 'specifications');
    const found = readdirSync(specifications).flatMap(
      (file) => readWith(gemspec, `gems/specifications/${file}`, readFileSync(join(specifications, file))).packages,
    );
    expect(found.map(({ name, version, licenses }) => ({ name, version, licenses }))).toEqual(gems);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('damage shows', () => {
  expectDamageToShow(gemspec, path, typical);
  expectDamageToShow(gemfileLock, 'Gemfile.lock', lock);
});
