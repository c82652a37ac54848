import { hasChecksum } from './checksum.ts';
import { end, marked, named, prefixed, type SecretRule, uuid } from './rule.ts';
import { isGenerated, isRandom } from './shape.ts';

/** A token with a checksum: where samples are to be expected, it must be right. */
const isChecked: NonNullable<SecretRule['check']> = (secret, _, place) => isRandom(secret) && (!place.isDoubtful || hasChecksum(secret));

/** Nothing by which base64 could go on. */
const blobEnd = '(?![A-Za-z0-9_+/=-])';

/** A token, rather than base64 of bytes of which many are zero. */
const isNoBlob = (secret: string): boolean => isGenerated(secret) && secret.replace(/[^A]/g, '').length - 3 < secret.length / 10;

/** Forges, registries and pipelines of software. */
const softwareRules: readonly SecretRule[] = [
  prefixed('github-token', 'a token of GitHub', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], `gh[pousr]_[A-Za-z0-9]{36,251}${end}`, 4, { check: isChecked }),
  prefixed(
    'github-installation-token',
    'a token of GitHub',
    ['ghs_'],
    String.raw`ghs_[A-Za-z0-9]{1,20}_eyJ[A-Za-z0-9_-]{10,500}\.[A-Za-z0-9_-]{20,900}\.[A-Za-z0-9_-]{20,600}`,
    4,
    { reach: 4096 },
  ),
  prefixed('github-fine-grained-token', 'a token of GitHub', ['github_pat_'], 'github_pat_[A-Za-z0-9_]{60,250}'),
  prefixed(
    'gitlab-token',
    'a token of GitLab',
    ['glpat-', 'gldt-', 'glrt-', 'glrtr-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'glsoat-', 'gloas-', 'glffct-', 'glwt-'],
    'gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|soat|oas|ffct|wt)-[A-Za-z0-9_.-]{20,300}',
    5,
  ),
  prefixed('gitlab-registration-token', 'a registration token of GitLab', ['gr1348941'], `GR1348941[A-Za-z0-9_-]{20}${end}`),
  prefixed('bitbucket-token', 'a token of Bitbucket', ['atbb', 'bbdc-'], `(?:ATBB[A-Za-z0-9]{32}|BBDC-[A-Za-z0-9+/@_-]{40,50})${end}`, 4),
  prefixed('npm-token', 'a token of npm', ['npm_'], `npm_[A-Za-z0-9]{36}${end}`, 4, { check: isChecked }),
  prefixed('pypi-token', 'a token of PyPI', ['pypi-age'], 'pypi-AgE[A-Za-z0-9_-]{50,900}', 8, {
    // A macaroon names the place that made it.
    check: (secret) => /pypi\.org/.test(Buffer.from(secret.slice(5, 60), 'base64url').toString('latin1')),
  }),
  prefixed('rubygems-token', 'a token of RubyGems', ['rubygems_'], `rubygems_[a-f0-9]{48}${end}`),
  prefixed('crates-token', 'a token of crates.io', ['cio'], `cio[A-Za-z0-9]{32}${end}`, 3, { check: (secret) => isGenerated(secret) && /[A-Z]/.test(secret) }),
  prefixed('anaconda-token', 'a token of Anaconda', ['/t/'], `/t/(?<secret>[a-z]{2}-${uuid})`, 0, { word: false }),
  prefixed('nuget-key', 'a key of NuGet', ['oy2'], `oy2[a-z0-9]{43}${end}`),
  prefixed('clojars-token', 'a token of Clojars', ['clojars_'], `CLOJARS_[a-f0-9]{60}${end}`),
  prefixed('packagist-token', 'a token of Private Packagist', ['packagist_uut_', 'packagist_ort_', 'packagist_out_'], `packagist_[ou][ru]t_[a-f0-9]{68}${end}`),
  prefixed('docker-hub-token', 'a token of Docker Hub', ['dckr_pat_', 'dckr_oat_'], 'dckr_[po]at_[A-Za-z0-9_-]{27,40}'),
  prefixed('artifactory-key', 'a key of Artifactory', ['akcp'], `AKCp[A-Za-z0-9]{60,100}${end}`),
  prefixed('artifactory-token', 'a reference token of Artifactory', ['cmvmd'], `cmVmd[A-Za-z0-9]{59}${end}`),
  named('jfrog-key', 'a key of JFrog', ['jfrog', 'artifactory'], `[A-Za-z0-9]{64,73}${end}`),
  named('cloudsmith-key', 'a key of Cloudsmith', ['cloudsmith'], `[a-f0-9]{40}${end}`),
  prefixed('octopus-key', 'an API key of Octopus Deploy', ['api-'], `API-[A-Z0-9]{25,35}${end}`, 4, { check: isGenerated }),
  prefixed('circleci-token', 'a token of CircleCI', ['ccipat_', 'ccipra_'], `CCIP(?:AT|RA)_[A-Za-z0-9]{22}_[a-f0-9]{40}${end}`),
  named('circleci-named-token', 'a token of CircleCI', ['circleci', 'circle_token', 'circle-token'], `[a-f0-9]{40}${end}`),
  prefixed('buildkite-token', 'a token of Buildkite', ['bkua_', 'bkat_'], `bk(?:ua|at)_[a-z0-9]{40}${end}`, 5),
  named('travis-token', 'a token of Travis CI', ['travis'], `[A-Za-z0-9_-]{22}${end}`, { check: isGenerated }),
  named('drone-token', 'a token of Drone', ['drone_token', 'drone_rpc_secret', 'droneci'], `[A-Za-z0-9]{32}${end}`),
  named('jenkins-token', 'a token of Jenkins', ['jenkins'], `11[a-f0-9]{32}${end}`),
  named('codecov-token', 'a token of Codecov', ['codecov'], `(?:${uuid}|[a-f0-9]{32})${end}`),
  named('snyk-token', 'a token of Snyk', ['snyk'], uuid),
  prefixed('sonar-token', 'a token of Sonar', ['squ_', 'sqp_', 'sqa_', 'sqco_'], `(?:sq[upa]_[a-f0-9]{40}|sqco_[A-Za-z0-9]{59})${end}`, 4),
  named('sonar-named-token', 'a token of Sonar', ['sonar_token', 'sonar_login', 'sonar.login', 'sonar.token', 'sonarcloud'], `[a-f0-9]{40}${end}`),
  prefixed('sourcegraph-token', 'a token of Sourcegraph', ['sgp_', 'slk_'], `(?:sgp_(?:(?:[a-f0-9]{16}|local)_)?[a-f0-9]{40}|slk_[a-f0-9]{64})${end}`, 4),
  prefixed('postman-key', 'a key of Postman', ['pmak-'], `PMAK-[a-f0-9]{24}-[a-f0-9]{34}${end}`),
  prefixed('readme-key', 'a key of ReadMe', ['rdme_'], `rdme_[a-z0-9]{70}${end}`),
  prefixed('infracost-key', 'a key of Infracost', ['ico-'], `ico-[A-Za-z0-9]{32}${end}`, 4, { check: isGenerated }),
  prefixed('harness-token', 'a token of Harness', ['pat.', 'sat.'], String.raw`[ps]at\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}(?![A-Za-z0-9])`),
  prefixed('prefect-key', 'a key of Prefect', ['pnu_', 'pnb_'], `pn[ub]_[A-Za-z0-9]{36}${end}`),
  prefixed(
    'launchdarkly-key',
    'a key of LaunchDarkly',
    ['api-', 'sdk-'],
    `(?:api|sdk)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}${end}`,
  ),
];

/** Secrets' own stores, provisioning, networks. */
const infrastructureRules: readonly SecretRule[] = [
  prefixed('vault-token', 'a token of Vault', ['hvs.', 'hvb.', 'hvr.'], String.raw`hv[sbr]\.[A-Za-z0-9_-]{24,300}`),
  named('vault-legacy-token', 'a token of Vault', ['vault'], String.raw`[sbr]\.[A-Za-z0-9]{24}${end}`),
  marked('terraform-token', 'a token of Terraform Cloud', ['.atlasv1.'], [14], String.raw`(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,80}`),
  named('consul-token', 'a token of Consul or Nomad', ['consul_http_token', 'consul_token', 'nomad_token'], uuid),
  prefixed('pulumi-token', 'a token of Pulumi', ['pul-'], `pul-[a-f0-9]{40}${end}`),
  prefixed(
    'doppler-token',
    'a token of Doppler',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    String.raw`dp\.(?:pt|st(?:\.[a-z0-9_-]{2,35})?|ct|sa|scim|audit)\.[A-Za-z0-9]{40,44}${end}`,
    6,
  ),
  prefixed('onepassword-token', 'a token of a 1Password service account', ['ops_eyj'], 'ops_eyJ[A-Za-z0-9+/_-]{200,1500}={0,3}', 7, { reach: 2048 }),
  prefixed(
    'onepassword-secret-key',
    'a secret key of 1Password',
    ['a3-'],
    `A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}${end}`,
  ),
  prefixed(
    'infisical-token',
    'a token of Infisical',
    ['st.'],
    String.raw`st\.[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}\.[a-f0-9]{32}\.[a-f0-9]{32}`,
  ),
  prefixed('tailscale-key', 'a key of Tailscale', ['tskey-'], `tskey-[a-z]{2,10}-[A-Za-z0-9_]{8,30}-[A-Za-z0-9_]{20,60}${end}`),
  named('ngrok-token', 'a token of ngrok', ['ngrok', 'authtoken'], `[12][A-Za-z0-9]{26}_[0-9][A-Za-z0-9]{20}${end}`),
  prefixed('rootly-key', 'a key of Rootly', ['rootly_'], `rootly_[a-f0-9]{64}${end}`),
];

/** Messages, mail and people's work. */
const messageRules: readonly SecretRule[] = [
  prefixed(
    'slack-token',
    'a token of Slack',
    ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxc-', 'xoxd-', 'xapp-'],
    '(?:xox[abeoprscd]|xapp)-[A-Za-z0-9%-]{10,250}',
    5,
    {
      check: (secret, _, place) =>
        isRandom(secret) && /\d/.test(secret) && !(place.isDoubtful && (secret.length < 30 || /1234567890|1111111|(?:0{6})/.test(secret))),
    },
  ),
  prefixed(
    'slack-webhook',
    'an address by which anyone can write to Slack',
    ['hooks.slack.com/'],
    String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/(?<secret>[A-Za-z0-9+/]{30,100})`,
    0,
  ),
  prefixed(
    'teams-webhook',
    'an address by which anyone can write to Microsoft Teams',
    ['webhook.office.com/'],
    String.raw`webhook\.office\.com/webhookb2/(?<secret>${uuid}@${uuid}/IncomingWebhook/[a-f0-9]{32}/${uuid}[A-Za-z0-9/_-]{0,60})`,
    0,
  ),
  prefixed(
    'power-automate-address',
    'an address that starts a workflow of Power Automate',
    ['/triggers/manual/paths/invoke'],
    String.raw`/triggers/manual/paths/invoke\?[^\s"'<>]{0,200}?sig=(?<secret>[A-Za-z0-9_%-]{30,80})`,
    0,
    { word: false },
  ),
  prefixed(
    'discord-webhook',
    'an address by which anyone can write to Discord',
    ['/api/webhooks/'],
    String.raw`/api/webhooks/\d{17,20}/(?<secret>[A-Za-z0-9_-]{60,72})`,
    0,
    { word: false },
  ),
  prefixed(
    'zapier-webhook',
    'an address that starts a workflow of Zapier',
    ['hooks.zapier.com/'],
    String.raw`hooks\.zapier\.com/hooks/catch/(?<secret>\d{4,12}/[A-Za-z0-9]{5,12})`,
    0,
    {
      confidence: 'medium',
    },
  ),
  named(
    'discord-token',
    'a token of a Discord bot',
    ['discord', 'bot_token'],
    String.raw`(?:[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40})`,
  ),
  marked('telegram-token', 'a token of a Telegram bot', [':aa'], [8, 9, 10], '(?<![A-Za-z0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])'),
  named('twilio-auth-token', 'a token of Twilio', ['twilio'], '[0-9a-f]{32}(?![0-9a-f])'),
  prefixed(
    'twilio-key',
    'the id of an API key of Twilio',
    [...'0123456789abcdef'].map((digit) => `sk${digit}`),
    `SK[0-9a-f]{32}${end}`,
    2,
    { confidence: 'medium' },
  ),
  prefixed('sendgrid-key', 'a key of SendGrid', ['sg.'], String.raw`SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}${end}`),
  prefixed('mailgun-key', 'a key of Mailgun', ['key-'], `key-[0-9a-f]{32}${end}`),
  named('mailgun-named-key', 'a key of Mailgun', ['mailgun', 'mg_api'], `[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}${end}`),
  marked(
    'mailchimp-key',
    'a key of Mailchimp',
    ['-us1', '-us2', '-us3', '-us4', '-us5', '-us6', '-us7', '-us8', '-us9'],
    [32],
    String.raw`(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])`,
  ),
  named('mandrill-key', 'a key of Mandrill', ['mandrill'], `(?:md-)?[A-Za-z0-9_-]{22}${end}`, { check: isGenerated }),
  prefixed('brevo-key', 'a key of Brevo', ['xkeysib-', 'xsmtpsib-'], `x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}${end}`),
  prefixed('resend-key', 'a key of Resend', ['re_'], `re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}${end}`, 3, { check: isGenerated }),
  named('postmark-token', 'a token of Postmark', ['postmark'], uuid),
  named('mailjet-key', 'a key of Mailjet', ['mailjet', 'mj_apikey'], `[0-9a-f]{32}${end}`),
  named('sparkpost-key', 'a key of SparkPost', ['sparkpost'], `[0-9a-f]{40}${end}`),
  named('messagebird-key', 'a key of MessageBird', ['messagebird', 'message_bird'], `[A-Za-z0-9]{25}${end}`, { check: isGenerated }),
  prefixed('facebook-token', 'an access token of Facebook', ['eaac', 'eaam', 'eaab'], `EAA[A-Z][A-Za-z0-9]{80,400}${blobEnd}`, 4, { check: isNoBlob }),
  named('facebook-secret', 'a secret of a Facebook app', ['facebook', 'fb_app_secret', 'fb_secret'], `[a-f0-9]{32}${end}`),
  named(
    'twitter-token',
    'a token or secret of X (Twitter)',
    ['twitter'],
    `(?:A{20,24}[A-Za-z0-9%]{80,100}|\\d{15,25}-[A-Za-z0-9]{20,40}|[A-Za-z0-9]{45}|[A-Za-z0-9]{50})${end}`,
  ),
  named('twitch-secret', 'a secret of Twitch', ['twitch'], `[a-z0-9]{30}${end}`),
  named('linkedin-secret', 'a secret of LinkedIn', ['linkedin_client_secret', 'linkedin_secret', 'linkedin-secret'], '[A-Za-z0-9]{16}(?![A-Za-z0-9])', {
    check: isGenerated,
  }),
  named('zendesk-key', 'a key of Zendesk', ['zendesk'], `[A-Za-z0-9]{40}${end}`),
  named('intercom-token', 'a token of Intercom', ['intercom'], `[A-Za-z0-9=_-]{60}${end}`),
  prefixed('hubspot-token', 'a token of HubSpot', ['pat-na', 'pat-eu', 'pat-ap'], `pat-(?:na|eu|ap)\\d-${uuid}${end}`),
  prefixed('salesforce-token', 'a token of Salesforce', ['00d', '5aep861'], '(?:00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,120}|5Aep861[A-Za-z0-9._=]{80,200})', 3),
  prefixed('atlassian-token', 'a token of Atlassian', ['atatt3', 'atctt3', 'atstt3'], 'AT[ACS]TT3[A-Za-z0-9_=-]{50,300}', 6),
  named('atlassian-legacy-token', 'a token of Atlassian', ['jira', 'confluence', 'atlassian'], `[A-Za-z0-9]{20}[a-f0-9]{4}${end}`, { check: isGenerated }),
  prefixed('trello-token', 'a token of Trello', ['atta'], `ATTA[a-f0-9]{72}${end}`),
  prefixed('notion-token', 'a token of Notion', ['ntn_', 'secret_'], `(?:ntn_\\d{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43})${end}`, 4, { check: isGenerated }),
  prefixed('linear-key', 'a key of Linear', ['lin_api_', 'lin_oauth_'], `lin_(?:api_[A-Za-z0-9]{40}|oauth_[a-f0-9]{64})${end}`),
  prefixed('figma-token', 'a token of Figma', ['figd_', 'figo_', 'figor_', 'figu_', 'figuh_', 'figp_'], 'fig(?:[dop]|or|uh?)_[A-Za-z0-9_-]{40,60}', 4),
  named('airtable-key', 'a key of Airtable', ['airtable'], String.raw`(?:pat[A-Za-z0-9]{14}\.[a-f0-9]{64}|key[A-Za-z0-9]{14})${end}`),
  named('asana-token', 'a token of Asana', ['asana'], `\\d\\/\\d{16}(?:\\/\\d{16})?:[a-f0-9]{32}${end}`),
  prefixed('clickup-token', 'a token of ClickUp', ['pk_'], `pk_[0-9]{6,9}_[0-9A-Z]{32}${end}`),
  prefixed('typeform-token', 'a token of Typeform', ['tfp_'], `tfp_[A-Za-z0-9_.=-]{40,60}${end}`),
  prefixed('dropbox-token', 'a token of Dropbox', ['sl.'], String.raw`sl\.(?:u\.)?[A-Za-z0-9_-]{130,1000}${end}`, 3, { check: isGenerated }),
  named('dropbox-named-token', 'a token of Dropbox', ['dropbox'], `[A-Za-z0-9]{11}AAAAAAAAAA[A-Za-z0-9_=-]{43}${end}`),
  named('contentful-token', 'a token of Contentful', ['contentful'], `[A-Za-z0-9=_-]{43}${end}`),
  prefixed('contentful-personal-token', 'a token of Contentful', ['cfpat-'], `CFPAT-[A-Za-z0-9_-]{43}${end}`),
  prefixed('adobe-secret', 'a client secret of Adobe', ['p8e-'], `p8e-[A-Za-z0-9_-]{32}${end}`),
  prefixed('zoho-token', 'a token of Zoho', ['1000.'], String.raw`1000\.[a-f0-9]{32}\.[a-f0-9]{32}${end}`),
  prefixed('frameio-token', 'a token of Frame.io', ['fio-u-'], 'fio-u-[A-Za-z0-9_=-]{64}'),
  named('okta-token', 'a token of Okta', ['okta'], `00[A-Za-z0-9_-]{40}${end}`),
  named('algolia-key', 'a key of Algolia', ['algolia'], `[a-z0-9]{32}${end}`),
  prefixed('mapbox-token', 'a secret token of Mapbox', ['sk.eyj'], String.raw`sk\.eyJ[A-Za-z0-9_-]{40,200}\.[A-Za-z0-9_-]{20,30}`),
  named('maxmind-key', 'a licence key of MaxMind', ['maxmind', 'licensekey', 'license_key', 'geoip'], `[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk${end}`),
];

/** Money. */
const paymentRules: readonly SecretRule[] = [
  prefixed(
    'stripe-key',
    'a key of Stripe',
    ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'sk_prod_', 'rk_prod_', 'whsec_'],
    '(?:[sr]k_(?:live|test|prod)_[A-Za-z0-9]{20,250}|whsec_[A-Za-z0-9+/=]{30,100})',
    8,
  ),
  prefixed('square-token', 'a token of Square', ['sq0atp-', 'sq0csp-', 'eaaa'], `(?:sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}|EAAA[A-Za-z0-9_-]{60})${blobEnd}`, 4, {
    check: isNoBlob,
  }),
  prefixed('shopify-token', 'a token of Shopify', ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'], `shp(?:at|ca|pa|ss|tka)_[a-fA-F0-9]{32}${end}`, 6),
  prefixed('braintree-token', 'an access token of Braintree', ['access_token$production$'], String.raw`access_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}`),
  prefixed('razorpay-key', 'a key of Razorpay', ['rzp_live_', 'rzp_test_'], `rzp_(?:live|test)_[A-Za-z0-9]{14}${end}`, 9, { confidence: 'medium' }),
  prefixed('flutterwave-key', 'a key of Flutterwave', ['flwseck'], `FLWSECK(?:_TEST)?-[a-f0-9]{12,32}(?:-X)?${end}`),
  prefixed(
    'plaid-token',
    'a token of Plaid',
    ['access-production-', 'access-sandbox-', 'access-development-'],
    `access-(?:sandbox|development|production)-${uuid}${end}`,
    7,
  ),
  prefixed('shippo-token', 'a token of Shippo', ['shippo_live_', 'shippo_test_'], `shippo_(?:live|test)_[a-f0-9]{40}${end}`),
  prefixed('easypost-key', 'a key of EasyPost', ['ezak', 'eztk'], `EZ[AT]K[A-Za-z0-9]{54}${end}`),
  prefixed('duffel-token', 'a token of Duffel', ['duffel_live_', 'duffel_test_'], `duffel_(?:test|live)_[A-Za-z0-9_=-]{43}${end}`),
  named('gocardless-token', 'a token of GoCardless', ['gocardless'], 'live_[A-Za-z0-9=_-]{40}'),
  named('paypal-secret', 'a client secret of PayPal', ['paypal_client_secret', 'paypal_secret'], 'E[A-Za-z0-9_-]{79}(?![A-Za-z0-9_-])'),
  named('coinbase-key', 'a key of Coinbase', ['coinbase'], `[A-Za-z0-9_-]{64}${end}`),
];

/** Watching. */
const observationRules: readonly SecretRule[] = [
  named('datadog-key', 'a key of Datadog', ['datadog', 'dd_api_key', 'dd_app_key'], '[a-f0-9]{32,40}(?![a-f0-9])'),
  prefixed('new-relic-key', 'a key of New Relic', ['nrak-', 'nrii-', 'nrjs-'], `(?:NRAK-[A-Z0-9]{27}|NRII-[A-Za-z0-9_-]{32}|NRJS-[a-f0-9]{19})${end}`, 5),
  marked('new-relic-license-key', 'a licence key of New Relic', ['nral'], [36], `(?<![A-Za-z0-9])[a-z0-9]{6}[a-f0-9]{30}NRAL${end}`),
  prefixed(
    'grafana-token',
    'a token of Grafana',
    ['glsa_', 'glc_', 'eyjrijoi'],
    '(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,400}|eyJrIjoi[A-Za-z0-9+/]{60,400}={0,3})',
    3,
  ),
  prefixed('sentry-token', 'a token of Sentry', ['sntrys_', 'sntryu_'], 'sntry[su]_[A-Za-z0-9+/=_]{40,400}'),
  named('sentry-named-token', 'a token of Sentry', ['sentry_auth', 'sentry_token'], `[a-f0-9]{64}${end}`),
  prefixed('dynatrace-token', 'a token of Dynatrace', ['dt0c', 'dt0s'], String.raw`dt0[cs]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}`, 4),
  prefixed('honeycomb-key', 'a key of Honeycomb', ['hcaik_', 'hcbik_', 'hcaic_', 'hcxik_'], `hc[a-z]i[kc]_[a-z0-9]{58}${end}`, 6),
  named('splunk-token', 'a token of Splunk', ['splunk', 'hec_token'], uuid),
  named('sumologic-key', 'a key of Sumo Logic', ['sumologic', 'sumo_'], `[A-Za-z0-9]{64}${end}`),
  named('loggly-token', 'a token of Loggly', ['loggly'], uuid),
  named('rollbar-token', 'a token of Rollbar', ['rollbar'], `[a-f0-9]{32}${end}`),
  named(
    'pagerduty-key',
    'a key of PagerDuty',
    ['pagerduty', 'pager_duty'],
    String.raw`(?:u\+[A-Za-z0-9_+-]{18}|[A-Za-z0-9_-]{20}|[a-f0-9]{32})(?![A-Za-z0-9_+-])`,
    { check: isGenerated },
  ),
  named('opsgenie-key', 'a key of Opsgenie', ['opsgenie'], uuid),
  prefixed('posthog-key', 'a personal key of PostHog', ['phx_'], `phx_[A-Za-z0-9_]{43,48}${end}`),
  named('mixpanel-secret', 'a secret of Mixpanel', ['mixpanel_api_secret', 'mixpanel_secret'], `[a-f0-9]{32}${end}`),
];

/** Language models. */
const modelRules: readonly SecretRule[] = [
  prefixed('anthropic-key', 'a key of Anthropic', ['sk-ant-'], 'sk-ant-[A-Za-z0-9_-]{80,200}'),
  prefixed(
    'openai-key',
    'a key of OpenAI',
    ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-service-'],
    'sk-(?:proj|svcacct|admin|service)-[A-Za-z0-9_-]{40,250}',
    7,
  ),
  marked('openai-legacy-key', 'a key of OpenAI', ['t3blbkfj'], [23], '(?<![A-Za-z0-9])sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}(?![A-Za-z0-9])', { shown: 3 }),
  prefixed('openai-like-key', 'a key in the form of OpenAI’s', ['sk-'], `sk-[A-Za-z0-9]{48}${end}`, 3, { check: isGenerated }),
  prefixed('openrouter-key', 'a key of OpenRouter', ['sk-or-v1-'], `sk-or-v1-[a-f0-9]{64}${end}`),
  prefixed('langfuse-key', 'a secret key of Langfuse', ['sk-lf-'], `sk-lf-${uuid}`),
  prefixed('langsmith-key', 'a key of LangSmith', ['lsv2_pt_', 'lsv2_sk_'], `lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}${end}`),
  prefixed('hugging-face-token', 'a token of Hugging Face', ['hf_', 'api_org_'], `(?:hf_|api_org_)[A-Za-z]{34}${end}`),
  prefixed('replicate-token', 'a token of Replicate', ['r8_'], `r8_[A-Za-z0-9_-]{37}${end}`),
  prefixed('groq-key', 'a key of Groq', ['gsk_'], `gsk_[A-Za-z0-9]{52}${end}`),
  prefixed('xai-key', 'a key of xAI', ['xai-'], `xai-[A-Za-z0-9_]{80}${end}`),
  prefixed('perplexity-key', 'a key of Perplexity', ['pplx-'], `pplx-[A-Za-z0-9]{48}${end}`),
  prefixed('nvidia-key', 'a key of NVIDIA', ['nvapi-'], 'nvapi-[A-Za-z0-9_-]{60,70}'),
  prefixed('pinecone-key', 'a key of Pinecone', ['pcsk_'], `pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{63}${end}`),
  prefixed('tavily-key', 'a key of Tavily', ['tvly-'], `tvly-[A-Za-z0-9-]{30,60}${end}`),
  prefixed('elevenlabs-key', 'a key of ElevenLabs', ['sk_'], `sk_[a-f0-9]{48}${end}`),
  named('cohere-key', 'a key of Cohere', ['cohere', 'co_api_key'], `[A-Za-z0-9]{40}${end}`),
  named('mistral-key', 'a key of Mistral', ['mistral'], `[A-Za-z0-9]{32}${end}`, { check: isGenerated }),
  named('deepseek-key', 'a key of DeepSeek', ['deepseek'], `sk-[a-f0-9]{32}${end}`),
  named('wandb-key', 'a key of Weights & Biases', ['wandb'], `[a-f0-9]{40}${end}`),
];

/** Tokens of the large services, in the forms that they publish for secret scanning or document. */
export const serviceRules: readonly SecretRule[] = [
  ...softwareRules,
  ...infrastructureRules,
  ...messageRules,
  ...paymentRules,
  ...observationRules,
  ...modelRules,
];
