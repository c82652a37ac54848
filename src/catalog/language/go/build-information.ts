import { type Executable, ExecutableError, type Region } from '../../executable/index.ts';

/** What the Go linker writes into a program: the release, and the modules as text; `''` when it was built without modules. */
export interface BuildInformation {
  readonly release: string;
  readonly modules: string;
}

/** The information is there and can't be used. */
export class BuildInformationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BuildInformationError';
  }
}

export const buildInformationMark = Buffer.from('\xff Go buildinf:', 'latin1');
const ALIGNMENT = 16;
const HEADER = 32;
/** Bytes of one of the two texts; a program with a thousand modules has a tenth. */
const MAX_TEXT = 16 * 1024 * 1024;

/**
 * Finds and reads the build information of a program (Go's `debug/buildinfo`): in its section, otherwise in its writable data,
 * so that it doesn't matter whether the section table was stripped. Reads the form with pointers (Go 1.13 to 1.17) and the one with
 * the texts in it (since 1.18). undefined: it is no Go program.
 * @throws {BuildInformationError}
 */
export function readBuildInformation(program: Executable): BuildInformation | undefined {
  const section = informationSection(program);
  for (const region of section === undefined || section.bytes.length === 0 ? program.data : [section]) {
    const at = findMark(region);
    if (at !== -1) return parse(region.bytes.subarray(at), program);
  }
  return undefined;
}

/** Where the linker puts what only Go's runtime reads: tables of functions, and a name for the build. */
const goSections = ['.gopclntab', '.data.rel.ro.gopclntab', '.note.go.buildid', '__gopclntab'];
/** At the beginning of the code, where a format has no section for it. */
const buildIdMark = Buffer.from('\xff Go build ID: "', 'latin1');
const BUILD_ID_WITHIN = 64 * 1024;

/** Whether Go's linker made a program, by what it holds beside build information. */
export function isBuiltByGo(program: Executable, bytes: Buffer): boolean {
  if (bytes.subarray(0, BUILD_ID_WITHIN).includes(buildIdMark)) return true;
  try {
    return goSections.some((name) => program.section(name) !== undefined);
  } catch (error) {
    if (error instanceof ExecutableError) return false;
    throw error;
  }
}

/** A damaged section table is as good as a stripped one. */
function informationSection(program: Executable): Region | undefined {
  try {
    return program.section('.go.buildinfo') ?? program.section('__go_buildinfo');
  } catch (error) {
    if (error instanceof ExecutableError) return undefined;
    throw error;
  }
}

/** The mark is aligned: elsewhere it is somebody's text. */
function findMark({ bytes, address }: Region): number {
  for (let at = bytes.indexOf(buildInformationMark); at !== -1; at = bytes.indexOf(buildInformationMark, at + 1)) {
    if ((address + at) % ALIGNMENT === 0) return at;
  }
  return -1;
}

function parse(bytes: Buffer, program: Executable): BuildInformation {
  if (bytes.length < HEADER) throw new BuildInformationError('its header is cut off');
  const flags = bytes[15] ?? 0;
  const isInline = (flags & 2) !== 0;
  const [release, modules] = isInline ? inlineTexts(bytes) : pointedTexts(bytes, bytes[14] ?? 0, (flags & 1) !== 0, program);
  if (release === '') throw new BuildInformationError('it names no Go release');
  return { release, modules: withoutSentinels(modules).toString('utf8') };
}

function inlineTexts(bytes: Buffer): [string, Buffer] {
  const release = lengthAt(bytes, HEADER);
  const modules = lengthAt(bytes, release.at + release.length);
  return [cut(bytes, release).toString('utf8'), cut(bytes, modules)];
}

function cut(bytes: Buffer, { at, length }: { readonly at: number; readonly length: number }): Buffer {
  if (length > MAX_TEXT || at + length > bytes.length) throw new BuildInformationError('a text reaches beyond the data');
  return bytes.subarray(at, at + length);
}

/** A number in base 128, the lowest digits first (Go's `binary.Uvarint`). */
function lengthAt(bytes: Buffer, start: number): { at: number; length: number } {
  let length = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { at: start + index + 1, length };
  }
  throw new BuildInformationError('the length of a text is damaged');
}

/** Two pointers to string headers: pointer and length. */
function pointedTexts(bytes: Buffer, size: number, bigEndian: boolean, program: Executable): [string, Buffer] {
  if (size !== 4 && size !== 8) throw new BuildInformationError(`it has pointers of ${size} bytes`);
  const number = (from: Buffer, at: number): number => {
    if (size === 4) return bigEndian ? from.readUInt32BE(at) : from.readUInt32LE(at);
    return Number(bigEndian ? from.readBigUInt64BE(at) : from.readBigUInt64LE(at));
  };
  const textAt = (pointer: number): Buffer => {
    if (pointer === 0) return Buffer.alloc(0);
    const header = program.at(pointer, size * 2);
    if (header === undefined) throw new BuildInformationError('a pointer leads out of the program');
    const length = number(header, size);
    if (length > MAX_TEXT) throw new BuildInformationError('a text is too long');
    const found = length === 0 ? Buffer.alloc(0) : program.at(number(header, 0), length);
    if (found === undefined) throw new BuildInformationError('a pointer leads out of the program');
    return found;
  };
  return [textAt(number(bytes, 16)).toString('utf8'), textAt(number(bytes, 16 + size))];
}

/** The modules stand between two marks of 16 bytes, so that they can be found in a core dump. */
function withoutSentinels(modules: Buffer): Buffer {
  if (modules.length === 0) return modules;
  if (modules.length < 33 || modules[modules.length - 17] !== 0x0a) throw new BuildInformationError('the list of modules is cut off');
  return modules.subarray(16, modules.length - 16);
}
