/** Artifacts that are commonly used and don't say their group: not built by Maven, or before it. */
interface KnownArtifacts {
  readonly group: string;
  /** Of the artifact, whole. */
  readonly artifact: RegExp;
  /** Its classes must lie here, or its module's name begin so: the file's name alone proves nothing. */
  readonly root: string;
  /** The artifact's name at Maven Central, where its file has another one. */
  readonly rename?: (artifact: string) => string;
  /** First numbers of the versions: the group moved since, or was another before. */
  readonly from?: number;
  readonly to?: number;
}

const known: readonly KnownArtifacts[] = [
  {
    group: 'org.springframework',
    artifact:
      /spring-(?:aop|aspects|beans|context|context-indexer|context-support|core|core-test|expression|instrument|jdbc|jms|messaging|orm|oxm|r2dbc|test|tx|web|webflux|webmvc|webmvc-portlet|websocket)/,
    root: 'org/springframework/',
  },
  { group: 'org.springframework', artifact: /spring-jcl/, root: 'org/apache/commons/logging/' },
  { group: 'org.springframework.boot', artifact: /spring-boot(?:-[\w-]+)?/, root: 'org/springframework/boot/' },
  {
    group: 'org.springframework.security',
    artifact:
      /spring-security-(?:acl|aspects|cas|config|core|crypto|data|ldap|messaging|oauth2-(?!autoconfigure)[\w-]+|openid|remoting|rsa|rsocket|saml2-service-provider|taglibs|test|web)/,
    root: 'org/springframework/security/',
  },
  { group: 'org.springframework.integration', artifact: /spring-integration-[\w-]+/, root: 'org/springframework/integration/' },
  { group: 'org.springframework.batch', artifact: /spring-batch-[\w-]+/, root: 'org/springframework/batch/' },
  { group: 'org.springframework.amqp', artifact: /spring-(?:amqp|rabbit)(?:-[\w-]+)?/, root: 'org/springframework/amqp/' },
  { group: 'org.springframework.kafka', artifact: /spring-kafka(?:-[\w-]+)?/, root: 'org/springframework/kafka/' },
  { group: 'org.springframework.session', artifact: /spring-session-[\w-]+/, root: 'org/springframework/session/' },
  { group: 'org.springframework.ldap', artifact: /spring-ldap-[\w-]+/, root: 'org/springframework/ldap/' },
  { group: 'org.springframework.graphql', artifact: /spring-graphql(?:-[\w-]+)?/, root: 'org/springframework/graphql/' },
  { group: 'org.apache.tomcat.embed', artifact: /tomcat-embed-[\w-]+/, root: 'org/apache/' },
  {
    group: 'org.apache.tomcat',
    artifact: /catalina(?:-ha|-tribes|-ant|-storeconfig|-ssi)?/,
    root: 'org/apache/catalina/',
    rename: (artifact) => (artifact === 'catalina-tribes' ? 'tomcat-tribes' : `tomcat-${artifact}`),
  },
  { group: 'org.apache.tomcat', artifact: /jasper(?:-el)?/, root: 'org/apache/', rename: (artifact) => `tomcat-${artifact}` },
  { group: 'org.apache.tomcat', artifact: /tomcat-[\w-]+/, root: 'org/apache/' },
  { group: 'org.apache.lucene', artifact: /lucene-[\w-]+/, root: 'org/apache/lucene/' },
  { group: 'org.apache.kafka', artifact: /kafka(?:-[\w-]+|_\d[\d.]*)?|connect-[\w-]+/, root: 'org/apache/kafka/' },
  { group: 'org.apache.ant', artifact: /ant(?:-[\w-]+)?/, root: 'org/apache/tools/ant/' },
  { group: 'xalan', artifact: /xalan|serializer/, root: 'org/apache/x' },
  { group: 'xerces', artifact: /xercesImpl/, root: 'org/apache/xerces/' },
  { group: 'xml-apis', artifact: /xml-apis(?:-ext)?/, root: 'org/w3c/dom/' },
  { group: 'commons-logging', artifact: /commons-logging/, root: 'org/apache/commons/logging/' },
  { group: 'com.google.code.findbugs', artifact: /jsr305/, root: 'javax/annotation/' },
  { group: 'org.checkerframework', artifact: /checker(?:-qual|-compat-qual)?/, root: 'org/checkerframework/' },
  { group: 'aopalliance', artifact: /aopalliance/, root: 'org/aopalliance/' },
  { group: 'javax.inject', artifact: /javax\.inject/, root: 'javax/inject/' },
  { group: 'org.jetbrains.kotlin', artifact: /kotlin-(?:stdlib|reflect|script|compiler|test)(?:-[\w-]+)?/, root: 'kotlin/' },
  { group: 'org.jetbrains.kotlinx', artifact: /kotlinx-[\w-]+/, root: 'kotlinx/' },
  { group: 'org.jetbrains', artifact: /annotations/, root: 'org/jetbrains/annotations/' },
  { group: 'com.squareup.okhttp3', artifact: /okhttp(?:-[\w-]+)?|logging-interceptor|mockwebserver/, root: 'okhttp3/' },
  { group: 'com.squareup.okio', artifact: /okio(?:-[\w-]+)?/, root: 'okio/' },
  { group: 'com.squareup.retrofit2', artifact: /retrofit|converter-[\w-]+|adapter-[\w-]+/, root: 'retrofit2/' },
  { group: 'org.ow2.asm', artifact: /asm(?:-[\w-]+)?/, root: 'org/objectweb/asm/', from: 4 },
  { group: 'asm', artifact: /asm(?:-[\w-]+)?/, root: 'org/objectweb/asm/', to: 3 },
  { group: 'org.bouncycastle', artifact: /bc(?:prov|pkix|pg|tls|util|mail|jmail)(?:-ext)?-(?:debug-)?(?:jdk|lts)\w+|bc-fips/, root: 'org/bouncycastle/' },
  { group: 'mysql', artifact: /mysql-connector-java/, root: 'com/mysql/' },
  { group: 'com.mysql', artifact: /mysql-connector-j/, root: 'com/mysql/' },
  { group: 'com.google.inject', artifact: /guice/, root: 'com/google/inject/' },
  {
    group: 'com.google.inject.extensions',
    artifact: /guice-(?:assistedinject|dagger-adapter|grapher|jmx|jndi|multibindings|persist|servlet|spring|struts2|testlib|throwingproviders)/,
    root: 'com/google/inject/',
  },
  { group: 'org.eclipse.jdt', artifact: /(?:org\.eclipse\.jdt\.)?ecj/, root: 'org/eclipse/jdt/internal/', rename: () => 'ecj', from: 3 },
  { group: 'junit', artifact: /junit/, root: 'junit/' },
  { group: 'org.hamcrest', artifact: /hamcrest(?:-[\w-]+)?/, root: 'org/hamcrest/' },
  { group: 'org.mockito', artifact: /mockito-(?!kotlin)[\w-]+/, root: 'org/mockito/' },
  { group: 'net.bytebuddy', artifact: /byte-buddy(?:-[\w-]+)?/, root: 'net/bytebuddy/' },
  { group: 'io.micrometer', artifact: /micrometer-[\w-]+/, root: 'io/micrometer/' },
  { group: 'io.projectreactor', artifact: /reactor-(?:core|test|tools)/, root: 'reactor/' },
  { group: 'io.grpc', artifact: /grpc-[\w-]+/, root: 'io/grpc/' },
  { group: 'io.opentelemetry', artifact: /opentelemetry-(?:api|sdk|context|exporter|extension)(?:-[\w-]+)?/, root: 'io/opentelemetry/' },
  { group: 'com.auth0', artifact: /java-jwt|jwks-rsa/, root: 'com/auth0/' },
  { group: 'com.github.ben-manes.caffeine', artifact: /caffeine/, root: 'com/github/benmanes/caffeine/' },
  { group: 'com.github.spotbugs', artifact: /spotbugs(?:-annotations)?/, root: 'edu/umd/cs/findbugs/' },
  { group: 'com.graphql-java', artifact: /graphql-java/, root: 'graphql/' },
  { group: 'com.h2database', artifact: /h2/, root: 'org/h2/' },
  { group: 'com.ibm.icu', artifact: /icu4j/, root: 'com/ibm/icu/' },
  { group: 'com.jayway.jsonpath', artifact: /json-path(?:-assert)?/, root: 'com/jayway/' },
  { group: 'com.lowagie', artifact: /itext/, root: 'com/lowagie/text/' },
  { group: 'com.oracle.database.jdbc', artifact: /ojdbc\d+/, root: 'oracle/jdbc/', from: 21 },
  { group: 'com.squareup.moshi', artifact: /moshi(?:-[\w-]+)?/, root: 'com/squareup/moshi/' },
  { group: 'com.typesafe', artifact: /config/, root: 'com/typesafe/config/' },
  { group: 'antlr', artifact: /antlr/, root: 'antlr/', to: 2 },
  { group: 'bsf', artifact: /bsf/, root: 'org/apache/bsf/' },
  { group: 'cglib', artifact: /cglib(?:-nodep)?/, root: 'net/sf/cglib/' },
  { group: 'commons-httpclient', artifact: /commons-httpclient/, root: 'org/apache/commons/httpclient/' },
  { group: 'dom4j', artifact: /dom4j/, root: 'org/dom4j/', to: 1 },
  { group: 'org.dom4j', artifact: /dom4j/, root: 'org/dom4j/', from: 2 },
  { group: 'io.ktor', artifact: /ktor-[\w-]+/, root: 'io/ktor/' },
  { group: 'io.perfmark', artifact: /perfmark-[\w-]+/, root: 'io/perfmark/' },
  { group: 'io.rsocket', artifact: /rsocket-[\w-]+/, root: 'io/rsocket/' },
  { group: 'javax.activation', artifact: /activation/, root: 'javax/activation/', to: 1 },
  { group: 'javax.servlet', artifact: /servlet-api/, root: 'javax/servlet/', to: 2 },
  { group: 'net.java.dev.jna', artifact: /jna(?:-platform)?/, root: 'com/sun/jna/' },
  { group: 'net.sf.saxon', artifact: /Saxon-(?:HE|B|PE|EE)/, root: 'net/sf/saxon/' },
  { group: 'org.apache.calcite', artifact: /calcite-[\w-]+/, root: 'org/apache/calcite/' },
  { group: 'org.apache.derby', artifact: /derby\w*/, root: 'org/apache/derby/' },
  { group: 'org.apache.geode', artifact: /geode-[\w-]+/, root: 'org/apache/geode/' },
  { group: 'org.apache.groovy', artifact: /groovy(?:-[\w-]+)?/, root: 'groovy/', from: 4 },
  { group: 'org.codehaus.groovy', artifact: /groovy(?:-[\w-]+)?/, root: 'groovy/', to: 3 },
  { group: 'org.apache.iceberg', artifact: /iceberg-[\w-]+/, root: 'org/apache/iceberg/' },
  { group: 'org.apache.poi', artifact: /poi(?:-[\w-]+)?/, root: 'org/apache/poi/' },
  { group: 'org.apache.solr', artifact: /solr-[\w-]+/, root: 'org/apache/solr/' },
  { group: 'org.apache.thrift', artifact: /libthrift/, root: 'org/apache/thrift/' },
  { group: 'org.apache.xmlbeans', artifact: /xmlbeans/, root: 'org/apache/xmlbeans/' },
  { group: 'org.apache.zookeeper', artifact: /zookeeper(?:-jute)?/, root: 'org/apache/' },
  { group: 'org.codehaus.jackson', artifact: /jackson-(?:core|mapper|jaxrs|xc|mrbean|smile)-(?:asl|lgpl)/, root: 'org/codehaus/jackson/' },
  { group: 'org.codehaus.woodstox', artifact: /(?:woodstox-core|wstx)-(?:asl|lgpl)/, root: 'com/ctc/wstx/' },
  { group: 'org.eclipse.platform', artifact: /org\.eclipse\.(?:osgi(?:\.\w+)*|(?:core|equinox)(?:\.\w+)+)/, root: 'org/eclipse/' },
  { group: 'org.jdom', artifact: /jdom2/, root: 'org/jdom2/' },
  { group: 'org.junit.jupiter', artifact: /junit-jupiter-[\w-]+/, root: 'org/junit/jupiter/' },
  { group: 'org.junit.platform', artifact: /junit-platform-[\w-]+/, root: 'org/junit/platform/' },
  { group: 'org.junit.vintage', artifact: /junit-vintage-engine/, root: 'org/junit/vintage/' },
  { group: 'org.lz4', artifact: /lz4(?:-java)?/, root: 'net/jpountz/' },
  { group: 'org.mozilla', artifact: /rhino(?:-[\w-]+)?/, root: 'org/mozilla/javascript/' },
  { group: 'org.opensearch', artifact: /opensearch(?:-(?:cli|common|core|geo|secure-sm|x-content))?/, root: 'org/opensearch/' },
  { group: 'org.projectlombok', artifact: /lombok/, root: 'lombok/' },
  { group: 'org.rocksdb', artifact: /rocksdbjni/, root: 'org/rocksdb/' },
  { group: 'org.thymeleaf', artifact: /thymeleaf(?:-spring\d)?/, root: 'org/thymeleaf/' },
  { group: 'org.tukaani', artifact: /xz/, root: 'org/tukaani/xz/' },
  { group: 'oro', artifact: /oro/, root: 'org/apache/oro/' },
  { group: 'wsdl4j', artifact: /wsdl4j/, root: 'javax/wsdl/' },
  { group: 'org.springframework.boot', artifact: /spring-boot-starter(?:-[\w-]+)?/, root: 'spring/boot/starter/' },
  { group: 'org.springframework.ws', artifact: /spring-ws-[\w-]+/, root: 'org/springframework/ws/' },
  { group: 'org.springframework.restdocs', artifact: /spring-restdocs-[\w-]+/, root: 'org/springframework/restdocs/' },
  { group: 'org.springframework.statemachine', artifact: /spring-statemachine-[\w-]+/, root: 'org/springframework/statemachine/' },
  {
    group: 'org.hibernate',
    artifact:
      /hibernate-(?:agroal|c3p0|core|ehcache|entitymanager|envers|graalvm|hikaricp|infinispan|java8|jcache|jpamodelgen|micrometer|osgi|proxool|spatial|testing|vibur)/,
    root: 'org/hibernate/',
    to: 5,
  },
  {
    group: 'org.hibernate.orm',
    artifact:
      /hibernate-(?:agroal|c3p0|community-dialects|core|enhance-maven-plugin|envers|graalvm|hikaricp|jcache|jpamodelgen|micrometer|processor|proxool|scan-jandex|spatial|testing|ucp|vector|vibur)/,
    root: 'org/hibernate/',
    from: 6,
  },
];

const patterns = known.map((each) => ({ ...each, pattern: new RegExp(`^(?:${each.artifact.source})$`) }));

/** The coordinates of a commonly used artifact whose group isn't in it; undefined when it is none. */
export function knownArtifact(artifact: string, version: string, places: Iterable<string>): { readonly group: string; readonly artifact: string } | undefined {
  const series = Number.parseInt(version, 10);
  for (const { group, pattern, root, rename, from, to } of patterns) {
    if (!pattern.test(artifact) || (from !== undefined && !(series >= from)) || (to !== undefined && !(series <= to))) continue;
    for (const place of places) if (place.startsWith(root)) return { group, artifact: rename?.(artifact) ?? artifact };
  }
  return undefined;
}
