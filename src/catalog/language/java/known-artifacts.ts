/** Artifacts that are commonly used and don't say their group: not built by Maven, or before it. */
interface KnownArtifacts {
  readonly group: string;
  /** Of the artifact, whole. */
  readonly artifact: RegExp;
  /** A package that its classes must lie in: the name alone proves nothing. */
  readonly root: string;
  /** The artifact's name at Maven Central, where its file has another one. */
  readonly rename?: (artifact: string) => string;
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
  { group: 'org.springframework.security', artifact: /spring-security-[\w-]+/, root: 'org/springframework/security/' },
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
  { group: 'org.ow2.asm', artifact: /asm(?:-[\w-]+)?/, root: 'org/objectweb/asm/' },
  { group: 'org.bouncycastle', artifact: /bc(?:prov|pkix|pg|tls|util|mail|jmail)(?:-[\w-]+)?/, root: 'org/bouncycastle/' },
  { group: 'mysql', artifact: /mysql-connector-java/, root: 'com/mysql/' },
  { group: 'com.mysql', artifact: /mysql-connector-j/, root: 'com/mysql/' },
  { group: 'com.google.inject', artifact: /guice/, root: 'com/google/inject/' },
  { group: 'com.google.inject.extensions', artifact: /guice-[\w-]+/, root: 'com/google/inject/' },
  { group: 'org.eclipse.jdt', artifact: /(?:org\.eclipse\.jdt\.)?ecj/, root: 'org/eclipse/jdt/internal/', rename: () => 'ecj' },
  { group: 'junit', artifact: /junit/, root: 'junit/' },
  { group: 'org.hamcrest', artifact: /hamcrest(?:-[\w-]+)?/, root: 'org/hamcrest/' },
  { group: 'org.mockito', artifact: /mockito-[\w-]+/, root: 'org/mockito/' },
  { group: 'net.bytebuddy', artifact: /byte-buddy(?:-[\w-]+)?/, root: 'net/bytebuddy/' },
  { group: 'io.micrometer', artifact: /micrometer-[\w-]+/, root: 'io/micrometer/' },
  { group: 'io.projectreactor', artifact: /reactor-(?:core|test|tools)/, root: 'reactor/' },
  { group: 'io.grpc', artifact: /grpc-[\w-]+/, root: 'io/grpc/' },
  { group: 'io.opentelemetry', artifact: /opentelemetry-(?:api|sdk|context|exporter|extension)(?:-[\w-]+)?/, root: 'io/opentelemetry/' },
];

/** The coordinates of a commonly used artifact whose group isn't in it; undefined when it is none. */
export function knownArtifact(artifact: string, directories: ReadonlySet<string>): { readonly group: string; readonly artifact: string } | undefined {
  for (const { group, artifact: pattern, root, rename } of known) {
    if (!new RegExp(`^(?:${pattern.source})$`).test(artifact)) continue;
    for (const directory of directories) if (directory.startsWith(root)) return { group, artifact: rename?.(artifact) ?? artifact };
  }
  return undefined;
}
