import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultDataDir } from './data-directory.ts';

test('where data lies', () => {
  expect(defaultDataDir({ PORTCULLIS_DATA_DIR: '/x', XDG_DATA_HOME: '/y' })).toBe('/x');
  expect(defaultDataDir({ PORTCULLIS_DATA_DIR: '', XDG_DATA_HOME: '/y' })).toBe('/y/portcullis');
  expect(defaultDataDir({ XDG_DATA_HOME: 'relative' })).toBe(join(homedir(), '.local/share/portcullis'));
  expect(defaultDataDir({})).toBe(join(homedir(), '.local/share/portcullis'));
});
