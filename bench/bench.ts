import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultLimits } from '../src/archive/index.ts';
import { listImages } from '../src/image/index.ts';
import type { LayerSource } from '../src/model/index.ts';
import { debianPackages, timeMatching } from './feeds.ts';
import { generateImage, shapes } from './generate.ts';
import { benchRegistry } from './registry.ts';

// `npm run bench [-- --runs N] [--large] [FILTER…]`: whole processes, medians; a benchmark, not a test.

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const large = args.includes('--large');
const runsAt = args.indexOf('--runs');
const runs = runsAt >= 0 ? Number(args[runsAt + 1]) : 7;
const filters = args.filter((arg, index) => !arg.startsWith('--') && index !== runsAt + 1);

interface Sample {
  readonly wall: number;
  readonly cpu: number;
  /** MiB. */
  readonly peak: number;
}

const environment: NodeJS.ProcessEnv = {
  ...process.env,
  PORTCULLIS_OFFLINE: '1',
  PORTCULLIS_DATA_DIR: join(root, '.tmp', 'bench', 'data'),
  PORTCULLIS_CACHE_DIR: join(root, '.tmp', 'bench', 'cache'),
};
delete environment.NODE_EXTRA_CA_CERTS;

/** Runs a command under GNU time. */
function measureOnce(command: readonly string[]): Sample | null {
  const result = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', ...command], {
    encoding: 'utf8',
    env: environment,
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const line = (result.stderr ?? '').trim().split('\n').at(-1) ?? '';
  const numbers = line.split(' ').map(Number);
  if (numbers.length !== 4 || numbers.some(Number.isNaN)) return null;
  const [wall, user, system, peak] = numbers as [number, number, number, number];
  return { wall, cpu: user + system, peak: peak / 1024 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function measure(command: readonly string[]): Sample | null {
  const samples: Sample[] = [];
  for (let run = 0; run < runs; run++) {
    const sample = measureOnce(command);
    if (sample === null) return null;
    samples.push(sample);
  }
  return {
    wall: median(samples.map((sample) => sample.wall)),
    cpu: median(samples.map((sample) => sample.cpu)),
    peak: Math.max(...samples.map((sample) => sample.peak)),
  };
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));
}

function row(cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell, index) => (index === 0 ? cell.padEnd(34) : cell.padStart(11))).join('')}\n`);
}

/** What is read of an image without searching contents. */
const allButSecrets = 'packages,accounts,groups,files,certificates,keys,drift';

function show(label: string, sample: Sample | null, empty: Sample, floor: Sample | null): void {
  if (sample === null) {
    row([label, 'failed']);
    return;
  }
  const own = Math.max(sample.cpu - empty.cpu, 0);
  const base = floor === null ? Number.NaN : Math.max(floor.cpu - empty.cpu, 0.01);
  row([label, sample.wall.toFixed(2), sample.cpu.toFixed(2), sample.peak.toFixed(0), Number.isNaN(base) ? '' : (own / base).toFixed(2)]);
}

async function main(): Promise<void> {
  if (!existsSync('/usr/bin/time')) {
    process.stderr.write('The benchmark needs GNU time (Debian: apt-get install time).\n');
    process.exitCode = 3;
    return;
  }
  mkdirSync(join(root, '.tmp', 'bench', 'data'), { recursive: true, mode: 0o700 });
  const images: { name: string; reference: string; tag: string | null }[] = [];
  const shared = join(root, '..', 'shared', 'images');
  if (existsSync(shared)) {
    for (const file of readdirSync(shared)
      .filter((name) => name.endsWith('.tar'))
      .sort()) {
      const reference = join(shared, file);
      const found = await listImages(reference, { platform: null, tag: null, limits: defaultLimits });
      for (const candidate of found)
        images.push({ name: found.length === 1 ? file : (candidate.tags[0] ?? file), reference, tag: found.length === 1 ? null : (candidate.tags[0] ?? null) });
    }
  }
  for (const shape of shapes) {
    if (!large && shape.name !== 'generated-100mb') continue;
    if (filters.length > 0 && !filters.some((filter) => shape.name.includes(filter))) continue;
    process.stderr.write(`Making ${shape.name}\n`);
    images.push({ name: shape.name, reference: await generateImage(shape, join(root, '.tmp', 'bench')), tag: null });
  }
  const empty = measure([process.execPath, '-e', '0']) as Sample;
  row(['', 'wall s', 'CPU s', 'peak MiB', 'CPU/floor']);
  show('empty Node process', empty, empty, null);
  show('portcullis --version', measure([process.execPath, join(root, 'bin/portcullis'), '--version']), empty, null);
  show('portcullis --help', measure([process.execPath, join(root, 'bin/portcullis'), '--help']), empty, null);
  for (const { name, reference, tag } of images) {
    if (filters.length > 0 && !filters.some((filter) => name.includes(filter))) continue;
    const candidates = await listImages(reference, { platform: null, tag, limits: defaultLimits });
    const regions: LayerSource[] = [];
    for (const candidate of candidates) regions.push(...(await candidate.open()).layers.map((layer) => layer.source));
    row([basename(name)]);
    const floor = measure([process.execPath, join(root, 'bench/floor.mjs'), JSON.stringify(regions)]);
    show('  floor', floor, empty, floor);
    const choice = tag === null ? [] : ['--tag', tag];
    const command = (...parameters: readonly string[]) => [process.execPath, join(root, 'bin/portcullis'), ...parameters, '-q', '-o', 'json'];
    show('  gate, everything read', measure(command('gate', reference, ...choice, '--no-cache')), empty, floor);
    show('  gate, layers known', measure(command('gate', reference, ...choice)), empty, floor);
    show('  catalog, packages', measure(command('catalog', reference, ...choice, '--only', 'packages', '--no-cache')), empty, floor);
    show('  catalog, all but secrets', measure(command('catalog', reference, ...choice, '--only', allButSecrets, '--no-cache')), empty, floor);
    if (tag === null) {
      for (const [peer, command] of [
        ['syft', ['syft', '-q', '-o', 'json', `docker-archive:${reference}`]],
        ['trivy', ['trivy', 'image', '-q', '--offline-scan', '--skip-db-update', '--list-all-pkgs', '--format', 'json', '--input', reference]],
      ] as const) {
        if (onPath(peer) !== undefined) show(`  ${peer}`, measure(command), empty, floor);
      }
    }
  }
}

/** From a registry on loopback: everything fetched, and with layers that are known (two requests). */
async function fromRegistry(): Promise<void> {
  const oci = await generateImage(shapes[0] as (typeof shapes)[number], join(root, '.tmp', 'bench'));
  const registry = await benchRegistry(`oci:${oci}`);
  if (registry === null) {
    process.stderr.write('No figures from a registry: docker-registry and skopeo are needed (Debian packages of these names).\n');
    return;
  }
  try {
    const { reference } = registry;
    const empty = measure([process.execPath, '-e', '0']) as Sample;
    const command = (...parameters: readonly string[]) => [process.execPath, join(root, 'bin/portcullis'), ...parameters, '-q', '-o', 'json'];
    row([`registry, ${(shapes[0] as (typeof shapes)[number]).name}`, 'wall s', 'CPU s', 'peak MiB']);
    show('  empty Node process', empty, empty, null);
    show('  gate, everything fetched', measure(command('gate', `http://${reference}`, '--no-cache')), empty, null);
    show('  gate, layers known', measure(command('gate', `http://${reference}`)), empty, null);
    for (const [peer, peerCommand] of [
      ['crane', ['crane', 'export', '--insecure', reference, '/dev/null']],
      ['syft', ['syft', '-q', '-o', 'json', `registry:${reference}`]],
    ] as const) {
      if (onPath(peer) !== undefined) show(`  ${peer}`, measure(peerCommand), empty, null);
    }
  } finally {
    registry.close();
  }
}

/** Importing all of ../shared/feeds, opening the store, matching 1,500 packages. */
async function ofFeeds(): Promise<void> {
  const feeds = join(root, '..', 'shared', 'feeds');
  if (!existsSync(feeds)) return;
  const dataDir = join(root, '.tmp', 'bench', 'feeds');
  const command = [process.execPath, join(root, 'bin/portcullis'), 'feeds', 'import', feeds, '-q'];
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  environment.PORTCULLIS_DATA_DIR = dataDir;
  row(['feeds', 'wall s', 'CPU s', 'peak MiB']);
  const empty = measure([process.execPath, '-e', '0']) as Sample;
  show('  import of ../shared/feeds', measureOnce(command), empty, null);
  const store = readdirSync(join(dataDir, 'advisories')).reduce((sum, name) => sum + statSync(join(dataDir, 'advisories', name)).size, 0);
  const packages = debianPackages(feeds, 1500);
  const times: Awaited<ReturnType<typeof timeMatching>>[] = [];
  for (let run = 0; run < runs; run++) times.push(await timeMatching(dataDir, packages));
  row(['  store, MiB', (store / 1_048_576).toFixed(0)]);
  row(['  opening, ms', median(times.map((time) => time.open)).toFixed(1)]);
  row(['  matching 1,500 packages, ms', median(times.map((time) => time.match)).toFixed(0)]);
}

await main();
if (filters.length === 0 || filters.includes('feeds')) await ofFeeds();
if (filters.length === 0 || filters.includes('registry')) await fromRegistry();
