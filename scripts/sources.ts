import type { GeneratedFile } from './generated-file.ts';
import { registries } from './registries.ts';
import { linterConfiguration } from './walls.ts';

/**
 * What is generated without importing the source: the registries and the linter's configuration.
 * @param root the repository
 */
export function sources(root: string): GeneratedFile[] {
  return [...registries(root), { path: 'biome.json', text: `${JSON.stringify(linterConfiguration(), null, 2)}\n` }];
}
