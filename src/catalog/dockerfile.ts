import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { Dockerfile, DockerfileInstruction, Evidence, ImageConfiguration, Problem } from '../model/index.ts';
import { redact } from '../secrets/index.ts';
import { dockerfileWithoutSecrets } from './configuration-secrets.ts';
import { problemOf } from './problem.ts';

/** A Dockerfile as the caller gave it. */
export interface GivenDockerfile {
  readonly path: string;
  readonly text: string;
}

/** The character that continues a line: a backtick where the parser directive at the top says so (Dockerfile reference, `escape`). */
function continuationCharacter(text: string): string {
  for (const line of text.split('\n', 20)) {
    const directive = /^\s*#\s*([a-z]+)\s*=\s*(\S+)\s*$/i.exec(line.slice(0, 200));
    if (directive === null) return '\\';
    if (directive[1]?.toLowerCase() === 'escape' && directive[2] === '`') return '`';
  }
  return '\\';
}

/** Joins an instruction's lines: comments and empty lines between them are no part of it (Dockerfile reference, Format). Here-documents stay as they are. */
function joined(raw: string, continuation: string): string {
  const lines = raw.split('\n');
  let text = '';
  for (let index = 0; index < lines.length; index++) {
    const line = (lines[index] as string).trimEnd();
    const words = line.trimStart();
    if (index > 0 && (words === '' || words.startsWith('#'))) continue;
    const continues = line.endsWith(continuation);
    // Blanks at the seam are indentation: one of them is kept.
    const isApart = text !== '' && (/\s$/.test(text) || words !== line);
    text = `${text.trimEnd()}${isApart ? ' ' : ''}${continues ? words.slice(0, -1) : words}`;
    if (continues) continue;
    const rest = lines.slice(index + 1);
    return rest.length === 0 ? text : `${text}\n${rest.join('\n')}`;
  }
  return text;
}

/** Parses a Dockerfile: continuations joined, comments left out, stages counted. A flag such as `--from=` is no argument. */
export function parseDockerfile(text: string): DockerfileInstruction[] {
  const instructions: DockerfileInstruction[] = [];
  const continuation = continuationCharacter(text);
  let stage = -1;
  for (const instruction of DockerfileParser.parse(text).getInstructions() as Instruction[]) {
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') stage++;
    instructions.push({
      keyword,
      arguments: joined(instruction.getRawArgumentsContent() ?? '', continuation).trim(),
      line: instruction.getRange().start.line + 1,
      stage: Math.max(stage, 0),
    });
  }
  return instructions;
}

const keywords = new Set([
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
]);

/** `|1 NAME=value /bin/sh -c apt-get update`: build arguments and the default shell in front of a command. */
function withoutShell(command: string): string {
  const shell = '/bin/sh -c ';
  if (command.startsWith(shell)) return command.slice(shell.length);
  const at = /^\|[0-9]+ /.test(command) ? command.indexOf(` ${shell}`) : -1;
  return at < 0 ? command : command.slice(at + 1 + shell.length);
}

/** Go prints lists without commas: `map[80/tcp:{} 443/tcp:{}]`, `[80/tcp]`. */
function withoutGoList(text: string): string {
  const list = /^(?:map)?\[([^\]"]*)\]$/.exec(text);
  return list === null ? text : (list[1] as string).replaceAll(':{}', '');
}

/**
 * One line of the history as the instruction that it was. The classic builder writes `/bin/sh -c #(nop)  CMD ["bash"]` and
 * `|1 A=b /bin/sh -c make`; BuildKit `CMD ["bash"]` and `RUN |1 A=b /bin/sh -c make # buildkit`. null: it is none.
 */
function rebuiltLine(createdBy: string): { keyword: string; arguments: string } | null {
  let line = createdBy.trim();
  if (line.endsWith('# buildkit')) line = line.slice(0, -'# buildkit'.length).trimEnd();
  const nop = line.indexOf('#(nop)');
  if (nop >= 0 && line.startsWith('/') && line.slice(0, nop).trimEnd().endsWith(' -c')) line = line.slice(nop + '#(nop)'.length).trimStart();
  if (line.startsWith('/') || line.startsWith('|')) return { keyword: 'RUN', arguments: withoutShell(line).trim() };
  const space = line.search(/\s/);
  if (space < 0 || line.startsWith('#')) return null;
  const keyword = line.slice(0, space).toUpperCase();
  const rest = line.slice(space).trim();
  if (!keywords.has(keyword)) return { keyword: 'RUN', arguments: line };
  if (keyword === 'RUN') return { keyword, arguments: withoutShell(rest).trim() };
  return { keyword, arguments: keyword === 'EXPOSE' || keyword === 'VOLUME' || keyword === 'USER' ? withoutGoList(rest) : rest };
}

/**
 * The Dockerfile of an image: the given one, else what the history still shows of it. The history holds no FROM
 * lines, no comments and no build stages.
 */
export function dockerfileOf(given: GivenDockerfile | null, configuration: ImageConfiguration): Dockerfile {
  if (given !== null) return { mode: 'given', path: given.path, instructions: parseDockerfile(given.text) };
  const instructions = configuration.history.flatMap((entry, index) => {
    const line = rebuiltLine(entry.createdBy);
    return line === null ? [] : [{ ...line, line: index + 1, stage: 0 }];
  });
  return { mode: instructions.length > 0 ? 'rebuilt' : 'none', path: null, instructions };
}

/** Words of an instruction whose value is known without running anything. */
function literalWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '' && !word.includes('$'));
}

function execForm(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? (value as string[]) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Where the image's configuration says otherwise than the given Dockerfile: then it isn't this image's Dockerfile,
 * or not all of it. The image counts.
 */
export function* dockerfileContradictions(dockerfile: Dockerfile, configuration: ImageConfiguration): Generator<Problem> {
  if (dockerfile.mode !== 'given') return;
  const lastStage = dockerfile.instructions.at(-1)?.stage ?? 0;
  const last = new Map<string, DockerfileInstruction>();
  const final = dockerfile.instructions.filter((instruction) => instruction.stage === lastStage);
  for (const instruction of final) last.set(instruction.keyword, instruction);
  const differs = (instruction: DockerfileInstruction, image: string): Problem =>
    problemOf({
      kind: 'contradiction',
      evidence: 'dockerfile',
      cause: 'outside',
      what: `${dockerfile.path ?? 'the Dockerfile'}, line ${instruction.line}`,
      why: redact(`it says ${instruction.keyword} ${instruction.arguments}, but ${image}: it is not the Dockerfile of this image`, 'history line'),
      subject: `${instruction.keyword} ${instruction.line}`,
    });
  const user = last.get('USER');
  if (user !== undefined && !user.arguments.includes('$') && user.arguments !== configuration.user) {
    yield differs(user, configuration.user === '' ? 'the image has no user' : `the image has the user ${configuration.user}`);
  }
  const healthcheck = last.get('HEALTHCHECK');
  if (healthcheck !== undefined) {
    const off = /^NONE$/i.test(healthcheck.arguments);
    const has = configuration.healthcheck !== null && configuration.healthcheck.test[0] !== 'NONE';
    if (off === has) yield differs(healthcheck, has ? 'the image has a health check' : 'the image has no health check');
  }
  for (const instruction of final) {
    if (instruction.keyword === 'EXPOSE') {
      const missing = literalWords(instruction.arguments).filter(
        (port) => !port.includes('-') && !configuration.exposedPorts.includes(port.includes('/') ? port.toLowerCase() : `${port}/tcp`),
      );
      if (missing.length > 0) yield differs(instruction, `the image does not expose ${missing.join(', ')}`);
    } else if (instruction.keyword === 'VOLUME') {
      const paths = execForm(instruction.arguments) ?? literalWords(instruction.arguments);
      const missing = paths.filter(
        (path) => !configuration.volumes.includes(path) && path.startsWith('/') && !configuration.volumes.includes(path.replace(/\/+$/, '')),
      );
      if (missing.length > 0) yield differs(instruction, `the image has no volume ${missing.join(', ')}`);
    }
  }
  for (const [keyword, value] of [
    ['ENTRYPOINT', configuration.entrypoint],
    ['CMD', configuration.cmd],
  ] as const) {
    const instruction = last.get(keyword);
    const words = instruction === undefined ? undefined : execForm(instruction.arguments);
    if (instruction !== undefined && words !== undefined && JSON.stringify(words) !== JSON.stringify(value)) {
      yield differs(instruction, `the image has ${keyword} ${JSON.stringify(value)}`);
    }
  }
}

/** Stored evidence in the light of a Dockerfile that is given now: it takes the stored one's place. */
export function withGivenDockerfile(evidence: Evidence, given: GivenDockerfile | null): Evidence {
  if (given === null) return evidence;
  const { configuration } = evidence.facts;
  const dockerfile: Dockerfile = { mode: 'given', path: given.path, instructions: parseDockerfile(given.text) };
  const contradictions = configuration === undefined ? [] : [...dockerfileContradictions(dockerfile, configuration)];
  return {
    ...evidence,
    facts: { ...evidence.facts, dockerfile: dockerfileWithoutSecrets(dockerfile) },
    coverage: [
      ...evidence.coverage.filter(({ request }) => request.kind !== 'dockerfile'),
      { request: { kind: 'dockerfile' }, state: contradictions.length === 0 ? 'collected' : 'incomplete', problems: contradictions.map(({ id }) => id) },
    ],
    problems: [...evidence.problems.filter((problem) => problem.evidence !== 'dockerfile'), ...contradictions],
  };
}
