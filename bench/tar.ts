/** One regular file of a generated layer. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: Buffer;
  readonly mode?: number;
}

function block(path: string, prefix: string, size: number, mode: number, type: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(`${mode.toString(8).padStart(7, '0')}\x000000000\x000000000\x00`, 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\x00        ', 136);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function padding(size: number): Buffer {
  return Buffer.alloc((512 - (size % 512)) % 512);
}

/** The header as Docker writes it: ustar, its prefix for longer names, pax for those that don't fit (POSIX.1-2001). */
function* headerOf({ path, content, mode = 0o644 }: GeneratedFile, type = '0'): Generator<Buffer> {
  const slash = path.length <= 100 ? 0 : path.indexOf('/', path.length - 101);
  if (slash === 0) yield block(path, '', content.length, mode, type);
  else if (slash > 0 && slash <= 155) yield block(path.slice(slash + 1), path.slice(0, slash), content.length, mode, type);
  else {
    const rest = ` path=${path}\n`;
    let length = rest.length + 3;
    if (String(length).length + rest.length !== length) length = rest.length + String(length).length;
    const record = Buffer.from(`${length}${rest}`);
    yield block('PaxHeader', '', record.length, 0o644, 'x');
    yield record;
    yield padding(record.length);
    yield block(path.slice(0, 100), '', content.length, mode, type);
  }
}

/** A layer's bytes: each directory before the first file in it. */
export function* tarOf(files: Iterable<GeneratedFile>): Generator<Buffer> {
  const directories = new Set<string>();
  for (const file of files) {
    for (let slash = file.path.indexOf('/'); slash > 0; slash = file.path.indexOf('/', slash + 1)) {
      const directory = file.path.slice(0, slash + 1);
      if (directories.has(directory)) continue;
      directories.add(directory);
      yield* headerOf({ path: directory, content: Buffer.alloc(0), mode: 0o755 }, '5');
    }
    yield* headerOf(file);
    if (file.content.length > 0) yield file.content;
    const rest = padding(file.content.length);
    if (rest.length > 0) yield rest;
  }
  yield Buffer.alloc(1024);
}
