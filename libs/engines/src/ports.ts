/** Chooses ports: the preferred one if it is free, otherwise another one, which is reported. */
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
 * A free port that no other process of Hutong has reserved. It is reserved until this process ends, because other processes
 * may look for a port before this one is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    // Below the range of ephemeral ports (Linux: 32768 and up).
    const port = randomInt(10_000, 32_000);
    if ((await isFree(port)) && (await claim(port))) return port;
  }
}

/** As `freePort`, with the port after it. @returns the first one */
export async function freePortPair(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if ((await isFree(port + 1)) && (await claim(port + 1))) return port;
  }
}

/** Reserves a port by an abstract socket, which the kernel removes when the process ends (Linux; unix(7)). */
function claim(port: number): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  const mark = createServer().unref();
  return new Promise((resolve) => {
    mark.once('error', () => resolve(false));
    mark.listen(`\0hutong-port-${port}`, () => resolve(true));
  });
}

/** @param taken called when the preferred port is in use */
export async function portNear(
  preferred: number,
  taken: (port: number, instead: number) => void,
): Promise<number> {
  if (await isFree(preferred)) return preferred;
  const instead = await freePort();
  taken(preferred, instead);
  return instead;
}
