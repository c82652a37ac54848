import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testCataloger } from '../../../testing/index.ts';
import { expectDamageToShow, namesIn, readWith } from '../testing/index.ts';
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
      {
        title: 'as RubyGems wrote it before 2.0',
        path: 'usr/lib/ruby/gems/1.8/specifications/rack-1.4.1.gemspec',
        content:
          '# -*- encoding: utf-8 -*-\n\nGem::Specification.new do |s|\n  s.name = %q{rack}\n  s.version = "1.4.1"\n  s.platform = %q{x86-mswin32}\n\n  s.required_rubygems_version = Gem::Requirement.new(">= 0") if s.respond_to? :required_rubygems_version=\n  s.authors = [%q{A {b} c}]\n  s.licenses = [%q{MIT}, %q{a {b} \\} c}]\n  s.rubygems_version = %q{1.8.24}\nend\n',
        facts: { packages: [{ name: 'rack', version: '1.4.1', licenses: ['MIT', 'a {b} } c'], purl: { qualifiers: { platform: 'x86-mswin32' } } }] },
      },
      {
        title: 'one of several gems in a checkout of git, as Bundler writes it',
        path: 'app/vendor/bundle/ruby/3.1.0/bundler/gems/rails-0123abc/activesupport/activesupport.gemspec',
        content: typical.replaceAll('rack', 'activesupport'),
        facts: { packages: [{ name: 'activesupport', version: '2.0.1' }] },
      },
      {
        title: 'a specification of the checkout’s own tests, as its author wrote it: no gem that is installed',
        path: 'app/vendor/bundle/ruby/3.1.0/bundler/gems/bundler-0123abc/spec/fixtures/a.gemspec',
        content: 'Gem::Specification.new do |s|\n  s.name = "a"\n  s.version = A::VERSION\nend\n',
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
    takes: ['Gemfile.lock', 'app/gems.locked', 'app/gemfiles/rails_7.gemfile.lock'],
    leaves: ['Gemfile', 'usr/lib/ruby/gems/3.1.0/gems/rbs-2.1.0/Gemfile.lock', 'usr/share/doc/x/Gemfile.lock'],
    files: [
      {
        title: 'gems of a registry and of git, a platform',
        path: 'app/Gemfile.lock',
        content: lock,
        facts: {
          packages: [
            {
              name: 'x',
              version: '0.1.0',
              lockfile: true,
              locations: [{ line: 5 }],
              origin: 'vcs',
              purl: { qualifiers: { vcs_url: 'git+https://example.org/x.git@0123' } },
            },
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
      {
        title: 'checksums, plugins, several platforms of one, a gem of the project’s own',
        path: 'Gemfile.lock',
        content:
          'PATH\n  remote: .\n  specs:\n    own (0.0.9)\n      rack (>= 3)\n\nPLUGIN SOURCE\n  remote: https://example.org\n  type: mine\n  specs:\n    plugged (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    ffi (1.17.0)\n    ffi (1.17.0-x86_64-linux-musl)\n    rack (3.0.0.beta1)\n\nPLATFORMS\n  ruby\n  x86_64-linux-musl\n\nDEPENDENCIES\n  own!\n  plugged!\n\nCHECKSUMS\n  ffi (1.17.0) sha256=00\n  other (9.9.9) sha256=00\n\nRUBY VERSION\n   ruby 3.3.0p0\n\nBUNDLED WITH\n   2.6.2\n',
        facts: {
          packages: [
            { name: 'own', version: '0.0.9' },
            { name: 'plugged', version: '1.0' },
            { name: 'ffi', version: '1.17.0' },
            { name: 'ffi', version: '1.17.0', purl: { qualifiers: { platform: 'x86_64-linux-musl' } } },
            { name: 'rack', version: '3.0.0.beta1' },
          ],
        },
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
  expect([stringLiteral('%q{a {b} \\} \\n}.x'), stringLiteral('%q<a>'), stringLiteral('%q{open'), stringLiteral('%w{a}')]).toEqual([
    'a {b} } \\n',
    'a',
    undefined,
    undefined,
  ]);
  expect(stringArray('[ %q{a}, %q(b) , "c" ]')).toEqual(['a', 'b', 'c']);
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

const hasBundler = spawnSync('bundle', ['--version']).status === 0 && spawnSync('git', ['--version']).status === 0;
/** RubyGems 3.6 and later leave it to a gem of its own. */
const makesIndexes = hasGem && spawnSync('gem', ['help', 'generate_index'], { encoding: 'utf8' }).stdout.includes('--directory');
test.skipIf(!hasBundler || !makesIndexes)('what Bundler installs, also from git, and locks (skipped where it is absent)', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-bundler-'));
  try {
    const random = Math.random().toString(36).slice(2, 8);
    const describe = (folder: string, name: string, version: string, more = ''): void => {
      mkdirSync(join(directory, folder), { recursive: true });
      const source = `Gem::Specification.new do |s|\n s.name='${name}'\n s.version='0'+'${version}'.sub('0','')\n s.summary='x'\n s.authors=['x']\n s.licenses=['MIT']\n${more}end\n`;
      writeFileSync(join(directory, folder, `${name}.gemspec`), source);
    };
    const run = (command: string, given: readonly string[], folder: string): string => {
      const environment = { ...process.env, HOME: directory, BUNDLE_PATH: 'vendor/bundle', BUNDLE_SILENCE_ROOT_WARNING: '1', BUNDLE_DISABLE_SHARED_GEMS: '1' };
      return execFileSync(command, given, { cwd: join(directory, folder), env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    };
    const platform = run('ruby', ['-e', 'print Gem::Platform.local'], '.');
    describe('plain', `plain-${random}`, '0.2.3.pre1');
    describe('native', `native-${random}`, '0.13.0', ` s.platform='${platform}'\n`);
    mkdirSync(join(directory, 'source/gems'), { recursive: true });
    for (const folder of ['plain', 'native']) {
      run('gem', ['build', '--force', `${folder}-${random}.gemspec`], folder);
      for (const file of readdirSync(join(directory, folder)).filter((each) => each.endsWith('.gem'))) {
        writeFileSync(join(directory, 'source/gems', file), readFileSync(join(directory, folder, file)));
      }
    }
    run('gem', ['generate_index', '--silent'], 'source');
    describe('many', `first-${random}`, '0.5.6');
    describe('many/second', `second-${random}`, '0.3.1');
    describe('beside', `beside-${random}`, '0.0.9');
    run('git', ['init', '--quiet', '.'], 'many');
    run('git', ['add', '.'], 'many');
    run('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', 'commit', '--quiet', '-m', 'x'], 'many');
    mkdirSync(join(directory, 'app'));
    writeFileSync(
      join(directory, 'app/Gemfile'),
      `source 'file://${directory}/source'\ngem 'plain-${random}', '>= 0.a'\ngem 'native-${random}'\ngem 'beside-${random}', path: '../beside'\ngit 'file://${directory}/many' do\n gem 'first-${random}'\n gem 'second-${random}'\nend\n`,
    );
    run('bundle', ['install', '--quiet'], 'app');
    const listed = [...run('bundle', ['list'], 'app').matchAll(/^ {2}\* (\S+) \(([^ )]+)/gm)]
      .map(([, name, version]) => `${name} ${version}`)
      .filter((gem) => !gem.startsWith('bundler '));
    expect(listed).toHaveLength(5);
    const locked = readWith(gemfileLock, 'Gemfile.lock', readFileSync(join(directory, 'app/Gemfile.lock')));
    expect(locked.problems).toEqual([]);
    expect(namesIn(locked).sort()).toEqual(listed.sort());
    const installed = readdirSync(join(directory, 'app'), { recursive: true, encoding: 'utf8' })
      .filter((file) => gemspec.selects({ path: file, type: 'file', mode: 0o644, size: 1 }, { kind: 'packages' }))
      .map((file) => readWith(gemspec, file, readFileSync(join(directory, 'app', file))));
    expect(installed.flatMap(({ problems }) => problems)).toEqual([]);
    // What lies beside the project is no installed gem.
    expect(installed.flatMap(namesIn).sort()).toEqual(listed.filter((gem) => !gem.startsWith('beside-')).sort());
    const platforms = [locked, ...installed].flatMap(({ packages }) => packages).filter(({ name }) => name.startsWith('native-'));
    expect(platforms.map(({ purl }) => purl?.qualifiers)).toEqual([{ platform }, { platform }]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('damage shows', () => {
  expectDamageToShow(gemspec, path, typical);
  expectDamageToShow(gemfileLock, 'Gemfile.lock', lock);
});
