/** The bytes don't follow the binary format of WebAssembly. */
export class WasmError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WasmError';
  }
}

/** Modules within components within one another. */
const MAX_NESTING = 8;
const CUSTOM = 0;
const CORE_MODULE = 1;
const COMPONENT = 4;

/** Whether the bytes begin like a module or component of WebAssembly. */
export function isWasm(bytes: Buffer): boolean {
  return bytes.length >= 8 && bytes.readUInt32BE(0) === 0x0061736d;
}

/**
 * The contents of the custom sections with this name (WebAssembly core specification, 5.5), also of modules within components (component
 * model, Binary.md).
 * @throws WasmError when the sections don't fill the file
 */
export function* customSections(bytes: Buffer, name: string, depth = 0): Generator<Buffer> {
  if (depth > MAX_NESTING) throw new WasmError(`it lies in more than ${MAX_NESTING} components`);
  // Version and layer: a module is 1 in layer 0.
  const isComponent = bytes.readUInt16LE(6) === 1;
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at] as number;
    const size = readSize(bytes, at + 1);
    const end = size.end + size.value;
    if (end > bytes.length) throw new WasmError('a section lies outside of the file');
    const content = bytes.subarray(size.end, end);
    if (id === CUSTOM) {
      const length = readSize(content, 0);
      if (length.end + length.value > content.length) throw new WasmError('the name of a section lies outside of it');
      if (content.toString('utf8', length.end, length.end + length.value) === name) yield content.subarray(length.end + length.value);
    } else if (isComponent && (id === CORE_MODULE || id === COMPONENT) && isWasm(content)) yield* customSections(content, name, depth + 1);
    at = end;
  }
}

/** An unsigned number of 32 bits in LEB128. */
function readSize(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, scale = 1; at < start + 5 && at < bytes.length; at++, scale *= 128) {
    const byte = bytes[at] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new WasmError('a size has no end');
}
