/** Sessions over a WebSocket whose messages are JSON texts. */
import { Duplex } from 'node:stream';
import { WebSocket, type ClientOptions } from 'ws';
import { HubError } from '#protocol';
import { JsonRefused, readSmallJson, type JsonBounds } from '#service';
import { lengthPrefixed, type FrameCodec } from './frame-codec.js';

const LENGTH_BYTES = 4;
const CONNECT_MS = 10_000;

/** One message of a WebSocket. */
export interface JsonMessage {
  /** As it came, or as it is sent. */
  native: string;
  /** undefined: it is not JSON, or not within the bounds. */
  json: unknown;
}

export function jsonMessage(json: object): JsonMessage {
  return { native: JSON.stringify(json), json };
}

/**
 * Messages that cannot be read do not end the session, because most networks do not send again what they sent before it:
 * the handler gets them without `json`.
 * @param maxFrameBytes of a message of the peer
 */
export function jsonMessages(maxFrameBytes: number, bounds: JsonBounds): FrameCodec<JsonMessage> {
  return lengthPrefixed({
    minFrameBytes: LENGTH_BYTES,
    maxFrameBytes: maxFrameBytes + LENGTH_BYTES,
    encode: ({ native }) => withLength(Buffer.from(native)),
    read: (frame) => readMessage(frame.subarray(LENGTH_BYTES), bounds),
  });
}

function readMessage(bytes: Buffer, bounds: JsonBounds): JsonMessage {
  const native = bytes.toString('utf8');
  try {
    return { native, json: readSmallJson(bytes, bounds) };
  } catch (error) {
    if (error instanceof JsonRefused) return { native, json: undefined };
    throw error;
  }
}

/**
 * The WebSocket as a stream of bytes: in either direction each message has its length in four bytes before it, so that the
 * stream has frames. A peer that sends faster than the session reads is paused.
 */
export function webSocketStream(socket: WebSocket): Duplex {
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (frame: Buffer, _encoding, done) =>
      socket.send(frame.subarray(LENGTH_BYTES), { binary: false }, (error) => done(error)),
    destroy: (error, done) => {
      if (socket.readyState === WebSocket.OPEN) socket.close(1000);
      else socket.terminate();
      done(error);
    },
  });
  socket.on('message', (data) => {
    if (!stream.push(withLength(bytesOf(data)))) socket.pause();
  });
  socket.on('error', () => stream.destroy());
  socket.on('close', () => stream.destroy());
  return stream;
}

/**
 * Resolves with a WebSocket that is paused, so that nothing which the server sends at once is missed: `webSocketStream`, or
 * whoever reads it first, resumes it.
 * @throws HubError 91 when the server cannot be reached, or refuses, within 10 s
 */
export function dialWebSocket(
  url: string,
  options: ClientOptions,
  protocols: string[] = [],
): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols, {
      handshakeTimeout: CONNECT_MS,
      followRedirects: false,
      ...options,
    });
    const refuse = (cause: Error) =>
      reject(new HubError('91', `the WebSocket was not opened: ${cause.message}`, { cause }));
    socket.once('error', refuse);
    socket.once('open', () => {
      socket.off('error', refuse);
      socket.pause();
      resolve(socket);
    });
  });
}

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(message.length + LENGTH_BYTES);
  return Buffer.concat([length, message]);
}

function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
