import { type ErrorCode, errorCodes, exitCodes, PortcullisError } from '../../errors.ts';
import { gate, type ImageRequest } from '../../gate.ts';
import type { VerdictDocument, VerdictSetting } from '../../model/index.ts';
import { gateHelp, policyTemplate, requestsOf } from '../../policy/index.ts';
import { type RenderOptions, reporterNamed } from '../../reports/index.ts';
import { layerCache } from '../cache.ts';
import type { CommandCall } from '../command.ts';
import { readTextFile } from '../files.ts';
import { classicGateHelp } from '../gate-help.ts';
import { imageChoiceOf } from '../image-choice.ts';
import { malwareChoiceOf } from '../malware-choice.ts';
import { manifestImages, summaryOf } from '../manifest-files.ts';
import { isOffline, openMatching, tellUnmatched } from '../matching-choice.ts';
import { outputsOf, writeOutput } from '../outputs.ts';
import { loadPolicy, withWhitelists } from '../policy.ts';
import { parseNow } from '../time.ts';

interface GateOptions {
  readonly image?: string;
  readonly imagefile?: string;
  readonly policy: string;
  readonly dockerfile?: string;
  readonly k8s?: readonly string[];
  readonly compose?: readonly string[];
  readonly tag?: string;
  readonly platform?: string;
  readonly binaryRules?: readonly string[];
  readonly plainHttp?: readonly string[];
  readonly mirror?: readonly string[];
  readonly caFile?: string;
  readonly feeds?: string;
  readonly feedsSource?: string;
  readonly maxFeedAge?: number;
  readonly vex?: readonly string[];
  readonly offline?: boolean;
  readonly clamav?: string;
  readonly clamavDatabase?: string;
  readonly malwareHashes?: readonly string[];
  readonly globalWhitelist?: string;
  readonly imageWhitelist?: string;
  readonly now?: string;
  readonly accept?: string;
  readonly showWhitelisted?: boolean;
  readonly showTriggerids?: boolean;
  readonly showGatehelp?: boolean;
  readonly showPolicytemplate?: boolean;
  readonly json?: boolean;
  readonly verbose?: number;
  readonly color: boolean;
}

/** Judges images by a policy and reports. */
export async function run(call: CommandCall): Promise<number> {
  const options = call.options as unknown as GateOptions;
  const { io, messages } = call;
  if (options.showPolicytemplate === true) {
    await io.stdout.write(policyTemplate());
    return exitCodes.go;
  }
  if (options.showGatehelp === true) {
    await io.stdout.write(classicGateHelp(gateHelp(), options.json === true));
    return exitCodes.go;
  }
  const outputs = outputsOf(call.options, 'table');
  const reporters = outputs.map(({ format }) => reporterNamed(format));
  const manifests = await manifestImages(options.k8s ?? [], options.compose ?? [], io, messages);
  const images = await imagesOf(
    call.args[0] as readonly string[],
    options,
    manifests.flatMap(({ requests }) => requests),
  );
  const now = parseNow(options.now);
  const choice = await imageChoiceOf(
    call,
    images.map(({ reference }) => reference),
  );
  const malware = malwareChoiceOf(call);
  const policy = await withWhitelists(await loadPolicy(options.policy, messages), options.globalWhitelist, options.imageWhitelist, messages);
  const asksForVulnerabilities = requestsOf(policy).some((request) => request.kind === 'vulnerabilities' || request.kind === 'feeds');
  const matching = asksForVulnerabilities ? await openMatching(call) : null;
  try {
    const document = await gate({
      images,
      policy,
      advisories: null,
      ...matching?.choice,
      ...choice,
      ...malware,
      now,
      settings: settingsOf({ ...options, offline: isOffline(call) }, call.originOf),
      cache: await layerCache(call),
      progress: (message) => messages.progress(message),
    });
    await messages.clear();
    if (matching !== null && matching.session.current === null) {
      await messages.warn('no advisories are loaded, so vulnerabilities could not be judged. Load them with: portcullis feeds sync, or feeds import');
    }
    await tellUnmatched(document.vex, call);
    const color = options.color && io.stdout.isTerminal && !io.env.NO_COLOR;
    for (const [index, output] of outputs.entries()) {
      const toTerminal = output.file === null;
      const render: RenderOptions = {
        color: color && toTerminal,
        width: toTerminal ? io.stdout.width : 120,
        verbose: (options.verbose ?? 0) > 0,
        showExcepted: options.showWhitelisted === true,
        showIds: options.showTriggerids === true,
      };
      await writeOutput(output, (reporters[index] as (typeof reporters)[number]).render(document, render), io);
    }
    for (const manifest of manifests) await messages.info(summaryOf(manifest, document.images));
    return exitCodeFor(document, options.accept === 'warn');
  } finally {
    matching?.session.close();
  }
}

/** An image that couldn't be judged decides the exit code: the run as a whole has no verdict. */
function exitCodeFor(document: VerdictDocument, acceptWarn: boolean): number {
  const failed = document.images.find((image) => 'error' in image);
  if (failed !== undefined && 'error' in failed) return errorCodes[failed.error.code as ErrorCode].exit;
  if (document.verdict === 'stop') return exitCodes.stop;
  if (document.verdict === 'warn') return acceptWarn ? exitCodes.go : exitCodes.warn;
  return document.verdict === 'go' ? exitCodes.go : exitCodes.defect;
}

/** What is named by arguments, then what files of manifests name, each once. */
async function imagesOf(args: readonly string[], options: GateOptions, named: readonly ImageRequest[]): Promise<ImageRequest[]> {
  const listed: { reference: string; dockerfile: string | null }[] = [];
  for (const arg of [...(options.image === undefined ? [] : [options.image]), ...args]) {
    if (arg.startsWith('@')) listed.push(...(await readImageFile(arg.slice(1))));
    else listed.push({ reference: arg, dockerfile: null });
  }
  if (options.imagefile !== undefined) {
    if (options.image !== undefined)
      throw new PortcullisError('USAGE', '--image and --imagefile exclude each other.', { hint: 'Put all images into the file.' });
    listed.push(...(await readImageFile(options.imagefile)));
  }
  if (listed.length === 0 && named.length === 0)
    throw new PortcullisError('USAGE', 'No image is named.', { hint: 'Try: portcullis gate image.tar (see portcullis gate --help)' });
  if (options.dockerfile !== undefined) {
    if (listed.length !== 1 || named.length > 0) {
      throw new PortcullisError('USAGE', '--dockerfile belongs to one image, but several are named.', {
        hint: 'List images with their Dockerfiles in a file and give it with --imagefile.',
      });
    }
    listed[0] = { reference: (listed[0] as { reference: string }).reference, dockerfile: options.dockerfile };
  }
  const requests: ImageRequest[] = [];
  for (const { reference, dockerfile } of listed) {
    requests.push({
      reference,
      dockerfile: dockerfile === null ? null : { path: dockerfile, text: await readTextFile(dockerfile, 'The Dockerfile', 'USAGE_FILE') },
    });
  }
  const seen = new Set<string>();
  for (const request of named) {
    if (!seen.has(request.reference)) requests.push(request);
    seen.add(request.reference);
  }
  return requests;
}

/** `IMAGE [DOCKERFILE]` a line; `____` stands for a blank, `#` begins a comment (the classic tool's image file). */
async function readImageFile(path: string): Promise<{ reference: string; dockerfile: string | null }[]> {
  const listed: { reference: string; dockerfile: string | null }[] = [];
  for (const line of (await readTextFile(path, 'The image file', 'USAGE_FILE')).replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [reference, dockerfile, ...rest] = line
      .trim()
      .split(/\s+/)
      .map((word) => word.replaceAll('____', ' '));
    if (reference === undefined || reference === '' || reference.startsWith('#')) continue;
    if (rest.length > 0)
      throw new PortcullisError('USAGE', `A line of ${path} has more than an image and a Dockerfile.`, { hint: 'Write ____ for a blank in a name.' });
    listed.push({ reference, dockerfile: dockerfile ?? null });
  }
  if (listed.length === 0) throw new PortcullisError('USAGE', `The image file ${path} names no image.`, { hint: 'Write one image a line.' });
  return listed;
}

/** What changes the verdict, in the report with its origin. */
function settingsOf(options: GateOptions, originOf: (option: string) => string): VerdictSetting[] {
  const names: readonly (readonly [string, keyof GateOptions])[] = [
    ['policy', 'policy'],
    ['dockerfile', 'dockerfile'],
    ['k8s', 'k8s'],
    ['compose', 'compose'],
    ['plain-http', 'plainHttp'],
    ['mirror', 'mirror'],
    ['ca-file', 'caFile'],
    ['feeds', 'feeds'],
    ['feeds-source', 'feedsSource'],
    ['max-feed-age', 'maxFeedAge'],
    ['vex', 'vex'],
    ['offline', 'offline'],
    ['clamav', 'clamav'],
    ['clamav-database', 'clamavDatabase'],
    ['malware-hashes', 'malwareHashes'],
    ['tag', 'tag'],
    ['platform', 'platform'],
    ['binary-rules', 'binaryRules'],
    ['global-whitelist', 'globalWhitelist'],
    ['image-whitelist', 'imageWhitelist'],
    ['now', 'now'],
    ['accept', 'accept'],
  ];
  const origins: Readonly<Record<string, string>> = { cli: 'command line', env: 'environment', default: 'default' };
  return names.flatMap(([name, key]) => {
    const given = options[key];
    const value = Array.isArray(given) ? given.join(', ') : typeof given === 'number' || given === true ? String(given) : given;
    return typeof value === 'string' ? [{ name, value, origin: origins[originOf(key)] ?? originOf(key) }] : [];
  });
}
