import type { Service } from '../../model/index.ts';

const forms: Readonly<Record<string, (key: string, value: string) => string>> = {
  nginx: (key, value) => `${key} ${value};`,
  postgresql: (key, value) => `${key} = '${value}'`,
  openssl: (key, value) => `${key} = ${value}`,
};

/** A directive as the service's configuration writes it. */
export function directiveLine(service: Service, key: string, value: string): string {
  return (forms[service.service] ?? ((name, text) => `${name} ${text}`))(key, value);
}

/** Sentence with the line that would mend it; undefined where the service writes it another way. */
function sentence(service: Service, key: string | undefined, value: string): { remediation?: string } {
  return key === undefined || value === '' ? {} : { remediation: `Write ${directiveLine(service, key, value)}` };
}

/** What to write so that only these protocols are left. */
export function protocolsRemedy(service: Service, protocols: readonly string[]): { remediation?: string } {
  if (service.service === 'postgresql') return sentence(service, 'ssl_min_protocol_version', protocols[0] ?? '');
  if (service.service === 'redis') return sentence(service, 'tls-protocols', protocols.length === 0 ? '' : `"${protocols.join(' ')}"`);
  if (service.service === 'apache')
    return sentence(service, 'SSLProtocol', protocols.length === 0 ? '' : `-all ${protocols.map((name) => `+${name}`).join(' ')}`);
  return sentence(service, service.service === 'nginx' ? 'ssl_protocols' : undefined, protocols.join(' '));
}

/** What to write so that only these suites are left. */
export function suitesRemedy(service: Service, suites: readonly string[]): { remediation?: string } {
  const keys: Readonly<Record<string, string>> = {
    nginx: 'ssl_ciphers',
    apache: 'SSLCipherSuite',
    postgresql: 'ssl_ciphers',
    redis: 'tls-ciphers',
    openssl: 'CipherString',
  };
  return sentence(service, keys[service.service], suites.join(':'));
}
