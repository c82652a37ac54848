import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FixtureEntry, zipFixture } from '../../../archive/zip.fixture.ts';
import { testCataloger } from '../../../testing/index.ts';
import { expectDamageToShow, namesIn, readWith } from '../testing/index.ts';
import java from './java.ts';

const properties = (group: string, artifact: string, version: string): FixtureEntry => ({
  name: `META-INF/maven/${group}/${artifact}/pom.properties`,
  content: `#Created by Apache Maven 3.9.9\ngroupId=${group}\nartifactId=${artifact}\nversion=${version}\n`,
});
const pom = (group: string, artifact: string, content: string): FixtureEntry => ({ name: `META-INF/maven/${group}/${artifact}/pom.xml`, content });
const manifest = (...lines: string[]): FixtureEntry => ({ name: 'META-INF/MANIFEST.MF', content: `Manifest-Version: 1.0\r\n${lines.join('\r\n')}\r\n\r\n` });
const classFile = (name: string): FixtureEntry => ({ name: `${name}.class`, content: 'class' });
const jar = (...entries: FixtureEntry[]): Buffer => zipFixture(entries);
const log4j = jar(properties('org.apache.logging.log4j', 'log4j-core', '2.14.1'));

testCataloger(
  java,
  {
    takes: [
      ...['app.jar', 'a/b.war', 'x.ear', 'plugins/git.hpi', 'plugins/git.jpi', 'LIB/OLD.JAR', 'deploy/x.rar', 'lib/nifi.nar', 'x.sar', 'x.lpkg'],
      'webapps/ROOT/META-INF/maven/org.a/b/pom.properties',
    ],
    leaves: ['app.jar.sha1', 'jar', 'x.zip', 'a.jar/b', 'META-INF/maven/org.a/b/pom.xml', 'pom.properties'],
    files: [
      {
        title: 'coordinates and licence from Maven’s descriptions',
        path: 'opt/x.jar',
        content: jar(
          properties('org.a', 'b', '1.2'),
          pom('org.a', 'b', '<project><licenses><license><name>MIT &amp; more</name></license></licenses></project>'),
        ),
        facts: {
          packages: [
            {
              type: 'maven',
              name: 'org.a:b',
              version: '1.2',
              licenses: ['MIT & more'],
              lockfile: false,
              locations: [{ path: '/opt/x.jar', member: 'META-INF/maven/org.a/b/pom.properties' }],
              purl: { namespace: 'org.a', name: 'b' },
            },
          ],
        },
      },
      {
        title: 'a jar in a war in an ear, and what holds none',
        path: 'srv/x.ear',
        content: jar({ name: 'inner.war', content: jar({ name: 'WEB-INF/lib/a.jar', content: log4j }) }, { name: 'empty.jar', content: jar() }),
        facts: {
          packages: [
            {
              name: 'org.apache.logging.log4j:log4j-core',
              locations: [{ path: '/srv/x.ear', member: 'inner.war!/WEB-INF/lib/a.jar!/META-INF/maven/org.apache.logging.log4j/log4j-core/pom.properties' }],
            },
          ],
        },
      },
      {
        title: 'a shaded jar with several projects, one of them twice',
        path: 'all.jar',
        content: jar(properties('a', 'one', '1'), properties('b', 'two', '2'), {
          ...properties('b', 'two', '2'),
          name: 'x/META-INF/maven/b/two/pom.properties',
        }),
        facts: { packages: [{ name: 'a:one' }, { name: 'b:two' }] },
      },
      {
        title: 'a shaded jar whose own name stands in the manifest alone',
        path: 'app-3.1-all.jar',
        content: jar(manifest('Implementation-Title: app', 'Implementation-Version: 3.1'), properties('a', 'one', '1'), properties('b', 'two', '2')),
        facts: { packages: [{ name: 'a:one' }, { name: 'b:two' }, { name: 'app', version: '3.1' }] },
      },
      {
        title: 'a bundle with another project in it',
        path: 'guice.jar',
        content: jar(
          manifest('Bundle-SymbolicName: com.google.inject', 'Bundle-Version: 4.2.3'),
          properties('cglib', 'cglib', '3.2.12'),
          classFile('com/google/inject/A'),
        ),
        facts: { packages: [{ name: 'cglib:cglib' }, { name: 'com.google.inject:guice', version: '4.2.3' }] },
      },
      {
        title: 'a name that lies: what is inside counts',
        path: 'harmless-9.9.jar',
        content: jar(
          manifest('Implementation-Title: Apache Log4j Core', 'Implementation-Version: 2.14.1'),
          properties('org.apache.logging.log4j', 'log4j-core', '2.14.1'),
        ),
        facts: { packages: [{ name: 'org.apache.logging.log4j:log4j-core', version: '2.14.1' }] },
      },
      {
        title: 'a name that disagrees with the manifest',
        path: 'harmless-1.0.jar',
        content: jar(manifest('Implementation-Title: evil-tool', 'Implementation-Version: 2.0', 'Implementation-Vendor-Id: org.evil')),
        facts: { packages: [{ name: 'org.evil:evil-tool', version: '2.0' }] },
      },
      {
        title: 'a renamed jar of the same version',
        path: 'harmless-2.0.jar',
        content: jar(manifest('Implementation-Title: evil-tool', 'Implementation-Version: 2.0')),
        facts: { packages: [{ name: 'evil-tool', version: '2.0' }] },
      },
      {
        title: 'no metadata: the name, when it has a version',
        path: 'lib/plain-lib-1.4.2.jar',
        content: jar(classFile('a/B')),
        facts: { packages: [{ name: 'plain-lib', version: '1.4.2', purl: { name: 'plain-lib' }, locations: [{ path: '/lib/plain-lib-1.4.2.jar' }] }] },
      },
      { title: 'no metadata and no version: an own program, which is no package', path: 'app.jar', content: jar(classFile('a/B')) },
      {
        title: 'a bundle: group from its symbolic name, version as the file writes it',
        path: 'commons-lang3-3.11.jar',
        content: jar(manifest('Bundle-SymbolicName: org.apache.commons.lang3;singleton:=true', 'Bundle-Version: 3.11.0')),
        facts: { packages: [{ name: 'org.apache.commons:commons-lang3', version: '3.11' }] },
      },
      {
        title: 'a well-known artifact whose classes lie where they should, and one whose do not',
        path: 'x.war',
        content: jar(
          {
            name: 'WEB-INF/lib/spring-web-5.3.1.jar',
            content: jar(manifest('Implementation-Title: spring-web', 'Implementation-Version: 5.3.1'), classFile('org/springframework/http/A')),
          },
          { name: 'WEB-INF/lib/spring-core-5.3.1.jar', content: jar(classFile('com/other/A')) },
        ),
        facts: { packages: [{ name: 'org.springframework:spring-web' }, { name: 'spring-core', version: '5.3.1' }] },
      },
      {
        title: 'a Jenkins plug-in',
        path: 'plugins/git.jpi',
        content: jar(manifest('Group-Id: org.jenkins-ci.plugins', 'Short-Name: git', 'Plugin-Version: 4.1 (private-x)')),
        facts: { packages: [{ name: 'org.jenkins-ci.plugins:git', version: '4.1' }] },
      },
      {
        title: 'pom.xml alone, with its parent’s version and a property',
        path: 'a.jar',
        content: jar(
          pom('g', 'a', '<project><parent><groupId>g</groupId><version>7</version></parent><artifactId>a</artifactId><!-- <version>8</version> --></project>'),
          pom('g', 'b', `<project><groupId>g</groupId><artifactId>b</artifactId><version>\${rev}</version><properties><rev>3</rev></properties></project>`),
          pom('g', 'c', `<project><groupId>g</groupId><artifactId>c</artifactId><version>\${revision}</version></project>`),
        ),
        facts: {
          packages: [
            { name: 'g:a', version: '7' },
            { name: 'g:b', version: '3' },
            { name: 'g:c', version: '' },
          ],
        },
      },
      {
        title: 'an archive that lies open, as Tomcat unpacks a web application',
        path: 'webapps/ROOT/META-INF/maven/org.a/b/pom.properties',
        content: 'version=1.2\r\nartifactId=b\r\n',
        facts: { packages: [{ name: 'org.a:b', version: '1.2', locations: [{ path: '/webapps/ROOT/META-INF/maven/org.a/b/pom.properties' }] }] },
      },
      { title: 'files of other programs under a name that archives have too', path: 'backup.rar', content: 'Rar!\u001a\u0007' },
      {
        title: 'a bundle of NiFi',
        path: 'opt/nifi/lib/x.nar',
        content: jar({ name: 'META-INF/bundled-dependencies/log4j.jar', content: log4j }),
        facts: { packages: [{ name: 'org.apache.logging.log4j:log4j-core' }] },
      },
      { title: 'no archive', path: 'broken.jar', content: 'PK\u0003\u0004 no more', problems: [{ kind: 'unreadable', what: '/broken.jar' }] },
      { title: 'an empty file', path: 'empty.jar', content: '', problems: [{ kind: 'unreadable' }] },
      {
        title: 'a broken jar within a whole one: the rest is read',
        path: 'x.war',
        content: jar({ name: 'lib/bad.jar', content: 'no archive' }, { name: 'lib/good.jar', content: log4j }),
        facts: { packages: [{ name: 'org.apache.logging.log4j:log4j-core' }] },
        problems: [{ kind: 'unreadable', what: '/x.war!/lib/bad.jar', member: 'lib/bad.jar' }],
      },
      {
        title: 'a description that is encrypted',
        path: 'x.jar',
        content: jar({ ...properties('a', 'b', '1'), flags: 0x801 }),
        facts: { packages: [{ name: 'a:b', version: '' }] },
        problems: [{ kind: 'unsupported', member: 'META-INF/maven/a/b/pom.properties' }],
      },
    ],
  },
  test,
);

/** An archive without Maven's description. */
const said = (path: string, lines: string[], ...entries: FixtureEntry[]) => namesIn(readWith(java, path, jar(manifest(...lines), ...entries)));
const titled = (title: string, version: string) => [`Implementation-Title: ${title}`, `Implementation-Version: ${version}`];
const bundle = (name: string, version: string) => [`Bundle-SymbolicName: ${name}`, `Bundle-Version: ${version}`];

describe('the group, where no description of Maven’s says it', () => {
  test.each([
    ['a title that is coordinates', 'batik-all-1.14.jar', titled('org.acme.graphics:batik-all', '1.14'), 'org.acme.graphics:batik-all 1.14'],
    ['Nebula’s title, with a project’s name', 'search-core-7.1.jar', titled('org.acme.search#core;7.1', '7.1'), 'org.acme.search:search-core 7.1'],
    ['the same in a file of another name: the artifact may be another', 'x.jar', titled('org.acme.search#core;7.1', '7.1'), 'x 7.1'],
    ['a symbolic name of group and artifact', 'fast-io-2.1.jar', bundle('org.acme.fast-io', '2.1.0'), 'org.acme:fast-io 2.1'],
    ['one that writes a common word once', 'jetty-util-9.4.jar', bundle('org.acme.jetty.util', '9.4.0'), 'org.acme.jetty:jetty-util 9.4'],
    ['one that repeats a word, in a renamed file', 'x.jar', bundle('org.mocks.mocks-core', '4.5.1'), 'org.mocks:mocks-core 4.5.1'],
    ['one that repeats the whole', 'marker-2.3.jar', bundle('org.marker.marker', '2.3.0'), 'org.marker:marker 2.3'],
    ['one that can be read in two ways', 'cash-3.1.jar', bundle('com.acme.cash', '3.1.0'), 'cash 3.1'],
    ['the vendor says which', 'cash-3.1.jar', [...bundle('com.acme.cash', '3.1.0'), 'Implementation-Vendor-Id: com.acme'], 'com.acme:cash 3.1'],
    ['a publisher’s own', 'h9-3.1.jar', bundle('com.h9database', '3.1.0'), 'com.h9database:h9 3.1'],
    ['a project at Apache', 'poison-2.5.jar', bundle('org.apache.poison', '2.5.0'), 'org.apache.poison:poison 2.5'],
    ['a namespace that many share is no group', 'cash-3.1.jar', [...titled('cash', '3.1'), 'Implementation-Vendor-Id: org.apache'], 'cash 3.1'],
    [
      'vendor and symbolic name that contradict one another',
      'icy4j-7.jar',
      [...bundle('com.acme.icy', '7.0.0'), 'Implementation-Vendor-Id: org.other'],
      'icy4j 7',
    ],
    [
      'a vendor’s group, and a file’s name that nothing in it confirms',
      'x.jar',
      ['Implementation-Version: 1.2', 'Implementation-Vendor-Id: org.acme'],
      'x 1.2',
    ],
    ['Quarkus’ name', 'lib/main/org.acme.fast-io-2.1.jar', titled('fast-io', '2.1'), 'org.acme:fast-io 2.1'],
    ['sbt’s name', 'lib/org.acme.cats-core_2.13-2.1.jar', titled('cats-core', '2.1'), 'org.acme:cats-core_2.13 2.1'],
    ['an enterprise archive’s name', 'lib/org.acme-fast-io-2.1.jar', titled('fast-io', '2.1'), 'org.acme:fast-io 2.1'],
    ['a repository', 'root/.m2/repository/org/acme/cash/3.1/cash-3.1.jar', [], 'org.acme:cash 3.1'],
    ['a repository, and another archive in it', 'm2/org/acme/cash/3.1/cash-3.1.jar', titled('fast-io', '2.1'), 'fast-io 2.1'],
  ])('%s', (_, path, lines, expected) => {
    expect(said(path, lines)).toEqual([expected]);
  });
  test('what the archive around it was packed with', () => {
    const dependency = (group: string, artifact: string) => `<dependency><artifactId>${artifact}</artifactId><groupId>${group}</groupId></dependency>`;
    const dependencies = [dependency('\u0024{project.groupId}', 'own-api'), dependency('org.acme', 'twice'), dependency('org.other', 'twice')].join('');
    const packed = ['own-api-1.jar', 'twice-1.jar', 'org.acme-twice-2.jar'].map((name) => ({ name: `WEB-INF/lib/${name}`, content: jar(classFile('a/B')) }));
    const content = jar(
      pom('g.h', 'a', `<project><groupId>g.h</groupId><version>1</version><dependencies>${dependencies}</dependencies></project>`),
      ...packed,
    );
    expect(namesIn(readWith(java, 'x.war', content))).toEqual(['g.h:a 1', 'g.h:own-api 1', 'twice 1', 'org.acme:twice 2']);
  });
  test('Android’s files of versions, and one that its build failed to write', () => {
    const version = (name: string, content: string): FixtureEntry => ({ name: `META-INF/${name}.version`, content });
    const content = jar(version('androidx.core_core-ktx', '1.3.0\n'), version('com.acme.dagger_dagger', "task ':x' property 'version'"));
    expect(namesIn(readWith(java, 'x.jar', content))).toEqual(['androidx.core:core-ktx 1.3.0', 'com.acme.dagger:dagger ']);
  });
  test('Spring Boot’s own information, where Gradle built the application', () => {
    const information = {
      name: 'BOOT-INF/classes/META-INF/build-info.properties',
      content: 'build.group=com.acme\nbuild.artifact=orders\nbuild.version=1.4\n',
    };
    const start = ['Start-Class: com.acme.Orders', ...titled('orders', '1.4')];
    expect(namesIn(readWith(java, 'app.jar', jar(manifest(...start), information)))).toEqual(['com.acme:orders 1.4']);
    expect(namesIn(readWith(java, 'app.jar', jar({ ...information, content: 'build.time=1\n' })))).toEqual([]);
  });
});

describe('the version, and where the name ends', () => {
  test.each([
    ['the file has the ecosystem’s spelling', 'guava-30.1-jre.jar', bundle('com.google.guava', '30.1.0.jre'), 'guava 30.1-jre'],
    ['a third number that holds the build', 'derby-10.15.2.0.jar', bundle('derby', '10.15.2000000.1873585'), 'derby 10.15.2.0'],
    ['the commit behind it', 'x.jar', titled('zoo-keeper', `3.4.14-${'4c25d480e66aadd371de'.repeat(2)}`), 'zoo-keeper 3.4.14'],
    ['what is written beside it', 'axis.jar', ['Implementation-Title: axis', 'Implementation-Version: 1.4 1855 April 22 2006'], 'axis 1.4'],
    ['a classifier that nobody knows', 'tool-1.0-acme.jar', ['Implementation-Version: 1.0'], 'tool 1.0'],
    ['a number of the name’s own', 'devtools-v152-4.50.0.jar', titled('devtools', '4.50.0'), 'devtools-v152 4.50.0'],
    ['a name that lies about the version', 'tool-core-9.9.jar', titled('tool-core', '2.14.1'), 'tool-core 2.14.1'],
  ])('%s', (_, path, lines, expected) => {
    expect(said(path, lines)).toEqual([expected]);
  });
  test('versions of packages within, which the name speaks of', () => {
    const sections = (...of: [string, string][]) => of.flatMap(([name, version]) => ['', `Name: ${name}`, `Implementation-Version: ${version}`]);
    expect(said('xalan.jar', sections(['org/apache/xalan/', '2.7.2'], ['org/w3c/dom/', '3.0']))).toEqual(['xalan 2.7.2']);
    expect(said('xalan.jar', sections(['org/apache/xalan/', '2.7.2'], ['org/apache/xalan/lib/', '2.7.1']))).toEqual([]);
    expect(said('app.jar', sections(['org/apache/xalan/', '2.7.2']))).toEqual([]);
  });
});

test('descriptions that another tool put elsewhere', () => {
  const stray = (name: string, content: string): FixtureEntry => ({ name, content });
  const whole = 'groupId=org.a\nartifactId=b\nversion=';
  const content = jar(stray('x/pom.properties', `${whole}1`), stray('y/pom.properties', `${whole}2`), stray('z/pom.properties', 'version=3'));
  expect(namesIn(readWith(java, 'x.jar', content))).toEqual(['org.a:b 1', 'org.a:b 2']);
  expect(namesIn(readWith(java, 'x.jar', jar(stray('pom.properties', `${whole}\u0024{project.version}`))))).toEqual([]);
});

describe('several projects in one archive', () => {
  const others = [properties('org.a', 'one', '7.1'), properties('org.b', 'two', '2')];
  test('its own name and version, on which file and manifest agree, are of none of them', () => {
    expect(said('all-in-one-2.7.2.jar', ['Implementation-Title: A fat jar', 'Implementation-Version: 2.7.2'], ...others)).toContain('all-in-one 2.7.2');
    expect(said('cache-7.1.jar', [...titled('cache', '7.1'), 'Implementation-Vendor-Id: org.a'], ...others)).toContain('org.a:cache 7.1');
  });
  test('renamed, it has no more than those in it', () => {
    expect(said('all-in-one-9.9.jar', ['Implementation-Title: A fat jar', 'Implementation-Version: 7.1'], ...others)).toEqual(['org.a:one 7.1', 'org.b:two 2']);
  });
});

test('the licences that a bundle or a plug-in declares', () => {
  const licenses = (header: string, ...entries: FixtureEntry[]) =>
    readWith(java, 'x-1.jar', jar(manifest(...bundle('x', '1.0.0'), `Bundle-License: ${header}`), ...entries)).packages.map((one) => one.licenses);
  expect(licenses('Apache-2.0;link="https://a,b";description="A, B", "MIT"')).toEqual([['Apache-2.0', 'MIT']]);
  expect(licenses('<<EXTERNAL>>')).toEqual([[]]);
  expect(licenses('MIT\r\nPlugin-License-Name: EPL-2.0\r\nPlugin-License-Name-2: Apache-2.0')).toEqual([['EPL-2.0', 'Apache-2.0']]);
  expect(licenses('EPL-2.0', properties('g', 'x', '1'))).toEqual([['EPL-2.0']]);
  expect(licenses('EPL-2.0', properties('g', 'x', '1'), pom('g', 'x', '<project><licenses><license><name>MIT</name></license></licenses></project>'))).toEqual([
    ['MIT'],
  ]);
});

describe('limits', () => {
  test('archives within one another: the ninth is a problem', () => {
    let content = log4j;
    for (let depth = 0; depth < 9; depth++) content = jar({ name: 'x.jar', content });
    expect(readWith(java, 'deep.jar', content).problems).toMatchObject([{ kind: 'limit', member: Array(9).fill('x.jar').join('!/') }]);
    let allowed = log4j;
    for (let depth = 0; depth < 8; depth++) allowed = jar({ name: 'x.jar', content: allowed });
    expect(namesIn(readWith(java, 'deep.jar', allowed))).toEqual(['org.apache.logging.log4j:log4j-core 2.14.1']);
  });
  test('many archives that unpack to too much together: one problem, what comes before is read', () => {
    const filler = { name: 'x', content: Buffer.alloc(15 * 1024 * 1024) };
    const inner = zipFixture([properties('a', 'b', '1'), { ...filler, stored: true }]);
    const many = jar(...Array.from({ length: 12 }, (_, index) => ({ name: `${index}.jar`, content: inner })));
    const { packages, problems } = readWith(java, 'many.jar', many);
    expect(packages).toHaveLength(8);
    expect(problems).toMatchObject([{ kind: 'limit', member: '8.jar' }]);
  });
  test('an entry that unpacks to too much of its size', () => {
    const bomb = jar({ name: 'x.jar', content: Buffer.alloc(64 * 1024 * 1024) });
    expect(readWith(java, 'bomb.jar', bomb)).toMatchObject({ packages: [], problems: [{ kind: 'limit', member: 'x.jar' }] });
  });
});

test('damaged archives show', () => {
  expectDamageToShow(java, 'x.war', jar({ name: 'lib/a.jar', content: log4j }, properties('a', 'b', '1')));
});

/** Debian keeps its archives where their coordinates say, too: a list that somebody else made. */
const repository = '/usr/share/maven-repo';
test.skipIf(!existsSync(repository))('archives of Debian’s Maven repository, by its directories (skipped where it is absent)', { timeout: 120_000 }, () => {
  const archives = (readdirSync(repository, { recursive: true }) as string[]).filter((path) => path.endsWith('.jar') && existsSync(join(repository, path)));
  const different: string[] = [];
  for (const path of archives) {
    const parts = path.split('/');
    const [artifact = '', version = ''] = parts.slice(-3);
    // A version that stands for a series is Debian's own.
    if (!/^\d[\d.]*\d$/.test(version)) continue;
    const found = namesIn(readWith(java, realpathSync(join(repository, path)).slice(1), readFileSync(join(repository, path))));
    const expected = `${parts.slice(0, -3).join('.')}:${artifact} ${version}`;
    if (!found.some((item) => item === expected)) different.push(expected);
  }
  // What says neither group nor version of its own; the share stays small.
  expect(different.length).toBeLessThanOrEqual(Math.ceil(archives.length / 10));
});

const hasMaven = spawnSync('mvn', ['--version']).status === 0;
test.skipIf(!hasMaven)('archives that Maven builds (skipped where it, or its plug-in, is absent)', { timeout: 240_000 }, ({ skip }) => {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-maven-'));
  try {
    const random = Math.random().toString(36).slice(2, 10);
    const [group, version] = [`org.x${random}.demo`, `${1 + (random.charCodeAt(0) % 9)}.0-beta-2`];
    const project = (content: string) => `<project><modelVersion>4.0.0</modelVersion>${content}</project>`;
    const inherited = `<parent><groupId>${group}</groupId><artifactId>parent</artifactId><version>\u0024{revision}</version></parent>`;
    const bareJar =
      '<addMavenDescriptor>false</addMavenDescriptor><manifest><addDefaultImplementationEntries>true</addDefaultImplementationEntries></manifest>';
    const plugin = (configuration: string) => `<build><plugins><plugin><artifactId>maven-jar-plugin</artifactId>${configuration}</plugin></plugins></build>`;
    const write = (path: string, content: string): void => {
      mkdirSync(join(directory, path, 'target/classes'), { recursive: true });
      writeFileSync(join(directory, path, 'target/classes/data'), path);
      writeFileSync(join(directory, path, 'pom.xml'), project(content));
    };
    const modules = '<modules><module>described</module><module>bare</module></modules>';
    const parent = `<groupId>${group}</groupId><artifactId>parent</artifactId><version>\u0024{revision}</version><packaging>pom</packaging>`;
    write('.', `${parent}<properties><revision>${version}</revision></properties>${modules}`);
    write('described', `${inherited}<artifactId>${random}-described</artifactId><licenses><license><name>MIT</name></license></licenses>`);
    write('bare', `${inherited}<artifactId>${random}-bare</artifactId>${plugin(`<configuration><archive>${bareJar}</archive></configuration>`)}`);
    const maven = (...mode: string[]) =>
      spawnSync('mvn', ['-B', '-q', ...mode, 'org.apache.maven.plugins:maven-jar-plugin:3.4.2:jar'], { cwd: directory, encoding: 'utf8' });
    if (maven('-o').status !== 0 && maven().status !== 0) skip('the jar plug-in can not be had');
    const built = (name: string) => readFileSync(join(directory, `${name}/target/${random}-${name}-${version}.jar`));
    const described = readWith(java, 'renamed.jar', built('described'));
    expect(described).toMatchObject({ packages: [{ name: `${group}:${random}-described`, version, licenses: ['MIT'] }], problems: [] });
    expect(namesIn(readWith(java, `lib/${random}-bare-${version}.jar`, built('bare')))).toEqual([`${random}-bare ${version}`]);
    const dependency = `<dependency><groupId>\u0024{project.groupId}</groupId><artifactId>${random}-bare</artifactId></dependency>`;
    const web = pom(group, 'web', project(`${inherited}<artifactId>web</artifactId><dependencies>${dependency}</dependencies>`));
    const packed = ['described', 'bare'].map((name) => ({ name: `WEB-INF/lib/${random}-${name}-${version}.jar`, content: built(name), stored: true }));
    expect(namesIn(readWith(java, 'x.war', jar(web, ...packed)))).toEqual([
      `${group}:web `,
      `${group}:${random}-described ${version}`,
      `${group}:${random}-bare ${version}`,
    ]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
