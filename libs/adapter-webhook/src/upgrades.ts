/** Requests for WebSockets: who is admitted, and the HTTP answer to whoever is not. */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { toHubError, type HubError } from '#protocol';
import type { RefusalLog } from '#service';
import { jsonRefusal } from './edge.js';

export interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  refusals: RefusalLog;
  /** For the log. */
  route: string;
}

/**
 * Opens the WebSocket when its peer is admitted and has not hung up meanwhile.
 * @param admit throws HubError to refuse; gets the remote address
 */
export async function admitUpgrade<Admitted>(
  { request, socket, refusals, route }: Upgrade,
  admit: (address: string) => Promise<Admitted>,
  open: (admitted: Admitted) => void,
): Promise<void> {
  // Node passes the socket without an error listener; without one, a peer that hangs up would end this process.
  socket.on('error', () => socket.destroy());
  const address = request.socket.remoteAddress ?? '';
  let admitted: Admitted;
  try {
    admitted = await admit(address);
  } catch (thrown) {
    const error = toHubError(thrown);
    refusals.refused(address, { reason: `${error.code}: ${error.detail}`, route });
    return refuse(socket, error);
  }
  if (!socket.destroyed) open(admitted);
}

function refuse(socket: Duplex, error: HubError): void {
  const { status, contentType, body } = jsonRefusal(error);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: ${contentType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
