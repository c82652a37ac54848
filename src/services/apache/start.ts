import type { ServiceImage } from '../service-reader.ts';
import { startCommandOf } from '../start-command.ts';
import { shellVariables } from './envvars.ts';

/** How httpd is installed and started. */
export interface HttpdStart {
  /** The configuration file that it starts from. */
  readonly entry: string;
  readonly serverRoot: string;
  /** Source files of the modules that are compiled in. */
  readonly compiledIn: readonly string[];
  readonly runs: boolean | null;
  readonly defines: readonly string[];
  /** `-C` and `-c`. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly uncertainEnvironment: ReadonlySet<string>;
  /** Why the command line may be another; null: it is certain. */
  readonly uncertainty: string | null;
}

interface Layout {
  readonly entry: string;
  readonly root: string;
  readonly compiledIn: readonly string[];
  /** The shell file that the start script reads first. */
  readonly envvars: string | null;
}

const plain = ['core.c', 'mod_so.c', 'http_core.c'];
const debianBuild = ['core.c', 'mod_so.c', 'mod_watchdog.c', 'http_core.c', 'mod_log_config.c', 'mod_logio.c', 'mod_version.c', 'mod_unixd.c'];

/** Where distributions and the official image keep httpd's configuration, and what they compile in. */
const layouts: readonly Layout[] = [
  { entry: '/usr/local/apache2/conf/httpd.conf', root: '/usr/local/apache2', compiledIn: plain, envvars: '/usr/local/apache2/bin/envvars' },
  { entry: '/etc/apache2/apache2.conf', root: '/etc/apache2', compiledIn: debianBuild, envvars: '/etc/apache2/envvars' },
  { entry: '/etc/httpd/conf/httpd.conf', root: '/etc/httpd', compiledIn: plain, envvars: null },
  { entry: '/etc/apache2/httpd.conf', root: '/var/www', compiledIn: plain, envvars: null },
  { entry: '/opt/bitnami/apache/conf/httpd.conf', root: '/opt/bitnami/apache', compiledIn: plain, envvars: null },
  { entry: '/opt/bitnami/apache2/conf/httpd.conf', root: '/opt/bitnami/apache2', compiledIn: plain, envvars: null },
];

/** The program itself, and scripts that read `envvars` before they start it. */
const programs = ['apache2', 'httpd', 'httpd.worker', 'httpd.event', 'httpd.prefork', 'httpd2', 'httpd-prefork'];
const scripts = ['apache2ctl', 'apachectl', 'apache2-foreground', 'httpd-foreground', 'start_apache2'];
const packages = /^(?:apache2|apache2-bin|httpd|httpd-core|apache2-prefork|apache2-worker)$/;

/** Every httpd of an image: one for each layout that is there, usually none or one. */
export function httpdStarts(image: ServiceImage): readonly HttpdStart[] {
  const present = layouts.filter((layout) => image.files.stat(layout.entry)?.type === 'file');
  const used = present.some((layout) => layout.entry === '/etc/apache2/apache2.conf')
    ? present.filter((layout) => layout.entry !== '/etc/apache2/httpd.conf')
    : present;
  const byScript = startCommandOf(image, scripts);
  const direct = startCommandOf(image, programs);
  const command = byScript.runs === false || (direct.runs === true && byScript.runs === null) ? direct : byScript;
  const options = optionsOf(command.arguments);
  if (used.length === 0) {
    const named = options.file !== null && command.runs !== false && options.file.startsWith('/') && image.files.stat(options.file) !== undefined;
    const installed = image.packages.some((item) => !item.lockfile && packages.test(item.name) && ['deb', 'rpm', 'apk'].includes(item.type));
    if (!named && !installed) return [];
    const layout = layouts.find((one) => one.entry === usualEntry(image)) ?? (layouts[1] as Layout);
    return [startOf(image, layout, command, options, command === byScript)];
  }
  return used.map((layout) =>
    startOf(image, layout, used.length > 1 && command.runs === true ? { ...command, runs: null } : command, options, command === byScript),
  );
}

/** The entry file that the distribution of an image without one would have. */
function usualEntry(image: ServiceImage): string {
  const type = image.packages.find((item) => packages.test(item.name))?.type;
  return type === 'rpm' ? '/etc/httpd/conf/httpd.conf' : type === 'apk' ? '/etc/apache2/httpd.conf' : '/etc/apache2/apache2.conf';
}

function startOf(image: ServiceImage, layout: Layout, command: ReturnType<typeof startCommandOf>, options: Options, byScript: boolean): HttpdStart {
  const own = new Map(image.configuration.env.map((entry) => [entry.slice(0, Math.max(0, entry.indexOf('='))), entry.slice(entry.indexOf('=') + 1)] as const));
  let environment: ReadonlyMap<string, string> = own;
  let uncertainEnvironment: ReadonlySet<string> = new Set();
  // A server that is started without its script doesn't see the script's variables.
  if (layout.envvars !== null && (byScript || command.runs !== true)) {
    const directory = own.get('APACHE_CONFDIR') ?? '/etc/apache2';
    const path = layout.envvars === '/etc/apache2/envvars' ? (own.get('APACHE_ENVVARS') ?? `${directory}/envvars`) : layout.envvars;
    const file = image.files.read(path);
    if (file.state === 'read') {
      const found = shellVariables(new TextDecoder().decode(file.bytes), new Map([['APACHE_CONFDIR', directory], ...own]));
      environment = found.values;
      uncertainEnvironment = found.uncertain;
    }
  }
  const extra = byScript ? optionsOf((environment.get('APACHE_ARGUMENTS') ?? '').split(/\s+/)) : optionsOf([]);
  const root = options.root ?? extra.root ?? layout.root;
  const file = options.file ?? extra.file;
  const moved = options.root ?? extra.root;
  const name = layout.entry.slice(layout.entry.startsWith(`${layout.root}/`) ? layout.root.length + 1 : 0);
  const usual = moved === null || name.startsWith('/') ? layout.entry : `${moved}/${name}`;
  return {
    entry: file === null ? usual : file.startsWith('/') ? file : `${root.replace(/\/+$/, '')}/${file}`,
    serverRoot: root,
    compiledIn: layout.compiledIn,
    runs: command.runs,
    defines: [...extra.defines, ...options.defines],
    before: [...extra.before, ...options.before],
    after: [...extra.after, ...options.after],
    environment,
    uncertainEnvironment,
    uncertainty: command.uncertainty,
  };
}

interface Options {
  readonly file: string | null;
  readonly root: string | null;
  readonly defines: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** httpd's options (httpd(8)): `-D NAME`, `-DNAME`, `-f FILE`, `-d DIRECTORY`, `-C DIRECTIVE`, `-c DIRECTIVE`. */
function optionsOf(words: readonly string[]): Options {
  const values: Record<'D' | 'f' | 'd' | 'C' | 'c', string[]> = { D: [], f: [], d: [], C: [], c: [] };
  for (let index = 0; index < words.length; index += 1) {
    const option = /^-([DfdCckeEnx])(.*)$/s.exec(words[index] ?? '');
    if (option === null) continue;
    const letter = option[1] ?? '';
    const joined = option[2] ?? '';
    if (joined === '') index += 1;
    const value = joined === '' ? (words[index] ?? '') : joined;
    if (letter in values) values[letter as keyof typeof values].push(value);
  }
  return { file: values.f.at(-1) ?? null, root: values.d.at(-1) ?? null, defines: values.D, before: values.C, after: values.c };
}
