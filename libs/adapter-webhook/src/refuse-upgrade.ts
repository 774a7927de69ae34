/** The HTTP answer to a request for a WebSocket that is refused. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HubError } from '#protocol';
import { jsonRefusal } from './edge.js';

export function refuseUpgrade(socket: Duplex, error: HubError): void {
  const { status, contentType, body } = jsonRefusal(error);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: ${contentType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
