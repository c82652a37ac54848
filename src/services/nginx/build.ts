import { installedVersionOf } from '../installed-version.ts';
import type { ServiceImage } from '../service-reader.ts';

/** How an nginx was built: from its program file, as `nginx -V` prints it. */
export interface NginxBuild {
  /** The program file; null when none was found. */
  readonly program: string | null;
  /** null: nothing tells it. */
  readonly version: string | null;
  /** Directory that relative paths (not those of includes) start from. */
  readonly prefix: string;
  /** The configuration file when the command line names none. */
  readonly configurationFile: string;
  /** Configure options; null when the program file couldn't be read. */
  readonly options: readonly string[] | null;
}

const programs = [
  '/usr/sbin/nginx',
  '/usr/local/nginx/sbin/nginx',
  '/usr/local/openresty/nginx/sbin/nginx',
  '/usr/local/sbin/nginx',
  '/usr/bin/nginx',
  '/opt/bitnami/nginx/sbin/nginx',
  '/opt/nginx/sbin/nginx',
  '/usr/bin/openresty',
];
const configurationFiles = [
  '/etc/nginx/nginx.conf',
  '/usr/local/nginx/conf/nginx.conf',
  '/usr/local/openresty/nginx/conf/nginx.conf',
  '/usr/local/etc/nginx/nginx.conf',
  '/opt/bitnami/nginx/conf/nginx.conf',
  '/opt/nginx/conf/nginx.conf',
];
const packageNames = ['nginx', 'nginx-core', 'nginx-full', 'nginx-light', 'nginx-extras', 'nginx-mainline', 'nginx-common', 'openresty', /^nginx1?\.?[0-9]*$/];
const maximumProgram = 64 << 20;

/**
 * Finds the nginx of an image. undefined: there is neither a program, a package nor a configuration of it.
 *
 * @param called the program as the image's command names it; null when it doesn't
 */
export function nginxBuildOf(image: ServiceImage, called: string | null): NginxBuild | undefined {
  const candidates = called?.startsWith('/') ? [called, ...programs] : programs;
  const program = candidates.find((path) => image.files.stat(path)?.type === 'file') ?? null;
  const packaged = installedVersionOf(image.packages, packageNames);
  const existing = configurationFiles.find((path) => image.files.stat(path) !== undefined);
  if (program === null && packaged === null && existing === undefined && called === null) return undefined;
  const facts = program === null ? null : programFacts(image, program);
  const options = facts?.options ?? null;
  const option = (name: string) =>
    options
      ?.find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replace(/^'|'$/g, '');
  const prefix = option('--prefix') ?? (existing === undefined || existing.startsWith('/etc/') ? '/etc/nginx' : existing.replace(/\/conf\/[^/]*$/, ''));
  const built = option('--conf-path') ?? (options === null ? undefined : 'conf/nginx.conf');
  const file = built === undefined ? undefined : built.startsWith('/') ? built : `${prefix}/${built}`;
  return {
    program,
    version: facts?.version ?? packaged,
    prefix: prefix.replace(/\/+$/, ''),
    configurationFile: file ?? existing ?? '/etc/nginx/nginx.conf',
    options,
  };
}

/** The texts that `nginx -V` prints, searched in the program file. */
function programFacts(image: ServiceImage, path: string): { version: string | null; options: readonly string[] | null } | null {
  const read = image.files.read(path);
  if (read.state !== 'read' || read.bytes.byteLength > maximumProgram) return null;
  const bytes = Buffer.from(read.bytes.buffer, read.bytes.byteOffset, read.bytes.byteLength);
  const after = (text: string, limit: number) => {
    const at = bytes.indexOf(text, 0, 'latin1');
    if (at < 0) return null;
    const end = bytes.subarray(at, at + limit).indexOf(0);
    return bytes.toString('latin1', at + text.length, end < 0 ? at + limit : at + end);
  };
  const version = after('nginx version: ', 200);
  const configure = after('configure arguments:', 20_000);
  return {
    version: version === null ? null : (/(?:nginx|openresty|angie|freenginx)\/([0-9][0-9.]*[0-9])/.exec(version)?.[1] ?? null),
    options: configure === null ? null : (configure.trim().match(/(?:[^\s']|'[^']*')+/g) ?? []),
  };
}

/** Modules that are built only when asked for (auto/options). */
const optional = new Set(
  'http_ssl http_v2 http_v3 http_realip http_addition http_xslt http_image http_image_filter http_geoip http_sub http_dav http_flv http_mp4 http_gunzip http_gzip_static http_auth_request http_random_index http_secure_link http_degradation http_slice http_stub_status http_perl mail mail_ssl stream stream_ssl stream_realip stream_geoip stream_ssl_preread google_perftools cpp_test'.split(
    ' ',
  ),
);

/**
 * Whether the build has a module: compiled in, or loaded (`loaded`: names of `load_module` files without `ngx_` and
 * `_module.so`). Unknown options: every module counts as there.
 *
 * @param module `http_ssl`, `stream`, `http_sub_filter`
 */
export function hasModule(build: NginxBuild, module: string, loaded: ReadonlySet<string>): boolean {
  const { options } = build;
  if (options === null) return true;
  const name = module.replace(/_filter$/, '');
  if (loaded.has(module) || loaded.has(name)) return true;
  const family = name.startsWith('stream') ? 'stream' : name.startsWith('mail') ? 'mail' : null;
  if (family !== null && !options.includes(`--with-${family}`) && !loaded.has(family)) return false;
  const bare = family === name;
  const wanted = [name, module].flatMap((one) => (bare ? [`--with-${one}`] : [`--with-${one}_module`, `--with-${one}_filter_module`]));
  if (options.some((one) => wanted.includes(one))) return true;
  if (bare && options.includes(`--with-${name}=dynamic`)) return loaded.has(name);
  if (optional.has(name) || optional.has(module)) return bare && loaded.has(name);
  return !options.includes(`--without-${name}_module`);
}

/** Whether modules that aren't nginx's own were compiled in, or may have been (options unknown). */
export function mayHaveOtherModules(build: NginxBuild): boolean {
  return build.options === null || build.options.some((option) => option.startsWith('--add-module') || option.startsWith('--add-dynamic-module'));
}
