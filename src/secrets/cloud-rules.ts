import { end, marked, named, prefixed, type SecretRule, uuid } from './rule.ts';
import { isRandom } from './shape.ts';

/**
 * Keys of 64, 39 and 32 bytes that Azure's services make, by the mark that each puts into them ("Common Annotated Security Key",
 * and the identifiable keys before it): the mark stands behind so many characters.
 */
const azureMarks: readonly (readonly [string, string, number, string])[] = [
  ['azure-storage-marked-key', 'an account key of Azure storage', 76, String.raw`[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{5}[AQgw]==`],
  ['azure-cosmos-key', 'an account key of Azure Cosmos DB', 76, '[A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{5}[AQgw]=='],
  ['azure-batch-key', 'an account key of Azure Batch', 76, String.raw`[A-Za-z0-9+/]{76}\+(?:ABa|AMC)[A-Za-z0-9+/]{5}[AQgw]==`],
  ['azure-api-management-key', 'a key of Azure API Management', 76, '[A-Za-z0-9+/]{76}APIM[A-Za-z0-9+/]{5}[AQgw]=='],
  ['azure-messaging-key', 'a key of Azure’s messaging', 33, String.raw`[A-Za-z0-9+/]{33}(?:\+(?:ASb|AEh|ARm)|AIoT)[A-Za-z0-9+/]{5}=`],
  ['azure-redis-key', 'a key of Azure Cache for Redis', 33, '[A-Za-z0-9]{33}AzCa[A-Za-z0-9]{6}='],
  ['azure-search-key', 'a key of Azure AI Search', 42, `[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}${end}`],
  ['azure-function-key', 'a key of Azure Functions', 44, '[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]=='],
  ['azure-container-registry-password', 'a password of Azure Container Registry', 42, String.raw`[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5}(?![A-Za-z0-9+/])`],
  ['azure-service-key', 'a key of an Azure service', 52, '[A-Za-z0-9+/]{52}JQQJ99[A-Za-z0-9+/]{18,24}(?![A-Za-z0-9+/])'],
];

const azureKeywords: Readonly<Record<string, readonly string[]>> = {
  'azure-storage-marked-key': ['+ast'],
  'azure-cosmos-key': ['acdb'],
  'azure-batch-key': ['+aba', '+amc'],
  'azure-api-management-key': ['apim'],
  'azure-messaging-key': ['+asb', '+aeh', '+arm', 'aiot'],
  'azure-redis-key': ['azca'],
  'azure-search-key': ['azse'],
  'azure-function-key': ['azfu'],
  'azure-container-registry-password': ['+acr'],
  'azure-service-key': ['jqqj99'],
};

/** An address that is signed for a day or less opens nothing by the time that an image is looked at (`st` and `se`: start and end). */
function isLasting(text: string): boolean {
  const [start, expiry] = ['st', 'se'].map((name) =>
    Date.parse(decodeURIComponent(new RegExp(`[?&;]${name}=([0-9TZ:%A-Fa-f-]{10,40})`).exec(text)?.[1] ?? '')),
  );
  return !(((expiry as number) - (start as number)) / 3_600_000 <= 24);
}

/** Keys and tokens of clouds, and of hosts of programs and databases. */
export const cloudRules: readonly SecretRule[] = [
  {
    name: 'aws-access-key-id',
    what: 'an access key id of AWS',
    confidence: 'high',
    keywords: ['akia', 'asia', 'abia', 'acca', 'a3t', 'aws_access_key_id'],
    expression:
      /(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])|aws_access_key_id["']?\s{0,10}[:=]\s{0,10}["']?(?<secret>[A-Z0-9]{20})(?![A-Za-z0-9])/iy,
    shown: 4,
    word: true,
    // The expression takes no notice of case for the sake of the name: the key itself has one.
    check: (secret) => isRandom(secret) && secret === secret.toUpperCase(),
    formerly: ['AWS_ACCESS_KEY', 'AWS_KEY'],
  },
  named(
    'aws-secret-access-key',
    'a secret access key of AWS',
    ['aws_secret', 'aws-secret', 'awssecret', 'secretaccesskey', 'secret_access_key'],
    '[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])',
    { formerly: ['AWS_SECRET_KEY'] },
  ),
  named('aws-session-token', 'a session token of AWS', ['aws_session_token', 'awssessiontoken', 'aws_security_token'], '[A-Za-z0-9/+=]{100,2000}', {
    reach: 4096,
  }),
  prefixed(
    'aws-bedrock-key',
    'an API key of Amazon Bedrock',
    ['absk', 'bedrock-api-key-'],
    '(?:ABSK[A-Za-z0-9+/]{109,269}={0,2}|bedrock-api-key-[A-Za-z0-9+/=_-]{40,2000})',
    4,
    {
      reach: 4096,
    },
  ),
  prefixed('aws-mws-token', 'a token of Amazon’s marketplace', ['amzn.mws.'], String.raw`amzn\.mws\.${uuid}`),
  prefixed('gcp-api-key', 'an API key of Google', ['aiza'], `AIza[A-Za-z0-9_-]{35}${end}`),
  prefixed('gcp-oauth-token', 'an access token of Google', ['ya29.'], String.raw`ya29\.[A-Za-z0-9_-]{20,500}`),
  prefixed('gcp-oauth-secret', 'a client secret of Google', ['gocspx-'], `GOCSPX-[A-Za-z0-9_-]{28}${end}`),
  prefixed('gcp-refresh-token', 'a refresh token of Google', ['1//0'], `1//0[A-Za-z0-9_-]{40,120}${end}`),
  prefixed('gcp-hmac-key', 'the id of an HMAC key of Google Cloud Storage', ['goog1'], '(?:GOOG1E[A-Z0-9]{55})(?![A-Za-z0-9])', 5, { confidence: 'medium' }),
  {
    name: 'gcp-encoded-service-account',
    reach: 4096,
    what: 'the key of a Google service account in base64',
    confidence: 'high',
    // `{"type":`, also with blanks, line ends and indents
    keywords: ['eyj0exblijo', 'eyaidhlwzsi6', 'ewogicj0exbl', 'ewogicaginr5cgui', 'ewoiinr5cgui', 'ewoidhlwzsi6'],
    expression: /e[wy][A-Za-z0-9+/]{200,4000}={0,2}/y,
    check: (secret) => /"service_account"|BEGIN PRIVATE KEY/.test(Buffer.from(secret, 'base64').toString('latin1')),
  },
  ...azureMarks.map(([name, what, before, expression]) => marked(name, what, azureKeywords[name] as string[], [before], `(?<![A-Za-z0-9+/])${expression}`)),
  named(
    'azure-storage-key',
    'an account key of Azure',
    ['accountkey', 'account_key', 'storage_key', 'storagekey', 'storage_account_key', 'primarymasterkey', 'cosmos_key', 'azure_storage'],
    '[A-Za-z0-9+/]{86}==',
  ),
  named('azure-shared-access-key', 'a shared access key of Azure', ['sharedaccesskey', 'shared_access_key'], '[A-Za-z0-9+/]{43}='),
  marked(
    'azure-client-secret',
    'a client secret of Azure',
    ['7q~', '8q~', '9q~'],
    [3],
    '(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[789]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])',
  ),
  named('azure-named-client-secret', 'a client secret of Azure', ['azure_client_secret', 'arm_client_secret'], `(?:${uuid}|[A-Za-z0-9_~.=-]{30,64})`),
  named(
    'azure-devops-token',
    'a token of Azure DevOps',
    ['azure_devops', 'azuredevops', 'ado_pat', 'ado_token', 'vsts_', 'system_accesstoken'],
    `[a-z2-7]{52}${end}`,
  ),
  {
    name: 'azure-app-configuration',
    what: 'the secret of a connection to Azure App Configuration',
    confidence: 'high',
    keywords: ['.azconfig.io;'],
    expression: /\.azconfig\.io;Id=[^;\s"']{4,60};Secret=(?<secret>[A-Za-z0-9+/=]{32,100})/iy,
    check: isRandom,
  },
  {
    name: 'azure-sas',
    what: 'a signed address of Azure',
    confidence: 'medium',
    keywords: ['sig='],
    behind: 256,
    expression: /sig=(?<secret>[A-Za-z0-9%+/]{43,63}(?:%3[dD]|=))/y,
    word: true,
    check: (secret, match) => isRandom(secret) && isLasting(match.input),
  },
  prefixed('alibaba-access-key-id', 'an access key id of Alibaba Cloud', ['ltai'], `LTAI(?:[A-Za-z0-9]{12}|[A-Za-z0-9]{16}|[A-Za-z0-9]{20})${end}`),
  named('alibaba-secret-key', 'a secret key of Alibaba Cloud', ['alibaba', 'aliyun', 'alicloud'], `[A-Za-z0-9]{30}${end}`),
  prefixed('tencent-secret-id', 'a secret id of Tencent Cloud', ['akid'], `AKID[A-Za-z0-9]{32}${end}`),
  named('tencent-secret-key', 'a secret key of Tencent Cloud', ['tencentcloud', 'tencent_', 'qcloud'], `[A-Za-z0-9]{32}${end}`),
  named(
    'yandex-key',
    'a key of Yandex Cloud',
    ['yandex', 'yc_'],
    String.raw`(?:AQVN[A-Za-z0-9_-]{35,38}|YC[A-Za-z0-9_-]{38}|t1\.[A-Za-z0-9_-]+={0,2}\.[A-Za-z0-9_-]{86}={0,2})`,
  ),
  named('ibm-cloud-key', 'an API key of IBM Cloud', ['ibmcloud', 'ibm_cloud', 'ibm-cloud', 'iam_apikey', 'iam_api_key'], `[A-Za-z0-9_-]{44}${end}`),
  named('oracle-cloud-token', 'a token of Oracle Cloud', ['oci_auth', 'oci_token', 'ocir_'], String.raw`[A-Za-z0-9;:<>()[\]{}~.!@#$%^&*_+-]{20}(?!\S)`),
  prefixed('digitalocean-token', 'a token of DigitalOcean', ['dop_v1_', 'doo_v1_', 'dor_v1_'], `do[opr]_v1_[a-f0-9]{64}${end}`),
  named('hetzner-token', 'a token of Hetzner Cloud', ['hcloud', 'hetzner'], `[A-Za-z0-9]{64}${end}`),
  named('linode-token', 'a token of Linode', ['linode'], `[a-f0-9]{64}${end}`),
  named('vultr-key', 'an API key of Vultr', ['vultr'], `[A-Z0-9]{36}${end}`),
  named('scaleway-key', 'a secret key of Scaleway', ['scw_secret', 'scaleway', 'scw_default_secret'], uuid),
  named('ovh-secret', 'a secret of OVHcloud', ['ovh_application_secret', 'ovh_consumer_key'], `[A-Za-z0-9]{32}${end}`),
  named('heroku-key', 'an API key of Heroku', ['heroku'], uuid),
  prefixed('heroku-token', 'a token of Heroku', ['hrku-'], 'HRKU-[A-Za-z0-9_-]{36,66}'),
  prefixed('fly-token', 'a token of Fly.io', ['fo1_', 'fm1r_', 'fm1a_', 'fm2_'], '(?:fo1_[A-Za-z0-9_-]{43}|fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,800}={0,3})', 4),
  prefixed('render-key', 'an API key of Render', ['rnd_'], `rnd_[A-Za-z0-9]{28,40}${end}`),
  prefixed('scalingo-token', 'a token of Scalingo', ['tk-us-'], `tk-us-[A-Za-z0-9_-]{48}${end}`),
  prefixed('netlify-token', 'a token of Netlify', ['nfp_'], `nfp_[A-Za-z0-9_]{36,40}${end}`),
  named('netlify-named-token', 'a token of Netlify', ['netlify'], `[A-Za-z0-9_-]{40,46}${end}`),
  named('vercel-token', 'a token of Vercel', ['vercel', 'zeit_token'], `[A-Za-z0-9]{24}${end}`),
  prefixed('deno-token', 'a token of Deno Deploy', ['ddp_', 'ddw_'], `dd[pw]_[A-Za-z0-9]{36}${end}`),
  prefixed('cloudflare-origin-key', 'a key of Cloudflare', ['v1.0-'], String.raw`v1\.0-[a-f0-9]{24}-[a-f0-9]{146}`),
  named('cloudflare-token', 'a token of Cloudflare', ['cloudflare', 'cf_api', 'cf_token'], `(?:[A-Za-z0-9_-]{40}|[a-f0-9]{37})${end}`),
  named('fastly-token', 'a token of Fastly', ['fastly'], `[A-Za-z0-9_-]{32}${end}`),
  prefixed('supabase-token', 'a key of Supabase', ['sbp_', 'sb_secret_'], `(?:sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{22,60})${end}`, 4),
  prefixed('planetscale-token', 'a token of PlanetScale', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], 'pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}', 10),
  prefixed('neon-key', 'an API key of Neon', ['napi_'], `napi_[a-z0-9]{60,70}${end}`),
  prefixed('aiven-password', 'a password of Aiven', ['avns_'], `AVNS_[A-Za-z0-9_-]{16,30}${end}`),
  prefixed('mongodb-atlas-secret', 'a secret of MongoDB Atlas', ['mdb_sa_sk_'], `mdb_sa_sk_[A-Za-z0-9_-]{40}${end}`),
  prefixed('clickhouse-key', 'a key of ClickHouse Cloud', ['4b1d'], `4b1d[A-Za-z0-9]{38}${end}`, 4, {
    check: (secret) => isRandom(secret) && /[A-Z]/.test(secret) && /[g-z]/.test(secret),
  }),
  named('confluent-secret', 'a secret of Confluent', ['confluent', 'ccloud'], `[A-Za-z0-9+/]{64}(?![A-Za-z0-9+/=])`),
  prefixed('databricks-token', 'a token of Databricks', ['dapi', 'dose'], String.raw`d(?:api|ose)[a-f0-9]{32}(?:-\d)?${end}`),
  prefixed('openshift-token', 'a token of OpenShift', ['sha256~'], `sha256~[A-Za-z0-9_-]{43}${end}`),
];
