import { isCompiled, type Place, settingPlace } from './place.ts';
import { type SecretRule, separator } from './rule.ts';
import { entropyOf, isChosenValue, isGenerated, isPlaceholder, isSetValue } from './shape.ts';

/** Passwords of the addresses in manuals. */
const documented = /^(?:pass(?:word|wd)?|my_?pass(?:word)?|pwd|secret|token|pw|user|tiger)$/i;

/** And what tests and examples use besides. */
const sampleWord =
  /^(?:(?:my|the|some|user|db|test|admin|root|secure|super|strong|proxy|repo|server|ldap|ssh|ftp|smtp|mail|client|app|default|new|old)?[-_ ]?(?:pass(?:word|wd|phrase)?|p[a4@]ss?w[o0]rd|pwd|pw|s[e3]cr[e3]t|token|key|login)\d{0,4}|user(?:name)?|test\d*|foo|bar|baz|hunter2|xyzzy|swordfish|qwerty|letmein|open ?sesame|guest|\W+)$/i;

/** Whether more names, samples and expressions than values are to be expected. */
const isUncertain = (match: RegExpExecArray, place: Place): boolean => place.isSource || place.isDoubtful || isCompiled(match);

/** Whether a password stands there for the sake of an example. */
function isSample(password: string, match: RegExpExecArray, place: Place): boolean {
  return isPlaceholder(password) || documented.test(password) || ((place.isDoubtful || isCompiled(match)) && sampleWord.test(password));
}

/** Hosts that are nobody's (RFC 2606, RFC 6761), and words in the place of one. */
const nobody =
  /^(?:[^/\s]*\.)?(?:example|invalid|test|local|tld)(?:\.(?:com|org|net))?(?![\w.-])|^(?:host(?:name)?|server|domain|site|proxy|your[\w-]*|my[\w-]*|some[\w-]*|foo|bar|x|y|a|b|c)(?:[:/.]|$)/i;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the line begins like a comment, as far as it can be seen. */
function isComment({ input, index }: RegExpExecArray): boolean {
  return /^\s*(?:#|\/\/|\*|;|--|<!--)/.test(input.slice(Math.max(input.lastIndexOf('\n', index) + 1, 0), index));
}

/** Whether a message begins with what looks like a value: `X509TokenNotValid = JGRP000289: token is not valid`. */
function isSentence({ input, index, 0: text }: RegExpExecArray, { path }: Place): boolean {
  return /\.(?:properties|ya?ml|ini|cfg|conf)$/.test(path) && /^:?[ \t]+[\w-]+,?[ \t]+[A-Za-z-]/.test(input.slice(index + text.length));
}

/** The part of an address behind the `@`. */
const hostOf = (match: RegExpExecArray): string =>
  /@(.{0,60})/s.exec(match.input.slice(match.index + match[0].lastIndexOf('@'), match.index + match[0].length + 60))?.[1] ?? '';

/** A password that somebody would use, in an address that could be reached. In sources and manuals such addresses are samples more often than not. */
function isAddressPassword(secret: string, match: RegExpExecArray, place: Place): boolean {
  const password = decoded(secret);
  if ([...secret].some((character) => character < ' ' || character === '\x7f')) return false;
  if (isSample(password, match, place) || /^\d{1,5}[/?#]/.test(password)) return false;
  if (place.isSource && isComment(match)) return false;
  if (!place.isDoubtful && !isCompiled(match)) return !(place.isSource && nobody.test(hostOf(match))) || isChosenValue(password, true, true);
  return !isComment(match) && password.length >= 8 && !nobody.test(hostOf(match)) && isChosenValue(password, true, true);
}

/** Files of settings. */
const configuration =
  /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[^/]*\.(?:env|ini|cfg|conf|config|cnf|properties|props|ya?ml|toml|tf|tfvars|tfstate|xml|json|plist|hcl|cred|credentials|secrets?|passwd)|(?:settings|config|secrets?|credentials?|local_settings|parameters|database|wp-config)[\w-]*(?:\.(?:py|js|ts|rb|php|json|inc))?|\.?\w+_history|credentials|dockerfile|\.(?:my\.cnf|pypirc|s3cfg|boto|git-credentials|msmtprc|fetchmailrc|mbsyncrc|davfs2|smbcredentials))$|(?:^|\/)\.(?:aws|config|kube|docker|ssh)\/|^(?:variable|label|history line)\b/i;

/** Scripts, and what remembers commands. */
const commands =
  /(?:^|\/)\.?(?:[a-z]+_history|history|histfile|[a-z]*profile|[a-z]*rc|environment|crontab)$|\.(?:sh|bash|zsh|ksh|bat|cmd|ps1|service)$|(?:^|\/)(?:(?:docker|container)file|makefile|jenkinsfile|history line|etc\/(?:init\.d|cron[^/]*|profile\.d)\/)|(?:^|\/)[^/]*(?:entrypoint|docker-?compose)[^/]*$/i;

const secretWords = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'access_key',
  'access-key',
  'accesskey',
  'private_key',
  'credential',
  'client_secret',
  '_pass',
  '_pwd',
  '-pass',
  '-pwd',
];

/** Names that speak of a secret without being one. */
const harmlessName =
  /(?:file|path|dir|name|_id|url|uri|host|ttl|expiry|expires|type|length|size|policy|enabled|version|algorithm|hash|format|prefix|suffix|count|limit|max|min|values?|store|class|ref|regex|pattern|label|prompt|messages?|hint|title|help|errors?|description|encryption|hashers?|lifetime|timeout|duration|interval|age|source|method|backend|provider|service|manager|ref|required|rotation|rounds|iterations|engine|driver|mode|scopes?|issuer|audience|endpoint|parallelism)$|^tokeniz/i;

/** Passwords and keys without a form of their own: told by what stands around them. */
export const passwordRules: readonly SecretRule[] = [
  {
    name: 'url-password',
    what: 'an address with a password',
    confidence: 'medium',
    keywords: ['://'],
    expression: /:\/\/[^\s:/?#@"'<>\\[\]]{0,100}:(?<secret>[^\s/@"'<>\\[\]]{3,200})@[A-Za-z0-9[][\w.:%-]/y,
    check: (secret, match, place) => isAddressPassword(secret, match, place),
  },
  {
    name: 'url-token',
    what: 'an address with a token as its user',
    confidence: 'medium',
    keywords: ['://'],
    expression: /:\/\/(?<secret>[A-Za-z0-9_-]{20,100})(?::x-oauth-basic|:)?@[A-Za-z0-9][\w.-]{2,100}/y,
    // The user of an address of Sentry is public: it stands in pages.
    check: (secret, match) => isGenerated(secret) && !/@[^/]*sentry/.test(match[0]) && !nobody.test(hostOf(match)),
  },
  {
    name: 'jdbc-password',
    what: 'a password in the address of a database',
    confidence: 'medium',
    keywords: ['jdbc:'],
    expression:
      /jdbc:[a-z0-9]{2,20}:(?:[^\s"'<>]{0,300}?[?&;](?:password|pwd)=(?<secret>[^\s"'<>&;]{3,100})|thin:[\w$]{1,60}\/(?<oracle>[^\s"'@/<>]{3,100})@)/iy,
    check: (secret, match, place) => !isSample(secret, match, place) && !(isUncertain(match, place) && !isChosenValue(secret, true, true)),
  },
  {
    name: 'connection-string',
    behind: 256,
    what: 'a password in a connection string',
    confidence: 'medium',
    keywords: ['password=', 'password =', 'pwd=', 'pwd ='],
    expression: /(?:password|pwd) ?= ?(?<secret>[^;"'\s<>&\\]{3,100})/iy,
    word: true,
    check: (secret, match, place) => {
      const around = match.input.slice(0, match.index + match[0].length + 120);
      const others = /(?:^|[;"'\s>])(?:server|data source|host|user ?id|uid|user(?:name)?|initial catalog|database|dbname|addr)\s?=\s?[^;"']+[;\s]/i;
      return (
        others.test(around) &&
        !isSample(secret, match, place) &&
        (isChosenValue(secret, false, isUncertain(match, place)) || (!isUncertain(match, place) && isSetValue(secret)))
      );
    },
    path: /\.(?:config|json|xml|ya?ml|properties|ini|conf|env|dll|exe|cs|vb|php|py|java|rb|sh|udl|txt)$|^(?:variable|label|history line)|(?:^|\/)\.env/i,
  },
  {
    name: 'netrc',
    what: 'a password of a netrc file',
    confidence: 'high',
    keywords: ['password'],
    path: /(?:^|\/)[._]netrc$/,
    expression: /password\s+(?<secret>\S{1,200})/iy,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'npmrc',
    what: 'credentials of an npm registry',
    confidence: 'high',
    keywords: ['_authtoken', '_password', '_auth', 'npmauthtoken', 'npmauthident'],
    path: /(?:^|\/)\.?(?:npmrc|yarnrc(?:\.yml)?)$/,
    expression: /(?:_(?:authToken|password|auth)|npmAuth(?:Token|Ident))\s*[=:]\s*["']?(?<secret>[^\s"']{4,1000})/iy,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'pypirc',
    what: 'a password of a Python package index',
    confidence: 'high',
    keywords: ['password'],
    path: /(?:^|\/)\.pypirc$/,
    expression: /password\s*[:=]\s*(?<secret>\S{3,1000})/iy,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'bundler-credentials',
    what: 'credentials of a gem server',
    confidence: 'high',
    keywords: ['bundle_', ':rubygems_api_key', ':github'],
    path: /(?:^|\/)\.(?:bundle\/config|gem\/credentials)$/,
    expression: /(?:BUNDLE_[A-Z0-9_]{3,100}|:[a-z_]{3,40}): ["']?(?:Bearer )?(?<secret>[\w.-]{1,60}:[^\s"']{3,200}|[A-Za-z0-9_-]{20,200})/y,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'cargo-credentials',
    what: 'a token of a Cargo registry',
    confidence: 'high',
    keywords: ['token'],
    path: /(?:^|\/)\.cargo\/(?:credentials|config)(?:\.toml)?$/,
    expression: /token\s*=\s*["'](?<secret>[^"'\s]{8,300})/y,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'composer-credentials',
    what: 'credentials of a Composer repository',
    confidence: 'high',
    keywords: ['"password"', '"github.com"', '"gitlab.com"', '"bearer"'],
    path: /(?:^|\/)(?:composer\/)?auth\.json$/,
    expression: /"(?:password|github\.com|gitlab\.com|bearer)"\s*:\s*(?:\{\s*"[^"]{1,100}"\s*:\s*)?"(?<secret>[^"\s]{4,300})"/y,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'nuget-password',
    what: 'a password of a NuGet source',
    confidence: 'high',
    keywords: ['"cleartextpassword"', '"password"'],
    path: /(?:^|\/)nuget\.config$/i,
    expression: /"(?:ClearText)?Password"\s+value="(?<secret>[^"\r\n]{3,500})"/iy,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'pgpass',
    what: 'a password of PostgreSQL',
    confidence: 'high',
    keywords: [],
    lines: true,
    path: /(?:^|\/)(?:\.?pgpass(?:\.conf)?)$/,
    expression: /(?!#)(?:[^:\r\n\\]|\\.){1,200}:(?:\d{1,5}|\*):(?:[^:\r\n\\]|\\.){1,100}:(?:[^:\r\n\\]|\\.){1,100}:(?<secret>[^\s]{1,200})/y,
  },
  {
    name: 'mail-password',
    what: 'a password of a mail relay',
    confidence: 'high',
    keywords: [],
    lines: true,
    path: /(?:^|\/)(?:sasl_passwd|saslpasswd|relay_passw[^/]*|passwd\.client)$/,
    expression: /(?!#)[^\s#]{1,200}[ \t]{1,40}[^\s:]{1,100}:(?<secret>[^\s:]{3,200})/y,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'vault-token-file',
    what: 'a token of Vault',
    confidence: 'high',
    keywords: [],
    lines: true,
    path: /(?:^|\/)\.vault-token$/,
    expression: /(?<secret>[A-Za-z0-9._-]{20,300})(?![^\r\n])/y,
  },
  {
    name: 'rails-key',
    what: 'the key of a Rails application',
    confidence: 'high',
    keywords: [],
    lines: true,
    path: /(?:^|\/)config\/(?:master|credentials\/[\w-]+)\.key$/,
    expression: /(?<secret>[0-9a-f]{32})(?![^\r\n])/y,
  },
  {
    name: 'php-define',
    what: 'a password or key of a PHP application',
    confidence: 'medium',
    keywords: ['define('],
    path: /\.(?:php|inc)$/i,
    expression:
      /define\(\s{0,5}["'](?<name>[A-Za-z0-9_]{0,40}(?:PASS(?:WORD|WD)?|PWD|SECRET|TOKEN|_KEY|_SALT)[A-Za-z0-9_]{0,10})["']\s{0,5},\s{0,5}["'](?<secret>[^"'\r\n]{6,200})["']/iy,
    check: (secret, match) =>
      !isPlaceholder(secret) &&
      !/unique phrase|^[\w-]+_here$|^[a-z_]+$/i.test(secret) &&
      entropyOf(secret) >= 2.5 &&
      !harmlessName.test(match.groups?.name ?? ''),
  },
  {
    name: 'element-password',
    byName: true,
    what: 'a password in an XML file',
    confidence: 'medium',
    keywords: ['<password', '<passphrase', '<passwd', '<secret', '<token', '<apikey', '<privatekey', '<apitoken'],
    path: /(?:\.(?:xml|config|settings|plist|xaml|vcxproj|csproj|props)|(?:^|\/)(?:settings|credentials)[^/]*)$/i,
    expression: /<(?:password|passphrase|passwd|secret(?:key|accesskey)?|token|apikey|apitoken)>\s{0,5}(?<secret>[^<>\s]{3,300})\s{0,5}<\//iy,
    check: (secret) =>
      isSetValue(secret) &&
      !/^\{.*\}$/.test(secret) &&
      !documented.test(secret) &&
      !/^[a-z]+(?:[._-][a-z]+)+$|^[a-z]*password[a-z]*$|^[a-z]{2,8}(?:pass|pwd)$/i.test(secret),
  },
  {
    name: 'attribute-password',
    byName: true,
    what: 'a password in an XML file',
    confidence: 'medium',
    keywords: ['password', 'secret', 'token', 'passphrase', 'keystorepass', 'keypass'],
    path: /\.(?:xml|config|settings)$/i,
    expression: /(?<name>[\w.-]{3,60})(?:["']\s{1,5}value)?\s{0,3}=\s{0,3}["'](?<secret>[^"'<>\r\n]{6,200})["']/iy,
    check: (secret, match) => isChosenValue(secret, true, true) && !harmlessName.test(match.groups?.name ?? ''),
  },
  {
    name: 'client-password',
    what: 'a password for a client program',
    confidence: 'medium',
    keywords: [
      'pgpassword',
      'mysql_pwd',
      'rediscli_auth',
      'sshpass',
      'smbpasswd',
      'influx_password',
      'ldap_password',
      'restic_password',
      'borg_passphrase',
      'vault_token',
      'ansible_become_pass',
    ],
    expression:
      /(?:PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH|SSHPASS|INFLUX_PASSWORD|LDAP_PASSWORD|RESTIC_PASSWORD|BORG_PASSPHRASE|VAULT_TOKEN|ANSIBLE_BECOME_PASS(?:WORD)?)\s{0,2}[=:]\s{0,2}["']?(?<secret>[^\s"'$`;|&<>(){}\\]{3,200})/y,
    check: (secret, match, place) => isSetValue(secret) && (!isUncertain(match, place) || isChosenValue(secret, true, true)) && !isComment(match),
  },
  {
    name: 'command-password',
    what: 'a password in a command',
    confidence: 'medium',
    keywords: [
      'mysql',
      'mariadb',
      'sshpass',
      'curl',
      'wget',
      'redis-cli',
      'docker login',
      'podman login',
      'chpasswd',
      'openssl',
      'htpasswd',
      'ldap',
      'sqlplus',
      'smbclient',
      'sqlcmd',
      'keytool',
      'mongo',
      'svn',
      'redis-server',
      'rabbitmqctl',
    ],
    path: commands,
    expression:
      /(?:(?:mysql|mysqldump|mysqladmin|mariadb(?:-\w+)?)\b[^\r\n|;&]{0,200}? ["']?(?:-p|--password=)(?<secret>[^\s"'-][^\s"']{2,100})|sshpass -p ?["']?(?<ssh>[^\s"']{3,100})|curl\b[^\r\n|;&]{0,300}? (?:-u|--user|--proxy-user)[ =]?["']?[^\s:"']{1,60}:(?<curl>[^\s"']{3,100})|wget\b[^\r\n|;&]{0,300}? --(?:http-|ftp-|proxy-)?password=["']?(?<wget>[^\s"']{3,100})|redis-cli\b[^\r\n|;&]{0,200}? (?:-a|--pass) ?["']?(?<redis>[^\s"']{3,100})|(?:docker|podman) login\b[^\r\n|;&]{0,200}? (?:-p|--password)[ =]["']?(?<login>[^\s"']{3,200})|openssl\b[^\r\n|;&]{0,300}? ["']?pass:(?<openssl>[^\s"']{3,100})|htpasswd -[a-zA-Z]*b[a-zA-Z]* [^\s|;&]{1,100} [^\s|;&]{1,60} ["']?(?<htpasswd>[^\s"'|;&>]{3,100})|ldap\w{3,10}\b[^\r\n|;&]{0,300}? -w ["']?(?<ldap>[^\s"']{3,100})|sqlplus\b[^\r\n|;&]{0,60}? [\w$]{1,40}\/(?<sqlplus>[^\s"'@/|]{3,100})@|smbclient\b[^\r\n|;&]{0,200}? -U ["']?[^\s%"']{1,60}%(?<smb>[^\s"']{3,100})|sqlcmd\b[^\r\n|;&]{0,200}? -P ["']?(?<sqlcmd>[^\s"']{3,100})|keytool\b[^\r\n|;&]{0,300}? -(?:store|key|src|dest|new)\w{0,5}pass\w{0,4} ["']?(?<keytool>[^\s"']{3,100})|mongo\w{0,10}\b[^\r\n|;&]{0,200}? (?:-p|--password)[ =]["']?(?<mongo>[^\s"'-][^\s"']{2,100})|svn\b[^\r\n|;&]{0,200}? --password[ =]["']?(?<svn>[^\s"']{3,100})|redis-server\b[^\r\n|;&]{0,300}?--(?:requirepass|masterauth)["',\s=]{1,8}(?<server>[^\s"',\]]{3,100})|rabbitmqctl (?:add_user|change_password) \S{1,60} ["']?(?<rabbit>[^\s"']{3,100}))/iy,
    word: true,
    check: (secret) => isSetValue(secret) && !/^["'$`(]/.test(secret),
  },
  {
    name: 'piped-password',
    what: 'a password in a command',
    confidence: 'medium',
    keywords: ['chpasswd'],
    path: commands,
    expression: /chpasswd\b[^\r\n]{0,20}<<<\s{0,3}["']?[^\s:"'|]{1,60}:(?<secret>[^\s"'|]{3,100})/y,
    check: (secret) => isSetValue(secret),
  },
  {
    name: 'echoed-password',
    what: 'a password in a command',
    confidence: 'medium',
    keywords: ['echo ', 'printf '],
    path: commands,
    expression:
      /(?:echo|printf)(?: -\w{1,3})? ["']?(?:[a-z_][a-z0-9_.-]{0,31}:)?(?<secret>[^\s"'|:$`\\]{3,100})(?:\\n)?["']? ?\| ?(?:sudo )?(?:\/usr\/s?bin\/)?(?:chpasswd|passwd|docker login|podman login|htpasswd|su|kinit|cryptsetup)\b/y,
    word: true,
    check: (secret) => isSetValue(secret),
  },
  {
    name: 'option-password',
    what: 'a password in a command',
    confidence: 'medium',
    keywords: [
      '--password',
      '--passwd',
      '--token',
      '--secret',
      '--api-key',
      '--apikey',
      '--requirepass',
      '--auth-token',
      '--access-token',
      '--client-secret',
      '--admin-password',
      '--db-password',
      '--root-password',
      '--storepass',
      '-pass ',
    ],
    path: commands,
    expression: /-{1,2}[a-z-]{3,30}["']?(?:[ =]|["'],\s{0,3}["'])["']?(?<secret>[^\s"'$`,;|&<>()\]]{3,200})/iy,
    check: (secret) => isSetValue(secret) && !secret.startsWith('-') && isChosenValue(secret, true),
  },
  {
    name: 'directive-password',
    what: 'a password of a server',
    confidence: 'medium',
    keywords: ['requirepass', 'masterauth', 'rootpw', 'bindpw', 'authldapbindpassword', 'default_pass', 'ldap_default_authtok', 'sentinel auth-pass'],
    path: /\.(?:conf|cnf|cfg|ini|config)$|(?:^|\/)(?:redis|sentinel|slapd|ldap|sssd|rabbitmq)[^/]*$/i,
    expression:
      /(?:(?:requirepass|masterauth|rootpw|bindpw|AuthLDAPBindPassword)\s{1,20}|(?:default_pass|ldap_default_authtok)\s{0,5}=\s{0,5}|sentinel auth-pass \S{1,60} )["']?(?<secret>[^\s"'#]{3,300})/iy,
    check: (secret, match) => isSetValue(secret) && !isComment(match) && !/^\{(?:SSHA|SHA|MD5|CRYPT)/.test(secret),
  },
  {
    name: 'redis-user',
    what: 'a password of a user of Redis',
    confidence: 'medium',
    keywords: ['user '],
    path: /\.(?:conf|acl)$/i,
    expression: /user [^\s#]{1,60}(?: [^\s>#]{1,100}){0,30}? >(?<secret>[^\s]{3,300})/y,
    word: true,
    check: (secret, match) => isSetValue(secret) && !isComment(match),
  },
  {
    name: 'wifi-password',
    what: 'the passphrase of a network',
    confidence: 'medium',
    keywords: ['psk='],
    path: /(?:wpa_supplicant|hostapd)[^/]*\.conf$|\.nmconnection$/,
    expression: /psk="?(?<secret>[^\s"]{8,64})/y,
    check: (secret, match) => isSetValue(secret) && !isComment(match),
  },
  {
    name: 'password-hash',
    what: 'the hash of a password',
    confidence: 'low',
    keywords: ['$2a$', '$2b$', '$2y$', '$5$', '$6$', '$y$', '$apr1$', '$1$', '$argon2', '{ssha', '{sha}'],
    path: /(?:^|\/)(?:\.?ht(?:passwd|digest)|[^/]*\.(?:htpasswd|conf|ini|ya?ml|env|json|ldif))$/i,
    expression:
      /\$(?:2[aby]\$\d\d\$[./A-Za-z0-9]{53}|[56]\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43,86}|y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|(?:apr1|1)\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|argon2(?:id?|d)\$v=\d+\$[\w=,]{5,40}\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{16,86})|\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{26,100}={0,2}/y,
  },
  {
    name: 'kubernetes-secret',
    reach: 2048,
    what: 'a value of a Kubernetes secret',
    confidence: 'medium',
    keywords: ['kind: secret', '"kind": "secret"', '"kind":"secret"'],
    path: /\.(?:ya?ml|json)$/i,
    expression:
      /"?kind"?: ?"?Secret"?\b(?:(?!\n---)[\s\S]){0,1500}?\n?[\s,{]*"?(?:data|stringData)"?:[\s{]{1,40}"?[\w.-]{1,60}"?: ?["']?(?<secret>[^\s"'|>{}[\]]{4,1000})/y,
    check: (secret) => isSetValue(secret) && isSetValue(Buffer.from(secret, 'base64').toString('latin1')),
  },
  {
    name: 'api-key',
    byName: true,
    what: 'an API key',
    confidence: 'medium',
    keywords: ['api-key', 'api_key', 'apikey'],
    expression: new RegExp(String.raw`(?:api[-_]?key)[\w.-]{0,40}${separator}["'\x60]?(?<secret>[A-Za-z0-9_-]{20,60})(?![A-Za-z0-9_-])`, 'iy'),
    formerly: ['API_KEY'],
    check: (secret, match, place) => !(place.isSource && place.isDoubtful) && isChosenValue(secret, true, isUncertain(match, place)),
  },
  {
    name: 'assigned-secret',
    byName: true,
    what: 'what looks like a password or key',
    confidence: 'medium',
    keywords: secretWords,
    path: configuration,
    expression: new RegExp(
      String.raw`(?<name>[\w.-]{3,60})${separator}(?:["'\x60](?<quoted>[^"'\x60\r\n]{6,512})["'\x60]|(?<secret>[^\s"'\x60]{6,512}))`,
      'iy',
    ),
    check: (secret, match, place) =>
      !(place.isSource && place.isDoubtful) &&
      isChosenValue(secret, match.groups?.quoted !== undefined, isUncertain(match, place)) &&
      !isComment(match) &&
      !isSentence(match, place) &&
      !harmlessName.test(match.groups?.name ?? ''),
  },
  {
    name: 'embedded-secret',
    what: 'what looks like a key in source code',
    confidence: 'medium',
    keywords: [
      'password',
      'passwd',
      'secret',
      'token',
      'access_key',
      'accesskey',
      'auth_key',
      'authkey',
      'private_key',
      'privatekey',
      'encryption_key',
      'encryptionkey',
      'signing_key',
      'signingkey',
    ],
    expression: new RegExp(String.raw`(?<name>[\w.-]{3,40})${separator}(?:\w{1,12}\()?["'\x60](?<secret>[A-Za-z0-9+/=_.~!@#$%^&*-]{16,200})["'\x60]`, 'iy'),
    check: (secret, match, place) =>
      place.isSource &&
      !place.isDoubtful &&
      isGenerated(secret) &&
      isChosenValue(secret, true, true) &&
      !isComment(match) &&
      !harmlessName.test(match.groups?.name ?? ''),
  },
  {
    name: 'named-secret',
    what: 'a value with the name of a secret',
    confidence: 'medium',
    keywords: [
      'password',
      'passwd',
      'passphrase',
      'secret',
      'token',
      'api_key',
      'apikey',
      'access_key',
      'private_key',
      'credential',
      '_pass',
      '_pwd',
      'pgpassword',
      'mysql_pwd',
    ],
    path: settingPlace,
    expression: /(?<name>[\w.-]{3,60})=["']?(?<secret>[^\s"']{3,512})/iy,
    check: (secret, match) => isSetValue(secret) && !harmlessName.test(match.groups?.name ?? ''),
  },
  {
    name: 'named-key',
    byName: true,
    what: 'a value with the name of a key',
    confidence: 'medium',
    keywords: [
      'encryption_key',
      'signing_key',
      'session_key',
      'master_key',
      'auth_key',
      'storage_key',
      'hmac_key',
      'cipher_key',
      'shared_key',
      'app_key',
      'encryptionkey',
      'signingkey',
      'masterkey',
    ],
    path: configuration,
    expression: new RegExp(String.raw`(?<name>[\w.-]{3,60})${separator}["'\x60]?(?<secret>[A-Za-z0-9+/=_.~!@#$%^&*-]{16,512})`, 'iy'),
    check: (secret, match) => isGenerated(secret) && !isComment(match) && !/(?:pub|public|id|name|file|path)$/i.test(match.groups?.name ?? ''),
  },
];
