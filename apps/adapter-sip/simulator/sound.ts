/** The sound of a call: a tone in PCMU over RTP (RFC 3550, RFC 3551), and a count of what comes. */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const HOST = '127.0.0.1';
const RATE = 8000;
const PACKET_MS = 20;
const SAMPLES = (RATE * PACKET_MS) / 1000;
const TONE_HZ = 425;
const LOUDNESS = 8000;
const HEAD_BYTES = 12;

export interface Place {
  host: string;
  port: number;
}

export class Sound {
  /** Packets of PCMU that came. */
  heard = 0;
  private readonly ssrc = randomBytes(4).readUInt32BE();
  private timer: NodeJS.Timeout | undefined;
  private sequence = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('message', (bytes) => {
      if (bytes.length > HEAD_BYTES && ((bytes[1] ?? 0) & 0x7f) === 0) this.heard++;
    });
    // Nobody listens at the other end: as with any other loss.
    socket.on('error', () => undefined);
  }

  static async open(): Promise<Sound> {
    const socket = createSocket('udp4');
    socket.bind(0, HOST);
    await once(socket, 'listening');
    return new Sound(socket);
  }

  /** Where it listens, as a session description (RFC 8866). */
  get session(): string {
    const { port } = this.socket.address();
    const lines = [
      'v=0',
      `o=- ${this.ssrc} 1 IN IP4 ${HOST}`,
      's=-',
      `c=IN IP4 ${HOST}`,
      't=0 0',
      `m=audio ${port} RTP/AVP 0`,
      'a=rtpmap:0 PCMU/8000',
      'a=sendrecv',
    ];
    return lines.map((line) => `${line}\r\n`).join('');
  }

  play({ host, port }: Place): void {
    this.timer ??= setInterval(() => this.socket.send(this.next(), port, host), PACKET_MS);
  }

  close(): void {
    clearInterval(this.timer);
    this.socket.close();
  }

  private next(): Buffer {
    const packet = Buffer.alloc(HEAD_BYTES + SAMPLES);
    packet[0] = 0x80;
    packet.writeUInt16BE(this.sequence & 0xffff, 2);
    packet.writeUInt32BE((this.sequence * SAMPLES) >>> 0, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    for (let at = 0; at < SAMPLES; at++) {
      const time = (this.sequence * SAMPLES + at) / RATE;
      packet[HEAD_BYTES + at] = muLaw(Math.sin(2 * Math.PI * TONE_HZ * time) * LOUDNESS);
    }
    this.sequence++;
    return packet;
  }
}

/** Where the other side listens. @returns undefined: it describes no sound that this phone has */
export function soundPlaceIn(session: string): Place | undefined {
  const [, port, formats = ''] = /^m=audio (\d+) RTP\/AVP((?: \d+)+)\s*$/m.exec(session) ?? [];
  const [, host] = /^c=IN IP4 (\S+)\s*$/m.exec(session) ?? [];
  const hasPcmu = formats.trim().split(' ').includes('0');
  return host !== undefined && Number(port) > 0 && hasPcmu ? { host, port: Number(port) } : undefined;
}

/** ITU-T G.711. @param sample of 16 bits */
function muLaw(sample: number): number {
  const biased = Math.min(Math.abs(Math.round(sample)), 32_635) + 132;
  const exponent = Math.floor(Math.log2(biased)) - 7;
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}
