/** A telephone of plain RTP: it plays a tone as PCMU, or sends back what comes, and says what it hears. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isTone } from './tone.js';
import { until } from './until.js';

const HEAD_BYTES = 12;
const SAMPLES = 160;
const EVERY_MS = 20;
const RATE = 8000;
const PCMU = 0;
/** What was heard last is remembered: half a second. */
const REMEMBERED = 25;

export class RtpPeer {
  /** RTP packets that came. */
  heard = 0;
  private last: Buffer[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sequence = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly hertz: number | undefined,
  ) {
    socket.on('message', (packet, { address, port }) => {
      const isSound = packet.length > HEAD_BYTES && (packet[0] ?? 0) >> 6 === 2;
      if (!isSound || ((packet[1] ?? 0) & 0x7f) !== PCMU) return;
      this.heard++;
      this.last = [...this.last, packet.subarray(HEAD_BYTES)].slice(-REMEMBERED);
      if (this.hertz === undefined) socket.send(packet, port, address);
    });
  }

  /** @param hertz of the tone that it plays. undefined: it sends back what comes */
  static async open(hertz?: number): Promise<RtpPeer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new RtpPeer(socket, hertz);
  }

  get session(): string {
    return sessionAt(this.socket.address().port);
  }

  /** @param session of the other side */
  play(session: string): void {
    const host = /^c=IN IP4 (\S+)/m.exec(session)?.[1];
    const port = Number(/^m=audio (\d+)/m.exec(session)?.[1]);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.socket.send(this.packet(), port, host), EVERY_MS);
  }

  forget(): void {
    this.heard = 0;
    this.last = [];
  }

  /** Resolves when sound comes. @param hertz it is this tone */
  async hears(hertz?: number): Promise<void> {
    await until(`sound${hertz === undefined ? '' : ` of ${hertz} Hz`}`, () => {
      if (hertz === undefined) return this.heard > 10;
      const sound = Buffer.concat(this.last);
      return this.last.length === REMEMBERED && isTone(hertz, Int16Array.from(sound, linear), RATE);
    });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private packet(): Buffer {
    const packet = Buffer.alloc(HEAD_BYTES + SAMPLES);
    packet[0] = 0x80;
    packet.writeUInt16BE(this.sequence & 0xffff, 2);
    packet.writeUInt32BE((this.sequence * SAMPLES) >>> 0, 4);
    packet.writeUInt32BE(0x1234_5678, 8);
    for (let at = 0; at < SAMPLES; at++) {
      const time = (this.sequence * SAMPLES + at) / RATE;
      packet[HEAD_BYTES + at] = muLaw(Math.round(12_000 * Math.sin(2 * Math.PI * (this.hertz ?? 0) * time)));
    }
    this.sequence++;
    return packet;
  }
}

export function sessionAt(port: number, address = '127.0.0.1'): string {
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

/** The sample of 16 bits that µ-law stands for. */
function linear(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 0x07)) - 0x84;
  return bits & 0x80 ? -magnitude : magnitude;
}
