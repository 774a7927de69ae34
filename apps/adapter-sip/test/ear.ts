/** Hears the sound of a call: counts the packets of RTP that come, sends them back, and says where to send them. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { until } from '../../../test/support/until.js';

const RTP_HEAD_BYTES = 12;
const PCMU = 0;

export class Ear {
  private heard = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('message', (bytes, { address, port }) => {
      const isSound = bytes.length > RTP_HEAD_BYTES && ((bytes[1] ?? 0) & 0x7f) === PCMU;
      if (!isSound) return;
      this.heard++;
      socket.send(bytes, port, address);
    });
  }

  static async open(): Promise<Ear> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Ear(socket);
  }

  /** The session description of who listens here. */
  get session(): string {
    return sessionAt(this.socket.address().port);
  }

  forget(): void {
    this.heard = 0;
  }

  async hears(): Promise<void> {
    await until('sound', () => this.heard > 10);
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }
}

export function sessionAt(port: number, more: readonly string[] = []): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 0 101`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    ...more,
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}
