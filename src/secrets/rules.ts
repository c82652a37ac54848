import type { SecretRule } from './rule.ts';
import { holdsCredentials, isChosenValue, isPlaceholder, isRandom, isSetValue } from './shape.ts';

/** What stands in place of a path for a variable, a label or a line of the history. */
const settingPlace = /^(?:variable|label|history line)\b/;

/** `= "`, `: '`, `":"`, ` => `: what stands between a name and its value. */
const separator = String.raw`["']?\]?\s{0,10}(?::=|=>|=|:)\s{0,10}`;
const assigned = String.raw`${separator}["'\x60]?`;
const end = '(?![A-Za-z0-9_-])';

function prefixed(name: string, what: string, keywords: readonly string[], expression: string, shown: number): SecretRule {
  return { name, what, confidence: 'high', keywords, expression: new RegExp(expression, 'y'), shown, word: true, check: isRandom };
}

function named(name: string, what: string, keywords: readonly string[], value: string, more: Partial<SecretRule> = {}): SecretRule {
  const expression = new RegExp(String.raw`[\w.-]{3,60}${assigned}(?<secret>${value})`, 'iy');
  return { name, what, confidence: 'high', keywords, expression, check: isRandom, ...more };
}

/** A form whose mark stands in the middle. */
function around(name: string, what: string, keywords: readonly string[], expression: string, shown = 0): SecretRule {
  return { name, what, confidence: 'high', keywords, expression: new RegExp(expression, 'g'), around: true, shown, check: isRandom };
}

/** Passwords of the addresses in manuals. */
const documented = /^(?:pass(?:word|wd)?|my_?pass(?:word)?|pwd|secret|token|pw|user|tiger)$/i;

const isSource = (path: string): boolean => /\.(?:[cm]?[jt]sx?|py|rbs?|go|java|kt|rs|php|p[lm]|cc?|h|cs|lua|md|rst|txt|html?|[1-8])$/i.test(path);

/** Whether the line begins like a comment, as far as it can be seen. */
function isComment({ input, index }: RegExpExecArray): boolean {
  return /^\s*(?:#|\/\/|\*|;|--|<!--)/.test(input.slice(Math.max(input.lastIndexOf('\n', index) + 1, 0), index));
}

/** An encrypted key says so in its first lines. */
function isPlainPem(_: string, match: RegExpExecArray): boolean {
  return !/ENCRYPTED/.test(match[0]) && !isEncryptedOpenssh(match[0]);
}

/** The name of the cipher follows `openssh-key-v1\0` and its own length (PROTOCOL.key); `none` for no encryption. */
function isEncryptedOpenssh(text: string): boolean {
  const body = /BEGIN OPENSSH PRIVATE KEY-----(?:\\r|\\n|\s)*([A-Za-z0-9+/=\s]+)/.exec(text)?.[1];
  if (body === undefined) return false;
  const bytes = Buffer.from(body, 'base64');
  return bytes.toString('latin1', 0, 14) === 'openssh-key-v1' && bytes.toString('latin1', 19, 23) !== 'none';
}

/** A header, and base64 after it on the same line or the next ones (also with `\n` written out, as in JSON). */
const pem = (label: string): RegExp =>
  new RegExp(
    String.raw`-----BEGIN (?:${label})-----(?:\\r|\\n|\s|["'+,])*(?:(?:Proc-Type|DEK-Info|Comment|Version|Charset|Hash)[^\r\n\\]{0,200}(?:\\r|\\n|[\r\n])+[ \t]{0,20}){0,5}(?<secret>[A-Za-z0-9+/=](?:[A-Za-z0-9+/=\s]|\\r|\\n){14,3000})`,
    'y',
  );

/**
 * What is looked for. Rules of services follow the forms that they publish for secret scanning; rules without a prefix of their
 * own ask for a name beside the value.
 */
export const rules: readonly SecretRule[] = [
  {
    name: 'aws-access-key-id',
    what: 'an access key id of AWS',
    confidence: 'high',
    keywords: ['akia', 'asia', 'abia', 'acca'],
    expression: /(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/y,
    shown: 4,
    word: true,
    check: isRandom,
    formerly: ['AWS_ACCESS_KEY', 'AWS_KEY'],
  },
  named(
    'aws-secret-access-key',
    'a secret access key of AWS',
    ['aws_secret', 'aws-secret', 'awssecret', 'secretaccesskey', 'secret_access_key'],
    '[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])',
    {
      formerly: ['AWS_SECRET_KEY'],
    },
  ),
  named('aws-session-token', 'a session token of AWS', ['aws_session_token'], '[A-Za-z0-9/+=]{100,2000}', { reach: 4096 }),
  prefixed('aws-mws-token', 'a token of Amazon’s marketplace', ['amzn.mws.'], String.raw`amzn\.mws\.[0-9a-f-]{36}`, 9),
  prefixed('gcp-api-key', 'an API key of Google', ['aiza'], `AIza[A-Za-z0-9_-]{35}${end}`, 4),
  prefixed('gcp-oauth-token', 'an access token of Google', ['ya29.'], String.raw`ya29\.[A-Za-z0-9_-]{20,500}`, 5),
  prefixed('gcp-oauth-secret', 'a client secret of Google', ['gocspx-'], `GOCSPX-[A-Za-z0-9_-]{28}${end}`, 7),
  named('azure-storage-key', 'an account key of Azure storage', ['accountkey'], '[A-Za-z0-9+/]{86}=='),
  named('azure-shared-access-key', 'a shared access key of Azure', ['sharedaccesskey'], '[A-Za-z0-9+/]{43}='),
  around(
    'azure-client-secret',
    'a client secret of Azure',
    ['7q~', '8q~'],
    '(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])',
  ),
  { ...prefixed('azure-sas', 'a signed address of Azure', ['sig='], 'sig=(?<secret>[A-Za-z0-9%]{43,63}%3[dD])', 0), confidence: 'medium' },
  prefixed('github-token', 'a token of GitHub', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], `gh[pousr]_[A-Za-z0-9]{36,251}${end}`, 4),
  prefixed('github-fine-grained-token', 'a token of GitHub', ['github_pat_'], 'github_pat_[A-Za-z0-9_]{60,250}', 11),
  prefixed(
    'gitlab-token',
    'a token of GitLab',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'glsoat-', 'gloas-'],
    'gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas)-[A-Za-z0-9_.-]{20,100}',
    5,
  ),
  prefixed('gitlab-registration-token', 'a registration token of GitLab', ['gr1348941'], `GR1348941[A-Za-z0-9_-]{20}${end}`, 9),
  prefixed(
    'slack-token',
    'a token of Slack',
    ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxc-', 'xoxd-', 'xapp-'],
    '(?:xox[abeoprscd]|xapp)-[A-Za-z0-9%-]{10,250}',
    5,
  ),
  {
    ...prefixed(
      'slack-webhook',
      'an address by which anyone can write to Slack',
      ['hooks.slack.com/'],
      String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/(?<secret>[A-Za-z0-9+/]{30,100})`,
      0,
    ),
    word: false,
  },
  {
    ...prefixed(
      'discord-webhook',
      'an address by which anyone can write to Discord',
      ['/api/webhooks/'],
      String.raw`/api/webhooks/\d{17,20}/(?<secret>[A-Za-z0-9_-]{60,72})`,
      0,
    ),
    word: false,
  },
  prefixed(
    'stripe-key',
    'a key of Stripe',
    ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'whsec_'],
    '(?:[sr]k_(?:live|test)_[A-Za-z0-9]{20,250}|whsec_[A-Za-z0-9+/=]{30,100})',
    8,
  ),
  { ...prefixed('django-secret-key', 'a secret key of Django', ['django-insecure-'], String.raw`django-insecure-[^\s'"]{20,100}`, 16), confidence: 'medium' },
  prefixed('npm-token', 'a token of npm', ['npm_'], `npm_[A-Za-z0-9]{36}${end}`, 4),
  prefixed('pypi-token', 'a token of PyPI', ['pypi-ageichlwas'], 'pypi-AgE[A-Za-z0-9_-]{50,900}', 8),
  prefixed('rubygems-token', 'a token of RubyGems', ['rubygems_'], `rubygems_[a-f0-9]{48}${end}`, 9),
  prefixed('nuget-key', 'a key of NuGet', ['oy2'], `oy2[a-z0-9]{43}${end}`, 3),
  prefixed('docker-hub-token', 'a token of Docker Hub', ['dckr_pat_', 'dckr_oat_'], 'dckr_[po]at_[A-Za-z0-9_-]{27,40}', 9),
  {
    name: 'registry-auth',
    reach: 4096,
    what: 'credentials of a registry',
    confidence: 'high',
    keywords: ['"auth"'],
    expression: /"auth"\s*:\s*"(?<secret>[A-Za-z0-9+/=]{6,4000})"/y,
    check: holdsCredentials,
    formerly: ['DOCKER_AUTH'],
  },
  {
    name: 'registry-identity-token',
    reach: 4096,
    what: 'an identity token of a registry',
    confidence: 'high',
    keywords: ['"identitytoken"', '"registrytoken"'],
    expression: /"(?:identity|registry)token"\s*:\s*"(?<secret>[^"\s]{16,4000})"/iy,
  },
  named('heroku-key', 'an API key of Heroku', ['heroku'], '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'),
  prefixed('heroku-token', 'a token of Heroku', ['hrku-'], 'HRKU-[A-Za-z0-9_-]{36,60}', 5),
  prefixed('sendgrid-key', 'a key of SendGrid', ['sg.'], String.raw`SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}${end}`, 3),
  named('twilio-auth-token', 'a token of Twilio', ['twilio'], '[0-9a-f]{32}(?![0-9a-f])'),
  prefixed('mailgun-key', 'a key of Mailgun', ['key-'], `key-[0-9a-f]{32}${end}`, 4),
  around(
    'mailchimp-key',
    'a key of Mailchimp',
    ['-us1', '-us2', '-us3', '-us4', '-us5', '-us6', '-us7', '-us8', '-us9'],
    String.raw`\b[0-9a-f]{32}-us\d{1,2}\b`,
  ),
  prefixed('openai-key', 'a key of OpenAI', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], 'sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,250}', 8),
  around('openai-legacy-key', 'a key of OpenAI', ['t3blbkfj'], String.raw`\bsk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}\b`, 3),
  prefixed('anthropic-key', 'a key of Anthropic', ['sk-ant-'], 'sk-ant-[A-Za-z0-9_-]{80,200}', 7),
  prefixed('hugging-face-token', 'a token of Hugging Face', ['hf_', 'api_org_'], `(?:hf_|api_org_)[A-Za-z]{34}${end}`, 3),
  prefixed('vault-token', 'a token of Vault', ['hvs.', 'hvb.', 'hvr.'], String.raw`hv[sbr]\.[A-Za-z0-9_-]{24,300}`, 4),
  around('terraform-token', 'a token of Terraform Cloud', ['.atlasv1.'], String.raw`\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,80}`),
  prefixed('digitalocean-token', 'a token of DigitalOcean', ['dop_v1_', 'doo_v1_', 'dor_v1_'], `do[opr]_v1_[a-f0-9]{64}${end}`, 7),
  prefixed('shopify-token', 'a token of Shopify', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], `shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}${end}`, 6),
  prefixed('square-token', 'a token of Square', ['sq0atp-', 'sq0csp-', 'eaaa'], `(?:sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}|EAAA[A-Za-z0-9_-]{60})${end}`, 4),
  prefixed('facebook-token', 'an access token of Facebook', ['eaacedeose0cba'], 'EAACEdEose0cBA[A-Za-z0-9]{20,250}', 14),
  prefixed('linear-key', 'a key of Linear', ['lin_api_'], `lin_api_[A-Za-z0-9]{40}${end}`, 8),
  prefixed('new-relic-key', 'a key of New Relic', ['nrak-'], `NRAK-[A-Z0-9]{27}${end}`, 5),
  prefixed('grafana-token', 'a token of Grafana', ['glsa_', 'glc_'], '(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,400})', 4),
  prefixed('postman-key', 'a key of Postman', ['pmak-'], `PMAK-[a-f0-9]{24}-[a-f0-9]{34}${end}`, 5),
  prefixed('figma-token', 'a token of Figma', ['figd_'], 'figd_[A-Za-z0-9_-]{40,60}', 5),
  prefixed('databricks-token', 'a token of Databricks', ['dapi'], String.raw`dapi[a-f0-9]{32}(?:-\d)?${end}`, 4),
  prefixed('atlassian-token', 'a token of Atlassian', ['atatt3x'], 'ATATT3x[A-Za-z0-9_=-]{50,300}', 7),
  prefixed('bitbucket-token', 'a token of Bitbucket', ['atbb'], `ATBB[A-Za-z0-9]{32}${end}`, 4),
  prefixed('artifactory-key', 'a key of Artifactory', ['akcp'], 'AKCp[A-Za-z0-9]{60,100}', 4),
  prefixed('age-key', 'a private key of age', ['age-secret-key-1'], 'AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}', 16),
  prefixed('sentry-token', 'a token of Sentry', ['sntrys_', 'sntryu_'], 'sntry[su]_[A-Za-z0-9+/=_]{40,400}', 7),
  prefixed('planetscale-token', 'a token of PlanetScale', ['pscale_tkn_', 'pscale_pw_'], 'pscale_(?:tkn|pw)_[A-Za-z0-9_.-]{32,64}', 10),
  around('telegram-token', 'a token of a Telegram bot', [':aa'], String.raw`\b\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])`),
  { ...prefixed('cloudflare-origin-key', 'a key of Cloudflare', ['v1.0-'], String.raw`v1\.0-[a-f0-9]{24}-[a-f0-9]{146}`, 5) },
  named('cloudflare-token', 'a token of Cloudflare', ['cloudflare'], '[A-Za-z0-9_-]{40}(?![A-Za-z0-9_-])'),
  named('datadog-key', 'a key of Datadog', ['datadog', 'dd_api_key', 'dd_app_key'], '[a-f0-9]{32,40}(?![a-f0-9])'),
  {
    name: 'jwt',
    reach: 4096,
    what: 'a JSON Web Token',
    confidence: 'medium',
    keywords: ['eyj'],
    expression: /eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,3000}\.[A-Za-z0-9_-]{20,1000}/y,
    shown: 3,
    word: true,
  },
  {
    name: 'private-key',
    reach: 4096,
    what: 'a private key',
    confidence: 'high',
    keywords: ['-----begin'],
    expression: pem('(?:RSA |EC |DSA |OPENSSH |ENCRYPTED |ANY )?PRIVATE KEY|PGP PRIVATE KEY BLOCK'),
    check: isPlainPem,
    formerly: ['PRIV_KEY', 'PRIVKEY', 'PRIVATE_KEY'],
  },
  {
    name: 'encrypted-private-key',
    reach: 4096,
    what: 'a private key under a passphrase',
    confidence: 'low',
    keywords: ['-----begin'],
    expression: pem('(?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY'),
    check: (secret, match) => !isPlainPem(secret, match),
  },
  {
    name: 'putty-key',
    reach: 4096,
    what: 'a private key of PuTTY',
    confidence: 'high',
    keywords: ['putty-user-key-file-'],
    expression: /PuTTY-User-Key-File-[23]: (?<secret>[\s\S]{0,600}?Encryption: none[\s\S]{20,1500})/y,
  },
  {
    name: 'url-password',
    what: 'an address with a password',
    confidence: 'medium',
    keywords: ['://'],
    expression: /:\/\/[^\s:/?#@"'<>\\[\]]{0,100}:(?<secret>[^\s:/?#@"'<>\\[\]]{3,200})@[A-Za-z0-9[][\w.:%-]/y,
    check: (secret, match, path) => !isPlaceholder(secret) && !documented.test(secret) && !(isSource(path) && isComment(match)),
  },
  {
    name: 'url-token',
    what: 'an address with a token as its user',
    confidence: 'medium',
    keywords: ['://'],
    expression: /:\/\/(?<secret>[A-Za-z0-9_-]{20,100})@[A-Za-z0-9][\w.-]{2}/y,
    check: (secret) => isRandom(secret) && /\d/.test(secret),
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
    keywords: [':_authtoken', '_authtoken', '_password', '_auth'],
    path: /(?:^|\/)\.?(?:npmrc|yarnrc(?:\.yml)?)$/,
    expression: /:?_(?:authToken|password|auth)\s*[=:]\s*"?(?<secret>[^\s"]{4,1000})/iy,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'pgpass',
    what: 'a password of PostgreSQL',
    confidence: 'high',
    keywords: [':5432:', ':*:'],
    path: /(?:^|\/)\.pgpass$/,
    expression: /:(?:5432|\*):[^:\r\n]{1,100}:[^:\r\n]{1,100}:(?<secret>[^\s]{1,200})/y,
  },
  {
    name: 'command-password',
    what: 'a password in a command',
    confidence: 'medium',
    keywords: ['mysql', 'mysqldump', 'mariadb', 'sshpass', 'curl', 'wget'],
    path: /(?:^|\/)\.?(?:[a-z]+_history|history|zsh_history|histfile)$|\.sh$|(?:^|\/)(?:dockerfile|history line)/i,
    expression:
      /(?:(?:mysql|mysqldump|mariadb)\b[^\r\n|;&]{0,200}? (?:-p|--password=)(?<secret>[^\s"'-][^\s"']{2,100})|sshpass -p ?["']?(?<ssh>[^\s"']{3,100})|curl\b[^\r\n|;&]{0,300}? (?:-u|--user) ?["']?[^\s:"']{1,60}:(?<curl>[^\s"']{3,100})|wget\b[^\r\n|;&]{0,300}? --(?:http-)?password=(?<wget>[^\s"']{3,100}))/iy,
    word: true,
    check: (secret) => !isPlaceholder(secret),
  },
  {
    name: 'password-hash',
    what: 'the hash of a password',
    confidence: 'low',
    keywords: ['$2a$', '$2b$', '$2y$', '$5$', '$6$', '$y$', '$apr1$', '$1$'],
    path: /(?:^|\/)(?:\.?ht(?:passwd|digest)|[^/]*\.(?:htpasswd|conf|ini|ya?ml|env|json))$/i,
    expression:
      /\$(?:2[aby]\$\d\d\$[./A-Za-z0-9]{53}|[56]\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43,86}|y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|(?:apr1|1)\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22})/y,
  },
  named('api-key', 'an API key', ['api-key', 'api_key', 'apikey'], '[A-Za-z0-9_-]{20,60}(?![A-Za-z0-9_-])', {
    confidence: 'medium',
    formerly: ['API_KEY'],
    check: (secret) => isChosenValue(secret, true),
  }),
  {
    name: 'assigned-secret',
    what: 'what looks like a password or key',
    confidence: 'medium',
    keywords: [
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
    ],
    path: /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[^/]*\.(?:env|ini|cfg|conf|config|cnf|properties|ya?ml|toml|tfvars|tfstate)|(?:settings|config|secrets?|credentials?)[\w-]*(?:\.(?:py|js|ts|rb|php|json))?|\.?\w+_history|credentials|dockerfile)$|^(?:variable|label|history line)\b/i,
    expression: new RegExp(String.raw`[\w.-]{3,60}${separator}(?:["'\x60](?<quoted>[^"'\x60\r\n]{6,512})["'\x60]|(?<secret>[^\s"'\x60]{6,512}))`, 'iy'),
    check: (secret, match) => isChosenValue(secret, match.groups?.quoted !== undefined) && !isComment(match),
  },
  {
    name: 'named-secret',
    what: 'a value with the name of a secret',
    confidence: 'medium',
    keywords: ['password', 'passwd', 'passphrase', 'secret', 'token', 'api_key', 'apikey', 'access_key', 'private_key', 'credential', '_pass', '_pwd'],
    path: settingPlace,
    expression: /(?<name>[\w.-]{3,60})=["']?(?<secret>[^\s"']{3,512})/iy,
    check: (secret, match) =>
      isSetValue(secret) &&
      !/(?:file|path|dir|name|_id|url|uri|host|ttl|expiry|expires|type|length|size|policy|enabled|version)$/i.test(match.groups?.name ?? ''),
  },
];
