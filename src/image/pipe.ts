import { constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';

/**
 * The bytes of a named pipe. It is waited for without a thread that hangs in the system: a process that has such a
 * thread can't even exit while nobody writes.
 * @throws the system's error when it can't be opened or read
 */
export async function* pipeBytes(path: string): AsyncGenerator<Buffer> {
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  try {
    for await (const chunk of socket) yield chunk as Buffer;
  } finally {
    socket.destroy();
  }
}
