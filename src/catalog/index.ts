export type * from './cataloger.ts';
export { defineCataloger } from './cataloger.ts';
export { type CatalogOptions, catalog } from './collect.ts';
export { type GivenDockerfile, parseDockerfile } from './dockerfile.ts';
export { licenseExpression } from './license-expression.ts';
export { distributionTypes } from './package-types.ts';
export { problemOf, touchesTypes } from './problem.ts';
export { catalogers, packageTypesRead } from './registry.ts';
