import type { OptionName } from './options.ts';

/** The options by which every command that reads images finds, chooses and reads them. */
export const imageOptions: readonly OptionName[] = [
  'tag',
  'platform',
  'binary-rules',
  'username',
  'password-stdin',
  'plain-http',
  'mirror',
  'ca-file',
  'client-cert',
  'client-key',
];
