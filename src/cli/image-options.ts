import type { OptionName } from './options.ts';

/** The options by which every command that reads images finds and chooses them. */
export const imageOptions: readonly OptionName[] = [
  'tag',
  'platform',
  'username',
  'password-stdin',
  'plain-http',
  'mirror',
  'ca-file',
  'client-cert',
  'client-key',
];
