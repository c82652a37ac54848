import { readElf } from './elf.ts';
import type { Executable } from './executable.ts';
import { isMachO, readMachO } from './mach-o.ts';
import { readPe } from './pe.ts';

export { type Executable, ExecutableError, type Region } from './executable.ts';

/** Whether the bytes begin like a program of a format that `readExecutables` reads. */
export function isExecutable(bytes: Buffer): boolean {
  if (bytes.length < 64) return false;
  return bytes.readUInt32BE(0) === 0x7f454c46 || bytes.readUInt16BE(0) === 0x4d5a || isMachO(bytes);
}

/**
 * The programs in a file: one, several in a universal Mach-O file, none when it is no program.
 * @throws ExecutableError when it begins like one and its headers are damaged
 */
export function readExecutables(bytes: Buffer): Executable[] {
  if (!isExecutable(bytes)) return [];
  if (bytes.readUInt32BE(0) === 0x7f454c46) return [readElf(bytes)];
  return bytes.readUInt16BE(0) === 0x4d5a ? [readPe(bytes)] : readMachO(bytes);
}

/** Whether a file may be a program by its name and mode, before its content is known: set executable, a shared library, a Windows program. */
export function mayBeExecutable(entry: { readonly path: string; readonly type: string; readonly mode: number; readonly size: number }): boolean {
  if (entry.type !== 'file' || entry.size < 64) return false;
  return (entry.mode & 0o111) !== 0 || /\.(?:so|dylib|exe|dll)$|\.so\.[\d.]+$/.test(entry.path);
}
