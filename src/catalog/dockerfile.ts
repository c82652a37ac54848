import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { Dockerfile, DockerfileInstruction, ImageConfiguration, Problem } from '../model/index.ts';
import { problemOf } from './problem.ts';

/** A Dockerfile as the caller gave it. */
export interface GivenDockerfile {
  readonly path: string;
  readonly text: string;
}

/** Parses a Dockerfile: continuations joined, comments left out, stages counted. */
export function parseDockerfile(text: string): DockerfileInstruction[] {
  const instructions: DockerfileInstruction[] = [];
  let stage = -1;
  for (const instruction of DockerfileParser.parse(text).getInstructions() as Instruction[]) {
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') stage++;
    instructions.push({
      keyword,
      arguments: (instruction.getRawArgumentsContent() ?? '').replace(/\\[ \t]*\r?\n[ \t]*/g, ' ').trim(),
      line: instruction.getRange().start.line + 1,
      stage: Math.max(stage, 0),
    });
  }
  return instructions;
}

/** `/bin/sh -c #(nop)  CMD ["bash"]`, `RUN /bin/sh -c apt-get update # buildkit`, `COPY . / # buildkit`. */
function rebuiltLine(createdBy: string): { keyword: string; arguments: string } | null {
  let line = createdBy.replace(/\s*# buildkit\s*$/, '').trim();
  line = line.replace(/^\|[0-9]+ .*?(?=\/bin\/sh -c )/, '');
  const nop = /^\/bin\/sh -c #\(nop\)\s*/.exec(line);
  if (nop !== null) line = line.slice(nop[0].length);
  else if (line.startsWith('/bin/sh -c ')) line = `RUN ${line.slice('/bin/sh -c '.length)}`;
  const match = /^([A-Za-z]+)\s+([\s\S]*)$/.exec(line);
  if (match === null) return null;
  const keyword = (match[1] as string).toUpperCase();
  const known = [
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
  ];
  return known.includes(keyword) ? { keyword, arguments: (match[2] as string).trim() } : { keyword: 'RUN', arguments: line };
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
  const lastStage = Math.max(...dockerfile.instructions.map((instruction) => instruction.stage), 0);
  const last = new Map<string, DockerfileInstruction>();
  const final = dockerfile.instructions.filter((instruction) => instruction.stage === lastStage);
  for (const instruction of final) last.set(instruction.keyword, instruction);
  const differs = (instruction: DockerfileInstruction, image: string): Problem =>
    problemOf({
      kind: 'contradiction',
      evidence: 'dockerfile',
      cause: 'outside',
      what: `${dockerfile.path ?? 'the Dockerfile'}, line ${instruction.line}`,
      why: `it says ${instruction.keyword} ${instruction.arguments}, but ${image}: it is not the Dockerfile of this image`,
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
