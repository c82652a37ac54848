export { orderForEcosystem, orderForPackageType, orderOf, orders } from './ecosystems.ts';
export * from './members.ts';
export type { VersionOrder } from './order.ts';
