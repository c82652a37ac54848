import type { OptionName } from './options.ts';

/** The options of every command that matches packages with advisories. */
export const matchingOptions: readonly OptionName[] = ['feeds', 'max-feed-age', 'vex', 'offline', 'feeds-source'];
