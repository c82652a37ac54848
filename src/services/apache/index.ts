export { shellVariables } from './envvars.ts';
export { apacheReader } from './reader.ts';
