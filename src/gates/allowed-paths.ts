import * as z from 'zod';

/** Paths that a rule leaves alone. */
export const allowedPaths = z
  .array(z.string().regex(/^\//, 'is no absolute path'))
  .default([])
  .describe('paths that may be so; one that ends in / stands for everything below it');

/** Whether a path is one of those that are left alone. */
export function isAllowed(path: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => path === each || (each.endsWith('/') && path.startsWith(each)));
}
