import type { Service, ServiceProblem, ServiceScope } from '../../model/index.ts';
import { systemTlsOf } from '../openssl/index.ts';
import type { ServiceImage } from '../service-reader.ts';
import { defineServiceReader } from '../service-reader.ts';
import type { StartCommand } from '../start-command.ts';
import { startCommandOf } from '../start-command.ts';
import type { NginxBuild } from './build.ts';
import { hasModule, nginxBuildOf } from './build.ts';
import { readCommandLine } from './command-line.ts';
import type { Block } from './configuration-tree.ts';
import { readConfigurationTree } from './configuration-tree.ts';
import { generatedConfiguration } from './generated-configuration.ts';
import type { NginxListen } from './listen.ts';
import { implicitListen, parseListen } from './listen.ts';
import { scopesOf } from './scopes.ts';
import { answersOf } from './servers.ts';

const programs = ['nginx', 'nginx-debug', 'openresty', 'angie'];
const newest = '1.31.5';
const what = 'the configuration of nginx';

/** nginx: http, stream and mail servers with what is in force in each, and their TLS. */
export default defineServiceReader({
  name: 'nginx',
  version: 1,
  summary: 'nginx: includes, inheritance, default servers, TLS of http, stream and mail, command line, defaults by release',
  *read(image) {
    const start = startCommandOf(image, programs);
    const words = [...image.configuration.entrypoint, ...image.configuration.cmd];
    const called = start.runs === true ? (words.find((word) => programs.includes(word.slice(word.lastIndexOf('/') + 1))) ?? 'nginx') : null;
    const build = nginxBuildOf(image, called);
    if (build !== undefined) yield readServer(image, start, build);
  },
});

function readServer(image: ServiceImage, start: StartCommand, found: NginxBuild): Service {
  const options = readCommandLine(start.arguments);
  const prefix = (options.prefix ?? found.prefix).replace(/\/+$/, '');
  const build = { ...found, prefix };
  const entry = entryOf(options.file, options.prefix, found);
  const release = build.version ?? newest;
  const generated = generatedConfiguration(image);
  const seen: ServiceImage = { ...image, files: generated.files };
  const tree = readConfigurationTree({ image: seen, build, entry, global: options.global, release, generated: generated.made });
  const problems: ServiceProblem[] = [...generated.problems, ...tree.problems];
  if (start.uncertainty !== null) problems.push({ kind: 'uncertain', what, why: start.uncertainty, location: null });
  const unknown = build.version === null ? `nothing tells its version; defaults are those of nginx ${newest}` : null;
  if (unknown !== null) problems.push({ kind: 'uncertain', what, why: unknown, location: null });
  const script = generated.problems.find((problem) => problem.why.includes('may change it'))?.location?.path;
  const doubt = tree.doubt ?? start.uncertainty ?? (script === undefined ? null : `${script} runs when the container starts`) ?? unknown;

  const loaded = new Set(
    tree.main.statements.flatMap((statement) => {
      const name = statement.name === 'load_module' ? /(?:^|\/)ngx_(\w+)_module\.so$/.exec(statement.arguments[0] ?? '')?.[1] : undefined;
      return name === undefined ? [] : [name];
    }),
  );
  const listens = new Map<Block, readonly NginxListen[]>();
  const { frames, cut } = scopesOf(tree.main, {
    release,
    has: (directive) => hasModule(build, directive.module, loaded),
    doubt,
    listensOf(block, context) {
      const parsed: NginxListen[] = [];
      let stated = false;
      for (const statement of block.statements) {
        if (statement.name !== 'listen' || statement.block !== null) continue;
        stated = true;
        const result = parseListen(statement, context.family, release);
        if ('listen' in result) parsed.push(result.listen);
        else if (problems.length < 200) problems.push({ kind: 'invalid', what, why: result.invalid, location: { path: statement.path, line: statement.line } });
      }
      const all = parsed.length === 0 && !stated && context.family === 'http' ? [implicitListen] : parsed;
      listens.set(block, all);
      return all;
    },
  });
  if (cut)
    problems.push({ kind: 'unreadable', what, why: 'there are too many servers and locations to show what is in force in each', location: { path: entry } });
  const servers = frames.filter((frame) => frame.context.letter === 's');
  const { library, policy } = systemTlsOf(image);
  const directory = entry.replace(/\/[^/]*$/, '');
  const { answers, problems: refused } = answersOf(servers, {
    image,
    library,
    policy,
    release,
    directory,
    doubt,
    known: { tls: new Map(), certificates: new Map() },
  });
  const scopes = frames.map((frame): ServiceScope => {
    const answer = answers.get(frame);
    return { scope: frame.path, listen: answer?.listen ?? [], tls: answer?.tls ?? null, settings: frame.settings };
  });
  // A template is no configuration yet: the server refuses or takes what its variables are filled in with.
  const told = [...problems, ...refused].map((problem): ServiceProblem => {
    const made = problem.kind === 'invalid' && problem.location !== null && generated.made.has(problem.location.path);
    return made ? { ...problem, kind: 'uncertain' } : problem;
  });
  return { service: 'nginx', version: build.version, entry, runs: start.runs, scopes, problems: told };
}

/** `-c` counts from the prefix; `-p` moves a configuration file that was compiled in relative to the prefix. */
function entryOf(file: string | null, prefix: string | null, build: NginxBuild): string {
  const base = (prefix ?? build.prefix).replace(/\/+$/, '');
  if (file !== null) return file.startsWith('/') ? file : `${base}/${file}`;
  if (prefix === null || build.options === null) return build.configurationFile;
  return build.configurationFile.startsWith(`${build.prefix}/`) && !build.options.some((option) => option.startsWith('--conf-path=/'))
    ? `${base}${build.configurationFile.slice(build.prefix.length)}`
    : build.configurationFile;
}
