import type { ImageFiles, ServiceProblem } from '../../model/index.ts';
import type { ServiceImage } from '../service-reader.ts';

/** The image's files with those that its start script makes, as far as that can be told beforehand. */
export interface GeneratedConfiguration {
  readonly files: ImageFiles;
  /** Made files: path → why they are uncertain. */
  readonly made: ReadonlyMap<string, string>;
  readonly problems: readonly ServiceProblem[];
}

const scripts = '/docker-entrypoint.d';
/** Scripts of the official image that change nothing which is judged here. */
const ownScripts = new Set(['10-listen-on-ipv6-by-default.sh', '15-local-resolvers.envsh', '20-envsubst-on-templates.sh', '30-tune-worker-processes.sh']);
const maximumTemplates = 1000;

/**
 * The official image runs `templates/*.template` through envsubst into `conf.d` when it starts
 * (20-envsubst-on-templates.sh). The result is shown with the values that the image's environment has, and marked.
 */
export function generatedConfiguration(image: ServiceImage): GeneratedConfiguration {
  const problems: ServiceProblem[] = [];
  const starts = [...image.configuration.entrypoint, ...image.configuration.cmd].some((word) => word.endsWith('docker-entrypoint.sh'));
  if (!starts) return { files: image.files, made: new Map(), problems };
  const what = 'the configuration of nginx';
  const names = image.files.list(scripts);
  for (const name of names.filter((one) => /\.(?:sh|envsh)$/.test(one) && !ownScripts.has(one)).slice(0, 20)) {
    problems.push({
      kind: 'uncertain',
      what,
      why: `${scripts}/${name} runs when the container starts and may change it`,
      location: { path: `${scripts}/${name}` },
    });
  }
  if (!names.includes('20-envsubst-on-templates.sh')) return { files: image.files, made: new Map(), problems };
  const environment = new Map(image.configuration.env.map((entry): [string, string] => [entry.split('=', 1)[0] ?? '', entry.slice(entry.indexOf('=') + 1)]));
  const from = environment.get('NGINX_ENVSUBST_TEMPLATE_DIR') ?? '/etc/nginx/templates';
  const to = environment.get('NGINX_ENVSUBST_OUTPUT_DIR') ?? '/etc/nginx/conf.d';
  const suffix = environment.get('NGINX_ENVSUBST_TEMPLATE_SUFFIX') ?? '.template';
  const sources = new Map<string, string>();
  const made = new Map<string, string>();
  for (const name of image.files.list(from).slice(0, maximumTemplates)) {
    if (!name.endsWith(suffix) || name === suffix) continue;
    const path = `${to}/${name.slice(0, -suffix.length)}`;
    sources.set(path, `${from}/${name}`);
    made.set(path, `${from}/${name} is filled in when the container starts`);
    problems.push({ kind: 'uncertain', what, why: 'it is filled in from the environment when the container starts', location: { path: `${from}/${name}` } });
  }
  return { files: sources.size === 0 ? image.files : withMade(image.files, sources, { from, to }, environment), made, problems };
}

function withMade(
  files: ImageFiles,
  sources: ReadonlyMap<string, string>,
  directory: { readonly from: string; readonly to: string },
  environment: ReadonlyMap<string, string>,
): ImageFiles {
  const source = (path: string) => sources.get(path) ?? path;
  return {
    // The script makes the directory when it is missing.
    stat: (path) => files.stat(source(path)) ?? (path === directory.to ? files.stat(directory.from) : undefined),
    lstat: (path) => files.lstat(source(path)) ?? (path === directory.to ? files.stat(directory.from) : undefined),
    list(path) {
      const names = files.list(path);
      if (path !== directory.to) return names;
      const made = [...sources.keys()].map((one) => one.slice(directory.to.length + 1));
      return [...new Set([...names, ...made])].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    },
    read(path) {
      const read = files.read(source(path));
      if (read.state !== 'read' || !sources.has(path)) return read;
      return { ...read, bytes: new TextEncoder().encode(substituted(new TextDecoder().decode(read.bytes), environment)) };
    },
  };
}

/** envsubst: `$NAME` and `${NAME}` of variables that exist; others stay. */
function substituted(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g, (whole, braced: string | undefined, bare: string | undefined) => {
    return environment.get(braced ?? bare ?? '') ?? whole;
  });
}
