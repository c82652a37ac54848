import { existsSync } from 'node:fs';
import { PortcullisError } from '../errors.ts';
import { commands, groups } from './commands.ts';

/**
 * A first word that is nearly a command's name, and no file, is a slip: as an image's name it would be asked for in a registry.
 * @throws PortcullisError USAGE with the command that was meant
 */
export async function refuseMisspeltCommand(argv: readonly string[]): Promise<void> {
  const word = argv[0] ?? '';
  const names = ['help', ...groups.map(([name]) => name), ...commands.filter(({ parent }) => parent === undefined).map(({ name }) => name)];
  if (!/^[a-z]+$/.test(word) || names.includes(word) || existsSync(word)) return;
  const { nearestName } = await import('../policy/index.ts');
  const near = nearestName(word, names);
  if (near === undefined) return;
  throw new PortcullisError('USAGE', `There is no command and no file '${word}' (did you mean ${near}?).`, {
    hint: `If an image of that name is meant: portcullis gate ${word}`,
  });
}
