import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
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
    takes: ['app.jar', 'a/b.war', 'x.ear', 'plugins/git.hpi', 'plugins/git.jpi', 'LIB/OLD.JAR'],
    leaves: ['app.jar.sha1', 'jar', 'x.zip', 'a.rar', 'a.jar/b'],
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
