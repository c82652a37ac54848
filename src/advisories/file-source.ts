import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ZipSource } from '../archive/index.ts';

/** Entries lie one after another: reading ahead saves a system call for each. */
const windowBytes = 4 * 1024 * 1024;

/** An open file as a source of a zip archive, read through one window; close it after use. */
export class FileSource implements ZipSource {
  readonly size: number;
  readonly #descriptor: number;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  /** @throws the system's error when the file can't be opened */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
    this.size = fstatSync(this.#descriptor).size;
  }

  read(offset: number, length: number): Uint8Array {
    const from = offset - this.#start;
    if (from < 0 || from + length > this.#window.length) {
      if (length > windowBytes) return this.#load(Buffer.allocUnsafe(Math.min(length, Math.max(0, this.size - offset))), offset);
      const window = this.#window.length === windowBytes ? this.#window : Buffer.allocUnsafe(windowBytes);
      // A shorter window at the end is a view of the same memory: make a new one then.
      this.#window = this.#load(window, offset);
      this.#start = offset;
      return this.#window.subarray(0, length);
    }
    return this.#window.subarray(from, from + length);
  }

  #load(buffer: Buffer, offset: number): Buffer {
    let filled = 0;
    while (filled < buffer.length) {
      const read = readSync(this.#descriptor, buffer, filled, buffer.length - filled, offset + filled);
      if (read === 0) break;
      filled += read;
    }
    return buffer.subarray(0, filled);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
