/** Opens a TCP connection to the server of a network. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { HubError } from '#protocol';

export interface Endpoint {
  host: string;
  port: number;
}

const CONNECT_MS = 10_000;

/** @throws HubError 91 when the server cannot be reached within 10 s */
export function dialTcp({ host, port }: Endpoint): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: CONNECT_MS, noDelay: true });
    const refuse = (cause?: Error) => {
      socket.destroy();
      reject(new HubError('91', 'the server cannot be reached', { cause }));
    };
    socket.once('error', refuse);
    socket.once('timeout', refuse);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners();
      resolve(socket);
    });
  });
}
