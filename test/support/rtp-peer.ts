/** A telephone of plain RTP: it plays a tone as PCMU, and counts what it hears. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const SAMPLES = 160;
const EVERY_MS = 20;
const RATE = 8000;

export class RtpPeer {
  /** RTP packets that came. */
  heard = 0;
  private timer: NodeJS.Timeout | undefined;
  private sequence = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly hertz: number,
  ) {
    socket.on('message', (packet) => {
      if (packet.length > 12 && (packet[0] ?? 0) >> 6 === 2) this.heard++;
    });
  }

  static async open(hertz = 440): Promise<RtpPeer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new RtpPeer(socket, hertz);
  }

  get session(): string {
    return sessionAt('127.0.0.1', this.socket.address().port);
  }

  /** @param session of the other side */
  play(session: string): void {
    const host = /^c=IN IP4 (\S+)/m.exec(session)?.[1];
    const port = Number(/^m=audio (\d+)/m.exec(session)?.[1]);
    this.timer = setInterval(() => this.socket.send(this.packet(), port, host), EVERY_MS);
  }

  close(): void {
    clearInterval(this.timer);
    this.socket.close();
  }

  private packet(): Buffer {
    const packet = Buffer.alloc(12 + SAMPLES);
    packet[0] = 0x80;
    packet.writeUInt16BE(this.sequence & 0xffff, 2);
    packet.writeUInt32BE((this.sequence * SAMPLES) >>> 0, 4);
    packet.writeUInt32BE(0x1234_5678, 8);
    for (let at = 0; at < SAMPLES; at++) {
      const time = (this.sequence * SAMPLES + at) / RATE;
      packet[12 + at] = muLaw(Math.round(12_000 * Math.sin(2 * Math.PI * this.hertz * time)));
    }
    this.sequence++;
    return packet;
  }
}

export function sessionAt(address: string, port: number): string {
  return [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 101`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=sendrecv',
    '',
  ].join('\r\n');
}

/** G.711 µ-law of a sample of 16 bits. */
function muLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const biased = Math.min(Math.abs(sample), 32_635) + 0x84;
  const exponent = 31 - Math.clz32(biased) - 7;
  return ~(sign | (exponent << 4) | ((biased >> (exponent + 3)) & 0x0f)) & 0xff;
}
