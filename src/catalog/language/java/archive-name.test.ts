import { expect, test } from 'vitest';
import { parseArchiveName } from './archive-name.ts';

test.each([
  ['lib/log4j-core-2.14.1.jar', 'log4j-core', '2.14.1'],
  ['log4j-1.2-api-2.14.1.jar', 'log4j-1.2-api', '2.14.1'],
  ['foo-1.0-beta-2.jar', 'foo', '1.0-beta-2'],
  ['guava-30.1-jre.jar', 'guava', '30.1-jre'],
  ['spring-core-5.2.3.RELEASE.jar', 'spring-core', '5.2.3.RELEASE'],
  ['bcprov-jdk15on-1.70.jar', 'bcprov-jdk15on', '1.70'],
  ['commons-jelly-1.1-jenkins-20220630.jar', 'commons-jelly', '1.1-jenkins-20220630'],
  ['jboss-saaj-api_1.4_spec-1.0.2.Final.jar', 'jboss-saaj-api_1.4_spec', '1.0.2.Final'],
  ['client-v2-0.10.0.jar', 'client-v2', '0.10.0'],
  ['tool-20240101-1.jar', 'tool', '20240101-1'],
  ['kafka_2.13.jar', 'kafka_2.13', null],
  ['orders-1.0.0-runner.jar', 'orders', '1.0.0'],
  ['kafka_2.13-2.8.0.jar', 'kafka_2.13', '2.8.0'],
  ['org.eclipse.osgi_3.15.0.v20190830.jar', 'org.eclipse.osgi', '3.15.0.v20190830'],
  ['netty-transport-4.1.50.Final-linux-x86_64.jar', 'netty-transport', '4.1.50.Final'],
  ['app-1.0-SNAPSHOT-jar-with-dependencies.jar', 'app', '1.0-SNAPSHOT'],
  ['commons-lang3-3.11.jar', 'commons-lang3', '3.11'],
  ['jsr305-1.3.9.jar', 'jsr305', '1.3.9'],
  ['app.jar', 'app', null],
  ['tools-all.jar', 'tools-all', null],
  ['-1.jar', '-1', null],
  [`${'a-1'.repeat(2000)}.jar`, 'a-1'.repeat(2000), null],
])('%s', (path, artifact, version) => {
  expect(parseArchiveName(path)).toMatchObject({ artifact, version, group: null });
});

test.each([
  ['root/.m2/repository/org/slf4j/slf4j-api/1.7.36/slf4j-api-1.7.36.jar', 'org.slf4j', 'slf4j-api', '1.7.36'],
  ['opt/karaf/system/commons-io/commons-io/2.11.0/commons-io-2.11.0.jar', 'commons-io', 'commons-io', '2.11.0'],
  ['repo/io/netty/x-native/4.1.7.Final/x-native-4.1.7.Final-linux-x86_64.jar', 'io.netty', 'x-native', '4.1.7.Final'],
  ['home/g/.gradle/caches/modules-2/files-2.1/org.a/b/1-rc/0a1b/b-1-rc.jar', 'org.a', 'b', '1-rc'],
  ['opt/repository/a/1/b-1.jar', null, 'b', '1'],
  ['opt/lib/org/a/b/1/b-1.jar', null, 'b', '1'],
  ['repository/b/1/b-1.jar', null, 'b', '1'],
])('in a repository: %s', (path, group, artifact, version) => {
  expect(parseArchiveName(path)).toMatchObject({ group, artifact, version });
});
