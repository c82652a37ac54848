import manifest from '../package.json' with { type: 'json' };

/** This program's version. */
export const version: string = manifest.version;

declare const PORTCULLIS_BUILD_ID: string | undefined;

/** Over the sources of a build, so that what one build remembers another doesn't take for its own; undefined when run from sources. */
export const buildId: string | undefined = typeof PORTCULLIS_BUILD_ID === 'string' ? PORTCULLIS_BUILD_ID : undefined;
