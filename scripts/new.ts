// `npm run new -- trigger packages/denylist` (or cataloger, order, reporter): the files that a new member begins with, and the registries
// and pages with it in them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cataloger } from './scaffolds/cataloger.ts';
import { order } from './scaffolds/order.ts';
import { reporter } from './scaffolds/reporter.ts';
import type { Scaffold } from './scaffolds/scaffold.ts';
import { trigger } from './scaffolds/trigger.ts';

const root = new URL('..', import.meta.url).pathname;
const scaffolds: Readonly<Record<string, Scaffold>> = { trigger, cataloger, order, reporter };

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(3);
}

const [kind = '', path = ''] = process.argv.slice(2);
const scaffold = Object.hasOwn(scaffolds, kind) ? scaffolds[kind] : undefined;
if (scaffold === undefined) {
  const usage = Object.entries(scaffolds).map(([name, { example }]) => `  npm run new -- ${name} ${example}`);
  refuse(`There is no kind of member '${kind}'. What there is:\n${usage.join('\n')}`);
}
const name = path.split('/');
if (name.length !== scaffold.parts || !name.every((part) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(part))) {
  refuse(`'${path}' is not a name for a ${kind}: it looks like ${scaffold.example}.`);
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const files = scaffold.files(name, { version, read: (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined) });
const taken = Object.keys(files).filter((file) => existsSync(join(root, file)));
if (taken.length > 0) refuse(`It is there already: ${taken.join(', ')}.`);

for (const [file, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  process.stdout.write(`${file}\n`);
}
execFileSync(process.execPath, ['scripts/run.mjs', 'scripts/generate.ts'], { cwd: root, stdio: 'inherit' });
for (const line of scaffold.next(name)) process.stdout.write(`- ${line}\n`);
