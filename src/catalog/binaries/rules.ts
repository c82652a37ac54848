/**
 * How a program is recognised that no package manager knows: plain data, so that a rule can stand in a file. Texts are bytes in
 * Latin-1; patterns are regular expressions in JavaScript's syntax.
 */
export interface BinaryRule {
  /** The package's name. */
  readonly name: string;
  /** The end of the path, from a slash: `bin/nginx`. A group in it is the series that the version begins with: then any text may go before it. */
  readonly path: string;
  /** The version stands right behind these bytes: `nginx version: nginx/`; `\0`: it is a text of its own. */
  readonly before?: string;
  /** The version as it follows, with what must come after it in a lookahead. Sees `VERSION_WINDOW` bytes. */
  readonly version: string;
  /** Further bytes that must be in the file, where the version's place alone proves little. */
  readonly contains?: string;
  /** The version stands in the file a second time, followed by this pattern: tells it from the versions of other things. */
  readonly again?: string;
}

/** Bytes behind `before` that a version may take. */
export const VERSION_WINDOW = 80;

const end = '(?=[^\\w.]|$)';

/** Common interpreters, servers and libraries that images hold without a package: built by their makers or copied in. */
export const binaryRules: readonly BinaryRule[] = [
  { name: 'node', path: 'bin/node(?:js)?', before: 'node.js/v', version: `\\d+\\.\\d+\\.\\d+(?:-[\\w.]+)?${end}` },
  { name: 'python', path: 'bin/python(\\d+\\.\\d+)[dmtu]*', version: '\\d+\\.\\d+\\.\\d+(?:(?:a|b|rc)\\d+)?\\+?(?=\\0)' },
  { name: 'python', path: 'libpython(\\d+\\.\\d+)[dmtu]*\\.so(?:\\.[\\d.]+)?', version: '\\d+\\.\\d+\\.\\d+(?:(?:a|b|rc)\\d+)?\\+?(?=\\0)' },
  { name: 'nginx', path: 's?bin/nginx(?:-debug)?', before: 'nginx version: nginx/', version: `\\d+\\.\\d+\\.\\d+${end}` },
  { name: 'openresty', path: 's?bin/(?:nginx|openresty)', before: 'nginx version: openresty/', version: `\\d+\\.\\d+\\.\\d+(?:\\.\\d+)?(?:rc\\d+)?${end}` },
  { name: 'httpd', path: 's?bin/(?:httpd|apache2)(?:[.-]\\w+)?', before: 'Apache/', version: `\\d+\\.\\d+\\.\\d+${end}` },
  {
    name: 'redis',
    // The other names are links to the same program, or it to them.
    path: 'bin/redis-(?:server|sentinel|check-rdb|check-aof)',
    before: '\0',
    version: '\\d+\\.\\d+\\.\\d+(?:-rc\\d+)?(?=\\0)',
    contains: 'redis_version:%s',
    // It is followed by host and time of the build.
    again: '[\\w.-]*\\d{10}',
  },
  { name: 'postgres', path: 'bin/postgres', before: 'postgres (PostgreSQL) ', version: `\\d+(?:\\.\\d+)*(?:(?:beta|rc|devel)\\d*)?${end}` },
  { name: 'openssl', path: 'bin/openssl', before: 'OpenSSL ', version: '\\d+\\.\\d+\\.\\d+[a-z]*(?:-[\\w.+-]+)?(?= {1,2}\\d{1,2} [A-Z][a-z]{2} \\d{4})' },
  {
    name: 'openssl',
    path: 'libcrypto\\.so(?:\\.[\\d.]+)?',
    before: 'OpenSSL ',
    version: '\\d+\\.\\d+\\.\\d+[a-z]*(?:-[\\w.+-]+)?(?= {1,2}\\d{1,2} [A-Z][a-z]{2} \\d{4})',
  },
  { name: 'busybox', path: 'bin/busybox(?:[.-]\\w+)?', before: 'BusyBox v', version: `\\d+\\.\\d+(?:\\.\\d+)?${end}` },
  {
    name: 'java',
    path: 'bin/java',
    before: '\0',
    version: '(?:1\\.\\d+\\.\\d+_\\d+-[\\w.+-]+|\\d+(?:\\.\\d+)*(?:-ea)?\\+\\d+[\\w.+-]*)(?=\\0)',
    contains: 'JLI_Launch',
  },
  {
    name: 'php',
    path: 's?bin/php(?:-fpm|-cgi|-cli|-zts|dbg)?[\\d.]*',
    before: 'X-Powered-By: PHP/',
    version: `\\d+\\.\\d+\\.\\d+(?:-?(?:alpha|beta|rc)\\d+|-dev)?${end}`,
  },
  { name: 'php', path: 'libphp[\\d.]*\\.so', before: 'X-Powered-By: PHP/', version: `\\d+\\.\\d+\\.\\d+(?:-?(?:alpha|beta|rc)\\d+|-dev)?${end}` },
];
