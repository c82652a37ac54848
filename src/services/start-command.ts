import type { ServiceImage } from './service-reader.ts';
import type { ShellWord } from './shell-words.ts';
import { shellCommands } from './shell-words.ts';

/** How an image starts a program. */
export interface StartCommand {
  /** Whether the image starts the program; null when that can't be told (a script or an init system may). */
  readonly runs: boolean | null;
  /** What follows the program's name; empty when nothing is known of it. */
  readonly arguments: readonly string[];
  /** Why the arguments may be others at run time; null when they are certain. */
  readonly uncertainty: string | null;
}

/** Programs that start the command given to them as arguments, and their options that take a word. */
const wrappers: Readonly<Record<string, { readonly valued: readonly string[]; readonly operands: number }>> = {
  tini: { valued: ['-e', '-p'], operands: 0 },
  'tini-static': { valued: ['-e', '-p'], operands: 0 },
  'docker-init': { valued: ['-e', '-p'], operands: 0 },
  'dumb-init': { valued: ['-r', '--rewrite'], operands: 0 },
  catatonit: { valued: [], operands: 0 },
  exec: { valued: ['-a'], operands: 0 },
  command: { valued: [], operands: 0 },
  nohup: { valued: [], operands: 0 },
  sudo: { valued: ['-u', '-g', '-C', '-h', '-p', '-U'], operands: 0 },
  env: { valued: ['-u', '-C', '-S'], operands: 0 },
  nice: { valued: ['-n'], operands: 0 },
  ionice: { valued: ['-c', '-n', '-p'], operands: 0 },
  stdbuf: { valued: ['-i', '-o', '-e'], operands: 0 },
  setpriv: { valued: ['--reuid', '--regid', '--groups', '--inh-caps', '--ambient-caps', '--bounding-set'], operands: 0 },
  setsid: { valued: [], operands: 0 },
  chpst: { valued: ['-u', '-U', '-b', '-e', '-/', '-n', '-l', '-L', '-m', '-d', '-o', '-p', '-f', '-c', '-t'], operands: 0 },
  timeout: { valued: ['-k', '-s'], operands: 1 },
  gosu: { valued: [], operands: 1 },
  'su-exec': { valued: [], operands: 1 },
  's6-setuidgid': { valued: [], operands: 1 },
  setuidgid: { valued: [], operands: 1 },
  runuser: { valued: ['-u', '-g', '-G', '-s'], operands: 0 },
};
const shells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh', 'busybox']);
/** Programs that start services by their own configuration. */
const supervisors = new Set(['init', 'systemd', 'supervisord', 's6-svscan', 'runsvdir', 'runit', 'runit-init', 'openrc-init', 'circusd', 'monit', 'my_init']);
const reserved = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'time', 'exec', 'builtin']);
const maximumDepth = 8;
const maximumScriptBytes = 1 << 20;

/**
 * Looks for a program in what the image runs (Entrypoint followed by Cmd): directly, in shell form, behind wrappers
 * such as `tini`, or through a script which ends in `exec "$@"` or names the program itself. Nothing is executed.
 *
 * @param programs base names: `['nginx', 'nginx-debug']`
 */
export function startCommandOf(image: ServiceImage, programs: readonly string[]): StartCommand {
  const argv = [...image.configuration.entrypoint, ...image.configuration.cmd];
  const environment = new Map(
    image.configuration.env.map((entry): [string, string] => {
      const equals = entry.indexOf('=');
      return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
  const words = argv.map((text): ShellWord => ({ text, variables: [], passesArguments: false }));
  return search(image, new Set(programs), environment, words, 0);
}

const no: StartCommand = { runs: false, arguments: [], uncertainty: null };

function search(
  image: ServiceImage,
  programs: ReadonlySet<string>,
  environment: ReadonlyMap<string, string>,
  given: readonly ShellWord[],
  depth: number,
): StartCommand {
  const words = unwrapped(given);
  const first = words[0];
  if (first === undefined || depth > maximumDepth) return no;
  const program = baseName(first.text);
  if (programs.has(program)) return found(words.slice(1), true);
  if (supervisors.has(program)) return { runs: null, arguments: [], uncertainty: `${program} decides how it is started` };
  if (shells.has(program)) return searchShell(image, programs, environment, words, depth);
  if ((program === 'su' || program === 'runuser') && words.some((word) => word.text === '-c')) {
    const text = words[words.findIndex((word) => word.text === '-c') + 1]?.text ?? '';
    return searchCommands(image, programs, environment, shellCommands(text, environment), [], depth + 1);
  }
  return searchScript(image, programs, environment, words, depth);
}

/** `sh -c TEXT ARG…` or `sh SCRIPT ARG…`. */
function searchShell(
  image: ServiceImage,
  programs: ReadonlySet<string>,
  environment: ReadonlyMap<string, string>,
  words: readonly ShellWord[],
  depth: number,
): StartCommand {
  for (let index = 1; index < words.length; index += 1) {
    const text = (words[index] as ShellWord).text;
    if (shells.has(text)) continue;
    if (/^-[a-z]*c[a-z]*$/.test(text)) {
      const commands = shellCommands(words[index + 1]?.text ?? '', environment);
      return searchCommands(image, programs, environment, commands, words.slice(index + 3), depth + 1);
    }
    if (text === '-o' || text === '+o') index += 1;
    else if (!text.startsWith('-')) return searchScript(image, programs, environment, words.slice(index), depth);
  }
  return no;
}

/** A file of the image: a script is read, anything else is a program of its own. */
function searchScript(
  image: ServiceImage,
  programs: ReadonlySet<string>,
  environment: ReadonlyMap<string, string>,
  words: readonly ShellWord[],
  depth: number,
): StartCommand {
  const rest = words.slice(1);
  const script = readScript(image, (words[0] as ShellWord).text);
  if (script.state === 'program') return no;
  if (script.state === 'unknown') {
    const passed = search(image, programs, environment, rest, depth + 1);
    return passed.runs === false ? passed : { ...passed, runs: null, uncertainty: 'a script that could not be read starts it' };
  }
  return searchCommands(image, programs, environment, shellCommands(script.text, environment), rest, depth + 1);
}

function readScript(image: ServiceImage, name: string): { state: 'script'; text: string } | { state: 'program' } | { state: 'unknown' } {
  for (const path of pathsOf(image, name)) {
    const entry = image.files.stat(path);
    if (entry === undefined) continue;
    if (entry.size > maximumScriptBytes) return { state: 'program' };
    const read = image.files.read(path);
    if (read.state !== 'read') return { state: 'unknown' };
    const head = String.fromCharCode(...read.bytes.subarray(0, 4));
    if (head === '\x7fELF') return { state: 'program' };
    if (!head.startsWith('#!') && !/\.sh$/.test(path)) return { state: 'program' };
    return { state: 'script', text: new TextDecoder().decode(read.bytes) };
  }
  return /(?:\.sh|entrypoint|start|run)$/i.test(name) ? { state: 'unknown' } : { state: 'program' };
}

function pathsOf(image: ServiceImage, name: string): string[] {
  if (name.startsWith('/')) return [name];
  const at = image.configuration.workingDir === '' ? '/' : image.configuration.workingDir;
  if (name.includes('/')) return [`${at}/${name}`];
  const path = image.configuration.env.find((entry) => entry.startsWith('PATH='))?.slice(5) ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return path
    .split(':')
    .slice(0, 20)
    .map((directory) => `${directory}/${name}`);
}

/** Searches a script's commands: those that name the program, and `"$@"`, which stands for `passed`. */
function searchCommands(
  image: ServiceImage,
  programs: ReadonlySet<string>,
  environment: ReadonlyMap<string, string>,
  commands: readonly (readonly ShellWord[])[],
  passed: readonly ShellWord[],
  depth: number,
): StartCommand {
  let forwards = false;
  let named: StartCommand | undefined;
  let inserted: readonly ShellWord[] = [];
  for (const command of commands) {
    const words = unwrapped(command);
    const first = words[0];
    if (first === undefined) continue;
    if (first.text === 'set' && words[1]?.text === '--' && words.some((word) => word.passesArguments)) {
      if (programs.has(baseName(words[2]?.text ?? ''))) inserted = words.slice(2).filter((word) => !word.passesArguments);
      continue;
    }
    if (first.passesArguments || (/^\$?0$/.test(first.variables[0] ?? '') && words.some((word) => word.passesArguments))) {
      forwards = true;
      continue;
    }
    named ??= searchCommand(image, programs, environment, words, passed, depth);
  }
  if (named !== undefined && commands.length === 1 && passed.length === 0) return named;
  if (forwards && passed.length > 0) {
    const bare = passed[0]?.text.startsWith('-') || passed[0]?.text.endsWith('.conf');
    const started =
      bare && inserted.length > 0 ? found([...unwrapped(inserted), ...passed].slice(1), true) : search(image, programs, environment, passed, depth + 1);
    if (started.runs !== false) return started;
  }
  if (named === undefined) return no;
  return { ...named, runs: null, uncertainty: named.uncertainty ?? 'a script starts it' };
}

/** One command of a script; undefined when it has nothing to do with the program. */
function searchCommand(
  image: ServiceImage,
  programs: ReadonlySet<string>,
  environment: ReadonlyMap<string, string>,
  words: readonly ShellWord[],
  passed: readonly ShellWord[],
  depth: number,
): StartCommand | undefined {
  const program = baseName(words[0]?.text ?? '');
  const mentions = (word: ShellWord | undefined) => word !== undefined && programs.has(baseName(word.text).replace(/\.service$/, ''));
  if (programs.has(program)) {
    const parts = words.slice(1).flatMap((word) => (word.passesArguments ? passed : [word]));
    const arguments_ = parts.map((word) => word.text);
    return isProbe(arguments_) ? undefined : found(parts, true);
  }
  const starts = words.some((word) => word.text === 'start' || word.text === 'restart');
  if (starts && (program === 'service' || program === 'rc-service' || program === 'systemctl') && words.slice(1).some(mentions)) {
    return { runs: null, arguments: [], uncertainty: 'a service script starts it' };
  }
  if (supervisors.has(program)) return { runs: null, arguments: [], uncertainty: `${program} decides how it is started` };
  if (shells.has(program) || program === 'su' || program === 'runuser') {
    const started = search(image, programs, environment, words, depth + 1);
    return started.runs === false ? undefined : started;
  }
  return undefined;
}

/** Calls that ask a server something and don't start it: `nginx -t`, `sshd -V`, `redis-server --version`. */
function isProbe(words: readonly string[]): boolean {
  return words.some((word) => /^(?:-t|-T|-qt|-v|-V|--version|--help|-s|-C)$/.test(word));
}

function found(words: readonly ShellWord[], runs: boolean): StartCommand {
  const redirected = words.findIndex((word) => /^[0-9]*[<>]/.test(word.text));
  const used = redirected < 0 ? words : words.slice(0, redirected);
  const variables = [...new Set(used.flatMap((word) => (word.passesArguments ? ['@'] : word.variables)))];
  return {
    runs,
    arguments: used.filter((word) => word.text !== '' || word.variables.length === 0).map((word) => word.text),
    uncertainty: variables.length === 0 ? null : `its command line holds ${variables.map((name) => (name === 'a command' ? name : `$${name}`)).join(', ')}`,
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Without reserved words, assignments and wrapper programs in front. */
function unwrapped(words: readonly ShellWord[]): readonly ShellWord[] {
  let at = 0;
  while (at < words.length) {
    const text = (words[at] as ShellWord).text;
    if (reserved.has(text) || /^[A-Za-z_][A-Za-z0-9_]*=/.test(text)) {
      at += 1;
      continue;
    }
    const wrapper = wrappers[baseName(text)];
    if (wrapper === undefined || !Object.hasOwn(wrappers, baseName(text)) || (baseName(text) === 'runuser' && words.some((word) => word.text === '-c'))) break;
    at += 1;
    while (at < words.length) {
      const option = (words[at] as ShellWord).text;
      if (option === '--') {
        at += 1;
        break;
      }
      if (!option.startsWith('-') || option === '-') break;
      at += wrapper.valued.includes(option) ? 2 : 1;
    }
    at += wrapper.operands;
    if (words[at - 1]?.text !== '--' && words[at]?.text === '--') at += 1;
  }
  return words.slice(at);
}
