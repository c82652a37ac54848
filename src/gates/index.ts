export { type Catalogue, catalogue, type NamedTrigger, namedTriggers } from './catalogue.ts';
export { distributionPackageTypes, packageTypeOf, packageTypes } from './ecosystems.ts';
export type * from './trigger.ts';
export { defineTrigger } from './trigger.ts';
export { type UnavailableCheck, unavailableChecks } from './unavailable.ts';
