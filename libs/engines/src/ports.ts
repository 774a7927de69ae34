/** Ports: the usual one if it is free, else another, and always said. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * A port that nothing listens on and that no other process of ours was given. It stays ours until we end: between
 * this answer and its use, others ask too.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    // Below the range from which the kernel takes the near ends of connections (Linux: 32768 and up).
    const port = randomInt(10_000, 32_000);
    if ((await isFree(port)) && (await claim(port))) return port;
  }
}

/** By an abstract socket, which is gone with its process, whatever becomes of it (Linux; unix(7)). */
function claim(port: number): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  const mark = createServer().unref();
  return new Promise((resolve) => {
    mark.once('error', () => resolve(false));
    mark.listen(`\0hutong-port-${port}`, () => resolve(true));
  });
}

/** @param taken called when the preferred port is in use by something else */
export async function portNear(
  preferred: number,
  taken: (port: number, instead: number) => void,
): Promise<number> {
  if (await isFree(preferred)) return preferred;
  const instead = await freePort();
  taken(preferred, instead);
  return instead;
}
