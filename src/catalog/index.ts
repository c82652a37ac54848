export { type CatalogOptions, catalog } from './collect.ts';
export { type GivenDockerfile, parseDockerfile } from './dockerfile.ts';
