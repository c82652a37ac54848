export { type Configuration, type ConfigurationValue, readConfiguration } from './configuration-file.ts';
export { disabledBy, readSystemPolicy, type SystemPolicy, systemTlsOf } from './policy.ts';
export { opensslReader } from './reader.ts';
