// Imported by name at run time: a bundle gives a package in CommonJS that is imported so no names of its own.
export { EnvHttpProxyAgent, request } from 'undici';
