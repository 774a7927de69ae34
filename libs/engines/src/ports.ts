/** Ports: the usual one if it is free, else another, and always said. */
import { createServer } from 'node:net';

export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port: 0, host }, () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
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
