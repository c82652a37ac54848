const flags = new Set(
  [
    'SSLHonorCipherOrder',
    'SSLInsecureRenegotiation',
    'SSLSessionTickets',
    'SSLCompression',
    'SSLStrictSNIVHostCheck',
    'SSLUseStapling',
    'SSLProxyEngine',
    'SSLFIPS',
    'ExtendedStatus',
    'KeepAlive',
    'UseCanonicalPhysicalPort',
    'RewriteEngine',
    'ProxyPreserveHost',
    'ProxyVia',
    'EnableSendfile',
    'EnableMMAP',
    'AllowEncodedSlashes',
  ].map((name) => name.toLowerCase()),
);
const notFlags = new Set(['proxyvia', 'allowencodedslashes', 'enablemmap', 'enablesendfile']);

const words: Readonly<Record<string, { readonly allowed: readonly string[]; readonly why: string }>> = {
  sslengine: { allowed: ['on', 'off', 'optional'], why: 'the argument must be On or Off' },
  servertokens: {
    allowed: ['prod', 'productonly', 'major', 'minor', 'min', 'minimal', 'os', 'full'],
    why: "ServerTokens takes one of 'Prod(uctOnly)', 'Major', 'Minor', 'Min(imal)', 'OS', 'Full'",
  },
  serversignature: { allowed: ['on', 'off', 'email'], why: 'the argument must be On, Off or EMail' },
  traceenable: { allowed: ['on', 'off', 'extended'], why: 'the argument must be on, off or extended' },
  sslverifyclient: { allowed: ['none', 'off', 'optional', 'require', 'on', 'optional_no_ca'], why: 'the argument is none of the levels of SSLVerifyClient' },
};

const argumentCounts: Readonly<Record<string, readonly [least: number, most: number]>> = {
  servername: [1, 1],
  servertokens: [1, 1],
  sslengine: [1, 1],
  sslciphersuite: [1, 2],
  sslopensslconfcmd: [2, 2],
  sslcertificatefile: [1, 1],
  sslcertificatekeyfile: [1, 1],
  documentroot: [1, 1],
  user: [1, 1],
  group: [1, 1],
  timeout: [1, 1],
};

/** Commands that SSLOpenSSLConfCmd knows (SSL_CONF_cmd(3), file names), lower case. */
const confCommands = new Set([
  'signaturealgorithms',
  'clientsignaturealgorithms',
  'curves',
  'groups',
  'ecdhparameters',
  'minprotocol',
  'maxprotocol',
  'protocol',
  'cipherstring',
  'ciphersuites',
  'options',
  'verifymode',
  'certificate',
  'privatekey',
  'serverinfofile',
  'chaincapath',
  'chaincafile',
  'verifycapath',
  'verifycafile',
  'requestcapath',
  'requestcafile',
  'clientcapath',
  'clientcafile',
  'dhparameters',
  'recordpadding',
  'numtickets',
  'rsasignaturealgorithms',
  'chaincastore',
  'verifycastore',
  'requestcastore',
  'txcertificatecompression',
  'rxcertificatecompression',
]);

/**
 * Why httpd refuses a directive's arguments while it reads its configuration; undefined: it takes them, or it isn't
 * known. Only rules that hold for every 2.4 stand here.
 */
export function valueFault(key: string, given: readonly string[]): string | undefined {
  const lower = key.toLowerCase();
  const first = (given[0] ?? '').toLowerCase();
  const count = argumentCounts[lower];
  if (count !== undefined && (given.length < count[0] || given.length > count[1])) {
    return `it takes ${count[0] === count[1] ? count[0] : `${count[0]} to ${count[1]}`} argument${count[1] === 1 ? '' : 's'}`;
  }
  const choice = words[lower];
  if (choice !== undefined && !choice.allowed.includes(first)) return choice.why;
  if (flags.has(lower) && !notFlags.has(lower) && (given.length !== 1 || !['on', 'off'].includes(first))) return 'the argument must be On or Off';
  switch (lower) {
    case 'options':
      return optionsFault(given);
    case 'sslciphersuite':
      return given.length === 2 && !['SSL', 'TLSv1.3'].includes(given[0] ?? '') ? `the protocol '${given[0]?.slice(0, 40)}' is not supported` : undefined;
    case 'sslopensslconfcmd':
      return confCommands.has(first) ? undefined : `'${given[0]?.slice(0, 40)}' is no command of OpenSSL's configuration`;
    case 'listen':
      return given.length >= 1 && /(?:^|:)\d{1,5}$/.test(first) && Number(/\d+$/.exec(first)?.[0]) <= 65_535 ? undefined : 'a port must be given';
    case 'user':
      return first === 'root' || first === '#0' ? 'httpd refuses to serve as root unless it was built with BIG_SECURITY_HOLE' : undefined;
    default:
      return undefined;
  }
}

const optionWords = new Set(['indexes', 'includes', 'includesnoexec', 'followsymlinks', 'symlinksifownermatch', 'execcgi', 'multiviews', 'none', 'all']);

function optionsFault(given: readonly string[]): string | undefined {
  const signed = given.filter((word) => /^[+-]/.test(word));
  const unknown = given.find((word) => !optionWords.has(word.replace(/^[+-]/, '').toLowerCase()));
  if (unknown !== undefined) return `'${unknown.slice(0, 40)}' is no option`;
  return signed.length === 0 || signed.length === given.length ? undefined : 'either all Options must start with + or -, or no Option may';
}
