import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
const [, ofProduct = '', ofDevelopment = ''] = readFileSync(join(root, 'docs/dependencies.md'), 'utf8').split(/^## /m);
const named = (section: string) => [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name).sort();

test('docs/dependencies.md gives a reason for each dependency, and for no other', () => {
  expect(named(ofProduct)).toEqual(Object.keys(manifest.dependencies).sort());
  expect(named(ofDevelopment)).toEqual(Object.keys(manifest.devDependencies).sort());
});

test('dependencies of the product have exact versions', () => {
  expect(Object.entries(manifest.dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
